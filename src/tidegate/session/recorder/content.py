"""What a body says once its Content-Encoding (RFC 9110, 8.4) is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tidegate.records import Headers, Message
from tidegate.session.http import httpx
from tidegate.session.recorder.tee import Collected


class _Pieces(httpx.SyncByteStream):
    """A body in pieces, so that what unpacks to very much is never there at once."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(self._raw), 4096):
            yield self._raw[at : at + 4096]


def headers_of(headers: httpx.Headers) -> Headers:
    """All headers in their order, each as it was spelled."""
    code = headers.encoding
    return tuple([(name.decode(code), value.decode(code)) for name, value in headers.raw])


def message(headers: Headers, collected: Collected, limit: int) -> Message:
    """One direction of an exchange; of a packed body that is too large to be kept, size and digest as it was sent."""
    plain = Message(headers, collected.body, collected.size, collected.digest)
    packing = plain.header("Content-Encoding") if plain.body else None
    return _unpacked(plain, packing, limit) if packing and packing.lower() != "identity" else plain


def _unpacked(packed: Message, packing: str, limit: int) -> Message:
    answer = httpx.Response(200, headers={"Content-Encoding": packing}, stream=_Pieces(packed.body or b""))
    plain = Collected(limit)
    try:
        for piece in answer.iter_bytes():
            plain.add(piece)
    except httpx.DecodingError:  # which whoever reads the body gets as well
        return replace(packed, body=None)
    plain.whole = True
    return Message(packed.headers, plain.body, plain.size, plain.digest)
