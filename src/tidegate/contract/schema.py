"""A JSON Schema of the document, for one direction, compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidegate.contract.document.validator import Compiled


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a value is not what its schema says; `pointer` is a JSON pointer (RFC 6901) into the value.

    A field that is missing, or one too many, is pointed at itself. Texts are not masked.
    """

    pointer: str
    keyword: str
    promised: str
    came: str


Plain = Mapping[str, Any] | bool


class Schema:
    """`plain` in the dialect of JSON Schema 2020-12, whose references lead into `root`.

    `plain` may come as a callable: it is then made when somebody first looks.
    """

    __slots__ = ("_check", "_plain", "kinds", "root")

    def __init__(self, plain: Plain | Callable[[], Plain], root: Mapping[str, Any]) -> None:
        self._plain = plain
        self.root = root
        self._check: Compiled | None = None
        self.kinds: frozenset[str] | None = None
        """The types that it names, once somebody has looked."""

    @property
    def plain(self) -> Plain:
        """The schema itself; its `$ref`s are `#/$defs/…`, and so is what a `discriminator.mapping` leads to."""
        if callable(self._plain):
            self._plain = self._plain()
        return self._plain

    def breaches(self, value: Any) -> Iterator[Breach]:
        """Everything about `value` that the schema does not allow; of several branches, about the nearest one."""
        return self._compiled.breaches(value)

    def allows(self, value: Any) -> bool:
        """Whether there are no breaches, which is quicker to tell."""
        return self._compiled.allows(value)

    @property
    def _compiled(self) -> Compiled:
        if self._check is None:
            from tidegate.contract.document.validator import Compiled

            self._check = Compiled(self.plain, self.root)
        return self._check

    def resolve(self, plain: Plain) -> Plain:
        """What stands behind a `$ref`, and behind that of what stands there; without one, `plain` itself."""
        seen: set[str] = set()
        while isinstance(plain, Mapping) and set(plain) == {"$ref"} and plain["$ref"] not in seen:
            seen.add(plain["$ref"])
            plain = self.target(plain["$ref"])
        return plain

    def target(self, ref: str) -> Plain:
        """What a `$ref` of this schema names; it may stand beside other keywords (JSON Schema 2020-12, 8.2.3.1)."""
        if ref == "#":
            return self.plain
        found: Any = self.root
        for part in ref.removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            found = found.get(key, True) if isinstance(found, Mapping) else True
        return found if isinstance(found, (Mapping, bool)) else True
