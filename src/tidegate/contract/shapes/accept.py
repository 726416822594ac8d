"""Taking over what a run saw into what is locked."""

from __future__ import annotations

from tidegate.contract.shapes.line import Line
from tidegate.contract.shapes.seen import MOST_WORDS

Lines = dict[str, Line]


def updated(locked: Lines, learned: Lines) -> Lines:
    """The lines of one answer, with what a run saw of it.

    What the run saw a part of stays: fields that may be absent, types and words that did not occur. What it contradicts
    goes: a field that was always there and now never is, a type of which nothing was seen.
    """
    found: Lines = {}
    for pointer in locked.keys() | learned.keys():
        old, new = locked.get(pointer), learned.get(pointer)
        if old is None and new is not None and not _below_map(pointer, locked):
            found[pointer] = new
        elif old is not None and new is None and _stays(pointer, old, locked, learned):
            found[pointer] = old
        elif old is not None and new is not None:
            found[pointer] = _both(old, new)
    return found


def _stays(pointer: str, old: Line, locked: Lines, learned: Lines) -> bool:
    """Whether a run that did not see a field says nothing about it."""
    above, _, last = pointer.rpartition("/")
    if above not in learned:  # nothing was there: an empty list, an object that was absent
        return above in locked and _stays(above, locked[above], locked, learned)
    if above not in locked or _replaced(locked[above], learned[above]):
        return False
    kinds = learned[above].kinds
    return last == "*" or ("map" not in kinds and (old.optional or "object" not in kinds))


def _below_map(pointer: str, locked: Lines) -> bool:
    """Whether an object above was known for a map, though this run saw too little of it to tell."""
    parts = pointer.split("/")
    above = ("/".join(parts[:at]) for at in range(1, len(parts)) if parts[at] != "*")
    return any("map" in locked[each].kinds for each in above if each in locked)


def _replaced(old: Line, new: Line) -> bool:
    """Whether nothing of what was there before was seen, but something else."""
    one, other = _types(old), _types(new)
    return bool(one and other) and not one & other


def _types(line: Line) -> frozenset[str]:
    """The types that tell values apart: a number may be whole, a map may look like an object."""
    alike = {"integer": "number", "map": "object"}
    return frozenset(alike.get(kind, kind) for kind in line.kinds) - {"null"}


def _both(old: Line, new: Line) -> Line:
    optional, evidence = old.optional or new.optional, max(old.evidence, new.evidence)
    if _replaced(old, new):
        kinds = new.kinds | old.kinds & {"null"}
        return Line(kinds, new.form, new.words, optional, new.evidence)
    kinds = old.kinds | new.kinds
    if "number" in kinds:
        kinds -= {"integer"}
    if "map" in kinds:
        kinds -= {"object"}
    if "string" not in old.kinds & new.kinds:
        form, words = old.form or new.form, old.words or new.words
    else:
        form, words = old.form if old.form == new.form else "", _words(old, new)
    return Line(kinds, form, words, optional, evidence)


def _words(old: Line, new: Line) -> frozenset[str]:
    """The words of both. A run that saw a text which is no word says that there is no set."""
    if not old.words:
        return new.words
    every = old.words | (new.texts or frozenset())
    return every if new.texts is not None and len(every) <= MOST_WORDS else frozenset()
