"""Where in an exchange a finding is, and what came there: in words that stay the same from run to run."""

from __future__ import annotations

import json
from typing import Any

LONGEST = 80


def answer(status: int, part: str, inner: str = "") -> str:
    """A place in the answer: `200 body /items/*/name`, `200 header Location`."""
    return f"{status} {part} {inner}".rstrip()


def request(part: str, inner: str = "") -> str:
    """A place in the request: `request query limit`, `request body /name`."""
    return f"request {part} {inner}".rstrip()


def step(name: object) -> str:
    """One step of a JSON pointer (RFC 6901, 3)."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def steps(pointer: str) -> list[str]:
    """The names in a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def shown(value: Any) -> str:
    """A value as JSON, cut to what fits a line; the values inside a long one are not looked at."""
    if isinstance(value, str):
        text = json.dumps(value[: LONGEST + 1], ensure_ascii=False)
    elif isinstance(value, dict):
        text = f"an object with {', '.join(list(map(str, value))[:5])}" if value else "{}"
    elif isinstance(value, list):
        text = f"a list of {len(value)}" if value else "[]"
    else:
        text = json.dumps(value)
    return cut(text)


def cut(text: str) -> str:
    """A text on one line of bounded length."""
    text = " ".join(text[: 4 * LONGEST].split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
