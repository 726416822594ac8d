"""What to type to see something again: a run, a test, an exchange."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from tidegate.redact import MASK

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.records import Exchange

_OWN = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "traceparent"})


def reproduce(bundle: Bundle, test: str = "") -> str:
    """The command that makes the run, or one test of it, red again, from wherever its bundle can be had."""
    only = f" --test {shlex.quote(test)}" if test else ""
    return f"tidegate reproduce {shlex.quote(run_url(bundle) or 'artifacts')}{only}"


def run_url(bundle: Bundle) -> str:
    """Where CI shows the run; empty for one of nobody's, or an address that is none."""
    ci = bundle.run.get("ci")
    url = str(ci.get("run_url") or "") if isinstance(ci, dict) else ""
    return url if re.fullmatch(r"https?://[\w./:@-]+", url) else ""


def python(exchange: Exchange) -> str:
    """The same request as a line of httpx; what was masked is read from the environment."""
    headers = {name: value for name, value in exchange.request.headers if name.lower() not in _OWN}
    shown = ", ".join(f"{name!r}: {_value(name, value)}" for name, value in headers.items())
    body = exchange.request.body
    content = f", content={body.decode('utf-8', 'replace')!r}" if body else ""
    called = f"httpx.request({exchange.method!r}, {exchange.url!r}, headers={{{shown}}}{content})"
    return (
        f"import os, httpx\nprint({called}.text)" if "os.environ" in called else f"import httpx\nprint({called}.text)"
    )


def _value(name: str, value: str) -> str:
    if MASK not in value:
        return repr(value)
    variable = "API_TOKEN" if name.lower() == "authorization" else f"API_{name.upper().replace('-', '_')}"
    before, _, after = value.partition(MASK)
    return " + ".join(
        part for part in (before and repr(before), f'os.environ["{variable}"]', after and repr(after)) if part
    )
