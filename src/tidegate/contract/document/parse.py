"""Bytes to plain data: JSON, else YAML (OpenAPI 3.1, 4.2)."""

from __future__ import annotations

import json
from typing import Any

from tidegate.errors import DocumentError

_MOST = 1_000_000


def parsed(content: bytes, source: str) -> Any:
    """The data of a JSON or YAML file; DocumentError with the line where it is neither."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1")
    try:
        return json.loads(text)
    except ValueError as error:
        return _as_yaml(text, source, error)
    except RecursionError:
        raise _unreadable(source, "it is nested too deeply") from None


def _as_yaml(text: str, source: str, as_json: ValueError) -> Any:
    import yaml  # type: ignore[import-untyped]

    try:
        return _limited(_loaded(text, yaml), source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        told = str(getattr(error, "problem", None) or error).splitlines()[0]
        if text.lstrip()[:1] in ("{", "["):  # it was to be JSON
            line, told = getattr(as_json, "lineno", line), getattr(as_json, "msg", told)
        raise _unreadable(source, f"line {line}: {told}" if line else told) from None


def _loaded(text: str, yaml: Any) -> Any:
    try:
        return yaml.load(text, _loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.composer.ComposerError as error:
        if "anchor" not in str(error):
            raise
        return yaml.load(text, _loader(_renaming(yaml)))


def _limited(data: Any, source: str) -> Any:
    """The data, unless what aliases repeat makes far more of it than anybody wrote."""
    sizes: dict[int, int] = {}
    written = 0

    def size(node: Any) -> int:
        nonlocal written
        if not isinstance(node, (dict, list)):
            return 1
        if id(node) not in sizes:
            written += len(node)
            sizes[id(node)] = 0  # one that contains itself is told of as too deep
            sizes[id(node)] = 1 + sum(size(each) for each in (node.values() if isinstance(node, dict) else node))
        return sizes[id(node)]

    if size(data) > max(_MOST, 10 * written):
        raise _unreadable(source, f"its aliases make more than {_MOST:,} values of {written:,}")
    return data


def _loader(safe: Any) -> Any:
    """A safe loader that knows the types of JSON alone: a date stays the text that it is in the file."""
    made: Any = type("Loader", (safe,), {})
    made.yaml_implicit_resolvers = {
        first: [(tag, regex) for tag, regex in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in safe.yaml_implicit_resolvers.items()
    }
    return made


def _renaming(yaml: Any) -> Any:
    """A loader for which an anchor may be set again (YAML 1.2.2, 3.2.2.2); slower, since it is not the one in C."""

    def compose_node(self: Any, parent: Any, index: Any) -> Any:
        if not self.check_event(yaml.events.AliasEvent):
            self.anchors.pop(getattr(self.peek_event(), "anchor", None), None)
        return yaml.SafeLoader.compose_node(self, parent, index)

    return type("Renaming", (yaml.SafeLoader,), {"compose_node": compose_node})


def _unreadable(source: str, seen: str) -> DocumentError:
    return DocumentError(
        f"The API's document is neither JSON nor YAML.\n  seen: {source}, {seen}\n  next: Correct that place, or set"
        " contract.document to where the document is"
    )
