"""All that the page of a run shows, before anybody asks it for a test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from tidegate.evidence import details
from tidegate.evidence.causes import Cause, causes, failed_tests
from tidegate.evidence.chunks import chunked, packed
from tidegate.evidence.commands import reproduce, run_url
from tidegate.evidence.figures import heat, spread, spreads
from tidegate.evidence.logindex import LogIndex
from tidegate.evidence.outages import TESTS
from tidegate.evidence.seen import Seen, look
from tidegate.evidence.tables import mapping, tables

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.records import TestRun

ROOM = 9_000_000  # characters of all that is shown in full; what is over it is shown as rows
ORDER = ("failed", "error", "unfinished", "xpassed", "xfailed", "skipped", "passed")
GREEN = frozenset({"passed", "skipped", "xfailed"})
SHOWN_TESTS = 5
MOST_CAUSES = 50
KINDS = {
    "not-started": "the stack did not start",
    "service": "a service died",
    "stopped": "the run was ended early",
    "login": "login",
    "server-error": "the server failed",
    "no-answer": "no answer",
    "contract": "departs from the contract",
    "assertion": "a check failed",
    "unfinished": "the run was gone",
    "test": "a mistake of the test itself",
    "slow": "too slow",
    "clean-up": "clean-up",
}
SLOW_TESTS = 15


def page(bundle: Bundle) -> dict[str, Any]:
    """What the template is filled with."""
    tests, failed = bundle.tests(), failed_tests(bundle)
    red = {test.id for test in failed}
    seen = look(bundle, red, {test.id for test in tests if test.outcome == "passed"})
    logs = LogIndex(bundle)
    found = causes(bundle, seen.full, logs)
    counts = {name: count for name in ORDER if (count := sum(test.outcome == name for test in tests))}
    columns, lines = heat(bundle.contract, seen)
    chunks = [*_chunks(bundle, tests, seen, logs, found)]
    return {
        "run": bundle.run,
        "stack": bundle.stack,
        "verdict": verdict(bundle, counts),
        "counts": counts,
        "total": len(tests),
        "causes": found,
        "facts": [*facts(bundle, tests)],
        "link": run_url(bundle),
        "command_line": reproduce(bundle),
        "commands": [reproduce(bundle, *cause.tests[:1]) for cause in found[:MOST_CAUSES]],
        "kinds": KINDS,
        "index": packed(_index(tests, found, seen, [numbers for numbers, _ in chunks])),
        "good": packed(seen.good),
        "chunks": [data for _, data in chunks],
        "columns": columns,
        "heat": lines,
        "spreads": spreads(seen.took),
        "durations": _durations(tests),
        "slow": [(test, _seconds(test)) for test in sorted(tests, key=_seconds, reverse=True)[:SLOW_TESTS]],
        "exchanges": seen.count,
        "left": [*_left(bundle)],
        "removals": _removals(seen),
        "services": {name: told for name, told in mapping(bundle.stack, "services").items() if isinstance(told, dict)},
        "tables": [*tables(bundle)],
        "missing": bundle.missing,
        "shown_tests": SHOWN_TESTS,
        "most_causes": MOST_CAUSES,
    }


def verdict(bundle: Bundle, counts: Mapping[str, int]) -> tuple[str, str]:
    """How the run ended, in a word that styles it and in one that people read."""
    told = bundle.run.get("verdict")
    bad = sum(count for name, count in counts.items() if name not in GREEN)
    if told == "not started" or bundle.stack.get("started") is False:
        return "failed", "Not started"
    if told == "interrupted":
        return "failed", "Interrupted"
    if told == "failed" or bad:
        return "failed", "Failed"
    return ("passed", "Passed") if told == "passed" else ("unknown", "No verdict")


def facts(bundle: Bundle, tests: Sequence[TestRun]) -> Iterator[tuple[str, str]]:
    """What ran, where and for how long, in pairs of a name and a text."""
    run = bundle.run
    git, document = mapping(run, "git"), mapping(run, "document")
    if commit := str(git.get("commit") or ""):
        on = f" on {git['branch']}" if git.get("branch") else ""
        changed = " with changes that are not committed" if git.get("dirty") else ""
        yield "commit", f"{commit[:10]}{on}{changed}"
    kind = bundle.stack.get("kind") or mapping(run, "stack").get("kind")
    if kind and kind != "none":
        services = mapping(bundle.stack, "services")
        yield "stack", f"{kind}: {', '.join(name for name in services if name != TESTS)}" if services else str(kind)
    if run.get("target"):
        yield "API", " ".join(filter(None, [str(document.get("title") or ""), str(run["target"])]))
    began = _number(run.get("started")) or min((test.at for test in tests), default=0)
    ended = _number(run.get("ended")) or max((test.ended for test in tests), default=0)
    if began:
        yield "started", datetime.fromtimestamp(began, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if began and ended > began:
        yield "took", duration(ended - began)
    if run.get("run"):
        yield "run", str(run["run"])


def duration(seconds: float) -> str:
    """The time for people."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 100 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _index(tests: Sequence[TestRun], found: Sequence[Cause], seen: Seen, chunks: Sequence[Sequence[int]]) -> Any:
    """What the list of tests and its search need, by columns."""
    cause_of = {test: number for number, cause in reversed([*enumerate(found)]) for test in cause.tests}
    chunk_of = {number: chunk for chunk, numbers in enumerate(chunks) for number in numbers}
    operations = {name: number for number, name in enumerate(dict.fromkeys(row[1] for row in _rows(seen)))}
    return {
        "operations": list(operations),
        "id": [test.id for test in tests],
        "outcome": [test.outcome for test in tests],
        "ms": [round(_seconds(test) * 1000, 1) for test in tests],
        "worker": [test.worker for test in tests],
        "cause": [cause_of.get(test.id, -1) for test in tests],
        "chunk": [chunk_of.get(number, -1) for number in range(len(tests))],
        "message": [test.failure.message.partition("\n")[0][:200] if test.failure else "" for test in tests],
        "count": [len(seen.rows.get(test.id, ())) for test in tests],
        "used": [sorted({operations[row[1]] for row in seen.rows.get(test.id, ())}) for test in tests],
        "statuses": [sorted({row[3] or 0 for row in seen.rows.get(test.id, ())}) for test in tests],
        "causes": [cause.title[:200] for cause in found],
    }


