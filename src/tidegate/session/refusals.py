"""What the guard says when it does not send a request: what happened, what was seen, what to do next."""

from __future__ import annotations

from tidegate.session.hosts import Place
from tidegate.session.http import httpx


def shared(request: httpx.Request, place: Place, allowed: str | None) -> str:
    """The host is shared, and nothing allows to write there."""
    said = f"--allow-writes names {allowed}, and no other host" if allowed else "--allow-writes names no host"
    return _text(
        f"{_line(request)} was not sent: {place} is a shared target, on which tests only read",
        f"{place} is neither loopback (localhost, 127.0.0.1, [::1]) nor listed in target.disposable; {said}",
        f"--allow-writes={place} lets this run write there; a host that exists for tests alone belongs into"
        " TIDEGATE_DISPOSABLE, or target.disposable in [tool.tidegate]",
    )


def marked(request: httpx.Request, test: str) -> str:
    """The test says that it only reads."""
    return _text(
        f"{_line(request)} was not sent: the test is marked readonly",
        f"{test or 'a test'} or one of its fixtures sends it; on a shared target it would be refused as well",
        "take the mark away, or what is sent",
    )


def disguised(request: httpx.Request) -> str:
    """The request says something else than its URL."""
    return _text(
        f"{_line(request)} was not sent: on a shared target its headers may lead it elsewhere",
        f"Host is {request.headers.get('Host')!r}, beside what overrides the method or the path",
        "send it as what it is, to the host in its URL",
    )


def of_others(request: httpx.Request, run: str) -> str:
    """The record belongs to another run."""
    return _text(
        f"{_line(request)} was not sent: the record belongs to another run on this shared target",
        f"its marker is that of run {run}",
        "change only what this run has made; `tidegate sweep` removes what runs have left behind",
    )


def of_all(request: httpx.Request) -> str:
    """The request is about a whole collection."""
    return _text(
        f"{_line(request)} was not sent: it would change every record there, on a shared target",
        "the path is that of a collection, the admin's record and those of other runs in it",
        "change one record after the other, or allow it with --allow-admin-changes",
    )


def unclear(request: httpx.Request, status: int) -> str:
    """Nothing tells whose record it is."""
    return _text(
        f"{_line(request)} was not sent: on a shared target, whose record it is must be known first",
        f"a GET of the record answered {status}",
        "see why it cannot be read; for how it is read, set `read` of the resource",
    )


def of_admin(request: httpx.Request, email: str, *, seen: bool) -> str:
    """The record is the seeded admin's."""
    return _text(
        f"{_line(request)} was not sent: it would change the seeded admin, whom every other test needs",
        f"the record there is that of {email}" if seen else f"it sends a new password together with who {email} is",
        "make an account for the test, or allow it with --allow-admin-changes",
    )


def _line(request: httpx.Request) -> str:
    url = request.url.copy_with(username=None, password=None, query=None, fragment=None)
    return f"{request.method} {url}"


def _text(happened: str, seen: str, then: str) -> str:
    return f"{happened}\n  seen: {seen}\n  next: {then}"
