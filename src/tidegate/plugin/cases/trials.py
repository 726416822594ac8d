"""Running a case of who may do what: the request, what the answer means, and what it has done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from tidegate.contract.access import MINE, THEIRS, Verdict, judge, said
from tidegate.errors import UsageError
from tidegate.plugin.contract.judging import judging
from tidegate.session.answers import NotUnderstood
from tidegate.session.collection import Collection
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig
from tidegate.settings.resource_forms import EVERYTHING

if TYPE_CHECKING:
    from tidegate.contract.access import Item, Table
    from tidegate.plugin.cases.accounts import Accounts, Person
    from tidegate.plugin.cases.aims import Aim, Aims
    from tidegate.session.collection import Record
    from tidegate.session.making import Maker
    from tidegate.session.paging import Place

SHOWN = 300
TWINS = {"GET": "HEAD", "PATCH": "PUT", "PUT": "PATCH"}


@dataclass(frozen=True, slots=True)
class Trials:
    """Tries the cases of one table; `documented` has the names of all operations."""

    table: Table
    accounts: Accounts
    aims: Aims
    documented: frozenset[str]
    new_maker: Callable[[], Maker]

    def run(self, item: Item) -> str:
        """What is wrong; empty when the API does what the table says. What it takes is made, and gone afterwards."""
        with judging(False), self.new_maker() as maker:
            return self._run(item, maker)

    def _run(self, item: Item, maker: Maker) -> str:
        person = self._person(item)
        aim = self.aims.of(item, person, maker)
        if item.once:
            if aim.method == "GET":  # so that whoever remembers what a session may do has something to remember
                person.client.get(aim.path)
            self._turn(item, person)
        if item.gone and person.record:
            self.aims.collections(item.role.make).delete(person.record.id)
        try:
            return self._tried(item, person, aim, maker)
        finally:
            if item.whose == MINE and item.place.name == item.role.make and item.operation.method != "GET":
                self.accounts.forget(item.role)

    def _person(self, item: Item) -> Person:
        if item.once:
            return self.accounts.new(item.once)
        return self.accounts.new(item.role) if item.gone else self.accounts.of(item.role)

    def _turn(self, item: Item, person: Person) -> None:
        """Gives the account the role of the case; its session is that of the role before."""
        assert person.record
        now = self.aims.collections(item.role.make).update(person.record.id, item.role.traits)
        for name, value in item.role.traits.items():
            if (shown := dig(now.body, name)) not in (None, value):
                raise UsageError(
                    f"an account could not be turned from {item.once and item.once.name} into {item.role.name}\n"
                    f"  seen: {name} is {shown!r} after a change to {value!r}\n"
                    f"  next: see how the API changes it; body of [roles.{item.role.name}] in {self.table.name}"
                )

    def _tried(self, item: Item, person: Person, aim: Aim, maker: Maker) -> str:
        if item.place.action == "list":
            return self._listed(item, person, aim)
        before = _State() if item.allowed else _look(aim)
        with judging(True):
            answer = _sent(aim.method, aim, person)
        made = self._kept(item, aim, answer, maker)
        seen = _shown(answer, quiet=aim.record is None and aim.records is None)
        if item.fixed:
            return self._fixed(item, aim, answer, seen)
        # What belongs to others, and was made for this case, may look as if it were not there.
        exists = bool(before.record) or item.whose == THEIRS or (item.allowed and aim.record is not None)
        verdict = judge(answer.status_code, self.table.denied, exists=exists)
        if verdict is Verdict.NEITHER:
            return said.unclear(item, self.table, seen, answer.status_code)
        if item.allowed:
            return "" if verdict is Verdict.ALLOWED else said.closed_to(item, self.table, seen)
        if verdict is Verdict.ALLOWED:
            # An API may take no notice of whom a record is said to be for.
            theirs = not (made and item.whose == THEIRS and self._belongs(made, item, person))
            return said.open_to(item, self.table, seen) if theirs else ""
        changed = _changed(before, _look(aim), aim, maker)
        return said.done_anyway(item, seen, changed) if changed else self._by_another_way(item, person, aim)

    def _by_another_way(self, item: Item, person: Person, aim: Aim) -> str:
        """The same by a method of which the document says nothing, and of which nobody may have thought."""
        other = TWINS.get(aim.method, "")
        if not other or f"{other} {item.operation.path}" in self.documented:
            return ""
        answer = _sent(other, aim, person)
        return said.open_to(item, self.table, _shown(answer)) if answer.is_success else ""

    def _listed(self, item: Item, person: Person, aim: Aim) -> str:
        """A list: one that was asked for others' records may be empty as well as refused."""
        assert aim.records
        # All that they can get, unless others' is asked for: no filter may do the API's work.
        filtered = aim.records.resource.filter if item.whose == THEIRS else EVERYTHING
        records = _Heard(person.client, replace(aim.records.resource, filter=filtered), aim.records.parent)
        records.documented = frozenset(each.name for each in item.operation.parameters if each.place == "query")
        try:
            pages = records.pages() if item.whose else islice(records.pages(), 1)
            found = [record for page in pages for record in page]
        except (httpx.HTTPStatusError, NotUnderstood):
            assert records.last
            return self._not_listed(item, person, aim, records.last)
        seen = f"{aim.method} {aim.path} answered {len(found)} records"
        if not item.allowed and (item.gone or item.whose != THEIRS):
            return said.open_to(item, self.table, seen)
        for record in found if item.whose else ():
            if self._is_others(record, item, person, aim):
                return said.shows_others(item, self.table, f"{seen}, {record.path} among them")
        if item.allowed and aim.own and str(aim.own.id) not in {str(record.id) for record in found}:
            return said.closed_to(item, self.table, f"{seen}, and their own, {aim.own.path}, is not among them")
        return ""

    def _not_listed(self, item: Item, person: Person, aim: Aim, answer: httpx.Response) -> str:
        verdict = judge(answer.status_code, self.table.denied, exists=item.whose == THEIRS)
        if verdict is not Verdict.REFUSED:
            return said.unclear(item, self.table, _shown(answer), answer.status_code)
        if item.allowed:
            return said.closed_to(item, self.table, _shown(answer))
        return self._by_another_way(item, person, aim)

    def _is_others(self, record: Record, item: Item, person: Person, aim: Aim) -> bool:
        if aim.record and str(record.id) == str(aim.record.id):
            return True
        return self._belongs(record, item, person) is False

    def _belongs(self, record: Record, item: Item, person: Person) -> bool | None:
        if not item.place.resource or not person.record:
            return None
        return self.aims.belongs(record, item.place.resource, person.record, item.role)

    def _fixed(self, item: Item, aim: Aim, answer: httpx.Response, seen: str) -> str:
        if answer.status_code >= 500:
            return said.unclear(item, self.table, seen, answer.status_code)
        record = aim.record
        if record is None and answer.is_success and aim.records:
            with suppress(NotUnderstood):
                record = aim.records.made(answer, aim.body, aim.chosen)
        now = aim.records.find(record.id) if aim.records and record else None
        taken = now and all(dig(now.body, name) == value for name, value in item.fixed.items())
        return said.set_anyway(item, self.table, seen) if taken else ""

    def _kept(self, item: Item, aim: Aim, answer: httpx.Response, maker: Maker) -> Record | None:
        """The record that this request has made, taken among those that go after the case."""
        if item.place.action == "create" and aim.records and answer.is_success:
            with suppress(NotUnderstood, httpx.HTTPStatusError):
                made = aim.records.made(answer, aim.body, aim.chosen)
                maker.also(aim.records, made)
                return made
        return None


