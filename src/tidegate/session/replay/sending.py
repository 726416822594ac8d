"""Sending the recorded requests again, as those who sent them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tidegate.errors import LoginRefused, SettingsError
from tidegate.records import Exchange
from tidegate.redact import CUT, MASK, Secrets, lessons, masked_exchange
from tidegate.session.client import new_client
from tidegate.session.hosts import base_of
from tidegate.session.http import httpx
from tidegate.session.login import Identity, Session, Sessions
from tidegate.session.recorder import Recorder
from tidegate.session.replay.compare import Difference, first_difference
from tidegate.session.replay.values import Values
from tidegate.session.run import new_run_id, whole_run
from tidegate.session.wire import open_wire
from tidegate.settings import Settings

# What the connection, the client or the recorder puts on a request
OWN = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "traceparent",
                 "transfer-encoding"})  # fmt: skip
LIMIT = 16 << 20  # of a body that is compared


def replay(
    exchanges: Iterable[Exchange],
    settings: Settings,
    *,
    target: str = "",
    run: str = "",
    note: Callable[[str], None] = lambda _line: None,
) -> Difference | None:
    """The first answer that differs from the recorded one, weak ones last; None when all are the same.

    The requests go to the API of the settings, in the place of `target`; values that carry the mark of `run` get a new
    one. `note` hears of what could not be sent again. Raises WriteRefused as any client of ours.
    """
    wire = open_wire(settings, settings.base_url, report=note)
    weak = None
    with _Again(settings, wire, target, Values((whole_run(run), new_run_id()), _passwords(settings)), note) as again:
        for exchange in exchanges:
            found = again.send(exchange)
            if found and not found.weak:
                return found
            weak = weak or found
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
        if path is None or not self._is_kept(then):
            why = "it went elsewhere" if path is None else "its body was not kept whole"
            self.note(f"not sent again: {then.method} {then.url}: {why}")
            return None
        if then.identity in self.settings.accounts and self._is_login(then):
            return self._log_in(then)
        now = self._answer(then, path)
        masked = masked_exchange(now, self.secrets)
        found = first_difference(then, masked, self.values.text)
        self.values.learn(then, now)
        return found

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
        sent, was, now = base_of(then.url), base_of(self.target or then.url), base_of(self.settings.base_url)
        if (sent.host, sent.port) not in ((was.host, was.port), (now.host, now.port)):
            return None
        path = sent.raw_path.decode("ascii")
        before = was.path.rstrip("/") if self.target else ""
        inside = path == before or path.startswith((f"{before}/", f"{before}?"))
        return now.path.rstrip("/") + path[len(before) :] if inside else path

    def _is_login(self, then: Exchange) -> bool:
        login = self.settings.login
        asked = base_of(login.url(self.settings.base_url)).path
        return login.asks and then.method == login.method and (self._path(then) or "").partition("?")[0] == asked

    def _is_kept(self, then: Exchange) -> bool:
        body = then.request.body
        return not then.request.size or (body is not None and CUT.encode() not in body[-60:])


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
