"""A JSON Schema of the document, for one direction, compiled once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a value is not what its schema says; `pointer` is a JSON pointer (RFC 6901) into the value."""

    pointer: str
    keyword: str
    promised: str
    came: str


class Schema:
    """`plain` in the dialect of JSON Schema 2020-12, whose references lead into `root`."""

    def __init__(self, plain: Mapping[str, Any] | bool, root: Mapping[str, Any]) -> None:
        self.plain = plain
        self.root = root

    def breaches(self, value: Any) -> Iterator[Breach]:
        """Everything about `value` that the schema does not allow."""
        raise NotImplementedError
