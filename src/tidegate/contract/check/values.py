"""What came for a parameter, put together from the pieces in which its style sends it (OpenAPI 3.1, 4.8.12.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tidegate.contract.check import media, typed
from tidegate.contract.check.nodes import Node, Tree
from tidegate.contract.model import Parameter
from tidegate.records import Message

_BETWEEN = {"spaceDelimited": " ", "pipeDelimited": "|", "label": ".", "matrix": ";"}
_KEY = re.compile(r"\[([^\]]*)\]")
Pairs = Sequence[tuple[str, str]]
ABSENT = object()


def node(parameter: Parameter) -> Node | None:
    """The schema of a parameter."""
    schema = parameter.schema
    return Tree.below(schema.root).node(schema.plain) if schema else None


def of(parameter: Parameter, texts: Sequence[str]) -> Any:
    """The value of a parameter or header that came once or several times, as one text each."""
    schema = node(parameter)
    if parameter.media:
        return _content(parameter, texts[-1])
    if schema is None:
        return texts[-1]
    if typed.says(schema, "array"):
        return _listed(parameter, texts, schema)
    text = _bare(parameter, texts[-1])
    if typed.says(schema, "object"):
        return typed.fields(_paired(parameter, text), schema)
    return typed.scalar(text, schema)


def asked(parameter: Parameter, pairs: Pairs) -> Any:
    """The value that a query has for a parameter, else ABSENT."""
    schema = node(parameter)
    texts = [value for name, value in pairs if name == parameter.name]
    if parameter.style == "deepObject":
        deep = nested(parameter.name, pairs)
        return typed.fields(deep, schema) if deep and schema else ABSENT
    if not texts and schema and not parameter.media and typed.takes(schema, "array"):
        texts = [value for name, value in pairs if name == f"{parameter.name}[]"]
    if texts:
        return of(parameter, texts)
    if exploded(parameter) and schema:
        names = typed.named(schema) or ()
        found = {name: value for name, value in pairs if name in names}
        return typed.fields(found, schema) if found else ABSENT
    return ABSENT


def exploded(parameter: Parameter) -> bool:
    """Whether the fields of an object are parameters of their own."""
    schema = node(parameter)
    plain = parameter.style == "form" and parameter.explode and not parameter.media
    return plain and schema is not None and typed.says(schema, "object")


def nested(name: str, pairs: Pairs) -> dict[str, Any]:
    """What came as `name[key]` and `name[key][inner]`."""
    found: dict[str, Any] = {}
    for each, value in pairs:
        if each.startswith(f"{name}[") and (keys := _KEY.findall(each[len(name) :])):
            inside = found
            for key in keys[:-1]:
                below = inside.setdefault(key, {})
                inside = below if isinstance(below, dict) else {}
            inside[keys[-1]] = value
    return found


def cookies(asked: Message) -> dict[str, str]:
    """The cookies that a request carries."""
    found: dict[str, str] = {}
    for name, value in asked.headers:
        if name.lower() == "cookie":
            pairs = (part.strip().partition("=") for part in value.split(";"))
            found |= {key: text.strip('"') for key, _, text in pairs}
    return found


def _content(parameter: Parameter, text: str) -> Any:
    if not media.is_json(parameter.media):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _listed(parameter: Parameter, texts: Sequence[str], schema: Node) -> list[Any]:
    """One text an item, or all in one; clients encode the mark between them in either way, so that both are tried."""
    whole = typed.sequence(texts, schema)
    bare = [_bare(parameter, each) for each in texts]
    split = [part for each in bare for part in _pieces(parameter, each)]
    parts = typed.sequence([each.strip() if parameter.place == "header" else each for each in split], schema)
    order = [whole, parts] if parameter.explode and parameter.place in ("query", "cookie") else [parts, whole]
    return next((each for each in order if schema.allows(each)), order[0])


def _pieces(parameter: Parameter, text: str) -> list[str]:
    if not text:
        return []
    between = _BETWEEN.get(parameter.style, ",")
    if parameter.style in ("label", "matrix") and not parameter.explode and between not in text:
        between = ","
    return text.split(between)


def _bare(parameter: Parameter, text: str) -> str:
    """The text without what a label or matrix begins with."""
    if parameter.style == "label":
        return text.removeprefix(".")
    if parameter.style == "matrix":
        return text.removeprefix(";").replace(f"{parameter.name}=", "")
    return text


def _paired(parameter: Parameter, text: str) -> Mapping[str, str]:
    pieces = _pieces(parameter, text)
    if parameter.explode:
        found = [each.partition("=") for each in pieces]
        return {name.strip(): value for name, _, value in found}
    return dict(zip(pieces[::2], pieces[1::2], strict=False))
