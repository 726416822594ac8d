"""What a schema allows, with `allOf`, references beside words and the ways to say "or null" taken together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tidegate.contract.drift.side import Side, mapping

_SIZES = {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
OPAQUE = (
    *("not", "if", "then", "else", "contains", "propertyNames", "dependentRequired", "dependentSchemas"),
    *("unevaluatedProperties", "unevaluatedItems", "contentEncoding", "contentMediaType"),
)
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_RARE = {
    *OPAQUE,
    *_BOUNDS,
    *("pattern", "uniqueItems", "patternProperties", "prefixItems", "items"),
    *("readOnly", "writeOnly", "deprecated", "default", "discriminator"),
}
ANY: Mapping[str, Any] = {}
NOTHING: Mapping[str, Any] = {"not": {}}
_OF_OBJECTS = ("properties", "additionalProperties", "required", "patternProperties")
_OF_LISTS = ("items", "prefixItems")


@dataclass(frozen=True, slots=True)
class View:
    """What a schema allows. `types` is None for any, `enum` for no list; `bounds` are (number, itself excluded).

    `tags`: by schema, the values of a discriminator that stand for it (OpenAPI 3.1, 4.8.25).
    """

    types: frozenset[str] | None = None
    enum: frozenset[str] | None = None
    format: str = ""
    patterns: frozenset[str] = frozenset()
    sizes: Mapping[str, int] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, bool]] = field(default_factory=dict)
    multiple: float | None = None
    unique: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    further: Any = True
    named: Mapping[str, Any] = field(default_factory=dict)
    items: Any = True
    first: tuple[Any, ...] = ()
    variants: tuple[Any, ...] = ()
    opaque: Mapping[str, Any] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    deprecated: bool = False
    default: str = ""
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)


def view(plain: Any, side: Side, seen: tuple[str, ...] = ()) -> View:
    """What `plain` allows."""
    if not isinstance(plain, Mapping):
        return View() if plain is not False else View(opaque=NOTHING)
    found = _own(plain)
    if isinstance(ref := plain.get("$ref"), str) and ref not in seen:
        found = both(view(side.target(ref), side, (*seen, ref)), found)
    for part in plain.get("allOf") or ():
        found = both(found, view(part, side, seen))
    for word in ("oneOf", "anyOf"):
        if isinstance(variants := plain.get(word), list):
            found = _with_variants(found, variants, side, seen)
    return _or_null(found) if True in (plain.get("nullable"), plain.get("x-nullable")) else found


def named_view(ref: str, side: Side) -> View:
    """What a named schema allows; made once."""
    found: View | None = side.views.get(ref)
    if found is None:
        found = side.views[ref] = view(side.target(ref), side)
    return found


def _with_variants(found: View, variants: list[Any], side: Side, seen: tuple[str, ...]) -> View:
    rest = [each for each in variants if not _is_null(each)]
    if len(rest) == 1:
        only = view(rest[0], side, seen)
        return both(found, _or_null(only) if len(rest) < len(variants) else only)
    if len(rest) < len(variants):
        rest = [*rest, {"type": "null"}]
    if found.variants:
        return replace(found, opaque={**found.opaque, "anyOf": rest})
    return replace(found, variants=tuple(rest))


def both(one: View, other: View) -> View:
    """What both allow."""
    return View(
        types=_common_types(one.types, other.types),
        enum=other.enum if one.enum is None else one.enum if other.enum is None else one.enum & other.enum,
        format=other.format or one.format,
        patterns=one.patterns | other.patterns,
        sizes=_stricter(one.sizes, other.sizes),
        bounds=_stricter(one.bounds, other.bounds),
        multiple=one.multiple if other.multiple is None else other.multiple,
        unique=one.unique or other.unique,
        properties=_merged(one.properties, other.properties),
        required=one.required | other.required,
        further=_all(one.further, other.further),
        named=_merged(one.named, other.named),
        items=_all(one.items, other.items),
        first=one.first or other.first,
        variants=one.variants or other.variants,
        opaque={**one.opaque, **other.opaque},
        hidden=one.hidden | other.hidden,
        deprecated=one.deprecated or other.deprecated,
        default=other.default or one.default,
        tags={**one.tags, **other.tags},
    )


def _own(plain: Mapping[str, Any]) -> View:
    """What the schema says by itself, apart from what it combines."""
    rare = _rare(plain) if plain.keys() & _RARE else {}
    return View(
        types=_types(plain),
        enum=_enum(plain) if "enum" in plain or "const" in plain else None,
        format=str(plain.get("format", "")),
        sizes={word: int(plain[word]) for word in plain.keys() & _SIZES if _is_number(plain[word])},
        properties=mapping(plain.get("properties")),
        required=frozenset(map(str, plain["required"])) if isinstance(plain.get("required"), list) else frozenset(),
        further=plain.get("additionalProperties", True),
        items=True if isinstance(plain.get("items", True), list) else plain.get("items", True),
        **rare,
    )


def _rare(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What few schemas say."""
    items = plain.get("items")
    return {
        "patterns": frozenset({str(plain["pattern"])} if "pattern" in plain else ()),
        "bounds": _bounds(plain),
        "multiple": plain.get("multipleOf") if _is_number(plain.get("multipleOf")) else None,
        "unique": plain.get("uniqueItems") is True,
        "named": mapping(plain.get("patternProperties")),
        "first": tuple(plain.get("prefixItems") or (items if isinstance(items, list) else ())),
        "opaque": {word: plain[word] for word in OPAQUE if word in plain},
        "hidden": frozenset(word for word in ("readOnly", "writeOnly") if plain.get(word) is True),
        "deprecated": plain.get("deprecated") is True,
        "default": _text(plain["default"]) if "default" in plain else "",
        "tags": _tags(mapping(mapping(plain.get("discriminator")).get("mapping"))),
    }


