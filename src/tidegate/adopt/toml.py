"""Tables for pyproject.toml, appended so that nothing that stands there changes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.errors import UsageError

Tables = Mapping[str, Mapping[str, Any]]  # by the name under [tool.tidegate], such as "resources.notes"; "" is itself


def with_tables(text: str, tables: Tables) -> str:
    """The text and, at its end, those tables that it does not have yet; raises UsageError where TOML forbids that."""
    before = parsed(text)
    missing = {name: table for name, table in tables.items() if not _has(before, name)}
    if not missing:
        return text
    line = "\r\n" if "\r\n" in text else "\n"
    added = "\n".join(_lines(missing))
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    after = text + (gap + added).replace("\n", line)
    if not _only_added(before, after):
        raise UsageError(
            "pyproject.toml defines `tool` in a form that no table can be added to\n"
            f"  next: add this by hand\n\n{added}"
        )
    return after


def _lines(tables: Tables) -> Iterator[str]:
    for name, table in tables.items():
        yield f"[tool.tidegate{'.' * bool(name)}{name}]"
        yield from (f"{key(k)} = {value(v)}" for k, v in table.items())
        yield ""


def value(raw: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        # JSON's escapes are TOML's, but for DEL, which JSON leaves alone.
        return json.dumps(raw, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(raw, Mapping):
        inner = ", ".join(f"{key(k)} = {value(v)}" for k, v in raw.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(raw, (list, tuple)):
        return f"[{', '.join(value(item) for item in raw)}]"
    return repr(raw)


def key(name: str) -> str:
    """A key as TOML writes it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else value(name)


def parsed(text: str) -> dict[str, Any]:
    """The content of pyproject.toml; raises UsageError when it is not valid."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"pyproject.toml is not valid TOML: {error}\n  next: mend it, then run init again") from None


def _has(document: Any, name: str) -> bool:
    for step in ("tool", "tidegate", *filter(None, name.split("."))):
        if not isinstance(document, dict) or step not in document:
            return False
        document = document[step]
    return True


def _only_added(before: dict[str, Any], after: str) -> bool:
    try:
        return _within(before, tomllib.loads(after))
    except ValueError:
        return False


def _within(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and _within(inner, new[name]) for name, inner in old.items())
    # By their text, because nan is unlike itself and 1 is like 1.0 and True.
    return type(old) is type(new) and repr(old) == repr(new)
