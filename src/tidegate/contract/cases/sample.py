"""A small value that a schema allows: what must be there, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from tidegate.contract.cases.flat import Plain, flat
from tidegate.contract.cases.text import texts
from tidegate.contract.schema import Schema

_DEEPEST = 12
_MOST_ITEMS = 200
_MOST_TRIES = 60


class NoSample(Exception):  # noqa: N818  said by the name
    """No value was found that the schema allows."""


def sample(schema: Schema, values: Mapping[str, Any] | None = None) -> Any:
    """A value that the schema allows, the same one each time; `values` are for fields of these names.

    Raises NoSample when none is found.
    """
    maker, last = _Maker(schema, values or {}), "nothing fits it"
    for tried, value in enumerate(maker.candidates(schema.plain, 0)):
        breach = next(schema.breaches(value), None)
        if breach is None:
            return value
        last = f"{breach.pointer or 'the value'}: {breach.promised}"
        if tried >= _MOST_TRIES:
            break
    raise NoSample(last)


class _Maker:
    """Makes candidates; the whole schema decides, since parts may forbid each other."""

    def __init__(self, schema: Schema, values: Mapping[str, Any]) -> None:
        self._schema, self._values = schema, values

    def candidates(self, plain: Plain, depth: int) -> Iterator[Any]:
        """Values for one place, those that the document names first."""
        found = flat(self._schema, plain)
        if found.get("not") == {} or depth > _DEEPEST:
            return
        yield from _named(found)
        branches = found.get("anyOf") or found.get("oneOf")
        if branches:
            rest = {key: value for key, value in found.items() if key not in ("anyOf", "oneOf")}
            if "anyOf" in found and "oneOf" in found:
                rest["oneOf"] = found["oneOf"]
            for branch in sorted(branches, key=_is_null):
                yield from self.candidates({"allOf": [rest, branch]}, depth + 1)
            return
        for kind in _kinds(found):
            yield from self._of_kind(kind, found, depth)

    def _of_kind(self, kind: str, plain: Mapping[str, Any], depth: int) -> Iterator[Any]:
        if kind == "object":
            yield from self._objects(plain, depth)
        elif kind == "array":
            yield from self._arrays(plain, depth)
        elif kind in ("integer", "number"):
            yield from _numbers(plain, whole=kind == "integer")
        elif kind == "string":
            yield from texts(plain)
        else:
            yield from {"boolean": (True, False), "null": (None,)}.get(kind, ())

    def _objects(self, plain: Mapping[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        parts: Mapping[str, Plain] = plain.get("properties", {})
        shown = next((value for value in _named(plain) if isinstance(value, dict)), {})
        made: dict[str, Any] = {}
        for name in self._wanted(plain, parts):
            value = self._field(name, parts.get(name, plain.get("additionalProperties", True)), shown, depth)
            if value is _NOTHING:
                return
            made[name] = value
        yield made
        whole = {name: self._field(name, part, shown, depth) for name, part in parts.items()} if depth < 3 else {}
        yield {**{name: value for name, value in whole.items() if value is not _NOTHING}, **made}

    def _wanted(self, plain: Mapping[str, Any], parts: Mapping[str, Plain]) -> list[str]:
        wanted = dict.fromkeys([*plain.get("required", ()), *(name for name in parts if name in self._values)])
        for name in [*wanted]:
            wanted |= dict.fromkeys(plain.get("dependentRequired", {}).get(name, ()))
        spare = [name for name in (*parts, *(f"field{n}" for n in range(20))) if name not in wanted]
        return [*wanted, *spare[: max(0, int(plain.get("minProperties", 0)) - len(wanted))]]

    def _field(self, name: str, plain: Plain, shown: Mapping[str, Any], depth: int) -> Any:
        known = {**shown, **self._values}
        tried = chain([known[name]] if name in known else [], islice(self.candidates(plain, depth + 1), 8))
        fitting = (value for value in tried if self._allows(plain, value))
        return next(fitting, _NOTHING)

    def _arrays(self, plain: Mapping[str, Any], depth: int) -> Iterator[list[Any]]:
        count = int(plain.get("minItems", 1 if "contains" in plain else 0))
        if count > _MOST_ITEMS:
            return
        made: list[Any] = []
        before = plain.get("prefixItems", ())
        for at in range(count):
            part = before[at] if at < len(before) else plain.get("items", plain.get("contains", True))
            distinct = [*made] if plain.get("uniqueItems") else []
            if (value := self._item(part, distinct, depth)) is _NOTHING:
                return
            made.append(value)
        yield made

    def _item(self, plain: Plain, taken: list[Any], depth: int) -> Any:
        tried = chain(islice(self.candidates(plain, depth + 1), 8 + len(taken)), _varied(taken))
        fitting = (value for value in tried if self._allows(plain, value))
        return next((value for value in fitting if value not in taken), _NOTHING)

    def _allows(self, plain: Plain, value: Any) -> bool:
        return next(Schema(plain, self._schema.root).breaches(value), None) is None


_NOTHING: Any = object()


def _named(plain: Mapping[str, Any]) -> Iterator[Any]:
    """What the document itself names: an example, a default, the values that are allowed at all."""
    if "const" in plain:
        yield plain["const"]
        return
    shown = plain.get("examples", ())
    named = [plain[key] for key in ("example",) if key in plain] + (list(shown) if isinstance(shown, list) else [])
    named += [plain["default"]] if plain.get("default") is not None else []
    yield from named
    yield from sorted(plain.get("enum", ()), key=lambda value: value is None)


def _kinds(plain: Mapping[str, Any]) -> list[str]:
    declared = plain.get("type")
    if isinstance(declared, str):
        return [declared]
    if declared is not None:
        return sorted(declared, key=lambda name: name == "null")
    if "const" in plain or "enum" in plain:
        return []
    hints = {
        "object": {"properties", "required", "additionalProperties", "minProperties", "patternProperties"},
        "array": {"items", "minItems", "maxItems", "prefixItems", "uniqueItems", "contains"},
        "string": {"minLength", "maxLength", "pattern", "format"},
        "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    }
    likely = [name for name, keys in hints.items() if keys & plain.keys()]
    return likely or ["string", "integer", "object", "array", "boolean", "null"]


def _is_null(branch: Any) -> bool:
    return isinstance(branch, Mapping) and branch.get("type") == "null"


def _numbers(plain: Mapping[str, Any], *, whole: bool) -> Iterator[Any]:
    step = plain.get("multipleOf") or (1 if whole else None)
    least = max((plain[key] for key in ("minimum", "exclusiveMinimum") if key in plain), default=None)
    most = min((plain[key] for key in ("maximum", "exclusiveMaximum") if key in plain), default=None)
    middle = [] if least is None or most is None else [(least + most) / 2]
    for value in (1, 0, *_around(least, 1, step), *_around(most, -1, step), *middle):
        beyond = (least is not None and value < least) or (most is not None and value > most)
        if not beyond and value not in (plain.get("exclusiveMinimum"), plain.get("exclusiveMaximum")):
            yield int(value) if float(value).is_integer() else value


def _around(limit: Any, way: int, step: Any) -> Iterator[Any]:
    """Numbers at a limit and a step inside it, on the grid of `step` where there is one."""
    if limit is not None:
        first = way * -(-(way * limit) // step) * step if step else limit
        yield from (first, first + way * (step or 1), first + way * 0.5)


def _varied(taken: list[Any]) -> Iterator[Any]:
    """Values that differ from those that are taken, for lists in which none may occur twice."""
    for value in taken[-1:]:
        if isinstance(value, str):
            yield from (f"{value}{n}" for n in range(len(taken) + 1))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield from (value + n for n in range(1, len(taken) + 2))
            yield from (value - n for n in range(1, len(taken) + 2))
