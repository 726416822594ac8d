"""What of a login's answer may be shown: how it is made, and nothing that may be a token."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tidegate.redact import MASK
from tidegate.session.http import httpx
from tidegate.session.login.hidden import text_of
from tidegate.session.login.likely import names_token
from tidegate.session.login.places import json_of

LONGEST = 15  # of a value in an answer that took the login: a longer one may be a token, whatever it is called
DEPTH = 6


def shown(answer: httpx.Response) -> str:
    """Status, place and body for one line; of an answer that took the login, names and short values alone."""
    location = f", Location: {place_in(answer)}" if "Location" in answer.headers else ""
    return f"HTTP {answer.status_code}{location}, body: {_body(answer) or '(empty)'}"


def place_in(answer: httpx.Response) -> str:
    """Where an answer redirects to, without the query and the fragment, in which some servers hand out a token."""
    place = one_line(answer.headers.get("Location", "nowhere"))
    return re.sub(r"(?<=[?#]).*", MASK, place)


def is_page(answer: httpx.Response) -> bool:
    """Whether the body is one for people."""
    return "html" in answer.headers.get("Content-Type", "")


def one_line(text: str) -> str:
    """The text fit for one line of a terminal."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def _body(answer: httpx.Response) -> str:
    took = answer.status_code < 400
    value = json_of(answer)
    if isinstance(value, (dict, list)):
        return one_line(json.dumps(_bare(value, took=took), ensure_ascii=False))
    text = one_line(text_of(answer.text) if is_page(answer) else answer.text)
    return re.sub(rf"\S{{{LONGEST + 1},}}", MASK, text) if took else text


def _bare(value: object, *, took: bool, name: str = "", depth: int = 0) -> object:
    if depth == DEPTH and isinstance(value, (dict, list)):
        return "…"
    if isinstance(value, Mapping):
        return {
            _name(key, took=took): _bare(inner, took=took, name=key, depth=depth + 1) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_bare(inner, took=took, name=name, depth=depth + 1) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    return MASK if names_token(name, str(value)) or (took and len(str(value)) > LONGEST) else value


def _name(key: str, *, took: bool) -> str:
    return MASK if took and len(key) > 2 * LONGEST else key
