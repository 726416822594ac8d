"""Schemas that both documents write alike, but that use others which changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_INNER = ("items", "additionalProperties")
_CHOICES = ("oneOf", "anyOf")
_COMBINED = frozenset({"allOf", "not", "if", "then", "else", "prefixItems", "contains", "propertyNames"})
_OTHERS = frozenset({"patternProperties", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems"})
_DEEP = 30


def uses(plain: Any, hidden: str, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The references within such a schema, each with its pointer. ValueError where what they lead to is combined."""
    if not isinstance(plain, dict):
        return
    if isinstance(ref := plain.get("$ref"), str) and len(plain) == 1:
        yield ref, pointer
        return
    choices = [word for word in _CHOICES if word in plain]
    if ref is not None or depth > _DEEP or plain.keys() & (_COMBINED | _OTHERS) or (choices and len(plain) > 1):
        raise ValueError(pointer)
    for name, each in (plain.get("properties") or {}).items():
        if not (isinstance(each, dict) and each.get(hidden) is True):
            yield from uses(each, hidden, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", depth + 1)
    for word in _INNER:
        yield from uses(plain.get(word), hidden, f"{pointer}/*", depth + 1)
    for word in choices:
        for each in plain[word]:
            yield from uses(each, hidden, pointer, depth + 1)