class _Heard(Collection):
    """A collection that keeps the answer that came last."""

    last: httpx.Response | None = None
    documented: frozenset[str] = frozenset()

    def _ask(self, place: Place, values: Mapping[str, Any]) -> httpx.Response:
        # Paging and filter are the settings': where the document has no such parameters, they are not the suite's word.
        asked = {
            *place.parameters(self.resource),
            *dict(self._filter(values)),
            *(place.url.params if place.url else ()),
        }
        with judging(asked <= self.documented):
            self.last = super()._ask(place, values)
        return self.last


def _sent(method: str, aim: Aim, person: Person) -> httpx.Response:
    return person.client.request(method, aim.path, **({aim.way: aim.body} if aim.body is not None else {}))


@dataclass(frozen=True, slots=True)
class _State:
    record: Mapping[str, Any] | None = None
    ids: frozenset[str] = frozenset()


def _look(aim: Aim) -> _State:
    """What the admin sees of it: the record, or which records there are beside it."""
    if aim.records is None:
        return _State()
    if aim.record is not None:
        found = aim.records.find(aim.record.id)
        return _State(record=found.body if found else None)
    return _State(ids=frozenset(str(record.id) for record in _beside(aim, aim.records)))


def _beside(aim: Aim, records: Collection) -> Iterable[Record]:
    resource = records.resource
    marker = dig(aim.body, resource.marker) if resource.marker else None
    if aim.method in ("GET", "HEAD") or not resource.listed_by:
        return ()
    if "prefix" in resource.listed_by and not isinstance(marker, str):
        return ()
    if "parent.id" in resource.listed_by and records.parent is None:
        return ()
    return records.list(prefix=str(marker))


def _changed(before: _State, after: _State, aim: Aim, maker: Maker) -> str:
    """What is not as it was; empty when all is."""
    for made in sorted(after.ids - before.ids):
        if aim.records and (record := aim.records.find(made)):
            maker.also(aim.records, record)
        return f"there is a new record, {made}"
    if before.record is None or before.record == after.record:
        return ""
    if after.record is None:
        return "the record is gone"
    fields = [name for name in {**before.record, **after.record} if before.record.get(name) != after.record.get(name)]
    return "; ".join(f"{name} is {after.record.get(name)!r}, not {before.record.get(name)!r}" for name in fields)


def _shown(answer: httpx.Response, *, quiet: bool = False) -> str:
    """The exchange in a line; a body that may hold a new session is left out."""
    request = answer.request
    path = request.url.raw_path.decode("ascii").partition("?")[0]
    body = "" if quiet else " ".join(answer.text.split())[:SHOWN]
    return f"{request.method} {path} answered {answer.status_code} {body}".rstrip()
