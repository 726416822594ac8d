"""What is said of a case that did not end as the table says: what happened, what was seen, what to do next."""

from __future__ import annotations

from tidegate.contract.access.items import MINE, THEIRS, Item
from tidegate.contract.access.table import Table


def open_to(item: Item, table: Table, seen: str) -> str:
    """Somebody got what they must not."""
    return _text(
        f"{_who(item)} may {_what(item)}, but {_says(item, table)}",
        seen,
        "close the operation to them; if they are meant to have it, say so in the row",
    )


def closed_to(item: Item, table: Table, seen: str) -> str:
    """Somebody did not get what they must."""
    return _text(
        f"{_who(item)} may not {_what(item)}, but {_says(item, table)}",
        seen,
        "open the operation to them; if they are not meant to have it, say so in the row",
    )


def unclear(item: Item, table: Table, seen: str, status: int) -> str:
    """The answer is no refusal, and no success either."""
    return _text(
        f"whether {_who(item)} may {_what(item)} cannot be told: the answer neither allows nor refuses it",
        seen,
        _advice(item, table, status),
    )


def done_anyway(item: Item, seen: str, changed: str) -> str:
    """A refusal came, and the work was done all the same."""
    return _text(
        f"{_who(item)} was refused to {_what(item)}, and yet it was done",
        f"{seen}; afterwards {changed}",
        "ask who may do it before doing it",
    )


def shows_others(item: Item, table: Table, seen: str) -> str:
    """A list shows what belongs to others."""
    return _text(
        f"{_who(item)} sees with {item.operation.name} what belongs to others, but {_says(item, table)}",
        seen,
        "leave out of the list what is not theirs; if they are meant to see all, write allow into the row",
    )


def set_anyway(item: Item, table: Table, seen: str) -> str:
    """A field was set that somebody must not set."""
    fields = ", ".join(f"{name} = {value!r}" for name, value in item.fixed.items())
    return _text(
        f"{_who(item)} may set {fields} with {item.operation.name}, but {table.name} says that it is fixed",
        seen,
        "take the field from nobody but those who may set it",
    )


def _who(item: Item) -> str:
    if item.gone:
        return f"a {item.role.name} whose account is deleted"
    if item.once:
        return f"a {item.role.name} who was {item.once.name} at the login"
    return item.role.name


def _what(item: Item) -> str:
    ends = {THEIRS: "for another"} if item.place.action == "create" else {MINE: "of their own", THEIRS: "of another"}
    return f"{item.operation.name} {ends.get(item.whose, '')}".rstrip()


def _says(item: Item, table: Table) -> str:
    if item.gone:
        return "its session must be over"
    return f"{table.name} says {item.cell}"


def _advice(item: Item, table: Table, status: int) -> str:
    name = item.operation.name
    if status >= 500:
        return "see the API's log: a server error tells nothing about who may do what"
    if status == 404:
        return f"see that {item.place.path} leads to something; a value for a parameter: contract.values"
    if status == 405:
        return "see whether the document and the API have the same methods"
    if item.place.action == "list" and status < 300:
        return f"set items in [tool.tidegate.resources.{item.place.name}] to where the answer has the list"
    if item.place.action == "create":
        return f"set body in [tool.tidegate.resources.{item.place.name}] to what makes one"
    if item.place.action == "update":
        return f"set change in [tool.tidegate.resources.{item.place.name}] to what changes one"
    return f'say in {table.name} what it takes: [bodies] "{name}" = {{ … }}'


def _text(happened: str, seen: str, then: str) -> str:
    return f"{happened}\n  seen: {seen}\n  next: {then}"