def _tags(named: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    targets = {str(target).rpartition("/")[2] for target in named.values()}
    return {each: frozenset(name for name in named if str(named[name]).rpartition("/")[2] == each) for each in targets}


def _types(plain: Mapping[str, Any]) -> frozenset[str] | None:
    said = plain.get("type")
    if isinstance(said, str):
        return frozenset({said})
    if isinstance(said, list):
        return frozenset(map(str, said))
    if (values := _listed(plain)) is not None:
        return frozenset(map(_type_of, values))
    if any(word in plain for word in _OF_OBJECTS):
        return frozenset({"object"})
    return frozenset({"array"}) if any(word in plain for word in _OF_LISTS) else None


def _type_of(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def _listed(plain: Mapping[str, Any]) -> list[Any] | None:
    if "const" in plain:
        return [plain["const"]]
    return plain["enum"] if isinstance(plain.get("enum"), list) else None


def _enum(plain: Mapping[str, Any]) -> frozenset[str] | None:
    values = _listed(plain)
    return None if values is None else frozenset(_text(value) for value in values if value is not None)


def _bounds(plain: Mapping[str, Any]) -> dict[str, tuple[float, bool]]:
    found = {}
    for word, excluded in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if _is_number(plain.get(word)):
            found[word] = (plain[word], plain.get(excluded) is True)
        if _is_number(plain.get(excluded)):
            other = {word: (plain[excluded], True)}
            found = _stricter(found, other)
    return found


def _is_null(plain: Any) -> bool:
    return isinstance(plain, Mapping) and (plain.get("type") == "null" or _listed(plain) == [None])


def _or_null(found: View) -> View:
    if found.variants:
        return replace(found, variants=(*found.variants, {"type": "null"}))
    return found if found.types is None else replace(found, types=found.types | {"null"})


def _common_types(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    kept = one & other
    if "integer" in one | other and "number" in one | other:
        kept |= {"integer"} & (one | other)
    return kept


def _stricter(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(one)
    for word, value in other.items():
        known = found.get(word, value)
        if word.startswith("max") and isinstance(value, tuple):
            found[word] = min(known, value, key=lambda bound: (bound[0], not bound[1]))
        else:
            found[word] = min(known, value) if word.startswith("max") else max(known, value)
    return found


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, **{name: _all(one.get(name, True), each) for name, each in other.items()}}


def _all(one: Any, other: Any) -> Any:
    if one in (True, ANY) or one == other:
        return other
    if other in (True, ANY):
        return one
    return False if False in (one, other) else {"allOf": [one, other]}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
