"""What a schema promises, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.contract.check.places import cut
from tidegate.contract.document.flaws import WORDS, choice
from tidegate.contract.schema import Schema

_LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("pattern", "minLength", "maxLength", "minItems", "maxItems"),
)


def promised(schema: Schema | None) -> str:
    """Such as `string (email)`, `integer, at least 0`, `one of: a, b`."""
    return "anything" if schema is None else cut(_words(schema, schema.plain, 4))


def _words(schema: Schema, plain: Mapping[str, Any] | bool, depth: int) -> str:
    if depth and isinstance(plain, Mapping) and "$ref" in plain:
        plain = {**_mapping(schema.target(plain["$ref"])), **{k: v for k, v in plain.items() if k != "$ref"}}
    if not isinstance(plain, Mapping):
        return "anything" if plain else "nothing"
    if "const" in plain or "enum" in plain:
        return choice(plain.get("enum", [plain.get("const")]))
    branches = [each for key in ("anyOf", "oneOf") for each in plain.get(key, ())]
    if branches and "type" not in plain:
        return " or ".join(_words(schema, each, depth - 1) for each in branches) if depth else "one of several schemas"
    if "allOf" in plain and "type" not in plain and depth:
        return " and ".join(_words(schema, each, depth - 1) for each in plain["allOf"])
    return _typed(schema, plain, depth)


def _typed(schema: Schema, plain: Mapping[str, Any], depth: int) -> str:
    types = plain.get("type", [])
    name = " or ".join([types] if isinstance(types, str) else types) or "anything"
    if name == "array" and "items" in plain and depth:
        name = f"array of {_words(schema, plain['items'], depth - 1)}"
    if "format" in plain:
        name += f" ({plain['format']})"
    said = [WORDS[key].format(plain[key]) for key in _LIMITS if key in plain]
    return ", ".join([name, *said])


def _mapping(plain: Mapping[str, Any] | bool) -> Mapping[str, Any]:
    return plain if isinstance(plain, Mapping) else {}
