"""Records made from the `body` of a declared resource, with the parents that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

from tidegate.errors import SettingsError
from tidegate.session.collection import Collection, Record
from tidegate.session.http import httpx
from tidegate.session.run import Unique
from tidegate.settings import Resource, Settings
from tidegate.settings.template import fill, placeholders

PARENT = "parent.id"


class Examples:
    """`examples("name")` is a way to make records of that resource, as `client` may."""

    def __init__(self, client: httpx.Client, settings: Settings, unique: Unique) -> None:
        self.client = client
        self.unique = unique
        self._admin = settings.admin_email or ""
        self._resources = {resource.name: resource for resource in settings.resources}

    def __call__(self, name: str) -> Example:
        """Raises SettingsError when no resource of that name is declared."""
        if name not in self._resources:
            declared = ", ".join(self._resources) or "none"
            raise SettingsError(
                f"no resource {name!r} is declared; declared are {declared}\n"
                f"  next: write [tool.tidegate.resources.{name}] into pyproject.toml"
            )
        return Example(self, self._resources[name])

    def values(self, parent: int | str | None = None, record_id: str | None = None) -> Mapping[str, Any]:
        """What stands for the placeholders of a body: new values each time."""
        made: dict[str, Callable[[], Any]] = {
            "unique": self.unique, "name": self.unique.name, "email": self.unique.email,
            "admin.email": lambda: self._admin, PARENT: lambda: parent,
            "id": lambda: record_id or self.unique(),
        }  # fmt: skip
        return _Lazy(made)


class _Lazy(Mapping[str, Any]):
    def __init__(self, made: Mapping[str, Callable[[], Any]]) -> None:
        self._made = made

    def __getitem__(self, name: str) -> Any:
        return self._made[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class Example:
    """Records of one resource; as a context manager it deletes what it made, and the parents made for that."""

    def __init__(self, examples: Examples, resource: Resource) -> None:
        self.resource = resource
        self._examples = examples
        self._parent: Example | None = None
        self._parent_id: int | str | None = None
        self._made: list[Record] = []

    @property
    def records(self) -> Collection:
        """The collection that the records are in; below a parent that is made when it is needed."""
        collection = Collection(self._examples.client, self.resource)
        return collection.below(self._parents_id()) if self._needs_parent() else collection

    def body(self, record_id: str | None = None) -> dict[str, Any]:
        """A new body for a create, of a record with this id where the body says `{id}`."""
        return self._filled(self.resource.body, record_id)

    def change(self) -> dict[str, Any]:
        """A new body for an update; empty when none is declared."""
        return self._filled(self.resource.change)

    def new_id(self) -> str | None:
        """An id for a create whose path names one; None where the API chooses."""
        return self._examples.unique() if "id" in placeholders(self.resource.request("create")[1]) else None

    def make(self, body: Mapping[str, Any] | None = None) -> Record:
        """A new record, of a new body unless one is given."""
        record_id = self.new_id()
        made = self.records.create(self.body(record_id) if body is None else body, record_id)
        self._made.append(made)
        return made

    def remove(self) -> None:
        """Deletes what was made here, the newest first, then the parent."""
        while self._made:
            made = self._made.pop()
            if self.records.find(made.id) is not None:
                self.records.delete(made.id)
        if self._parent:
            self._parent.remove()
            self._parent = self._parent_id = None

    def __enter__(self) -> Example:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _filled(self, template: Mapping[str, Any], record_id: str | None = None) -> dict[str, Any]:
        parent = self._parents_id() if PARENT in placeholders(template) else None
        found: dict[str, Any] = fill(template, self._examples.values(parent, record_id))
        return found

    def _needs_parent(self) -> bool:
        paths = [self.resource.request(action)[1] for action in ("create", "read", "list")]
        return PARENT in placeholders([*paths, self.resource.filter or "", self.resource.list_body])

    def _parents_id(self) -> int | str | None:
        if self._parent is None and self.resource.parent:
            self._parent = self._examples(self.resource.parent)
            self._parent_id = self._parent.make().id
        return self._parent_id
