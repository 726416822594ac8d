"""The paths before the paths of a document (OpenAPI 3.1, 4.8.5 and 4.8.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

Prefix = str | re.Pattern[str]
_VARIABLE = re.compile(r"\{([^{}]*)\}")


def prefixes(servers: Any) -> tuple[Prefix, ...]:
    """What stands before the paths of some servers: text, or a pattern where variables are in it."""
    found: list[Prefix] = []
    for server in servers if isinstance(servers, list) else []:
        if isinstance(server, Mapping) and isinstance(server.get("url"), str):
            each = _prefix(server["url"], server.get("variables"))
            found += [] if each in found else [each]
    return tuple(found)


def _prefix(url: str, variables: Any) -> Prefix:
    known = variables if isinstance(variables, Mapping) else {}
    if (whole := _VARIABLE.match(url)) and isinstance(known.get(whole[1]), Mapping):  # host and all are one variable
        default = str(known[whole[1]].get("default"))
        url = (default if default.startswith(("/", "http")) else "") + url[whole.end() :]
    url = re.sub(r"^[^/?#]*//[^/?#]*", "", url, count=1)
    path = url.partition("?")[0].partition("#")[0].rstrip("/")
    path = path if not path or path.startswith(("/", "{")) else f"/{path.removeprefix('./').removeprefix('.')}"
    path = path.rstrip("/")
    if "{" not in path:
        return quote(unquote(path), safe="/:@!$&'()*+,;=~")
    parts = _VARIABLE.split(path)
    pattern = "".join(_choice(known.get(part)) if index % 2 else re.escape(part) for index, part in enumerate(parts))
    return re.compile(pattern if pattern.startswith("/") else f"/?{pattern}")


def _choice(variable: Any) -> str:
    """What may stand for a variable: its enumeration, else any text without a slash, else its default."""
    given = variable if isinstance(variable, Mapping) else {}
    named = [str(each) for each in given["enum"]] if isinstance(given.get("enum"), list) else []
    default = [str(given["default"])] if "default" in given else []
    every = [re.escape(each.strip("/")) for each in [*named, *default]]
    return "(?:" + "|".join([*every, *([] if named else ["[^/]+"])]) + ")"


def stripped(path: str, prefix: Prefix) -> str | None:
    """What is left of a path behind a prefix; None where it does not begin with that."""
    if isinstance(prefix, re.Pattern):
        found = prefix.match(path)
        rest = path[found.end() :] if found else None
    else:
        rest = path[len(prefix) :] if path.startswith(prefix) else None
    return rest if rest is not None and (not rest or rest.startswith("/")) else None


def ordered(found: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """The longest first, so that `/v1/beta` is not taken for `/v1`."""
    unique = list(dict.fromkeys(found))
    return tuple(sorted(unique, key=lambda each: -len(each if isinstance(each, str) else each.pattern)))
