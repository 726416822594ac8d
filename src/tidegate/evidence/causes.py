"""Why a run is red: its failures grouped by what they most likely come from, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tidegate.evidence.blame import RANKS, Blame, Scene, blame, normal
from tidegate.evidence.cause import Cause
from tidegate.evidence.logindex import LogIndex
from tidegate.evidence.loglines import trace_id
from tidegate.evidence.logscores import Told, brief, telling
from tidegate.evidence.outages import outages
from tidegate.evidence.testruns import number

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.evidence.loglines import LogLine
    from tidegate.records import Exchange, TestRun

__all__ = ["Cause", "causes", "failed_tests", "signature"]

STUCK = 10  # records that are named
TRIED = 3  # tests of a cause whose logs are looked at until one says something
# Seconds around an exchange in which its line was logged: at once, and of a failure perhaps when a buffer is flushed
BEFORE, AFTER, LATER = 0.002, 0.015, 0.5
FAILED = ("server-error", "no-answer", "slow")


def signature(test: TestRun) -> str:
    """What a failure is known by from run to run: its kind and message without numbers, ids, times and URLs."""
    phase = test.failure
    return f"{phase.kind}: {normal(phase.message)}" if phase else ""


def causes(
    bundle: Bundle, exchanges: Mapping[str, Sequence[Exchange]] | None = None, logs: LogIndex | None = None
) -> list[Cause]:
    """The causes of a red run, none for a green one; exchanges of the failed tests and logs, when they are at hand."""
    failed, logs = failed_tests(bundle), logs or LogIndex(bundle)
    if exchanges is None:
        exchanges = {test.id: list(bundle.exchanges(test.id)) for test in failed}
    found = [*outages(bundle, failed, exchanges, logs)]
    explained = {test for outage in found for test in outage.tests}
    left = [test for test in failed if test.id not in explained]
    found += _grouped(left, Scene.of(bundle, exchanges), logs)
    return [*found, *_of_the_run(bundle, found, logs)]


def failed_tests(bundle: Bundle) -> list[TestRun]:
    """The tests that made the run red, or that it never brought to an end."""
    return [test for test in bundle.tests() if test.outcome in ("failed", "error", "unfinished")]


def _grouped(failed: Sequence[TestRun], scene: Scene, logs: LogIndex) -> Iterator[Cause]:
    groups: dict[tuple[str, ...], list[tuple[TestRun, Blame]]] = {}
    for test in failed:
        blamed = blame(test, scene)
        groups.setdefault((blamed.kind, *blamed.key), []).append((test, blamed))
    for group in sorted(groups.values(), key=lambda group: (RANKS.index(group[0][1].kind), -len(group))):
        yield _cause(group, logs)


def _cause(group: Sequence[tuple[TestRun, Blame]], logs: LogIndex) -> Cause:
    first = group[0][1]
    cause = Cause(first.kind, first.title, first.said, tuple(test.id for test, _ in group), first.exchange)
    for _, blamed in group[:TRIED]:
        if told := _lines(blamed, logs):
            return replace(cause, service=told[0][0], line=told[0][1], also=told[1:], exchange=blamed.exchange)
    return cause


def _lines(blamed: Blame, logs: LogIndex) -> tuple[Told, ...]:
    """The lines that say most while the exchange went wrong; what a server answered well, nobody need have logged."""
    exchange = blamed.exchange
    if blamed.kind == "test" or not exchange:
        return ()
    ended = exchange.started + exchange.elapsed
    if told := telling(logs.near(exchange.started - BEFORE, ended + AFTER), exchange.trace):
        return tuple(told)
    late, trace = logs.near(exchange.started - BEFORE, ended + LATER), trace_id(exchange.trace)
    if blamed.kind not in FAILED:
        late = {name: [line for line in lines if trace and trace in line.text] for name, lines in late.items()}
    return tuple(telling(late, exchange.trace))


def _of_the_run(bundle: Bundle, found: Sequence[Cause], logs: LogIndex) -> Iterator[Cause]:
    """What made a run red that no test failed of: the contract, records that stayed, or whatever code it ended with."""
    told = bundle.contract.get("failures")
    lines = [str(each) for each in told] if isinstance(told, list) else []
    if lines:
        changes = [*_changes(bundle)]
        title = f"the contract changed: {changes[0]}" if changes else lines[0]
        yield Cause("contract", title, "\n".join([*lines, *changes]))
    cleaned = bundle.run.get("clean_up")
    stuck = cleaned.get("stuck") if isinstance(cleaned, dict) else None
    gone = any(cause.kind in ("service", "not-started") for cause in found)  # nothing could be removed any more
    if isinstance(stuck, list) and stuck and not gone:
        yield _stuck(bundle, [each for each in stuck[:STUCK] if isinstance(each, dict)], logs)
    code = bundle.run.get("exit_code")
    if not found and not lines and not stuck and code:
        yield Cause("stopped", f"the run ended with exit code {code}, and no test of it had failed", "")


def _stuck(bundle: Bundle, records: Sequence[Mapping[str, Any]], logs: LogIndex) -> Cause:
    """With what was logged from the last teardown on; of the first record at least the refusal."""
    said = [f"{each.get('path')}: {each.get('reason')}" for each in records]
    since = max((phase.at for test in bundle.tests() for phase in test.phases), default=0)
    lines = logs.near(since, number(bundle.run, "ended") + LATER)
    told = telling(lines) or [*_naming(lines, "DELETE", str(records[0].get("path")) if records else "")][-1:]
    service, line = told[0] if told else ("", "")
    title = f"clean-up left {said[0] if said else 'records'}"
    return Cause("clean-up", title, "\n".join(said), service=service, line=line, also=tuple(told[1:2]))


def _naming(logs: Mapping[str, Sequence[LogLine]], *words: str) -> Iterator[Told]:
    for service, lines in logs.items():
        yield from ((service, brief(line.text)) for line in lines if all(word in line.text for word in words))


def _changes(bundle: Bundle) -> Iterator[str]:
    drift = bundle.contract.get("drift")
    told = drift.get("changes") if isinstance(drift, dict) else None
    for each in told if isinstance(told, list) else ():
        if isinstance(each, dict) and each.get("breaking"):
            yield f"{each.get('operation')} {each.get('where')}: {each.get('text')}"
