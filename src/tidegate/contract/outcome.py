"""How a run met the contract, as contract.json keeps it and people are told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tidegate.contract.coverage.thresholds import failures
from tidegate.contract.drift import Change
from tidegate.contract.share import Share, joined
from tidegate.contract.silence import Silence
from tidegate.errors import UsageError
from tidegate.records import Sighting

FORMAT = 1
NAME = "contract.json"
FOLDER = "contract"  # beside it: what `tidegate contract accept` takes over
DOCUMENT, SHAPES = "openapi.json", "shapes.json"


@dataclass(slots=True)
class Outcome:
    """How a run met the contract.

    `whole`: every test of the suite ran, and none failed. `lost`: workers whose share was lost. `lock` is `same`,
    `changed`, `missing`, or empty without a document. `failures`: what ends the run with 79.
    """

    run: str = ""
    mode: str = "report"
    share: Share = field(default_factory=Share)
    lock: str = ""
    changes: list[Change] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    whole: bool = False
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def new(self) -> list[Sighting]:
        """What was found and is not in the baseline, what hurts most first."""
        return [sighting for sighting in self.share.findings if not sighting.known]

    @property
    def known(self) -> list[Sighting]:
        """What was found and is in the baseline."""
        return [sighting for sighting in self.share.findings if sighting.known]

    @property
    def breaking(self) -> list[Change]:
        """The changes of the document that break clients."""
        return [change for change in self.changes if change.breaking]

    def judge(self, thresholds: Mapping[str, float]) -> None:
        """Says for which reasons the run fails although its tests passed; raises SettingsError of a wrong threshold."""
        self.failures = [*self._failures(thresholds)]

    def _failures(self, thresholds: Mapping[str, float]) -> Iterator[str]:
        if self.breaking and self.mode == "strict":
            yield f"{len(self.breaking)} change{'s' * (len(self.breaking) != 1)} of the contract may break clients"
        if count := len(self.share.unclaimed):
            yield f"{count} new finding{'s' * (count != 1)} that no test has failed for{self._seen_by()}"
        if (count := self.share.troubles.total()) and self.mode == "strict":
            yield f"{count} exchange{'s' * (count != 1)} could not be checked"
        if self.share.coverage:
            yield from map(str, failures(self.share.coverage, thresholds))

    def _seen_by(self) -> str:
        """Which tests saw what none has failed for, as far as it is known: they were skipped, or ended early."""
        seen = (each.tests for each in self.share.findings if each.finding.key in self.share.unclaimed)
        first, *more = [*dict.fromkeys(test for tests in seen for test in tests)] or [""]
        others = f" and {len(more)} other{'s' * (len(more) != 1)}" if more else ""
        return f", seen by {first}{others}" if first else ""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "format": FORMAT,
            **{name: getattr(self, name) for name in _PLAIN},
            **self.share.to_json(),
            "drift": {"lock": self.lock, "changes": [asdict(change) for change in self.changes]},
            "baseline": {"gone": self.gone, "incomplete": self.incomplete},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any], shapes: str = "") -> Outcome:
        """What `to_json` told, and the shapes."""
        drift, baseline = told["drift"], told["baseline"]
        changes = [Change(**{**change, "also": tuple(change["also"])}) for change in drift["changes"]]
        rest = {"lock": drift["lock"], "changes": changes, "share": Share.from_json(told, shapes)}
        return cls(**{name: told[name] for name in _PLAIN}, **rest, **baseline)


_PLAIN = ("run", "mode", "whole", "lost", "notes", "failures")


def merged(outcomes: Iterable[Outcome]) -> Outcome:
    """How several runs met the contract as one; raises UsageError when they were held to different documents."""
    parts = list(outcomes)
    whole = Outcome(share=joined(part.share for part in parts))
    whole.run = ", ".join(dict.fromkeys(part.run for part in parts))
    whole.mode = "strict" if any(part.mode == "strict" for part in parts) else "report"
    whole.lock = next((part.lock for part in parts if part.lock), "")
    whole.changes = max((part.changes for part in parts), key=len, default=[])
    whole.incomplete = list(dict.fromkeys(entry for part in parts for entry in part.incomplete))
    whole.notes = [f"run {part.run}: {part.share.silence}" for part in parts if str(part.share.silence)]
    whole.share.silence = Silence()  # each has met an API of its own
    whole.lost = [f"{name} of {part.run}" for part in parts for name in part.lost]
    return whole


def read_outcome(folder: Path) -> Outcome:
    """How the run that left its artifacts in `folder` met the contract; raises UsageError when none did."""
    path = folder / NAME
    try:
        told = json.loads(path.read_bytes())
        if told["format"] != FORMAT:
            raise _unreadable(path, f"its format is {told['format']}, not {FORMAT}")
        shapes = folder / FOLDER / SHAPES
        return Outcome.from_json(told, shapes.read_text(encoding="utf-8") if shapes.exists() else "")
    except (FileNotFoundError, NotADirectoryError):
        raise _unreadable(path, "there is no such file") from None
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(path, f"it is not what a run writes ({type(error).__name__}: {error})") from None


def _unreadable(path: Path, seen: str) -> UsageError:
    return UsageError(
        f"{path} cannot be read\n  seen: {seen}\n"
        "  next: run the tests first, or name the folder of their artifacts; a run that sends requests writes it"
    )
