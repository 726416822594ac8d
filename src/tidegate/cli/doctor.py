"""`tidegate doctor`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from tidegate.cli.notes import noting
from tidegate.errors import LeftoversRemain, LoginRefused, TidegateError

if TYPE_CHECKING:
    import httpx

    from tidegate.adopt.doctor import Finding, Session
    from tidegate.adopt.roundtrip import Example
    from tidegate.session.guard import Guard
    from tidegate.session.ledger import Ledger
    from tidegate.session.login import Sessions
    from tidegate.session.making import Collections, Maker
    from tidegate.session.transport import Transport
    from tidegate.settings import Resource, Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Checks the settings against the API that runs; the code is that of the first failure."""
    from tidegate.adopt.docker import located
    from tidegate.adopt.doctor import examine

    del args  # what it holds is in the settings
    code = 0
    print(_line("ok", "settings", f"{_count(settings)}, read from {settings.root}"))
    settings = located(settings)
    with _session(settings) as (session, left):
        findings = (ask() for ask in (lambda: examine(settings, session), left))
        for finding in chain.from_iterable(findings):
            _show(finding, settings)
            code = code or finding.code
    return code


def _count(settings: Settings) -> str:
    return ", ".join(
        f"{count} {noun}{'s' * (count != 1)}"
        for count, noun in ((len(settings.origins), "chosen setting"), (len(settings.resources), "resource"))
    )


def _show(finding: Finding, settings: Settings) -> None:
    from tidegate.redact import mask

    print(_line(finding.state, finding.check, mask(finding.text, settings.secrets)), flush=True)


def _line(state: str, check: str, text: str) -> str:
    return f"{state:<8} {check:<12} {text}"


@contextmanager
def _session(settings: Settings) -> Iterator[tuple[Session, Callable[[], list[Finding]]]]:
    """A session like a run's, with ledger and guard, and its clean-up; a doctor that is killed leaves the ledger."""
    from tidegate.session.guard import Guard
    from tidegate.session.ledger import Ledger
    from tidegate.session.run import new_run_id
    from tidegate.session.transport import Transport
    from tidegate.session.wire import open_wire

    url = settings.base_url
    ledger = Ledger(settings.artifacts_dir / "ledger", new_run_id(), url, lambda: "tidegate doctor")
    guard = Guard(settings, url, settings.resources, ledger)
    wire = open_wire(settings, url, guard=guard.around, report=noting(settings))
    transport = Transport(wire, url, settings.resources, ledger)
    settled = not ledger.used

    def left() -> list[Finding]:
        nonlocal settled
        found = _left(settings, guard, ledger) if ledger.used else []
        settled = not found
        return found

    try:
        yield _checks(settings, guard, transport, ledger), left
    finally:
        transport.shut_down()
        ledger.close(settled=settled)


def _left(settings: Settings, guard: Guard, ledger: Ledger) -> list[Finding]:
    """What of the doctor's own records could not be removed."""
    from tidegate.adopt.doctor import FAILED, Finding
    from tidegate.session.cleanup import clean_session
    from tidegate.session.scene import open_scene

    scene = open_scene(settings, settings.base_url, settings.resources, guard=guard.around)
    with scene.client:
        try:
            stuck = [
                f"{item.path}: {item.reason}" for item in clean_session(scene, ledger.run, ledger.outstanding()).stuck
            ]
        except TidegateError as error:
            stuck = [str(error)]
    return [Finding(FAILED, "clean-up", f"{text}; next: tidegate sweep", LeftoversRemain.exit_code) for text in stuck]


def _checks(settings: Settings, guard: Guard, transport: Transport, ledger: Ledger) -> Session:
    from tidegate.adopt.doctor import Session
    from tidegate.adopt.live import Answer
    from tidegate.session.answers import NotUnderstood
    from tidegate.session.client import new_client
    from tidegate.session.http import httpx
    from tidegate.session.login import Identity, Sessions
    from tidegate.session.making import Collections, Maker
    from tidegate.session.run import Unique
    from tidegate.stack.listening import inside

    url = settings.base_url
    anybody = new_client(url, settings.client, transport=transport)
    sessions = Sessions(settings, anybody)
    identity = Identity(settings, url, sessions.open_admin)
    admin = new_client(url, settings.client, auth=identity, transport=transport)
    collections = Collections(admin, settings.resources)
    maker = Maker(collections, Unique(settings.prefix, ledger), ledger, settings.admin_email)

    def fetch(path: str) -> Answer:
        try:
            response = anybody.get(path)
        except httpx.HTTPError:
            return Answer(0, "")
        return Answer(response.status_code, response.text)

    return Session(
        health=lambda: _health(settings),
        login=lambda: _login(settings, sessions, admin),
        example=lambda resource: _example(resource, collections, maker),
        fetch=fetch,
        listening=inside,
        why_no_writes="" if guard.may_write else f"{guard.target} is shared, so nothing is made there",
        refusals=(httpx.HTTPError, NotUnderstood, TidegateError),
    )


@contextmanager
def _example(resource: Resource, collections: Collections, maker: Maker) -> Iterator[Example]:
    """Ways to try a record of the resource, below a new parent where it has one; what was made is gone at the end."""
    from tidegate.adopt.roundtrip import Example

    with maker:
        parent = maker(resource.parent) if resource.parent else None
        below = {"parent": parent} if parent else {}
        yield Example(
            records=collections(resource.name, parent),
            make=lambda: maker(resource.name, **below),
            change=lambda: maker.change(resource.name, parent.id if parent else None),
        )


def _health(settings: Settings) -> str:
    from tidegate.cli.wait import login_of
    from tidegate.session.gate import wait
    from tidegate.session.question import Question

    # Patient enough for one slow answer, and no more: the doctor looks at an API that runs.
    health = replace(settings.health, timeout=min(settings.health.timeout, settings.health.try_timeout))
    asked = replace(settings, health=health)
    url = settings.health_url(settings.base_url)
    opened = wait(Question.of(asked, url, login_of(asked, settings.base_url)), lambda _line: None)
    return str(opened).partition(": ")[2]


def _login(settings: Settings, sessions: Sessions, admin: httpx.Client) -> str:
    """Logs in, and asks for something that strangers do not get: a token may be found and yet be carried wrongly."""
    from tidegate.session.credentials import check_credentials

    login = settings.login
    check_credentials(settings, settings.base_url)
    if login.kind == "none":
        return "none: every request is anybody's"
    sessions.open_admin()
    who = settings.admin_email or "the admin"
    path, name = next(
        ((resource.path, resource.name) for resource in settings.resources if "{" not in resource.path), ("", "")
    )
    answer = admin.get(path) if path else None
    if answer is not None and answer.status_code in (401, 403):
        raise LoginRefused(
            f"{who} is logged in, but GET {path} answered {answer.status_code}\n"
            "  next: check login.token, login.send and login.csrf_* in [tool.tidegate.login], and what the admin may do"
        )
    read = f", and GET {path} answered {answer.status_code}" if answer is not None else ""
    if answer is not None and answer.status_code == 404:
        read += f": check path in [tool.tidegate.resources.{name}]"
    return (f"{login.method} {login.path} took {who}" if login.asks else f"{login.kind}: {who}") + read
