"""Bodies that are looked at on their way, so that nobody reads or keeps them twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from tidegate.session.http import httpx


class Collected:
    """What has passed of a body: all of it up to `limit` bytes, of a larger one the size and the digest alone."""

    def __init__(self, limit: int) -> None:
        self._limit, self._chunks = limit, list[bytes]()
        self._hash = hashlib.sha256()
        self.size = 0
        self.whole = False

    def add(self, chunk: bytes) -> None:
        """Takes over what passes now."""
        self.size += len(chunk)
        self._hash.update(chunk)
        if self.size <= self._limit:
            self._chunks.append(chunk)
        else:
            self._chunks.clear()

    @property
    def body(self) -> bytes | None:
        """The body; None when it is larger than the limit, or when not all of it has passed."""
        return b"".join(self._chunks) if self.whole and self.size <= self._limit else None

    @property
    def digest(self) -> str:
        """The SHA-256 of the body, empty when not all of it has passed."""
        return self._hash.hexdigest() if self.whole else ""


class Tee(httpx.SyncByteStream):
    """A stream that is collected while somebody reads it; `done` hears of its end, and of the error that ended it."""

    def __init__(
        self,
        inner: Iterable[bytes],
        collected: Collected,
        done: Callable[[Exception | None], None] = lambda _error: None,
    ) -> None:
        self._inner, self._collected, self._done = inner, collected, done

    def __iter__(self) -> Iterator[bytes]:
        """The chunks, as they come."""
        try:
            for chunk in self._inner:
                self._collected.add(chunk)
                yield chunk
        except httpx.HTTPError as error:
            self._done(error)
            raise
        self._collected.whole = True

    def close(self) -> None:
        """Closes what is read from."""
        try:
            if isinstance(self._inner, httpx.SyncByteStream):
                self._inner.close()
        finally:
            self._done(None)
