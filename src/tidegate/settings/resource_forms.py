"""The forms of settings that describe a resource's requests and answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from tidegate.settings import forms, http_forms
from tidegate.settings.template import only, placeholders

# In the path of a record, and in what lists records; `*` instead of a query: list all, and look at each marker.
OF_A_RECORD = ("id", "parent.id")
OF_A_LIST = ("prefix", "parent.id")
OF_A_PAGE = ("limit", "offset", "page", "cursor")
OF_A_CHANGE = ("unique", "email", "name", "parent.id", "admin.email")
OF_A_BODY = (*OF_A_CHANGE, "id")
EVERYTHING = "*"


def request(*methods: str, known: tuple[str, ...] = OF_A_RECORD) -> Callable[[object], str]:
    """One of these methods, and perhaps a path with placeholders."""
    example = f"{methods[0]} /things{'/{id}' * ('id' in known)}"
    form = f"a method ({', '.join(methods)}), and perhaps a path, such as {example}"

    def checked(raw: object) -> str:
        found = re.fullmatch(rf"(?:{'|'.join(methods)})(?: (/\S*))?", raw) if isinstance(raw, str) else None
        if not found or (found[1] or "").startswith("//"):
            raise ValueError(form)
        only(known, found[1] or "")
        return found.group()

    return checked


def collection_path(raw: object) -> str:
    """Path of a collection; below a parent's when `{parent.id}` is in it."""
    path = http_forms.url_path(raw)
    only(("parent.id",), path)
    return path


def filter_query(raw: object) -> str:
    """A query string with {prefix} or {parent.id} in it, or `*`."""
    if raw == EVERYTHING:
        return EVERYTHING
    asked = placeholders(raw) if isinstance(raw, str) and "=" in raw else ()
    if not isinstance(raw, str) or not {*asked} & {*OF_A_LIST}:
        raise ValueError(
            "a query with a placeholder, such as email_prefix={prefix} or owner_id={parent.id}, or * to look at all"
        )
    only(OF_A_LIST, raw)
    return raw


def record_id(raw: object) -> str:
    """Where a record's id is."""
    return "Location" if raw == "Location" else _path_or(raw, "or Location")


def cursor(raw: object) -> str:
    """Where an answer holds the cursor."""
    named = isinstance(raw, str) and re.fullmatch(rf"header:{http_forms.NAME}", raw)
    return str(raw) if named else _path_or(raw, "or header:Name")


def gone(raw: object) -> str:
    """What a deleted record shows."""
    field = raw.partition("=")[0] if isinstance(raw, str) else raw
    _path_or(field, "whose value tells, or such a path and a value, such as status=archived")
    return str(raw)


def _path_or(raw: object, others: str) -> str:
    try:
        if isinstance(raw, str) and ":" in raw:
            raise ValueError("a path into the JSON body")
        return forms.json_path(raw)
    except ValueError as form:
        raise ValueError(f"{form}, {others}") from None
