"""A service's log as it may be kept: without secrets, and of a long one the head and the tail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tidegate.redact import Secrets
from tidegate.redact.data import masked_data
from tidegate.redact.shapes import without_shapes

PIECE = 1 << 16  # bytes that are masked at a time, to the end of a line


def write_log(raw: Path, to: Path, secrets: Secrets, limit: int) -> None:
    """Writes the log without secrets, and of one that is longer than the limit what fits."""
    with to.open("w", encoding="utf-8", newline="\n") as kept:
        for piece in _pieces(raw, limit):
            kept.write(piece if isinstance(piece, str) else masked_lines(_text(piece), secrets))


def masked_lines(text: str, secrets: Secrets) -> str:
    """The lines without secrets, as many as there were; a private key alone goes over several."""
    text = without_shapes(text)
    masked = str(masked_data(text, secrets))
    if masked.count("\n") == text.count("\n"):
        return masked
    return "\n".join(masked_data(line, secrets) for line in text.split("\n"))  # a bracket that is never closed


def _text(piece: bytes) -> str:
    return piece.decode("utf-8", "replace").replace("\x1b[2K", "").replace("\r\n", "\n")


def _pieces(raw: Path, limit: int) -> Iterator[bytes | str]:
    """The log piece by piece; a text is what stands where lines were left out."""
    size, half = raw.stat().st_size, limit // 2
    with raw.open("rb") as log:
        if size <= limit:
            yield from iter(lambda: log.read(PIECE) + log.readline(), b"")
            return
        while log.tell() < half:
            yield log.read(min(PIECE, half - log.tell())) + log.readline()
        cut = 0
        while log.tell() < size - half:
            piece = log.read(min(1 << 20, size - half - log.tell())) + log.readline()
            cut += piece.count(b"\n")
        yield f"… {cut} lines cut …\n"
        yield from iter(lambda: log.read(PIECE) + log.readline(), b"")
