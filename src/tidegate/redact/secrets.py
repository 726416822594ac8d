"""Everything that nothing may show, as it is learned while a run goes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator

from tidegate.redact.ends import Ends
from tidegate.redact.index import Index, Span

MOST = 4_000  # values that traffic has brought; of more, the older half is forgotten
LATEST = 1_000  # of them, so many are known by their parts as well: what a report shows is of now
SHORTEST, LONGEST = 6, 16_384
# Values that stand in places of secrets and are none, or are so common that a report without them says nothing
COMMON = frozenset(
    {
        *("bearer", "basic", "digest", "negotiate", "apikey", "api_key", "api-key", "access", "refresh", "cookie"),
        *("password", "passwd", "passwort", "secret", "token", "access_token", "refresh_token", "id_token", "string"),
        *("invalid", "expired", "missing", "required", "unknown", "default", "anonymous", "session", "public"),
        *("private", "disabled", "enabled", "deleted", "removed", "redacted", "undefined", "admin", "administrator"),
        *("password123", "changeme", "client_credentials", "authorization_code", "refresh-token", "access-token"),
        # What negative cases send in the place of a right value, and what stands for any password
        *("not a number", "not a boolean", "not a list", "not an object", "not-in-the-enum", "a-sample-1-password"),
        "sample-1",
    }
)
_HALF = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r"https?://\S*|[\d\s.,:+-]{1,15}|\*+|\d{4}-\d\d-\d\dT[\d:.+Z-]*")  # an URL, a number, a time


class Secrets:
    """The values that nothing may show: those that are set, for good, and of those that traffic brings the latest."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._set: dict[str, None] = {}
        self._brought: dict[str, None] = {}
        self._ends = Ends(), Ends(LATEST)
        self._index = Index()
        self._heard: Callable[[str], None] | None = None
        self.learn(values)

    def learn(self, values: Iterable[str]) -> None:
        """Takes over values that are secret for as long as the run goes, whatever they look like."""
        for value in values:
            if value and value not in self._set:
                with self._lock:
                    self._set[value] = None
                    self._index.add(value)
                    self._ends[0].add(value)
                if self._heard:
                    self._heard(value)

    def notice(self, values: Iterable[str], *, surely: bool = False) -> None:
        """Takes over what an exchange brought, unless it is too common a text to be taken out of everything."""
        for value in values:
            if value in self._brought or value in self._set or not value or not (surely or is_opaque(value)):
                continue
            with self._lock:
                self._brought[value] = None
                self._index.add(value)
                self._ends[1].add(value)
                if len(self._brought) > MOST:
                    self._brought = dict.fromkeys([*self._brought][MOST // 2 :])
                    self._index = Index(self)
            if self._heard:
                self._heard(value)

    def tell(self, heard: Callable[[str], None]) -> None:
        """Lets somebody hear each value, those that are known now and those to come."""
        self._heard = heard
        for value in [*self]:
            heard(value)

    def share(self, shared: re.Pattern[str]) -> None:
        """Takes for no part of a secret what matches, such as the mark that all values of a run have."""
        with self._lock:
            for ends in self._ends:
                ends.share(shared)

    def __iter__(self) -> Iterator[str]:
        """Each value once."""
        return iter([*self._set, *self._brought])

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._set) + len(self._brought)

    def sendable(self) -> Iterator[str]:
        """Those that another process can be told of: a half of a pair of surrogates is no text."""
        return (value for value in self if value.isprintable() or not _HALF.search(value))

    def has(self, text: str) -> bool:
        """Whether one of them stands in the text, in a spelling that needs no other to be undone first."""
        return self._index.has(text)

    def spans(self, text: str) -> list[Span]:
        """Where they stand in the text, however they are spelled."""
        return self._index.spans(text)

    def left_over(self, text: str) -> list[Span]:
        """Where parts of them stand that pytest leaves of a long value."""
        return [span for ends in self._ends for span in ends.within(text)]


def is_opaque(value: str) -> bool:
    """Whether a value can be taken out of everything: it is no number, place, time or common word."""
    if not SHORTEST <= len(value) <= LONGEST or value.lower() in COMMON:
        return False
    return not _PLACE.fullmatch(value) and len({*value}) > 2
