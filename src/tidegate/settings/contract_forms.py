"""The forms of the settings of record and contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

MODES = ("strict", "report", "off")
KINDS = (
    "undocumented-operation",
    "undocumented-method",
    "undocumented-status",
    "undocumented-media-type",
    "undocumented-field",
    "missing-header",
    "invalid-header",
    "invalid-body",
    "unexpected-body",
    "write-only-field",
    "illegal-request",
    "unenforced-security",
    "deprecated-operation",
    "changed-shape",
    "server-error",
)
SKIP = re.compile(r"(?:(?P<method>[A-Z]+)\s+)?(?P<path>/\S*)?\s*(?P<status>[1-5](?:\d\d|XX)|default)?")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


def document(value: object) -> str:
    """A path, file or URL; empty for none."""
    if isinstance(value, str) and "\n" not in value:
        return value.strip()
    raise ValueError("a path on the API, a file, a URL or auto")


def levels(value: object) -> Mapping[str, str]:
    """Kinds of findings and what each does; as text `undocumented-field=report, missing-header=off`."""
    found = _pairs(value)
    if found is None or not set(found) <= set(KINDS) or not set(found.values()) <= set(MODES):
        raise ValueError(f"kinds of findings ({', '.join(KINDS)}), each with {', '.join(MODES)}")
    return MappingProxyType(found)


def thresholds(value: object) -> Mapping[str, float]:
    """Percent by resource, that of all under the empty name; as a number or as text `90, things=100`."""
    wrong = ValueError("a percentage from 0 to 100, or such as 90, things=100")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        value = ",".join(part if "=" in part else f"={part}" for part in value.split(",") if part.strip())
    found = _pairs(value)
    if found is None:
        raise wrong
    try:
        numbers = {name: float(number) for name, number in found.items()}
    except ValueError:
        raise wrong from None
    if not all(0 <= number <= 100 for number in numbers.values()):
        raise wrong
    return MappingProxyType(numbers)


def skips(value: object) -> tuple[str, ...]:
    """What coverage leaves out; as text with commas between them."""
    names = [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) and _skips(name) for name in names):
        raise ValueError('a list of statuses and operations, such as ["5XX", "429", "GET /things/{id} 404"]')
    return tuple(" ".join(name.split()) for name in names)


def _skips(name: str) -> bool:
    found = SKIP.fullmatch(name.strip())
    return bool(found and (found["path"] or (found["status"] and not found["method"])))


def values(value: object) -> Mapping[str, Any]:
    """A table of plain values; as text `tenant=acme, size=7`."""
    found = _pairs(value) if isinstance(value, str) else value
    if isinstance(found, Mapping) and not any(isinstance(each, (Mapping, list)) for each in found.values()):
        return MappingProxyType(dict(found))
    raise ValueError("names, each with a value")


def header_names(value: object) -> tuple[str, ...]:
    """Names of headers; as text with commas between them."""
    names = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if isinstance(names, (list, tuple)) and all(isinstance(name, str) and _TOKEN.fullmatch(name) for name in names):
        return tuple(names)
    raise ValueError("names of headers")


def _pairs(value: object) -> dict[str, str] | None:
    if isinstance(value, Mapping):
        return {str(name): str(each) for name, each in value.items()}
    if not isinstance(value, str):
        return None
    parts = [part.partition("=") for part in value.split(",") if part.strip()]
    return {name.strip(): each.strip() for name, _, each in parts} if all(equals for _, equals, _ in parts) else None
