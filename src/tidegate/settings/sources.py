"""The places that settings come from, read but not yet judged."""

from __future__ import annotations

import io
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.errors import SettingsError, UsageError
from tidegate.settings.guess import nearest

ENV_FILE = "TIDEGATE_ENV_FILE"


@dataclass(frozen=True, slots=True)
class Source:
    """Raw values under the names that this place uses for them."""

    origin: str
    values: Mapping[str, Any]


def environment() -> Mapping[str, str]:
    """The process environment; nothing else in tidegate reads it."""
    return os.environ


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds [tool.tidegate] or .env.test, else `start`."""
    for folder in (start, *start.parents):
        tool = read_toml(folder / "pyproject.toml").get("tool")
        if (folder / ".env.test").is_file() or (isinstance(tool, dict) and "tidegate" in tool):
            return folder
    return start


def read_toml(path: Path) -> dict[str, Any]:
    """The parsed file; empty when there is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # the parser lets more through than its own error
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def tidegate_table(root: Path) -> dict[str, Any]:
    """The [tool.tidegate] table of the project; empty when there is none."""
    tool = read_toml(root / "pyproject.toml").get("tool", {})
    for name in tool if isinstance(tool, dict) else ():
        if name != "tidegate" and nearest(name, ["tidegate"]):
            raise SettingsError(f"[tool.{name}] in {root / 'pyproject.toml'}: did you mean [tool.tidegate]?")
    table = tool.get("tidegate", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"tool.tidegate in {root / 'pyproject.toml'} is not a table: write [tool.tidegate]")
    return table


def env_file(folder: Path, chosen: str | None) -> Source:
    """The values of .env.test, or of the file that was chosen instead, which then must exist.

    Values are taken literally: `$` has no meaning, so a password may contain it.
    """
    path = folder / (chosen or ".env.test")
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        if chosen is None:
            return Source(".env.test", {})
        raise SettingsError(f"{path} does not exist: {ENV_FILE} or the command line names it") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8") from None
    return Source(chosen or ".env.test", _parse(path, content))


def _parse(path: Path, content: str) -> dict[str, str]:
    # The parser itself, not dotenv_values(): that one logs a malformed line and goes on without it.
    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(content)):
        if binding.error or (binding.key and binding.value is None):
            raise SettingsError(f"{path}, line {binding.original.line}: not of the form NAME=value")
        if binding.key and binding.value is not None:
            values[binding.key] = binding.value
    return values


def overrides(pairs: list[str]) -> dict[str, str]:
    """KEY=VALUE arguments as a mapping; raises UsageError for one without a `=`."""
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"{pair!r} is not of the form KEY=VALUE, such as health.timeout=60")
    return dict(pair.split("=", 1) for pair in pairs)
