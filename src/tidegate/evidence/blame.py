"""What a single failed test most likely failed from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.records import Exchange, Phase, TestRun

# The order in which causes of a kind come: what explains other failures first.
RANKS = (
    *("not-started", "service", "stopped", "login", "server-error", "no-answer"),
    *("contract", "assertion", "unfinished", "test", "slow", "clean-up"),
)
_CHAINED = re.compile(r"\n(?:The above exception was the direct cause of|During handling of the above exception)[^\n]*")
LINES, LONGEST = 12, 1_000  # of what pytest showed, and characters of what two failures are compared by
_OWN = {
    *("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "SyntaxError", "IndentationError"),
    *("FixtureLookupError", "FixtureLookupErrorRepr", "CollectError", "UsageError"),
}
_OWN_WORDS = re.compile(r"fixture '[^']*' not found|positional arguments?|unexpected keyword argument|^import")
_GONE = re.compile(
    r"ConnectError|RemoteProtocolError|ReadError|WriteError|Connection(?:Reset|Refused|Error)|refused|disconnected"
)
_SLOW = re.compile(r"Timeout|timed out")
_LOGIN = re.compile(r"LoginRefused")
_FINDING = re.compile(r"([a-z][a-z-]+): ([A-Z]+ \S+), (.+)")
_ODD: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"https?://[^\s'\"]+"), "<url>"),
    (re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), "<email>"),
    (re.compile(r"[\w.+@-]*\.{3}[\w.+@-]*"), "..."),  # how pytest shortens a value, which cuts ids anywhere
    (re.compile(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b"), "<hex>"),
    # But for two that are compared and may be status codes: 500 == 201 and 404 == 201 are two failures.
    (re.compile(r"((?<![\d.])[1-5]\d\d [=!]= [1-5]\d\d(?![\d.]))|\d+(?:\.\d+)?"), lambda found: found[1] or "#"),
    (re.compile(r"\s+"), " "),
)
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")  # texts, which parameters of one test may be


@dataclass(frozen=True, slots=True)
class Blame:
    """What a test is grouped by: `key` within its kind; and how that is told."""

    kind: str
    key: tuple[str, ...]
    title: str
    said: str
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known beside the test: the exchanges of failed tests, and the findings by how a test tells them."""

    exchanges: Mapping[str, Sequence[Exchange]]
    findings: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, bundle: Bundle, exchanges: Mapping[str, Sequence[Exchange]]) -> Scene:
        """The scene of these exchanges."""
        told = bundle.contract.get("findings")
        plain = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        return cls(exchanges, {f"{each.get('kind')}: {place(each)}": each for each in plain})


def place(finding: Mapping[str, str]) -> str:
    """Where a finding is, as tests tell it."""
    return f"{finding.get('operation')}, {finding.get('where')}"


def normal(text: str) -> str:
    """The text without what differs from run to run: numbers, ids, times, addresses."""
    text = text[:LONGEST]
    for pattern, instead in _ODD:
        text = pattern.sub(instead, text)
    return text.strip()[:300]


def blame(test: TestRun, scene: Scene) -> Blame:
    """The likeliest, by the phase that failed first and what was exchanged in it."""
    phase = test.failure
    if phase is None:
        return Blame("unfinished", (), "the test did not end: the run was gone before", "")
    every = scene.exchanges.get(test.id, ())
    before = [each for each in every if each.phase == "setup"]
    mine = [each for each in every if each.phase == phase.name]
    said, last = excerpt(phase), next(reversed(mine or before), None)
    if phase.name == "teardown" and "contract" not in phase.kind:
        return Blame("clean-up", (normal(phase.message),), _told(phase), said, _worst(mine) or last)
    if _LOGIN.search(phase.kind):
        return Blame("login", (normal(phase.message),), _told(phase), said, last)
    if phase.kind in _OWN or _OWN_WORDS.search(phase.message) or phase.name == "collect":
        return Blame("test", (phase.kind, normal(phase.message)), _told(phase), said)
    return _by_exchange(phase, mine, said) or _by_contract(phase, mine, said, scene) or _by_assertion(phase, last, said)


def excerpt(phase: Phase) -> str:
    """The lines of the test that failed and what pytest says of them, or else the message."""
    lines = _CHAINED.split(phase.text)[-1].splitlines()
    shown = [line for line in lines if line.startswith(("E ", ">"))]
    return "\n".join(shown[:LINES] or phase.message.splitlines()[:LINES] or lines[-LINES:])


def _by_exchange(phase: Phase, mine: Sequence[Exchange], said: str) -> Blame | None:
    worst, words = _worst(mine), f"{phase.kind} {phase.message}"
    if worst and worst.status:
        title = f"{worst.operation or worst.method} answered {worst.status}"
        return Blame("server-error", (worst.operation or worst.url, str(worst.status)), title, said, worst)
    error = worst.error if worst else ""
    asked = (worst.operation or worst.method) if worst else "a request"
    if _SLOW.search(f"{phase.kind} {error}"):
        took = f" in {worst.elapsed:.1f} s" if worst else ""
        return Blame("slow", (asked,), f"{asked}: no answer{took}", said, worst)
    if error or _GONE.search(words):
        return Blame("no-answer", (asked, normal(error)), f"{asked}: {error or _told(phase)}", said, worst)
    return None


def _by_contract(phase: Phase, mine: Sequence[Exchange], said: str, scene: Scene) -> Blame | None:
    found = _FINDING.match(phase.message) if phase.kind == "contract" else None
    if found is None:
        return None
    head = next((each for each in scene.findings if phase.message.startswith(each)), phase.message)
    finding = scene.findings.get(head, {})
    told = ", ".join(f"{name} {finding[name]}" for name in ("promised", "came") if finding.get(name))
    title = f"{head}: {told}" if told else phase.message
    seen = [each for each in mine if each.operation == found[2]]
    return Blame("contract", (head,), title, phase.text or said, seen[-1] if seen else None)


def _by_assertion(phase: Phase, last: Exchange | None, said: str) -> Blame:
    if last is None and phase.kind not in ("AssertionError", "Failed", ""):
        return Blame("test", (phase.kind, normal(phase.message)), _told(phase), said)
    shown = excerpt(phase).splitlines()
    compared = [line.removeprefix("E").strip() for line in shown if line.startswith("E  ")]
    title = next((line for line in compared if line.startswith("assert ")), _told(phase))
    source = next((line for line in reversed(shown) if line.startswith(">")), "")
    # What a fixture fails with, all that ask for it fail with, but only the first has sent something.
    status = "" if phase.name == "setup" else str(last and last.status)
    key = (phase.kind, source, _QUOTED.sub("''", normal(title)), status)
    return Blame("assertion", key, title, said, last)


def _worst(mine: Sequence[Exchange]) -> Exchange | None:
    """The last exchange without an answer, or that the server has failed."""
    return next((each for each in reversed(mine) if each.status is None or each.status >= 500), None)


def _told(phase: Phase) -> str:
    head = phase.message.partition("\n")[0].strip() or phase.kind or f"{phase.name} failed"
    return head if not phase.kind or head.startswith(phase.kind) else f"{phase.kind}: {head}"
