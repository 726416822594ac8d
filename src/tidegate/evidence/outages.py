"""What took the ground from under a run: the stack that did not start, a service that died, an end before the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tidegate.evidence.blame import normal
from tidegate.evidence.cause import Cause
from tidegate.evidence.logscores import brief, telling
from tidegate.evidence.testruns import number

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.evidence.logindex import LogIndex
    from tidegate.evidence.loglines import LogLine
    from tidegate.records import Exchange, TestRun

TESTS = "tests"  # the service that runs them: it ends with pytest's exit code
SLACK = 2.0  # seconds: the engine notes an end a little later than clients see it
DYING = 60.0  # seconds that a service may hang before it is gone, in which no test passes any more
TAIL = 30.0  # seconds before the end of a run in which its reason was logged


@dataclass(frozen=True, slots=True)
class _Dead:
    service: str
    how: str
    at: float


def outages(
    bundle: Bundle, failed: Sequence[TestRun], exchanges: Mapping[str, Sequence[Exchange]], logs: LogIndex
) -> Iterator[Cause]:
    """The causes of that kind, each with the tests that it explains."""
    if bundle.stack.get("started") is False:
        yield _not_started(bundle, failed, logs)
        return
    left, well = list(failed), max((test.ended for test in bundle.tests() if test.outcome == "passed"), default=0)
    for dead in _dead(bundle):
        since = min(dead.at - SLACK, max(well, dead.at - DYING))
        felt = [test for test in left if _felt(test, since, exchanges.get(test.id, ()))]
        if felt or _stopped(bundle):
            left = [test for test in left if test not in felt]
            gone = _first(felt, exchanges)
            said = f"{_count(felt)} got no usable answer from then on" if felt else _stopped(bundle)
            said += f"\nthe first: {gone.method} {gone.url} {gone.status or gone.error}" if gone else ""
            tail = logs.tail(dead.service, dead.at)
            told = telling(tail, dying=True)
            said += "" if told else _last_words(dead.service, tail[dead.service])
            yield Cause("service", dead.how, said, _ids(felt), gone, dead.service, told[0][1] if told else "")
    if stopped := _stopped(bundle):
        yield _early_end(bundle, stopped, left, exchanges, logs)


def _not_started(bundle: Bundle, failed: Sequence[TestRun], logs: LogIndex) -> Cause:
    told = str(bundle.stack.get("told") or "")
    names = [dead.service for dead in _dead(bundle)] + [name for name in _services(bundle) if name in told]
    each = (telling(logs.tail(name, float("inf")), dying=True) for name in dict.fromkeys([*names, *logs.lines]))
    best = next((told[0] for told in each if told), ("", ""))
    head = told.partition("\n")[0].strip() or f"it ended at {bundle.stack.get('stage') or 'a stage nobody noted'}"
    head = head if "not start" in head else f"the stack did not start: {head}"
    service = best[0] or next(iter(names), "")
    line = best[1] or _health(bundle, service)
    return Cause("not-started", head, told, _ids(failed), None, service, line)


def _early_end(
    bundle: Bundle,
    stopped: str,
    left: Sequence[TestRun],
    exchanges: Mapping[str, Sequence[Exchange]],
    logs: LogIndex,
) -> Cause:
    """With the tests that were told so, and those in whose midst it was."""
    head = stopped.partition("\n")[0]
    same = [test for test in left if not test.failure or normal(test.failure.message) == normal(head)]
    refused = [each for test in same for each in exchanges.get(test.id, ()) if (each.status or 400) >= 400]
    last, ended = refused[-1] if refused else None, number(bundle.run, "ended")
    told = telling(logs.near(ended - TAIL, ended + 1), last.trace if last else "", dying=True)
    service, line = told[0] if told else ("", "")
    return Cause("stopped", head, stopped, _ids(same), last, service, line, tuple(told[1:]))


def _dead(bundle: Bundle) -> Iterator[_Dead]:
    for name, told in _services(bundle).items():
        code, state = told.get("exit_code"), told.get("state")
        at = _seconds(told.get("finished"))
        if told.get("oom_killed"):
            yield _Dead(name, f"{name} was killed: it had no memory left", at)
        elif state in ("exited", "dead") and (code or _was_to_stay(bundle, told, at)):
            yield _Dead(name, f"{name} ended with exit code {code} while it was needed", at)
        elif told.get("restarts"):
            yield _Dead(name, f"{name} died and was started again", at)


def _was_to_stay(bundle: Bundle, told: Mapping[str, Any], at: float) -> bool:
    """Whether one that ended well ended too early: what does its work once has no health check."""
    return bool(told.get("health")) and at > number(bundle.run, "started")


def _last_words(service: str, tail: Sequence[LogLine]) -> str:
    """Who is killed from outside has no time to say why."""
    line = next((line.text for line in reversed(tail) if line.text.strip()), "")
    return f"\n{service} logged no reason; its last line: {brief(line)}" if line else f"\n{service} logged nothing"


def _felt(test: TestRun, since: float, mine: Sequence[Exchange]) -> bool:
    """Whether the test got no answer, or a server's error, from then on; or was told so, where nothing is recorded."""
    if test.ended < since:
        return False
    late = [each for each in mine if each.started + each.elapsed >= since]
    if any(each.status is None or each.status >= 500 for each in late):
        return True
    phase = test.failure
    return not late and phase is not None and any(word in phase.kind for word in ("Connect", "Protocol", "NotHealthy"))


def _first(felt: Sequence[TestRun], exchanges: Mapping[str, Sequence[Exchange]]) -> Exchange | None:
    bad = (each for test in felt for each in exchanges.get(test.id, ()) if each.status is None or each.status >= 500)
    return next(bad, None)


def _stopped(bundle: Bundle) -> str:
    stopped = bundle.run.get("stopped")
    return str(stopped.get("text") or "") if isinstance(stopped, dict) else ""


def _services(bundle: Bundle) -> Mapping[str, Mapping[str, Any]]:
    told = bundle.stack.get("services")
    services = told if isinstance(told, dict) else {}
    return {name: each for name, each in services.items() if isinstance(each, dict) and name != TESTS}


def _health(bundle: Bundle, service: str) -> str:
    told = _services(bundle).get(service, {}).get("health_log")
    outputs = [str(each.get("output") or "").strip() for each in told or () if isinstance(each, dict)]
    return next((f"health check: {output}" for output in reversed(outputs) if output), "")


def _seconds(stamp: Any) -> float:
    try:
        return datetime.fromisoformat(str(stamp)).timestamp()
    except ValueError:
        return 0.0


def _count(tests: Sequence[TestRun]) -> str:
    return f"{len(tests)} test{'s' * (len(tests) != 1)}"


def _ids(tests: Sequence[TestRun]) -> tuple[str, ...]:
    return tuple(test.id for test in tests)
