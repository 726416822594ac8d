"""What stands now for what was recorded: other ids, other sessions, another run's mark."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from tidegate.records import Exchange, Message
from tidegate.redact import MASK
from tidegate.session.replay.ids import Ids, collection_of, scope_of, singular
from tidegate.session.replay.kinds import is_id, is_number, is_opaque

DEEPEST = 100
STAND_IN = "Replayed-secret-1"  # where nobody can know what was sent: the same each time, so that it fits itself
WRONG = "wrong-replayed-secret"  # where the recorded answer was a refusal
_TOKENS = ("accesstoken", "token", "idtoken", "jwt", "sessiontoken", "key")
_BRACKET = re.compile(rb"[\[\]{}]")
_NAMED = re.compile(r"""([\w.-]+)(\\?["']?\s*[=:]\s*\\?["']?)\*\*\*""")


class Values:
    """Learns from each answer, and fills in each request; `passwords` are those that are set, by e-mail."""

    def __init__(self, run: tuple[str, str], passwords: Mapping[str, str]) -> None:
        self._run, self._passwords = run, passwords
        self._ids = Ids()
        self._secrets: dict[str, str] = {}
        self._latest = ""

    @property
    def has_token(self) -> bool:
        """Whether an answer has brought credentials."""
        return bool(self._secrets)

    def learn(self, then: Exchange, now: Exchange) -> None:
        """Takes over what the answer of now has in the places of the recorded one."""
        if not then.response or not now.response:
            return
        for owner, name, before, after in _pairs(parsed(then.response), parsed(now.response)):
            self._take(scope_of(name, owner, collection_of(then.url)), name, before, after)
        for name in ("Location", "Content-Location"):
            self._take_path(then.response.header(name), now.response.header(name))
        if (before := then.response.header("ETag")) and (after := now.response.header("ETag")):
            self._ids.add("etag", before, after)
        for name, value in now.response.headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._secrets[_plain(key)] = rest.partition(";")[0]
            elif MASK in (then.response.header(name) or ""):
                self._secrets[_plain(name)] = value

    def text(self, recorded: str, scope: str = "") -> str:
        """A recorded text as it would be now; `scope` is what it may be the id of."""
        return self._ids.now(scope, recorded.replace(*self._run) if self._run[0] else recorded)

    def path(self, recorded: str) -> str:
        """A recorded path and query as they are to be sent now."""
        path, mark, query = recorded.partition("?")
        parts = path.split("/")
        for at, (owner, part) in enumerate(pairwise(path.split("/")), start=1):
            if (now := self.text(old := unquote(part), singular(owner))) != old:
                parts[at] = quote(now, safe="@:")
        return "/".join(parts) + mark + "&".join(map(self._pair, query.split("&")))

    def body(self, recorded: Message, *, refused: bool) -> bytes:
        """A recorded body as it is to be sent now; `refused`: what was masked in it was not right."""
        raw = recorded.body or b""
        said = raw.decode("utf-8", "replace")
        plain = parsed(recorded)
        if plain is None:
            known = self._known(said, refused=refused)
            said = _NAMED.sub(lambda found: f"{found[1]}{found[2]}{known(found[1])}", said)
            form = (recorded.header("Content-Type") or "").startswith("application/x-www-form-urlencoded")
            said = "&".join(map(self._pair, said.split("&"))) if form else self.text(said)
            return said.encode() if said.encode() != raw else raw
        now = self._filled(plain, "", self._known(said, refused=refused))
        return raw if now == plain else json.dumps(now, ensure_ascii=False).encode()

    def header(self, name: str, recorded: str, *, refused: bool) -> str:
        """A recorded header as it is to be sent now."""
        if MASK not in recorded:
            return self.text(recorded)
        if name.lower() == "cookie":
            return _NAMED.sub(lambda found: f"{found[1]}={self._secrets.get(_plain(found[1]), STAND_IN)}", recorded)
        if name.lower() == "authorization":
            return recorded.replace(MASK, WRONG if refused else self._token())
        return recorded.replace(MASK, self._secrets.get(_plain(name)) or self._token())

    def _take(self, scope: str, name: str, then: Any, now: Any) -> None:
        if then == MASK and isinstance(now, str):
            self._secrets[_plain(name)] = self._latest = now
        elif type(then) is type(now) and (
            is_opaque(then) or (is_id(name) and (isinstance(then, str) or is_number(then)))
        ):
            self._ids.add(scope, str(then), str(now))

    def _take_path(self, then: str | None, now: str | None) -> None:
        before, after = (urlsplit(each or "").path.split("/") for each in (then, now))
        for (owner, old), (_, new) in zip(pairwise(before), pairwise(after), strict=False):
            if len(before) == len(after) and old != new:
                self._ids.add(singular(unquote(owner)), unquote(old), unquote(new))

    def _pair(self, recorded: str) -> str:
        name, equals, value = recorded.partition("=")
        if value == MASK:
            return f"{name}={quote(self._secrets.get(_plain(name)) or self._token())}"
        now = self.text(old := unquote_plus(value), scope_of(name))
        return f"{name}={quote(now, safe='@')}" if equals and now != old else recorded

    def _token(self) -> str:
        return next((self._secrets[name] for name in _TOKENS if name in self._secrets), self._latest or STAND_IN)

    def _known(self, said: str, *, refused: bool) -> Any:
        """Gives the secret of a name, for a body that says so."""
        own = next((each for email, each in self._passwords.items() if email in said or quote(email) in said), None)

        def known(name: str) -> str:
            if refused:
                return WRONG
            return (own if own and "pass" in name.lower() else self._secrets.get(_plain(name))) or STAND_IN

        return known

    def _filled(self, value: Any, name: str, known: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(each, key, known) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each, name, known) for each in value]
        if isinstance(value, str):
            return str(known(name)) if value == MASK else self.text(value, scope_of(name))
        if is_number(value) and is_id(name) and (now := self._ids.now(scope_of(name), str(value))) != str(value):
            return int(now) if now.isdigit() else now
        return value


def parsed(message: Message) -> Any:
    """The body as JSON; None when it is none, or nested deeper than anybody means it."""
    depth = 0
    for found in _BRACKET.finditer(raw := message.body or b""):
        depth += 1 if found[0] in b"[{" else -1
        if depth > DEEPEST:
            return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _pairs(then: Any, now: Any, owner: str = "", name: str = "") -> Iterator[tuple[str, str, Any, Any]]:
    """Every value of the one with what the other has there, by the names of the object it is in and of its field."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in then.keys() & now.keys():
            yield from _pairs(then[key], now[key], name, key)
    elif isinstance(then, list) and isinstance(now, list):
        if len(then) == len(now):
            for before, after in zip(then, now, strict=True):
                yield from _pairs(before, after, owner, name)
    else:
        yield owner, name, then, now


def _plain(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()
