"""Bytes to plain data: JSON, else YAML (OpenAPI 3.1, 4.2)."""

from __future__ import annotations

import json
from typing import Any

from tidegate.errors import DocumentError


def parsed(content: bytes, source: str) -> Any:
    """The data of a JSON or YAML file; DocumentError with the line where it is neither."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1")
    try:
        return json.loads(text)
    except ValueError as error:
        return _yaml(text, source, error)
    except RecursionError:
        raise _unreadable(source, "it is nested too deeply") from None


def _yaml(text: str, source: str, as_json: ValueError) -> Any:
    import yaml  # type: ignore[import-untyped]

    if text.lstrip()[:1] in ("{", "["):
        line = getattr(as_json, "lineno", 0)
        found = _loaded(text, yaml)
        if found is not None:
            return found
        raise _unreadable(source, f"line {line}: {getattr(as_json, 'msg', as_json)}")
    try:
        return yaml.load(text, _loader())  # noqa: S506  a safe loader, with fewer types
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise _unreadable(source, f"{place}{getattr(error, 'problem', None) or error}") from None


def _loaded(text: str, yaml: Any) -> Any:
    try:
        return yaml.load(text, _loader())
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _loader() -> Any:
    """A loader that knows the types of JSON: a date stays the text that it is in the file."""
    global _made
    if _made is None:
        import yaml

        safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        _made = type("_Loader", (safe,), {})
        _made.yaml_implicit_resolvers = {
            first: [(tag, regex) for tag, regex in found if tag != "tag:yaml.org,2002:timestamp"]
            for first, found in safe.yaml_implicit_resolvers.items()
        }
    return _made


_made: Any = None


def _unreadable(source: str, seen: str) -> DocumentError:
    return DocumentError(
        f"The API's document is neither JSON nor YAML.\n  seen: {source}, {seen}\n  next: Correct that place, or set"
        " contract.document to where the document is"
    )
