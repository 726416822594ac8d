"""What a page shows of a single test: all of it when it failed, a line for each exchange when it passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tidegate.curl import curl
from tidegate.evidence.commands import python
from tidegate.evidence.loglines import TRACEPARENT, LogLine, trace_id
from tidegate.evidence.logscores import brief, shortened, weight
from tidegate.evidence.seen import Seen, operation

if TYPE_CHECKING:
    from tidegate.evidence.logindex import LogIndex
    from tidegate.records import Exchange, Message, Phase, TestRun

BODY = 32_000  # characters of a body
LINES = 200  # of all services' logs
TEXT = 20_000
BEFORE, AFTER = 0.005, 0.1  # seconds around a test whose log lines belong to it

Findings = Mapping[str, Sequence[Mapping[str, Any]]]  # by operation


def by_operation(contract: Mapping[str, Any]) -> Findings:
    """The findings of a run."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    told = contract.get("findings")
    for each in told if isinstance(told, list) else ():
        if isinstance(each, dict):
            found.setdefault(str(each.get("operation")), []).append(each)
    return found


def in_brief(test: TestRun, seen: Seen) -> dict[str, Any]:
    """A test that passed, or whose bodies found no room."""
    rows = [
        [phase, name, path, status, _after(test, started), took]
        for phase, name, path, status, started, took in seen.rows.get(test.id, ())
    ]
    return {"phases": [_phase(test, phase, 0) for phase in test.phases], "rows": rows}


def full(test: TestRun, seen: Seen, findings: Findings, logs: LogIndex) -> dict[str, Any]:
    """A test that failed."""
    mine = seen.full.get(test.id, [])
    traces = {trace_id(each.trace) for each in mine if each.trace}
    lines, more = _log(test, logs, traces)
    return {
        "phases": [_phase(test, phase, TEXT) for phase in test.phases],
        "exchanges": [_exchange(test, each, seen, findings) for each in mine],
        "log": lines,
        "more": more,
    }


def _phase(test: TestRun, phase: Phase, room: int) -> dict[str, Any]:
    told: dict[str, Any] = {"name": phase.name, "outcome": phase.outcome, "ms": round(phase.seconds * 1000, 1)}
    told["at"] = _after(test, phase.at)
    if room:
        more = {"file": phase.file, "line": phase.line, "kind": phase.kind, "message": shortened(phase.message, 2_000)}
        sections = {name: shortened(text, 8_000) for name, text in phase.sections.items()}
        told |= {**more, "text": shortened(phase.text, room), "sections": sections}
    return told


def _exchange(test: TestRun, exchange: Exchange, seen: Seen, findings: Findings) -> dict[str, Any]:
    name = operation(exchange, seen)
    return {
        "number": exchange.number,
        "phase": exchange.phase,
        "operation": name,
        "method": exchange.method,
        "url": exchange.url[:2_000],
        "status": exchange.status,
        "error": exchange.error,
        "identity": exchange.identity,
        "at": _after(test, exchange.started),
        "ms": round(exchange.elapsed * 1000, 2),
        "request": _message(exchange.request),
        "response": exchange.response and _message(exchange.response),
        "curl": shortened(curl(exchange), BODY),
        "httpx": shortened(python(exchange), BODY),
        "marks": [*_marks(name, exchange.status, test.id, findings)],
    }


def _message(message: Message) -> dict[str, Any]:
    body = None if message.body is None else message.body.decode("utf-8", "replace")
    cut = len(body) - BODY if body and len(body) > BODY else 0
    return {"headers": message.headers, "body": body and body[:BODY], "size": message.size, "cut": cut}


def _marks(name: str, status: int | None, test: str, findings: Findings) -> Iterator[list[str]]:
    """The findings of the exchange: side, place in it, and what is said of it."""
    for finding in findings.get(name, ()):
        tests = finding.get("tests")
        if not isinstance(tests, list) or test not in tests:
            continue
        where = str(finding.get("where") or "")
        side, _, rest = where.partition(" ")
        if side != "request" and side != str(status):
            continue
        said = ", ".join(f"{word} {finding[word]}" for word in ("promised", "came") if finding.get(word))
        place = rest.removeprefix("body ") if rest.startswith("body /") else ""
        yield [
            "request" if side == "request" else "response",
            place,
            f"{finding.get('kind')}: {rest}: {said}",
        ]


def _log(test: TestRun, logs: LogIndex, traces: set[str]) -> tuple[list[list[Any]], int]:
    """The lines around the test: milliseconds, service, text, and 2 for a grave one, 1 for one of its own requests."""
    found: list[tuple[int, str, LogLine]] = []
    start, end = test.at - BEFORE, test.ended + AFTER
    near = [logs.near(start, end, trace) for trace in sorted(traces)[:20]] or [logs.near(start, end)]
    known: set[tuple[str, float, str]] = set()
    for each in near:
        for service, lines in each.items():
            for line in lines:
                if (service, line.at, line.text) not in known and not _of_another(line.text, traces):
                    known.add((service, line.at, line.text))
                    found.append((_rank(line.text, traces), service, line))
    kept = sorted(found, key=lambda each: (-each[0], each[2].at))[:LINES]
    kept.sort(key=lambda each: each[2].at)
    told = [[round((line.at - test.at) * 1000, 1), name, brief(line.text, 1_000), rank] for rank, name, line in kept]
    return told, len(found) - len(kept)


def _of_another(text: str, traces: set[str]) -> bool:
    found = TRACEPARENT.search(text)
    return bool(traces and found and found[1] not in traces)


def _after(test: TestRun, at: float) -> float:
    return round((at - test.at) * 1000, 1)


def _rank(text: str, traces: Sequence[str] | set[str]) -> int:
    if any(trace in text for trace in traces):
        return 2 if weight(text) >= 3 else 1
    return 2 if weight(text) >= 5 else 0
