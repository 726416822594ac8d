"""How values of parameters are written (OpenAPI 3.1, 4.8.12.4; RFC 6570)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


def separated(text: str, delimiter: str) -> list[str]:
    """The elements of a list; none of an empty text."""
    return text.split(delimiter) if text else []


def paired(elements: Sequence[str]) -> dict[str, str]:
    """Names and values that alternate."""
    return dict(zip(elements[::2], elements[1::2], strict=False))


def equal_signs(elements: Sequence[str]) -> dict[str, str]:
    """Names and values with `=` between them."""
    return {name: value for name, _, value in (each.partition("=") for each in elements)}


def simple(text: str, kind: str, explode: bool, delimiter: str = ",") -> Any:
    """`a,b` as list, `k,v` or `k=v` as object."""
    if kind == "array":
        return separated(text, delimiter)
    if kind == "object":
        elements = separated(text, delimiter)
        return equal_signs(elements) if explode else paired(elements)
    return text


def label(text: str, kind: str, explode: bool) -> Any:
    """`.a.b`, of which only the dot in front is sure."""
    text = text.removeprefix(".")
    return simple(text, kind, explode, "." if explode or "," not in text else ",")


def matrix(text: str, name: str, kind: str, explode: bool) -> Any:
    """`;name=a,b`, or `;name=a;name=b`."""
    pieces = [each.partition("=") for each in separated(text.removeprefix(";"), ";")]
    if kind == "array" and explode:
        return [value for _, _, value in pieces]
    if kind == "object" and explode:
        return {key: value for key, _, value in pieces}
    value = next((value for key, _, value in pieces if key == name), text)
    return simple(value, kind, explode=False)


def deep(pairs: Sequence[tuple[str, str]], name: str) -> dict[str, Any]:
    """`name[a]=1&name[b][c]=2`; the specification says nothing of what lies deeper than one level."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key.startswith(f"{name}[") and key.endswith("]"):
            _put(made, re.findall(r"\[([^\[\]]*)\]", key[len(name) :]), value)
    return made


def _put(made: dict[str, Any], keys: list[str], value: str) -> None:
    listed = len(keys) > 1 and keys[-1] == ""
    *above, last = keys[:-1] if listed else keys
    for key in above:
        inner = made.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        made = inner
    if last not in made:
        made[last] = [value] if listed else value
    elif isinstance(made[last], list):
        made[last].append(value)
    else:
        made[last] = [made[last], value]
