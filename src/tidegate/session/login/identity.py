"""Somebody's session on every request of a client, renewed when it has run out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable

from tidegate.errors import LoginRefused, TidegateError
from tidegate.session.http import httpx
from tidegate.session.login import cookies as cookie
from tidegate.session.login.carry import Plain, put_on, speaks_for_itself, take_off
from tidegate.session.login.session import Session
from tidegate.settings import Settings

_MARK = "tidegate.session"


class Identity(httpx.Auth):
    """Sends the session of `who` with requests to the target, and to no other place; `log_in` gives a new one.

    `report` hears of each renewal, `learn` of every value that must not be shown.
    """

    def __init__(
        self,
        settings: Settings,
        base_url: str,
        log_in: Callable[[], Session],
        *,
        session: Session | None = None,
        who: str = "admin",
        report: Callable[[str], None] = lambda _line: None,
        learn: Callable[[Iterable[str]], None] = lambda _values: None,
    ) -> None:
        base = httpx.URL(base_url)
        self._origin = (base.raw_scheme, base.raw_host, base.port)
        self._login = (settings.login.method, httpx.URL(settings.login.url(base_url)).path)
        self._over = settings.login.is_over if settings.login.asks else lambda _status: False
        self._usual = {name.lower(): value for name, value in settings.client.headers.items()}
        self._log_in, self.who, self._report, self._learn = log_in, who, report, learn
        self._doubt = None if settings.login.asks or settings.login.kind == "none" else _doubt(settings, who)
        self._refuses = settings.login.is_over
        self._lock = threading.Lock()
        # Together, so that nobody sees the one without the other: how many logins there were, and the session.
        self._now: tuple[int, Session | None] = (0, session)
        self._refused = False
        self._hopeless: set[tuple[str, str]] = set()  # method and path that refuse a new session as well

    @property
    def session(self) -> Session | None:
        """What requests carry now; None before the first login."""
        return self._now[1]

    def is_on(self, request: httpx.Request) -> bool:
        """Whether the request carries the session, and not credentials of its own."""
        return _MARK in request.extensions and self._is_home(request)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with the session on it, and once more with a new one when this one is over."""
        logins, session = self._entered()
        if not self._is_home(request) or speaks_for_itself(session, request, self._usual):
            yield request
            return
        plain = Plain.of(request)
        self._put_on(session, request, plain)
        response = yield request
        self._look_at_first(response)
        before = (*response.history, response)
        self._keep(logins, before)
        # Not what another place answers, to which the API has redirected.
        if self._over(response.status_code) and self._is_home(response.request) and self._may_repeat(request):
            if not self._renew(logins, response.status_code):
                return
            logins, session = self._entered()
            self._put_on(session, request, plain)
            again = yield request
            if self._over(again.status_code):
                self._hopeless.add((request.method, request.url.path))
            # Its history holds the answer to the session before, which may take cookies away.
            self._keep(logins, [answer for answer in (*again.history, again) if answer not in before])

    def at_hop(self, request: httpx.Request) -> None:
        """To be called before each request that is sent: a redirect leaves the session behind, or loses its cookies."""
        session, url = request.extensions.get(_MARK, (None, None))
        if session is None or url is request.url:  # nobody's, or the first hop
            return
        if not self._is_home(request):
            take_off(session, request)
        elif session.cookies and "Cookie" not in request.headers:
            request.headers["Cookie"] = cookie.line(session.cookies)

    def _is_home(self, request: httpx.Request) -> bool:
        url = request.url
        return (url.raw_scheme, url.raw_host, url.port) == self._origin

    def _put_on(self, session: Session, request: httpx.Request, plain: Plain) -> None:
        put_on(session, request, plain)
        request.extensions[_MARK] = (session, request.url)

    def _entered(self) -> tuple[int, Session]:
        """The session, by a login when there is none yet, and how many logins it took."""
        logins, session = self._now
        if session is None:
            with self._lock:
                session = self._now[1] or self._log_in_now()
                logins = self._now[0]
        return logins, session

    def _look_at_first(self, response: httpx.Response) -> None:
        """Tells when credentials that no login has tried are refused by the very first answer."""
        doubt, self._doubt = self._doubt, None
        if doubt and self._refuses(response.status_code) and self._is_home(response.request):
            self._report(f"the first answer to {self.who} was {response.status_code}: {doubt}")

    def _may_repeat(self, request: httpx.Request) -> bool:
        """Whether the request can be sent again, and not to where the refusal is what a test may want to see.

        That is the login itself, and what has refused a new session: an account may be locked after many logins.
        """
        asked = (request.method, request.url.path)
        if asked == self._login or asked in self._hopeless:
            return False
        try:
            _ = request.content
        except httpx.RequestNotRead:  # a stream, and used up
            return False
        return True

    def _renew(self, logins: int, status: int) -> bool:
        """Whether there is a session that is newer than `logins` were; else the answer must stand."""
        with self._lock:
            if self._now[0] != logins:
                return True
            if self._refused:  # not asked again: an account may be locked after some refusals
                return False
            try:
                self._log_in_now()
            except (TidegateError, httpx.HTTPError) as error:
                self._refused = isinstance(error, LoginRefused)
                self._report(f"the session of {self.who} could not be renewed: {str(error).splitlines()[0]}")
                return False
            self._report(f"the session of {self.who} was renewed: it had been answered {status}")
            return True

    def _log_in_now(self) -> Session:
        session = self._log_in()
        self._now = (self._now[0] + 1, session)
        self._learn(session.secrets)
        return session

    def _keep(self, logins: int, answers: Iterable[httpx.Response]) -> None:
        """Takes over what the answers to the session of so many logins set anew."""
        session = self._now[1]
        if session is None or not session.changes:
            return
        with self._lock:
            now, session = self._now
            if now != logins or session is None:
                return
            after = session
            for answer in answers:
                if self._is_home(answer.request):
                    after = after.after(answer)
            if after is not session:
                self._now = (now, after)
                self._learn(after.secrets)


def _doubt(settings: Settings, who: str) -> str:
    """The question whether these credentials are right, with the variables that hold them."""
    account = settings.accounts.get(who)
    names = [account.variable(name) for name in settings.login.needs] if account else []
    return f"is {' or '.join(names) or 'what is sent'} another than the API was seeded with?"
