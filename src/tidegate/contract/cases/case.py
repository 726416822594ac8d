"""A negative test: a request that the document says is wrong, and how the API must refuse it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tidegate.contract.cases.text import of_length
from tidegate.contract.model import Operation

Steps = tuple[str | int, ...]
NOBODY, TAMPERED, EXPIRED, OWN = "nobody", "tampered", "expired", "own"


class NotApplicable(Exception):  # noqa: N818  said by the name
    """A body has no such place, so that the edit says nothing."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a right body at one place.

    `set`, `remove`; `ensure` sets where nothing or something empty is; `lengthen` makes a text, and `fill` a list, that
    long.
    """

    at: Steps
    action: str
    value: Any = None

    def __call__(self, body: Any) -> Any:
        """The body with this change; the one that came stays as it is."""
        if not self.at:
            return self._changed(body, there=True)
        changed = copy.deepcopy(body)
        inside, last = _inside(changed, self.at[:-1]), self.at[-1]
        there = _has(inside, last)
        may_come = isinstance(inside, dict) and isinstance(last, str) and self.action != "remove"
        if not there and not may_come:
            raise NotApplicable(pointer(self.at))
        if self.action == "remove":
            del inside[last]
        else:
            inside[last] = self._changed(inside[last] if there else None, there=there)
        return changed

    def _changed(self, now: Any, *, there: bool) -> Any:
        if self.action == "ensure" and there and now not in (None, [], {}):
            return now
        if self.action == "lengthen":
            return of_length(now if isinstance(now, str) else "x", int(self.value), None)
        if self.action == "fill":
            if not isinstance(now, list) or not now:
                raise NotApplicable(pointer(self.at))
            return (now * int(self.value))[: self.value]
        return copy.deepcopy(self.value)


@dataclass(frozen=True, slots=True)
class Case:
    """One request that must be refused, as a change of a right one; `name` is what people call it.

    `method`: another one than the operation's. `parameters`: texts by place and name, None to leave one out; the
    value of an id is found when it is asked for, where `ids` says unknown or malformed. `content`: a body as it is.
    """

    operation: Operation
    kind: str
    subject: str = ""
    statuses: tuple[int, ...] = ()
    method: str = ""
    who: str = OWN
    ids: str = ""
    parameters: Mapping[tuple[str, str], str | None] = field(default_factory=lambda: MappingProxyType({}))
    edits: tuple[Edit, ...] = ()
    content: bytes | None = None
    media: str = ""

    @property
    def name(self) -> str:
        """What it is called in ids and patterns: `POST /things missing email`."""
        method = self.method or self.operation.method
        return " ".join(filter(None, (method, self.operation.path, self.kind, self.subject)))

    def body(self, right: Any) -> Any:
        """The wrong body that comes of a right one."""
        for edit in self.edits:
            right = edit(right)
        return right


def pointer(steps: Sequence[str | int]) -> str:
    """How a place in a body is written: `lines/0/size`."""
    return "/".join(map(str, steps))


def _inside(body: Any, steps: Steps) -> Any:
    for step in steps:
        if not _has(body, step):
            raise NotApplicable(pointer(steps))
        body = body[step]
    if not isinstance(body, (dict, list)):
        raise NotApplicable(pointer(steps))
    return body


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
