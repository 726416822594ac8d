"""From what was seen to what is locked.

- An answer counts once, however many items it lists: they are often of one kind, made by one test.
- Records of one kind, the same fields of the same types with the same ones optional, count together wherever they are.
- Few answers rule out nothing rare: a field that was always there may be optional, one never null may be.
- A set of words is whole when each was seen often, all of them in many answers, and there are two at least.
- An object is a map when its keys look like ids, or are many, none of them always there, with values of one type.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from tidegate.contract.shapes.line import FEW, MANY, SOME, Line
from tidegate.contract.shapes.seen import ENOUGH, Seen, join
from tidegate.contract.shapes.words import is_id

OFTEN = 10  # answers: of a thousand such, one is all without a field that half of the records have
_KEYS = 8  # fields, none always there and all alike, that are taken for data
_DESCRIBED = 3  # fields that make a record known when it is met elsewhere

Lines = dict[str, Line]
Kind = tuple[tuple[str, bool, tuple[str, ...]], ...]
Pool = dict[tuple[Kind, str], Seen]


def step(name: str) -> str:
    """A step of a pointer (RFC 6901), in which `*` alone stands for all items or keys."""
    return "/" + ("~2" if name == "*" else name.replace("~", "~0").replace("/", "~1"))


def settled(seen: dict[str, Seen]) -> dict[str, Lines]:
    """The lines of each answer, by pointer."""
    pool: Pool = {}
    for each in seen.values():
        _gather(each, pool)
    return {name: dict(_lines(each, "", each, pool)) for name, each in seen.items()}


def as_map(seen: Seen) -> Seen | None:
    """What the values of an object have in common, when its keys are data."""
    fields = seen.fields
    if seen.keys is not None:
        return seen.keys
    many = len(fields) >= _KEYS and all(each.absent for each in fields.values())
    if fields and (all(map(is_id, fields)) or (many and len({each.kinds - {"null"} for each in fields.values()}) == 1)):
        return reduce(lambda one, other: join(one, other, within=True), (fields[name] for name in sorted(fields)))
    return None


def _gather(seen: Seen, pool: Pool) -> None:
    """Takes together what was seen of a field in records of one kind: how often, and which words."""
    inner = as_map(seen)
    if inner is None:
        kind = _kind(seen)
        for name, each in seen.fields.items():
            alone = Seen(each.answers, words=each.words)
            known = pool.get((kind, name))
            pool[kind, name] = alone if known is None else join(known, alone)
            _gather(each, pool)
    if (every := _every(inner, seen.item)) is not None:
        _gather(every, pool)


def _kind(seen: Seen) -> Kind:
    return tuple((name, each.absent, tuple(sorted(each.kinds))) for name, each in sorted(seen.fields.items()))


def _lines(seen: Seen, pointer: str, known: Seen, pool: Pool) -> Iterator[tuple[str, Line]]:
    """The lines from here on; `known` is what is known of records of this kind."""
    inner = as_map(seen)
    kind = _kind(seen) if inner is None and len(seen.fields) >= _DESCRIBED else None
    kinds = seen.kinds if inner is None else seen.kinds - {"object"} | {"map"}
    if kinds >= {"integer", "number"}:
        kinds -= {"integer"}
    texts = None if known.words is None else frozenset(known.words)
    words = texts if texts and "string" in kinds and _whole(known) else frozenset[str]()
    optional = seen.absent and not pointer.endswith("/*")
    yield pointer, Line(kinds, seen.form or "", words, optional, _evidence(known.answers), texts)
    if inner is None:
        for name, each in seen.fields.items():
            yield from _lines(each, pointer + step(name), pool[kind, name] if kind else each, pool)
    if (every := _every(inner, seen.item)) is not None:
        yield from _lines(every, f"{pointer}/*", every, pool)


def _every(values: Seen | None, items: Seen | None) -> Seen | None:
    """What all values of a map and all items of a list are, where one place has the one or the other."""
    if values is None or items is None:
        return items if values is None else values
    return join(values, items, within=True)


def _evidence(answers: int) -> int:
    return MANY if answers >= ENOUGH else SOME if answers >= OFTEN else FEW


def _whole(seen: Seen) -> bool:
    words = seen.words
    return bool(words and len(words) > 1 and seen.answers >= ENOUGH and min(words.values()) >= OFTEN)
