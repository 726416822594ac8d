"""What was seen at one place of the answers.

Whatever the order in which answers are added and these are joined, the result is the same: everything here is a set, a
sum with a ceiling, or something that once lost stays lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from tidegate.contract.shapes.words import format_of, have_format, is_free, is_word

ENOUGH = 30  # answers, above which nobody counts
DEEPEST = 16  # levels of a body that are looked at
LONGEST = 100  # items of a list that are
WIDEST = 150  # fields of an object, above which its keys are data
MOST_WORDS = 8

Allowed = Callable[[str], bool]
_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_KINDS[type(None)] = "null"


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


def add(seen: Seen, values: Sequence[Any], allowed: Allowed, name: str = "", depth: int = 0) -> None:
    """Adds all values that one answer has at this place. `allowed` says whether a text may be kept."""
    seen.answers = min(seen.answers + 1, ENOUGH)
    sorts, met = {*map(type, values)}, "object" in seen.kinds
    if new := [kind for each in sorts if (kind := _KINDS.get(each, "null")) not in seen.kinds]:
        seen.kinds = seen.kinds.union(new)
    if str in sorts and (seen.form != "" or seen.words is not None):
        _add_texts(seen, _of(str, values, sorts), allowed, name)
    if dict in sorts and depth < DEEPEST:
        _add_objects(seen, _of(dict, values, sorts), allowed, depth, met=met)
    lists = _of(list, values, sorts) if list in sorts and depth < DEEPEST else ()
    if items := [*chain.from_iterable(each[:LONGEST] for each in lists)]:
        seen.item = seen.item or Seen()
        add(seen.item, items, allowed, name, depth + 1)


def _of(kind: type, values: Sequence[Any], sorts: set[type]) -> Sequence[Any]:
    """The values of that kind; of most places all are."""
    return values if len(sorts) == 1 else [each for each in values if each.__class__ is kind]


def _add_texts(seen: Seen, texts: Iterable[str], allowed: Allowed, name: str) -> None:
    different = dict.fromkeys(filter(None, texts))  # an empty one has every form
    if seen.form is None and different:
        seen.form = format_of(next(iter(different)))
    if seen.form and not have_format(different, seen.form):
        seen.form = ""
    if seen.words is not None:
        _add_words(seen, seen.words, different, allowed, name)


def _add_words(seen: Seen, words: dict[str, int], texts: Iterable[str], allowed: Allowed, name: str) -> None:
    for text in texts:
        if text in words:
            words[text] = min(words[text] + 1, ENOUGH)
        elif len(words) < MOST_WORDS and is_word(text) and not is_free(name) and allowed(text):
            words[text] = 1
        else:
            seen.words = None
            return


def _add_objects(seen: Seen, objects: Sequence[Mapping[str, Any]], allowed: Allowed, depth: int, *, met: bool) -> None:
    """Adds them a field at a time; `met`: other answers had objects here."""
    columns = defaultdict[str, list[Any]](list)
    for each in objects:
        for name, value in each.items():
            columns[name].append(value)
    fields = seen.fields
    for name in fields.keys() - columns.keys():
        fields[name].absent = True
    for name, values in columns.items():
        inner = fields.get(name)
        if inner is None:
            inner = fields[name] = Seen(absent=met)
        if len(values) < len(objects):
            inner.absent = True
        add(inner, values, allowed, name, depth + 1)
    _limit(seen)


def join(one: Seen, other: Seen, *, within: bool = False) -> Seen:
    """What was seen by both, apart from either; `within` one answer, which then counts once."""
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
    if one is None and other is None:
        return None
    return join(one or Seen(), other or Seen(), within=within)


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
        both = found[name] = join(mine or Seen(), others or Seen(), within=within)
        if (mine is None and "object" in one.kinds) or (others is None and "object" in other.kinds):
            both.absent = True
    return found


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
