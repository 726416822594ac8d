"""Texts and numbers made from the words of a schema alone: its form, pattern, length and limits."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

TEXTS = {
    "date-time": "2024-02-29T12:30:45Z",
    "date": "2024-02-29",
    "time": "12:30:45Z",
    "uuid": "9f8b2c1e-4d3a-4b6f-8e21-0a1b2c3d4e5f",
    "email": "ada@example.test",
    "uri": "https://example.test/a",
    "url": "https://example.test/a",
    "uri-reference": "/a/b",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "byte": "dGlkZQ==",
    "hostname": "example.test",
    "duration": "P1D",
}


class Impossible(Exception):  # noqa: N818
    """No answer can be made here."""


def text_for(parts: Sequence[Mapping[str, Any]], chance: random.Random) -> str:
    """A text of the form, pattern and length that all parts of a schema ask for."""
    form = next((part["format"] for part in parts if part.get("format")), "")
    patterns = [part["pattern"] for part in parts if part.get("pattern")]
    low = max(int(part.get("minLength") or 0) for part in parts)
    high = min(int(part.get("maxLength", 10**6)) for part in parts)
    if form in TEXTS:
        text = TEXTS[form]
    elif patterns:
        text = _matching(patterns[0], chance, low)
    else:
        text = "".join(chance.choice(string.ascii_lowercase) for _ in range(min(max(low, 6), high)))
    if not low <= len(text) <= high or any(not re.search(each, text) for each in patterns):
        raise Impossible
    return text


def number_for(parts: Sequence[Mapping[str, Any]], chance: random.Random, whole: bool = False) -> Any:
    """A number within the limits of all parts of a schema."""
    low, high = -(2.0**31), 2.0**31 - 1
    for part in parts:
        step = 1 if whole else 0.5
        for key, edge in (("minimum", part.get("exclusiveMinimum")), ("maximum", part.get("exclusiveMaximum"))):
            limit = part.get(key)
            if limit is not None:
                shift = step if edge is True else 0
                low, high = (max(low, limit + shift), high) if key == "minimum" else (low, min(high, limit - shift))
            if isinstance(edge, (int, float)) and not isinstance(edge, bool):
                low, high = (max(low, edge + step), high) if key == "minimum" else (low, min(high, edge - step))
    unit = next((part["multipleOf"] for part in parts if part.get("multipleOf")), 1 if whole else None)
    if low > high:
        raise Impossible
    near = min(max(chance.randint(0, 100), low), high)
    if unit is None:
        return near
    found = -(-near // unit) * unit
    found = found if found <= high else (high // unit) * unit
    if found < low:
        raise Impossible
    return found


def _matching(pattern: str, chance: random.Random, low: int) -> str:
    """A text for a pattern of the usual kinds."""
    try:
        tree = re._parser.parse(pattern)
        text = "".join(_spelled(tree, chance, low))
    except (re.error, NotImplementedError, RecursionError, OverflowError):
        raise Impossible from None
    return text


def _spelled(tree: Any, chance: random.Random, low: int) -> list[str]:
    made: list[str] = []
    for code, argument in tree:
        name = str(code)
        if name == "LITERAL":
            made.append(chr(argument))
        elif name == "ANY":
            made.append("a")
        elif name == "IN":
            made.append(_one_of(argument, chance))
        elif name == "BRANCH":
            made += _spelled(chance.choice(argument[1]), chance, low)
        elif name == "SUBPATTERN":
            made += _spelled(argument[3], chance, low)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = argument
            times = min(int(most), max(int(least), min(low, 300), 1 if len(made) < 3 else 0))
            for _ in range(times):
                made += _spelled(inner, chance, 0)
        elif name == "CATEGORY":
            made.append(_one_of([(code, argument)], chance))
        elif name == "AT":
            continue
        else:
            raise NotImplementedError(name)
    return made


def _one_of(choices: Any, chance: random.Random) -> str:
    letters = string.ascii_letters + string.digits + "-_. :/@"
    negated = str(choices[0][0]) == "NEGATE"
    allowed = [letter for letter in letters if any(_holds(each, letter) for each in choices) != negated]
    if not allowed:
        literal = next((each for each in choices if str(each[0]) in ("LITERAL", "RANGE")), None)
        if literal is None or negated:
            raise NotImplementedError
        return chr(literal[1] if str(literal[0]) == "LITERAL" else literal[1][0])
    return chance.choice(allowed)


def _holds(choice: Any, letter: str) -> bool:
    code, argument = str(choice[0]), choice[1]
    if code == "LITERAL":
        return bool(argument == ord(letter))
    if code == "RANGE":
        return bool(argument[0] <= ord(letter) <= argument[1])
    if code == "CATEGORY":
        name = str(argument)
        held = (
            letter.isdigit()
            if "DIGIT" in name
            else letter == " "
            if "SPACE" in name
            else letter.isalnum() or letter == "_"
        )
        return held != ("NOT" in name)
    return False
