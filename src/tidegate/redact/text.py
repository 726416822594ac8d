"""Text without secrets: whatever is known to be one, and whatever looks like one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tidegate.redact.index import Span, joined
from tidegate.redact.names import MASK
from tidegate.redact.secrets import Secrets
from tidegate.redact.shapes import without_named, without_shapes


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets in any usual encoding, nor pieces of them, nor what looks like one."""
    known = secrets if isinstance(secrets, Secrets) else _of(frozenset(secrets))
    text = without_spans(text, known.spans(text))
    return without_shapes(without_named(without_spans(text, joined(known.left_over(text)))))


def without_spans(text: str, spans: list[Span]) -> str:
    """The text with a mask in each of these places, which follow each other."""
    if not spans:
        return text
    shown, done = "", 0
    for start, end in spans:
        shown, done = f"{shown}{text[done:start]}{MASK}", end
    return shown + text[done:]


@lru_cache(maxsize=4)
def _of(secrets: frozenset[str]) -> Secrets:
    return Secrets(secrets)
