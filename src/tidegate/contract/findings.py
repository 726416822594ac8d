"""What a run found: every finding once, with how often and by which tests it was seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tidegate.records import Finding, Sighting

# What hurts most comes first: what is open or leaks, then what breaks a client, then what is merely not written down.
SEVERITY = (
    "unenforced-security",
    "write-only-field",
    "server-error",
    "changed-shape",
    "invalid-body",
    "undocumented-status",
    "undocumented-media-type",
    "invalid-header",
    "missing-header",
    "unexpected-body",
    "undocumented-operation",
    "undocumented-method",
    "undocumented-field",
    "illegal-request",
    "deprecated-operation",
)
DIFFERENT = 2_000  # findings; an API that departs everywhere must not grow a run without end
TESTS = 20
LONGEST = 400  # characters of one text of a finding

Key = tuple[str, str, str]


class Findings:
    """The findings of a process or a run; bounded, and safe to add to from several threads."""

    def __init__(self) -> None:
        self._seen: dict[Key, Sighting] = {}
        self._lock = threading.Lock()
        self.more = 0
        """How many sightings of further findings were not kept."""

    def __len__(self) -> int:
        return len(self._seen)

    def __iter__(self) -> Iterator[Sighting]:
        """The sightings, what hurts most first."""
        return iter(sorted(self._seen.values(), key=_severity))

    def add(
        self, finding: Finding, test: str, curl: Callable[[], str] = str, *, known: str = "", level: str = "strict"
    ) -> Sighting:
        """Notes that `test` saw the finding; `curl` is asked when it is new."""
        finding = printable(finding)
        with self._lock:
            sighting = self._seen.get(finding.key)
            if sighting is None:
                sighting = Sighting(finding, curl=curl(), known=known, level=level)
                self._keep(sighting)
            sighting.count += 1
            _note_test(sighting, test)
        return sighting

    def merge(self, other: Iterable[Sighting]) -> None:
        """Takes over what another process or run found."""
        with self._lock:
            for sighting in other:
                mine = self._seen.get(sighting.finding.key)
                if mine is None:
                    self._keep(replace(sighting, tests=list(sighting.tests)), count=sighting.count)
                    continue
                mine.count += sighting.count
                mine.known = mine.known or sighting.known
                for test in sighting.tests:
                    _note_test(mine, test)

    def to_json(self) -> list[dict[str, Any]]:
        """As plain data, what hurts most first."""
        return [sighting.to_json() for sighting in self]

    @classmethod
    def from_json(cls, told: Iterable[Mapping[str, Any]]) -> Findings:
        """What `to_json` told."""
        found = cls()
        found.merge(_sighting(each) for each in told)
        return found

    def _keep(self, sighting: Sighting, count: int = 1) -> None:
        if len(self._seen) < DIFFERENT:
            self._seen[sighting.finding.key] = sighting
        else:
            self.more += count


def _severity(sighting: Sighting) -> tuple[bool, int, str, str]:
    kind = sighting.finding.kind
    rank = SEVERITY.index(kind) if kind in SEVERITY else len(SEVERITY)
    return sighting.level != "strict", rank, sighting.finding.operation, sighting.finding.where


def _note_test(sighting: Sighting, test: str) -> None:
    if test and test not in sighting.tests and len(sighting.tests) < TESTS:
        sighting.tests.append(test)


def _sighting(told: Mapping[str, Any]) -> Sighting:
    finding = Finding(*(str(told[name]) for name in ("kind", "operation", "where", "promised", "came")))
    rest = {name: told[name] for name in ("count", "curl", "known", "level")}
    return Sighting(finding, tests=list(told["tests"]), **rest)


def printable(finding: Finding) -> Finding:
    """The finding in texts that a terminal, a TOML file and a log can hold, whatever an API names its fields."""
    texts = {name: getattr(finding, name) for name in ("operation", "where", "promised", "came")}
    unfit = {name: text for name, text in texts.items() if not text.isprintable() or len(text) > LONGEST}
    return replace(finding, **{name: _shown(text) for name, text in unfit.items()}) if unfit else finding


def _shown(text: str) -> str:
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in cut)
