"""What an API offers, whether a document, its source or a running server says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path, with parameters as {name}, and what is known of its bodies."""

    method: str
    path: str
    fields: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    form: bool = False
    query: tuple[str, ...] = ()
    answer: Schema = field(default_factory=dict)

    @property
    def wrapper(self) -> str:
        """The one field that holds all others, as in `{"note": {"title": …}}`; empty without one."""
        only = next(iter(self.fields), "") if len(self.fields) == 1 else ""
        return only if only and self.fields[only].get("properties") else ""

    def unwrapped(self) -> Operation:
        """The operation with the fields that are inside of the wrapper; itself without one."""
        if not self.wrapper:
            return self
        inner = self.fields[self.wrapper]
        return replace(self, fields=inner["properties"], required=tuple(inner.get("required", ())))

    def wrapped(self, body: dict[str, Any]) -> dict[str, Any]:
        """A body of those fields, as the operation takes it."""
        return {self.wrapper: body} if self.wrapper and body else body


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All operations of an API; `schemes` are its ways to log in, as OpenAPI names them."""

    operations: tuple[Operation, ...] = ()
    schemes: tuple[Mapping[str, Any], ...] = ()
    base_path: str = ""
    source: str = ""
    complete: bool = False  # a document names every operation; what was found in sources may be a part

    def find(self, method: str, path: str) -> Operation | None:
        """The operation with this method and path."""
        return next((op for op in self.operations if (op.method, op.path) == (method, path)), None)
