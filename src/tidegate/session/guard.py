"""The guard: which requests may leave, judged by where each one really goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tidegate.errors import NotOurs, WriteRefused
from tidegate.session import refusals
from tidegate.session.disguise import is_disguised
from tidegate.session.hosts import Place, is_disposable, may_write, place_of
from tidegate.session.http import httpx
from tidegate.session.ledger import Ledger
from tidegate.session.look import Looks, Seen, Send
from tidegate.session.routes import Record, Routes
from tidegate.session.sent import sent_values
from tidegate.session.suspects import Suspects, sets_password
from tidegate.settings import Resource, Settings


class _Case(NamedTuple):
    """A request that changes something, and what is known of it before it is sent."""

    request: httpx.Request
    record: Record | None
    place: Place
    names_admin: bool
    new_password: bool


class Guard:
    """What one process may send.

    Reads, the login and declared lists pass. So does the deletion of what this run made. Everything else passes on a
    disposable host, on the one host that --allow-writes names, and nowhere else; and in no test marked readonly.
    """

    def __init__(
        self,
        settings: Settings,
        base_url: str,
        resources: Iterable[Resource] = (),
        ledger: Ledger | None = None,
        *,
        is_readonly: Callable[[], bool] = lambda: False,
        current_test: Callable[[], str] = lambda: "",
        report: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.report = report
        """Hears of each refusal, in a line."""
        self.suspects = Suspects(ledger)
        self.spares_others = True
        """Whether a record that carries another run's marker must stay as it is, on a shared host."""
        self._routes = Routes(settings, base_url, resources)
        self._settings = settings
        self._ledger = ledger
        self._looks = Looks(self._routes, settings, ledger.run if ledger else "")
        self._password_is_shared = False  # by an account that this run has made
        self._is_readonly = is_readonly
        self._current_test = current_test

    @property
    def target(self) -> Place:
        """Where the API is."""
        return self._routes.target

    @property
    def may_write(self) -> bool:
        """Whether tests may write to the API."""
        return may_write(self.target, self._settings)

    def around(self, inner: httpx.BaseTransport) -> Guarded:
        """`inner` with this guard before it."""
        return Guarded(inner, self)

    def send(self, request: httpx.Request, send: Send, look: Send) -> httpx.Response:
        """The answer to a request that may leave, after a `look` where one is needed; else raises WriteRefused."""
        if self._routes.is_read(request) or self._routes.is_list(request):
            return send(request)
        if self._routes.is_login(request):
            return self._logged_in(request, send(request))
        case = self._case(request)
        own = self._is_own(case.record)
        deletes = case.record is not None and case.record.deletes
        if deletes:
            self._check_disguise(case)
        else:
            self._check_place(case)
        if own and self._is_disposable(case.place):
            return send(request)
        seen = self._look(case, look)  # where others write, the id may have been given again
        if deletes and not (seen.ours or (own and not seen.marked)):
            self._check_place(case)
        self._check_record(case, seen)
        return send(request) if own else self._noted(case, seen, send(request))

    def _is_disposable(self, place: Place) -> bool:
        return is_disposable(place, self._settings.target, proxied=self._settings.client.proxy is not None)

    def _case(self, request: httpx.Request) -> _Case:
        sent = sent_values(request)
        names_admin = self._names_admin([value.casefold() for _name, value in sent])
        new_password = names_admin and sets_password([name for name, _value in sent])
        return _Case(request, self._routes.record(request), place_of(request.url), names_admin, new_password)

    def _names_admin(self, sent: list[str]) -> bool:
        email, password = self._settings.admin_email, self._settings.admin_password
        known = [email, None if self._password_is_shared else password]
        return any(text.casefold() in sent for text in known if text)

    def _is_own(self, record: Record | None) -> bool:
        if record is None or self._ledger is None or not self._ledger.has_made(*record.key):
            return False
        return record.also is None or self._is_own(record.also)

    def _look(self, case: _Case, look: Send) -> Seen:
        """What the record says before it is changed; nothing where that cannot matter."""
        there = self._routes.is_here(case.request)
        matters = self._settings.admin_email is not None or not self._is_disposable(case.place)
        if not there or not matters or self._routes.makes(case.request):
            return Seen()
        if case.record is None and case.request.method not in ("PUT", "PATCH", "DELETE"):
            return self._looks.above(case.request, look)  # of a POST elsewhere, its path does not show what it changes
        return self._looks.at(case.request, case.record, look)

    def _check_place(self, case: _Case) -> None:
        if self._is_readonly():
            raise WriteRefused(refusals.marked(case.request, self._current_test()))
        if self._is_disposable(case.place):
            return
        if not may_write(case.place, self._settings):
            raise WriteRefused(refusals.shared(case.request, case.place, self._settings.target.allow_writes))
        self._check_disguise(case)

    def _check_disguise(self, case: _Case) -> None:
        if not self._is_disposable(case.place) and is_disguised(case.request):
            raise WriteRefused(refusals.disguised(case.request))

    def _check_record(self, case: _Case, seen: Seen) -> None:
        if seen.run and not seen.ours and self.spares_others and not self._is_disposable(case.place):
            raise NotOurs(refusals.of_others(case.request, seen.run))
        if seen.unclear and not self._is_disposable(case.place):
            raise WriteRefused(refusals.unclear(case.request, seen.unclear))
        if self._settings.target.allow_admin_changes or not self._routes.is_here(case.request):
            return
        if self._routes.is_bulk(case.request) and not self._is_disposable(case.place):
            raise WriteRefused(refusals.of_all(case.request))
        if seen.admin or (case.new_password and not self._routes.makes(case.request)):
            raise WriteRefused(refusals.of_admin(case.request, str(self._settings.admin_email), seen=seen.admin))

    def _noted(self, case: _Case, seen: Seen, response: httpx.Response) -> httpx.Response:
        made = self._routes.makes(case.request) or response.status_code == httpx.codes.CREATED
        harmless = made and not case.names_admin
        if response.is_success and self._routes.makes(case.request):
            password = self._settings.admin_password
            self._password_is_shared |= any(value == password for _name, value in sent_values(case.request))
        if response.status_code < 400 and not harmless and self._routes.is_here(case.request):
            self.suspects.add(
                self._current_test(),
                case.request,
                response.status_code,
                of_admin=seen.admin or self._routes.is_bulk(case.request),
                names_admin=case.names_admin,
            )
        return response

    def _logged_in(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if response.is_success and self._case(request).names_admin:
            self.suspects.clear()
        return response


class Guarded(httpx.BaseTransport):
    """Sends over `inner` what the guard lets pass; to be put nearest to the wire, so that nothing goes round it."""

    def __init__(self, inner: httpx.BaseTransport, guard: Guard) -> None:
        self.looks = inner
        """What the guard's own questions go over."""
        self._inner = inner
        self._guard = guard

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request; raises WriteRefused when it may not leave."""
        try:
            return self._guard.send(request, self._inner.handle_request, self.looks.handle_request)
        except WriteRefused as error:
            self._guard.report(str(error).splitlines()[0])
            raise

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()
