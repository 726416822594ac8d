"""What a bundle does not have, for those who would take its silence for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle


def missing(bundle: Bundle, cut: int) -> Iterator[str]:
    """One line for each thing; `cut` lines of its files were not whole."""
    run = bundle.run
    if not run:
        yield "run.json: what ran, and with what, is not known"
    elif run.get("ended") is None:
        yield "the run's end: it was killed, or goes on; what its processes had written by then is here"
    if cut:
        yield f"{cut} line{'s' * (cut > 1)} that a crash or a full disk has cut"
    if not bundle.tests() and run.get("verdict") != "not started":
        yield "tests.jsonl: no test of the run is known"
    if not any(bundle.folder.glob("exchanges*.jsonl")):
        yield "exchanges.jsonl: no request was recorded"
    if _has_stack(bundle):
        yield from _outside(bundle)
    for source in (run, bundle.stack, bundle.snapshots):
        told = source.get("missing")
        yield from map(str, told if isinstance(told, list) else [])


def _has_stack(bundle: Bundle) -> bool:
    stack = bundle.run.get("stack")
    started = isinstance(stack, dict) and stack.get("kind") in ("compose", "process")
    return bool(bundle.stack) or started or bundle.run.get("place") == "container"


def _outside(bundle: Bundle) -> Iterator[str]:
    if not bundle.stack:
        yield "stack.json: what became of the stack is not known; scripts/test keeps it, its logs and its database"
    if not bundle.services:
        yield "logs: no service's log was kept"
