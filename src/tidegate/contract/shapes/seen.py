"""What was seen at one place of the answers.

Whatever the order in which answers are added and these are joined, the result is the same: everything here is a set, a
sum with a ceiling, or something that once lost stays lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tidegate.contract.shapes.words import format_of, has_format, is_free, is_word

ENOUGH = 30  # answers, above which nobody counts
DEEPEST = 16  # levels of a body that are looked at
LONGEST = 100  # items of a list that are
WIDEST = 150  # fields of an object, above which its keys are data
MOST_WORDS = 8

Allowed = Callable[[str], bool]
_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_KINDS[type(None)] = "null"
_SIMPLE = frozenset({bool, int, float, type(None)})


@dataclass(slots=True)
class Seen:
    """`answers` in which there was something at this place, and what.

    `absent`: an object was seen without it. `form` is the format that all texts had, None before the first. `words`
    are the texts with the number of answers that had each; None as soon as one was no word, or they were too many.
    `keys` stands for all fields when they are too many.
    """

    answers: int = 0
    kinds: frozenset[str] = frozenset()
    absent: bool = False
    form: str | None = None
    words: dict[str, int] | None = field(default_factory=dict)
    fields: dict[str, Seen] = field(default_factory=dict)
    keys: Seen | None = None
    item: Seen | None = None


def kind_of(value: Any) -> str:
    """The JSON type of a value."""
    return _KINDS.get(type(value), "null")


def look(value: Any, allowed: Allowed) -> Seen:
    """What one answer shows. `allowed` says whether a text may be kept."""
    seen = Seen(answers=1)
    _add(seen, value, allowed, "", 0)
    return seen


def _add(seen: Seen, value: Any, allowed: Allowed, name: str, depth: int) -> None:
    """Adds a value of the same answer."""
    kind = _KINDS.get(value.__class__, "null")
    again = kind in seen.kinds
    if not again:
        seen.kinds |= {kind}
    if kind == "string":
        if value and (seen.form != "" or seen.words is not None):  # an empty one has every form
            _add_text(seen, value, allowed, name)
    elif kind == "object" and depth < DEEPEST:
        _add_object(seen, value, allowed, depth, again=again)
    elif kind == "array" and depth < DEEPEST:
        for each in value[:LONGEST]:
            if seen.item is None:
                seen.item = Seen(answers=1)
            _add(seen.item, each, allowed, name, depth + 1)


def _add_text(seen: Seen, text: str, allowed: Allowed, name: str) -> None:
    if seen.form is None:
        seen.form = format_of(text)
    elif seen.form and not has_format(text, seen.form):
        seen.form = ""
    if seen.words is not None and text not in seen.words:
        fits = len(seen.words) < MOST_WORDS and is_word(text) and not is_free(name) and allowed(text)
        seen.words = {**seen.words, text: 1} if fits else None


def _add_object(seen: Seen, value: Mapping[str, Any], allowed: Allowed, depth: int, *, again: bool) -> None:
    fields = seen.fields
    if fields and fields.keys() != value.keys():
        for name in fields.keys() - value.keys():
            fields[name].absent = True
    for name, each in value.items():
        inner = fields.get(name)
        if inner is None:
            inner = fields[name] = Seen(answers=1, absent=again)
        elif each.__class__ in _SIMPLE and _KINDS[each.__class__] in inner.kinds:  # which says nothing new
            continue
        _add(inner, each, allowed, name, depth + 1)
    _limit(seen)


def join(one: Seen, other: Seen, *, within: bool = False) -> Seen:
    """What was seen by both; `within` one answer, which then counts once."""
    seen = Seen(
        answers=_sum(one.answers, other.answers, within),
        kinds=one.kinds | other.kinds,
        absent=one.absent or other.absent,
        form=_form(one.form, other.form),
        words=_words(one.words, other.words, within),
        fields=_fields(one, other, within),
        keys=_either(one.keys, other.keys, within),
        item=_either(one.item, other.item, within),
    )
    _limit(seen)
    return seen


def _sum(one: int, other: int, within: bool) -> int:
    return max(one, other) if within else min(one + other, ENOUGH)


def _either(one: Seen | None, other: Seen | None, within: bool) -> Seen | None:
    if one is None or other is None:
        return one if other is None else other
    return join(one, other, within=within)


def _form(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return one if other is None else other
    return one if one == other else ""


def _words(one: Mapping[str, int] | None, other: Mapping[str, int] | None, within: bool) -> dict[str, int] | None:
    if one is None or other is None:
        return None
    found = {word: _sum(one.get(word, 0), other.get(word, 0), within) for word in one.keys() | other.keys()}
    return found if len(found) <= MOST_WORDS else None


def _fields(one: Seen, other: Seen, within: bool) -> dict[str, Seen]:
    found = {}
    for name in one.fields.keys() | other.fields.keys():
        mine, others = one.fields.get(name), other.fields.get(name)
        if mine is not None and others is not None:
            found[name] = join(mine, others, within=within)
        elif mine is not None:
            found[name] = _without(mine) if "object" in other.kinds else mine
        elif others is not None:
            found[name] = _without(others) if "object" in one.kinds else others
    return found


def _without(seen: Seen) -> Seen:
    """The same, in an object that was also seen without it."""
    if seen.absent:
        return seen
    return replace(seen, absent=True)


def _limit(seen: Seen) -> None:
    """Takes the fields together when they are too many to be chosen by a program."""
    if seen.fields and (seen.keys is not None or len(seen.fields) > WIDEST):
        for each in seen.fields.values():
            plain = _uncounted(each)
            seen.keys = plain if seen.keys is None else join(seen.keys, plain)
        seen.fields = {}


def _uncounted(seen: Seen) -> Seen:
    """The same without numbers, which would depend on when the fields became too many."""
    fields = {name: _uncounted(each) for name, each in seen.fields.items()}
    keys, item = (each and _uncounted(each) for each in (seen.keys, seen.item))
    return Seen(0, seen.kinds, True, seen.form, None, fields, keys, item)
