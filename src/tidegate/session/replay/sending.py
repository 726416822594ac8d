"""Sending the recorded requests again, as those who sent them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tidegate.errors import LoginRefused, SettingsError
from tidegate.records import Exchange
from tidegate.redact import CUT, MASK, Secrets, lessons, masked_exchange
from tidegate.session.client import new_client
from tidegate.session.hosts import base_of
from tidegate.session.http import httpx
from tidegate.session.login import Identity, Session, Sessions
from tidegate.session.recorder import Recorder
from tidegate.session.replay.compare import Difference, first_difference
from tidegate.session.replay.ids import collection_of, scope_of
from tidegate.session.replay.needs import with_needs
from tidegate.session.replay.values import Values
from tidegate.session.run import new_run_id, whole_run
from tidegate.session.wire import open_wire
from tidegate.settings import Settings

# What the connection, the client or the recorder puts on a request
OWN = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "traceparent",
                 "transfer-encoding"})  # fmt: skip
ANONYMOUS = "anonymous"
REFUSALS = {401, 403, 404}  # what somebody else would have got
LIMIT = 16 << 20  # of a body that is compared


def replay(
    exchanges: Sequence[Exchange],
    settings: Settings,
    *,
    earlier: Iterable[Exchange] = (),
    target: str = "",
    run: str = "",
    note: Callable[[str], None] = lambda _line: None,
) -> Difference | None:
    """The first answer that differs from the recorded one, weak ones last; None when all are the same.

    Before them go those `earlier` ones, of other tests, that made what they use. The requests go to the API of the
    settings, in the place of `target`; values that carry the mark of `run` get a new one. `note` hears of what could
    not be sent again. Raises WriteRefused as any client of ours.
    """
    wire = open_wire(settings, settings.base_url, report=note)
    weak = None
    with _Again(settings, wire, target, Values((whole_run(run), new_run_id()), _passwords(settings)), note) as again:
        whole = with_needs(exchanges, earlier, again.is_login, settings.accounts)
        shared = len(whole) > len(exchanges)  # records that other tests have changed as well
        for exchange in whole:
            found = again.send(exchange)
            if found and not found.weak and not (shared and found.where != "status"):
                return found
            weak = weak or (replace(found, weak=True) if found else None)
    return weak


def _passwords(settings: Settings) -> dict[str, str]:
    accounts = settings.accounts.values()
    return {each.email: each.password for each in accounts if each.email and each.password}


@dataclass
class _Again:
    settings: Settings
    wire: httpx.BaseTransport
    target: str
    values: Values
    note: Callable[[str], None]
    seen: list[Exchange] = field(default_factory=list)
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets = Secrets(self.settings.secrets)
        self.recorder = Recorder(self._observe, lambda: ("", ""), lambda _request: "", limit=LIMIT, trace=False)
        self.anybody = self._client(None)
        self.sessions = Sessions(self.settings, self.anybody, lambda values: self.secrets.notice(values, surely=True))
        self.opened: dict[str, Session] = {}

    def __enter__(self) -> _Again:
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.close()

    def send(self, then: Exchange) -> Difference | None:
        """Sends one and compares; None also when it cannot be sent again, which is noted."""
        path = self._path(then)
        if path is None or (why := self._why_not(then)):
            self.note(f"not sent again: {then.method} {then.url}: {'it went elsewhere' if path is None else why}")
            return None
        if then.identity in self.settings.accounts and self.is_login(then) and _credentials(then) is None:
            return self._log_in(then)
        try:
            now = self._answer(then, path)
        except (ValueError, httpx.InvalidURL, httpx.LocalProtocolError) as error:
            self.note(f"not sent again: {then.method} {then.url}: it is no request: {error}")
            return None
        masked = masked_exchange(now, self.secrets)
        collection = collection_of(then.url)
        found = first_difference(
            then, masked, lambda text, name: self.values.text(text, scope_of(name, collection=collection))
        )
        self.values.learn(then, now)
        return replace(found, weak=True) if found and self._is_guessed(then, now) else found

    def _is_guessed(self, then: Exchange, now: Exchange) -> bool:
        """Whether it may differ since what was masked was something else: credentials of a stranger, a wrong value."""
        strange = then.identity not in (ANONYMOUS, *self.settings.accounts) and _credentials(then) is not None
        refused = then.status is not None and 400 <= then.status < 500
        masked = MASK.encode() in (then.request.body or b"") or MASK in then.url
        return (strange and bool({then.status, now.status} & REFUSALS)) or (masked and refused)

    def _answer(self, then: Exchange, path: str) -> Exchange:
        refused = then.status == httpx.codes.UNAUTHORIZED
        known = then.identity in self.settings.accounts
        headers = [
            (name, self.values.header(name, value, refused=refused))
            for name, value in then.request.headers
            if name.lower() not in OWN and not (known and MASK in value)
        ]
        body = self.values.body(then.request, refused=refused) if then.request.size else None
        url = base_of(self.settings.base_url).copy_with(raw_path=self.values.path(path).encode())
        try:
            self._client_of(then.identity).request(then.method, url, headers=_encoded(headers), content=body)
        except httpx.LocalProtocolError:
            raise
        except httpx.HTTPError as error:
            return Exchange(0, then.test, "", "", then.method, str(url), then.request, error=str(error))
        return self.seen[-1]

    def _log_in(self, then: Exchange) -> Difference | None:
        """In the place of a recorded login, one of now, since nobody has kept the password."""
        try:
            self.opened[then.identity] = self.sessions.open(self.settings.accounts[then.identity])
        except (LoginRefused, SettingsError) as error:
            came = str(error).splitlines()[0]
            return None if (then.status or 500) >= 400 else Difference(then, "login", str(then.status), came)
        return None if then.status and then.status < 400 else Difference(then, "login", str(then.status), "a session")

    def _client_of(self, who: str) -> httpx.Client:
        if who not in self.settings.accounts:
            return self.anybody
        if who not in self.clients:
            account = self.settings.accounts[who]
            self.clients[who] = self._client(
                Identity(
                    self.settings,
                    self.settings.base_url,
                    lambda: self.sessions.open(account),
                    session=self.opened.get(who),
                    who=who,
                    report=self.note,
                    learn=lambda values: self.secrets.notice(values, surely=True),
                )
            )
        return self.clients[who]

    def _client(self, identity: Identity | None) -> httpx.Client:
        settings, secrets = self.settings, lambda: [*self.secrets]
        return new_client(
            settings.base_url,
            settings.client,
            transport=self.wire,
            auth=identity,
            known=secrets,
            recorder=self.recorder,
        )

    def _observe(self, exchange: Exchange) -> None:
        self.secrets.notice(lessons(exchange))
        self.seen.append(exchange)

    def _path(self, then: Exchange) -> str | None:
        """Where it went on the API, in the words of the base URL of now; None when it went elsewhere."""
        try:
            sent, was, now = base_of(then.url), base_of(self.target or then.url), base_of(self.settings.base_url)
        except SettingsError:
            return None
        if (sent.host, sent.port) not in ((was.host, was.port), (now.host, now.port)):
            return None
        path = sent.raw_path.decode("ascii")
        before = was.path.rstrip("/") if self.target else ""
        inside = path == before or path.startswith((f"{before}/", f"{before}?"))
        return now.path.rstrip("/") + path[len(before) :] if inside else path

    def is_login(self, then: Exchange) -> bool:
        login = self.settings.login
        asked = base_of(login.url(self.settings.base_url)).path
        return login.asks and then.method == login.method and (self._path(then) or "").partition("?")[0] == asked

    def _why_not(self, then: Exchange) -> str:
        body = then.request.body
        if then.request.size and (body is None or CUT.encode() in body[-60:]):
            return "its body was not kept whole"
        strange = then.identity not in (ANONYMOUS, *self.settings.accounts) and MASK in (_credentials(then) or "")
        if strange and then.status != httpx.codes.UNAUTHORIZED and not self.values.has_token:
            return "nobody has kept whose credentials it carried"
        return ""


def _credentials(exchange: Exchange) -> str | None:
    return exchange.request.header("Authorization") or exchange.request.header("Cookie")


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
