"""`tidegate init`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.errors import UsageError

if TYPE_CHECKING:
    from tidegate.adopt.live import Fetch


def run(args: argparse.Namespace) -> int:
    """Writes a suite and what it needs into the working directory."""
    from tidegate.adopt.init import init

    if not args.yes and not sys.stdin.isatty():
        raise UsageError("init asks questions, and there is no terminal to answer on\n  next: tidegate init --yes")
    ask, confirm = (_take_default, _as_proposed) if args.yes else (_ask, _confirm)
    if args.api_url:
        _check(args.api_url)
    with _fetching(args.api_url) if args.api_url else nullcontext() as fetch:
        init(Path.cwd(), lambda line: print(line, flush=True), ask, confirm, args.api_url, fetch)
    return 0


def _check(url: str) -> None:
    from tidegate.settings.http_forms import base_url

    try:
        base_url(url)
    except ValueError as form:
        raise UsageError(f"--api-url is {url!r}: expected {form}") from None


def _take_default(question: str, default: str) -> str:
    print(f"{question.partition(':')[0]}: {default}")
    return default


def _ask(question: str, default: str) -> str:
    return _typed(f"{question} [{default}]: ") or default


def _as_proposed(question: str, proposed: bool) -> bool:  # noqa: ARG001  the same form as the question
    return proposed


def _confirm(question: str, proposed: bool) -> bool:
    answer = _typed(f"{question} [{'Y/n' if proposed else 'y/N'}] ").lower()
    return answer in ("y", "yes") if answer else proposed


def _typed(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        raise UsageError("the input ended before the questions\n  next: tidegate init --yes") from None


@contextmanager
def _fetching(url: str) -> Iterator[Fetch]:
    """A way to read what is at the paths of `url`."""
    from tidegate.adopt.live import Answer
    from tidegate.session.client import new_client
    from tidegate.session.http import httpx
    from tidegate.session.wire import open_wire
    from tidegate.settings import Settings

    settings = Settings(base_url=url)
    with new_client(url, settings.client, transport=open_wire(settings, url)) as client:

        def fetch(path: str) -> Answer:
            try:
                response = client.get(path)
            except httpx.HTTPError:
                return Answer(0, "")
            return Answer(response.status_code, response.text)

        yield fetch
