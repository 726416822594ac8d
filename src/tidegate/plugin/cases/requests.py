"""The requests of negative cases: a right one of the operation, changed in what the case is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegate.contract.cases.case import EXPIRED, NOBODY, OWN, TAMPERED, Case, NotApplicable
from tidegate.contract.cases.negative import json_of
from tidegate.contract.cases.sample import NoSample
from tidegate.errors import UsageError
from tidegate.plugin.cases.credentials import carried
from tidegate.plugin.cases.values import NAMED, CannotSay, Values
from tidegate.settings.template import fill

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.model import Operation
    from tidegate.plugin.cases.records import Pool
    from tidegate.session.login import Session, Sessions

Query = list[tuple[str, str | int | float | bool | None]]


class Ask(NamedTuple):
    """A request of a case; `marked` is what the texts of its body begin with, `resource` whose record it is about."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    content: bytes | None
    marked: str
    resource: str


class Requests:
    """Makes requests and sends them as whoever the case says; `session` is the admin's."""

    def __init__(
        self, client: httpx.Client, admin: httpx.Client, pool: Pool, sessions: Sessions, session: Session
    ) -> None:
        self._client, self._admin, self._pool = client, admin, pool
        self._sessions, self._session = sessions, session

    def of(self, case: Case, named: Mapping[str, str]) -> Ask:
        """The request; raises CannotSay."""
        operation, pool = case.operation, self._pool
        filled = pool.fillers(operation.path, named)
        values = Values(case, pool, filled)
        path, marked = values.path(pool.place(operation.path)), pool.unique()
        content = None if case.method else self._content(case, marked)
        typed = {} if content is None else {"Content-Type": case.media or _type(operation)}
        about = next((filled[name] for name in reversed(NAMED.findall(operation.path)) if name in filled), "")
        method, query = case.method or operation.method, Query(values.pairs("query"))
        return Ask(method, path, query, typed | dict(values.pairs("header")), content, marked, about)

    def send(self, case: Case, ask: Ask, expired: str | None) -> httpx.Response:
        """The answer, whatever it is; raises CannotSay when nobody can be what the case wants."""
        from tidegate.session.http import httpx

        headers, more = self._credentials(case.who, expired)
        query = httpx.QueryParams([*ask.query, *more]) if ask.query or more else None
        client = self._admin if case.who == OWN else self._client
        return client.request(ask.method, ask.path, params=query, headers=ask.headers | headers, content=ask.content)

    def _credentials(self, who: str, expired: str | None) -> tuple[dict[str, str], list[tuple[str, str]]]:
        if who in (OWN, NOBODY):
            return {}, []
        if who == EXPIRED and not expired:
            raise CannotSay("only the suite can make an expired token; next: define a session fixture expired_token")
        session = self._sessions.of(expired) if who == EXPIRED and expired else self._session
        found = carried(session, spoilt=who == TAMPERED)
        if found == ({}, []):
            raise CannotSay("the admin has no credentials that could be wrong; next: set login in [tool.tidegate]")
        return found

    def _content(self, case: Case, marked: str) -> bytes | None:
        if case.content is not None or case.operation.body is None:
            return case.content
        right = self._right(case.operation, marked)
        if right is None:
            return b"x" if case.media else None
        try:
            wrong = case.body(right)
        except NotApplicable as place:
            raise CannotSay(f"the declared body has no {place}, so that nothing there can be wrong") from None
        _check(case, right, wrong)
        return json.dumps(wrong).encode()

    def _right(self, operation: Operation, marked: str) -> Any:
        pool = self._pool
        try:
            template = pool.template(operation)
        except NoSample as why:
            raise CannotSay(
                f"no right body of {operation.name} could be made from the document ({why}); next: set the body of its"
                " resource, or values in [tool.tidegate.contract]"
            ) from None
        resource, parent = pool.made_by(operation), pool.parent_of(operation)
        known = {"unique": marked, "name": marked, "email": f"{marked}@example.com", "id": marked}
        body = fill(template, {**known, "parent.id": parent, "admin.email": pool.settings.admin_email})
        if resource and resource.parent_field and isinstance(body, dict):
            _plant(body, resource.record, resource.parent_field, parent)
        return body


def _check(case: Case, right: Any, wrong: Any) -> None:
    """That what is wrong is what the case says, and nothing else: otherwise any refusal would do."""
    media = json_of(case.operation)
    if media is None or media.schema is None:
        return
    if flaw := next(media.schema.breaches(right), None):
        raise UsageError(
            f"The declared body of {case.operation.name} is not right by the document, so any refusal would do.\n"
            f"  seen: {flaw.pointer or 'the top'} is {flaw.came}, and must be: {flaw.promised}\n"
            "  next: mend body or change in [tool.tidegate.resources], or the document"
        )
    if case.edits and next(media.schema.breaches(wrong), None) is None:
        raise CannotSay("the declared body makes this case a right request")


def _type(operation: Operation) -> str:
    media = json_of(operation)
    return media.range if media and "*" not in media.range else "application/json"


def _plant(body: dict[str, Any], envelope: str, field: str, value: Any) -> None:
    """Puts the parent's id where the settings say that it is, unless something is there."""
    from tidegate.session.jsonpath import dig, plant

    inner = dig(body, envelope) if envelope else None
    inside = inner if isinstance(inner, dict) else body
    if dig(inside, field) is None:
        plant(inside, field, value)
