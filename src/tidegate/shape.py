"""Asserting the shape of a JSON value by hand.

    assert_shape(response.json(), {
        "items": [{"id": Id, "email": Email, "nickname?": str | None, "state": {"open", "closed"}}],
        "total": int,
    })

- A type: `str`, `bool`, `int` (no bool), `float` (whole numbers too), `None`, `list`, `dict`; `Any` for any value.
- `Email`, `Id`, `DateTime`, `Date`, `Uuid`, `Url` for what a type cannot say.
- A dict: an object with these keys and no others. `"name?"` may be absent; `...: ...` lets others be, `...: int` when
  their values are such.
- A list with one shape: a list of such, also an empty one. `[]` is an empty list.
- `str | None`, or a tuple where one is no type: `({"id": Id}, None)`. A set: one of these values.
- Anything else: that very value, of that type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import EllipsisType, NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin

__all__ = ["Date", "DateTime", "Email", "Id", "Url", "Uuid", "assert_shape"]

_LONGEST = 40  # characters that are shown of a value
_MOST = 20  # wrong places that are named
_PLAIN_KEY = re.compile(r"[A-Za-z_]\w*", re.ASCII)  # a key that needs no brackets (RFC 9535, 2.5.1)
_SECRET = re.compile(r"passw|secret|token|api_?key|authorization|cookie|credential", re.IGNORECASE)
_TYPES: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    NoneType: "null",
    None: "null",
}

Wrong = tuple[str, str]


class Form:
    """What a text, or a number, has to look like."""

    said: ClassVar[str] = ""
    pattern: ClassVar[str] = ""

    @classmethod
    def fits(cls, value: object) -> bool:
        """Whether the value is one."""
        return isinstance(value, str) and bool(re.fullmatch(cls.pattern, value))


class Email(Form):
    """An e-mail address."""

    said = "an e-mail address"
    pattern = r"[^\s@<>,;]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+"


class Uuid(Form):
    """A UUID (RFC 9562, 4)."""

    said = "a UUID"
    pattern = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class Url(Form):
    """An absolute http or https URL."""

    said = "a URL"
    pattern = r"(?i:https?)://[^\s/?#]+(?:[/?#]\S*)?"


class Id(Form):
    """An id: a whole number, or a text that is not empty."""

    said = "an id, a whole number or a text that is not empty"

    @classmethod
    def fits(cls, value: object) -> bool:
        """Whether the value is one."""
        return value != "" and isinstance(value, (int, str)) and not isinstance(value, bool)


class Date(Form):
    """A date (RFC 3339, 5.6: full-date)."""

    said = "a date such as 2030-01-02"
    pattern = r"\d{4}-\d\d-\d\d"

    @classmethod
    def fits(cls, value: object) -> bool:
        """Whether the value is one, and that day exists."""
        return super().fits(value) and _reads(date.fromisoformat, str(value))


class DateTime(Form):
    """A time with its date and offset (RFC 3339, 5.6: date-time)."""

    said = "a time such as 2030-01-02T03:04:05Z"
    pattern = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"

    @classmethod
    def fits(cls, value: object) -> bool:
        """Whether the value is one, and that time exists."""
        if not super().fits(value):
            return False
        text = re.sub(r"\.\d+", "", str(value)).upper()
        return _reads(datetime.fromisoformat, re.sub(r":60(?=[Z+-])", ":59", text))  # leap seconds exist


def assert_shape(value: object, shape: object) -> None:
    """Fails unless the value has the shape; the message names every place where it has not."""
    __tracebackhide__ = True
    wrong = list(_wrong(value, shape, "$"))
    if wrong:
        lines = [f"  {path}: {text}" for path, text in wrong[:_MOST]]
        more = [f"  and {len(wrong) - _MOST} more"] if len(wrong) > _MOST else []
        places = "1 place has" if len(wrong) == 1 else f"{len(wrong)} places have"
        raise AssertionError("\n".join([f"{places} another shape than expected", *lines, *more]))


def _wrong(value: object, shape: object, path: str) -> Iterator[Wrong]:
    if isinstance(shape, Mapping):
        yield from _wrong_object(value, shape, path)
    elif isinstance(shape, list):
        yield from _wrong_list(value, shape, path)
    elif (choice := _choice(shape)) is not None:
        yield from _wrong_choice(value, choice, path)
    elif not _fits(value, shape):
        yield path, f"expected {_said(shape)}, got {_shown(value, path)}"


def _wrong_object(value: object, shape: Mapping[Any, object], path: str) -> Iterator[Wrong]:
    if not isinstance(value, dict):
        yield path, f"expected {_said(shape)}, got {_shown(value, path)}"
        return
    known = set()
    for key, inner in shape.items():
        if isinstance(key, EllipsisType):
            continue
        name = key.removesuffix("?") if isinstance(key, str) and key not in value else key
        known.add(name)
        if name in value:
            yield from _wrong(value[name], inner, _below(path, name))
        elif name == key:
            yield _below(path, name), f"missing, expected {_said(inner)}"
    for name, each in value.items():
        if name not in known and ... in shape:
            yield from _wrong(each, shape[...], _below(path, name))
        elif name not in known:
            yield _below(path, name), f"unexpected, got {_shown(each, _below(path, name))}"


def _wrong_list(value: object, shape: list[object], path: str) -> Iterator[Wrong]:
    if len(shape) > 1:
        raise TypeError(
            f"a list has one shape for all its items, not {len(shape)}: for a choice, [({_said(shape[0])}, …)]"
        )
    if not isinstance(value, list) or (value and not shape):
        yield path, f"expected {_said(shape)}, got {_shown(value, path)}"
        return
    for at, each in enumerate(value):
        yield from _wrong(each, shape[0], f"{path}[{at}]")


def _wrong_choice(value: object, choice: tuple[object, ...], path: str) -> Iterator[Wrong]:
    found = [list(_wrong(value, each, path)) for each in choice]
    if not all(found):
        return
    close = [wrong for wrong, each in zip(found, choice, strict=True) if _same_kind(value, each)]
    if close:
        yield from min(close, key=len)
    else:
        yield path, f"expected {_said(choice)}, got {_shown(value, path)}"


def _choice(shape: object) -> tuple[object, ...] | None:
    """What one has to be, of a shape that is a choice."""
    if isinstance(shape, tuple):
        return shape
    if isinstance(shape, (set, frozenset)):
        return tuple(sorted(shape, key=repr))
    return get_args(shape) if isinstance(shape, UnionType) or get_origin(shape) is Union else None


def _fits(value: object, shape: object) -> bool:
    if shape is Any or shape is object or shape is ...:
        return True
    if isinstance(shape, type) and issubclass(shape, Form):
        return shape.fits(value)
    if shape is int or shape is float:
        return isinstance(value, (int, float) if shape is float else int) and not isinstance(value, bool)
    if shape is None or shape in (str, bool, list, dict, NoneType):
        return isinstance(value, NoneType if shape is None else shape)
    if isinstance(shape, type):
        raise TypeError(f"no JSON value is of the type {shape.__name__}")
    return type(value) is type(shape) and value == shape


def _said(shape: object) -> str:
    if isinstance(shape, Mapping):
        return "an object"
    if isinstance(shape, list):
        return "a list" if shape else "an empty list"
    if (choice := _choice(shape)) is not None:
        return " or ".join(map(_said, choice)) or "nothing"
    if shape is Any or shape is object or shape is ...:
        return "any value"
    if isinstance(shape, type) and issubclass(shape, Form):
        return shape.said
    if shape is None or isinstance(shape, type):
        return _TYPES.get(shape, str(shape))
    return json.dumps(shape, default=repr, ensure_ascii=False)


def _shown(value: object, path: str) -> str:
    """A value for people: cut, and not at all where its key says that it is secret."""
    if isinstance(value, dict):
        return f"an object with {', '.join(map(str, list(value)[:5]))}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if _SECRET.search(path.rpartition(".")[2]) and value is not None and not isinstance(value, bool):
        return "a text that is not shown" if isinstance(value, str) else "a number that is not shown"
    from tidegate.redact import mask  # only who fails needs it

    text = mask(json.dumps(value, default=repr, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _below(path: str, key: object) -> str:
    return f"{path}.{key}" if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else f"{path}[{key!r}]"


def _same_kind(value: object, shape: object) -> bool:
    """Whether a shape is one of objects, or of lists, and so is the value."""
    return (isinstance(value, dict) and isinstance(shape, Mapping)) or (
        isinstance(value, list) and isinstance(shape, list)
    )


def _reads(read: Any, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
