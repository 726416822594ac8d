"""contract-baseline.toml: the departures from the contract that are known, each with an owner and a reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from tidegate.errors import SettingsError
from tidegate.records import Finding
from tidegate.settings.contract_forms import KINDS
from tidegate.settings.guess import guess

NAME = "contract-baseline.toml"
TABLE = re.compile(r"\s*\[\[\s*known\s*\]\]\s*(#.*)?")
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One known departure; an owner or a reason that is empty is still to be filled in."""

    kind: str
    operation: str
    where: str
    owner: str = ""
    reason: str = ""
    since: str = ""

    @property
    def key(self) -> Key:
        """What it has in common with the finding that it covers."""
        return self.kind, self.operation, self.where

    def __str__(self) -> str:
        return f"{self.kind}: {self.operation}, {self.where}"

    @property
    def told(self) -> str:
        """Why it is known, for people."""
        return self.reason.strip() or "no reason given"

    @property
    def is_complete(self) -> bool:
        """Whether somebody answers for it and says why."""
        return bool(self.owner.strip() and self.reason.strip())


@dataclass(frozen=True)
class Baseline:
    """The known departures of a repository."""

    path: Path
    text: str = ""
    entries: tuple[Entry, ...] = ()

    @cached_property
    def _by_key(self) -> Mapping[Key, Entry]:
        return {entry.key: entry for entry in reversed(self.entries)}  # the first of two that are the same counts

    def known(self, finding: Finding) -> Entry | None:
        """The entry that covers the finding."""
        return self._by_key.get(finding.key)

    def incomplete(self) -> list[Entry]:
        """Entries for which nobody answers, or which nobody explains."""
        return [entry for entry in self._by_key.values() if not entry.is_complete]

    def gone(self, seen: Collection[Key], checked: Callable[[str], bool] = lambda _kind: True) -> list[Entry]:
        """Entries that did not occur, of the kinds that were looked for."""
        return [entry for key, entry in self._by_key.items() if key not in seen and checked(entry.kind)]


def read_baseline(path: Path) -> Baseline:
    """The baseline; without entries when there is no file. Raises SettingsError for one that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return Baseline(path)
    except OSError as error:
        raise _unusable(path, f"it cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError says line and column; also what is not UTF-8
        raise _unusable(path, f"it is not valid TOML: {error}") from None
    for name in found.keys() - {"known"}:
        raise _unusable(path, f"{name} is not known there{guess(name, ['known'])}")
    tables = found.get("known", [])
    if not isinstance(tables, list):
        raise _unusable(path, "known is not a list of tables: write [[known]]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if TABLE.fullmatch(line)]
    places = [f"line {number}" for number in lines] if len(lines) == len(tables) else []
    entries = [_entry(path, raw, (places or [f"entry {at + 1}" for at in range(len(tables))])[at])
               for at, raw in enumerate(tables)]  # fmt: skip
    return Baseline(path, text, tuple(entries))


def _entry(path: Path, raw: Any, place: str) -> Entry:
    names = [field.name for field in fields(Entry)]
    if not isinstance(raw, dict):
        raise _unusable(path, f"{place}: not a table: write [[known]]")
    for name in raw.keys() - set(names):
        raise _unusable(path, f"{place}: {name} is not known there{guess(name, names)}")
    for name in ("kind", "operation", "where"):
        if not raw.get(name):
            raise _unusable(path, f"{place}: {name} is missing")
    values = {name: str(value) for name, value in raw.items()}
    if values["kind"] not in KINDS:
        raise _unusable(path, f"{place}: {values['kind']} is no kind of finding{guess(values['kind'], KINDS)}")
    return Entry(**values)


def _unusable(path: Path, seen: str) -> SettingsError:
    return SettingsError(
        f"{path} cannot be used\n  seen: {seen}\n"
        "  next: mend it by hand; an entry is [[known]] with kind, operation, where, owner and reason"
    )
