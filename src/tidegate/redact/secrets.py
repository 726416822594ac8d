"""Everything that nothing may show, as it is learned while a run goes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator

from tidegate.redact.ends import Ends
from tidegate.redact.index import Index, Span

MOST = 10_000  # values that traffic has brought; of more, the older half is forgotten
SHORTEST, LONGEST = 6, 16_384
# Values that stand in places of secrets and are none, or are so common that a report without them says nothing
COMMON = frozenset(
    {
        *("bearer", "basic", "digest", "negotiate", "apikey", "api_key", "api-key", "access", "refresh", "cookie"),
        *("password", "passwd", "passwort", "secret", "token", "access_token", "refresh_token", "id_token", "string"),
        *("invalid", "expired", "missing", "required", "unknown", "default", "anonymous", "session", "public"),
        *("private", "disabled", "enabled", "deleted", "removed", "redacted", "undefined", "admin", "administrator"),
        *("password123", "changeme", "client_credentials", "authorization_code", "refresh-token", "access-token"),
    }
)
_HALF = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r"https?://\S*|[\d\s.,:+-]{1,15}|\*+|\d{4}-\d\d-\d\dT[\d:.+Z-]*")  # an URL, a number, a time


class Secrets:
    """The values that nothing may show; those that traffic brings are bounded in number."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, None] = {}  # from the settings and from sessions
        self._learned: dict[str, None] = {}
        self._build()
        self.learn(values)

    def learn(self, values: Iterable[str]) -> None:
        """Takes over values that are secret, whatever they look like."""
        for value in values:
            if value and value not in self._known:
                with self._lock:
                    self._known[value] = None
                    self._add(value)

    def notice(self, values: Iterable[str]) -> None:
        """Takes over what an exchange brought, unless it is too common a text to be taken out of everything."""
        for value in values:
            if value not in self._learned and value not in self._known and is_opaque(value):
                with self._lock:
                    self._learned[value] = None
                    self._add(value)
                    if len(self._learned) > MOST:
                        self._learned = dict.fromkeys([*self._learned][MOST // 2 :])
                        self._build()

    def __iter__(self) -> Iterator[str]:
        """Each value once."""
        return iter([*self._known, *self._learned])

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._known) + len(self._learned)

    def sendable(self) -> Iterator[str]:
        """Those that another process can be told of: a half of a pair of surrogates is no text."""
        return (value for value in self if value.isprintable() or not _HALF.search(value))

    def has(self, text: str) -> bool:
        """Whether one of them stands in the text, in a spelling that needs no other to be undone first."""
        return self.index.has(text)

    def spans(self, text: str) -> list[Span]:
        """Where they stand in the text, however they are spelled."""
        return self.index.spans(text)

    def _build(self) -> None:
        self.index, self.ends = Index(), Ends()
        for value in (*self._known, *self._learned):
            self._add(value)

    def _add(self, value: str) -> None:
        self.index.add(value)
        self.ends.add(value)


def is_opaque(value: str) -> bool:
    """Whether a value can be taken out of everything: it is no number, place, time or common word."""
    if not SHORTEST <= len(value) <= LONGEST or value.lower() in COMMON:
        return False
    return not _PLACE.fullmatch(value) and len({*value}) > 2
