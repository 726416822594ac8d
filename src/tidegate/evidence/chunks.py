"""Data for a page's script, packed so that fifty thousand exchanges fit into a file that opens at once."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

ROWS = 400_000  # characters of JSON in a chunk


def packed(data: Any) -> str:
    """The data as JSON, compressed, in letters that HTML takes for nothing else."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(plain, 6, mtime=0)).decode()


def chunked(entries: Iterable[tuple[int, Any]], size: int = ROWS) -> Iterator[tuple[list[int], str]]:
    """The entries in chunks of about that size, each with the numbers of what is in it."""
    part: dict[int, Any] = {}
    length = 0
    for number, entry in entries:
        part[number] = entry
        length += len(json.dumps(entry, ensure_ascii=False))
        if length >= size:
            yield list(part), packed(part)
            part, length = {}, 0
    if part:
        yield list(part), packed(part)
