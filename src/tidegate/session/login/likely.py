"""Where an answer may hold a token, for somebody who has to say where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from tidegate.session.http import httpx
from tidegate.session.login import cookies as cookie
from tidegate.session.login.places import json_of

SHOWN = 4
_NAME = re.compile(r"token|jwt|session|bearer|api_?key|authorization|^sid$|^key$", re.IGNORECASE)
_OTHER = re.compile(r"csrf|xsrf|refresh|type|expire", re.IGNORECASE)
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


def places_of_tokens(response: httpx.Response) -> list[str]:
    """Values of `login.token` under which the answer has something like a token; names alone, never a value."""
    headers = (f"header:{name}" for name, value in response.headers.items() if _is_likely(name, value))
    set_now = (f"cookie:{name}" for name, value in cookie.set_by(response).items() if value)
    return list(islice((*_in_body(json_of(response)), *headers, *set_now), SHOWN))


def _in_body(value: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(value, str):
        if path and _is_likely(path[-1], value) and all(step.isprintable() for step in path):
            yield _spelled(path)
    elif isinstance(value, (dict, list)) and len(path) < 5:
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value[:SHOWN]):
            yield from _in_body(inner, (*path, str(step)))


def names_token(name: str, value: str) -> bool:
    """Whether a value may be a token, by its name or its form; also one that is no place for `login.token`."""
    return bool(_JWT.search(value) or _NAME.search(name))


def _is_likely(name: str, value: str) -> bool:
    if name.lower() == "set-cookie" or _OTHER.search(name):
        return False
    return bool(_JWT.search(value) or (_NAME.search(name) and len(value) >= 8))


def _spelled(path: tuple[str, ...]) -> str:
    """As a dotted path, or as a pointer where a name has a dot in it."""
    if any(re.search(r"[./\s:~]", step) or not step for step in path):
        return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
    return ".".join(path)