def _chunks(
    bundle: Bundle, tests: Sequence[TestRun], seen: Seen, logs: LogIndex, found: Sequence[Cause]
) -> Iterator[tuple[list[int], str]]:
    """Each test's details: of failed ones in full as long as there is room, the first of each cause before all."""
    numbers = {test.id: number for number, test in enumerate(tests)}
    full = partial(details.full, seen=seen, findings=details.by_operation(bundle.contract), logs=logs)
    firsts = dict.fromkeys([*(test for cause in found for test in cause.tests[:2]), *seen.full])
    left, room = {*range(len(tests))}, ROOM
    shown = ((number, full(tests[number])) for test in firsts if (number := numbers.get(test, -1)) >= 0)
    for part, data in chunked(shown):
        left -= {*part}
        room -= len(data)
        yield part, data
        if room < 0:
            break
    yield from chunked((number, details.in_brief(tests[number], seen)) for number in sorted(left))


def _rows(seen: Seen) -> Iterator[list[Any]]:
    return chain.from_iterable(seen.rows.values())


def _durations(tests: Sequence[TestRun]) -> Any:
    times = [_seconds(test) * 1000 for test in tests]
    return spread("all tests", times) if times else None


def _seconds(test: TestRun) -> float:
    return sum(phase.seconds for phase in test.phases)


def _removals(seen: Seen) -> list[tuple[str, int]]:
    """What clean-up asked for, by answer."""
    asked: dict[str, int] = {}
    for phase, name, _, status, *_ in _rows(seen):
        if phase == "teardown" and name.startswith("DELETE "):
            asked[f"{name}: {status or 'no answer'}"] = asked.get(f"{name}: {status or 'no answer'}", 0) + 1
    return sorted(asked.items())


def _left(bundle: Bundle) -> Iterator[str]:
    """The records that the run has made and nobody has seen deleted; a ledger that stayed holds them."""
    told = mapping(bundle.run, "clean_up").get("stuck")
    for each in told if isinstance(told, list) else ():
        yield f"{mapping({'': each}, '').get('path')}: {mapping({'': each}, '').get('reason')}"
    for path in sorted((bundle.folder / "ledger").glob("*.jsonl")):
        made: dict[tuple[Any, Any, Any], str] = {}
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                told = json.loads(line)
                key = (told.get("resource"), str(told.get("id")), told.get("below") or "")
            except (ValueError, AttributeError):
                continue
            if told.get("op") == "made":
                made[key] = f"{key[0]} {key[1]}, made by {told.get('test') or 'nobody known'}"
            elif told.get("op") in ("gone", "said gone"):
                made.pop(key, None)
        yield from made.values()


def _number(told: Any) -> float:
    return float(told) if isinstance(told, (int, float)) else 0.0
