"""What of a run is otherwise than in another one, the worse first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidegate.evidence.causes import signature
from tidegate.evidence.durations import changes
from tidegate.evidence.fingerprint import differences
from tidegate.evidence.seen import look

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.records import TestRun

RED = ("failed", "error", "unfinished")
KINDS = (
    *("red", "run", "finding", "coverage", "slower"),
    *("fixed", "finding gone", "faster"),
    *("red otherwise", "red in both", "outcome", "added", "gone", "not run", "pace", "differs"),
)
WORSE, BETTER, ELSE = "worse", "better", "else"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that differs: `way` is worse, better or else, `kind` what it is about."""

    way: str
    kind: str
    what: str
    said: str = ""


def compare(then: Bundle, now: Bundle) -> list[Point]:
    """All that differs between two runs and is no chance, worse ones first."""
    found = [*_tests(then, now), *_verdict(then, now), *_contract(then, now), *_coverage(then, now)]
    found += [*_tempo(then, now), *(Point(ELSE, "differs", line) for line in differences(then, now))]
    return sorted(found, key=lambda point: ((WORSE, BETTER, ELSE).index(point.way), KINDS.index(point.kind)))


def _tests(then: Bundle, now: Bundle) -> Iterator[Point]:
    before, after = _by_id(then), _by_id(now)
    for test, run in after.items():
        was, red = before.get(test), run.outcome in RED
        if red and (was is None or was.outcome not in RED):
            yield Point(WORSE, "red", test, f"{_why(run)} ({f'{was.outcome} there' if was else 'not run there'})")
        elif red and was and signature(was) != signature(run):
            yield Point(ELSE, "red otherwise", test, f"{_why(was)} there, {_why(run)} here")
        elif red:
            yield Point(ELSE, "red in both", test, _why(run))
        elif was and was.outcome in RED and run.outcome == "passed":
            yield Point(BETTER, "fixed", test, _why(was))
        elif was and was.outcome != run.outcome:
            yield Point(ELSE, "outcome", test, f"{was.outcome} there, {run.outcome} here")
    asked, known = {*after, *now.collected()}, {*before, *then.collected()}
    yield from (Point(ELSE, "added", test) for test in sorted(asked - known - _red(after)))
    yield from (Point(ELSE, "gone", test) for test in sorted(known - asked))
    yield from (Point(ELSE, "not run", test) for test in before if test in asked and test not in after)


def _by_id(bundle: Bundle) -> dict[str, TestRun]:
    return {run.id: run for run in bundle.tests()}


def _red(runs: Mapping[str, TestRun]) -> set[str]:
    return {test for test, run in runs.items() if run.outcome in RED}


def _why(run: TestRun) -> str:
    phase = run.failure
    if phase is None:
        return "it never ended"
    return phase.message if phase.message.startswith(phase.kind) else f"{phase.kind}: {phase.message}".strip(": ")


def _verdict(then: Bundle, now: Bundle) -> Iterator[Point]:
    """How the run ended, where no test says it."""
    was, came = (str(bundle.run.get("verdict") or "cut off") for bundle in (then, now))
    if was != came and not (came == "failed" and _red(_by_id(now))) and came != "passed":
        stopped = now.run.get("stopped")
        why = str(stopped.get("text")) if isinstance(stopped, dict) else f"exit code {now.run.get('exit_code')}"
        yield Point(WORSE if was == "passed" else ELSE, "run", f"{was} there, {came} here", why.splitlines()[0])


def _contract(then: Bundle, now: Bundle) -> Iterator[Point]:
    if not then.contract or not now.contract:
        return
    before, after, ran = _findings(then), _findings(now), _by_id(now)
    for key, each in after.items():
        if key not in before:
            yield Point(WORSE, "finding", " ".join(key), _promise(each))
    for key, each in before.items():
        if key not in after and any(test in ran for test in each.get("tests") or ()):
            yield Point(BETTER, "finding gone", " ".join(key), _promise(each))


def _findings(bundle: Bundle) -> dict[tuple[str, ...], Mapping[str, Any]]:
    told = bundle.contract.get("findings")
    kept = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return {tuple(str(each.get(name, "")) for name in ("kind", "operation", "where")): each for each in kept}


def _promise(finding: Mapping[str, Any]) -> str:
    return f"promised {finding.get('promised', '')}, came {finding.get('came', '')}"


def _coverage(then: Bundle, now: Bundle) -> Iterator[Point]:
    before, after = _points(then), _points(now)
    if not before or not after or not (then.contract.get("whole") and now.contract.get("whole")):
        return  # a part of a suite proves nothing unseen
    percents = [float(bundle.contract["coverage"].get("percent") or 0) for bundle in (then, now)]
    lost = [point for point, met in before.items() if met and not after.get(point)]
    won = [point for point, met in after.items() if met and not before.get(point)]
    for way, points in ((WORSE, lost), (BETTER, won)):
        if points:
            more = f" and {len(points) - 3} more" if len(points) > 3 else ""
            said = f"{'no longer seen' if way == WORSE else 'seen now'}: {', '.join(points[:3])}{more}"
            yield Point(way, "coverage", f"{percents[0]:g} % there, {percents[1]:g} % here", said)


def _points(bundle: Bundle) -> dict[str, bool]:
    coverage = bundle.contract.get("coverage")
    told: Any = coverage.get("operations") if isinstance(coverage, dict) else None
    return {
        f"{each.get('operation')} {point}": bool(met)
        for each in (told if isinstance(told, list) else [])
        if isinstance(each, dict)
        for kind in ("positive", "negative", "input")
        for point, met in dict(each.get(kind) or {}).items()
    }


def _tempo(then: Bundle, now: Bundle) -> Iterator[Point]:
    pace, found = changes(look(then, (), ()).took, look(now, (), ()).took)
    for each in found:
        said = f"{each.then:.0f} ms there, {each.now:.0f} ms here (medians of {each.count})"
        yield Point(WORSE if each.slower else BETTER, "slower" if each.slower else "faster", each.name, said)
    if not 0.67 < pace < 1.5:
        corrected = "; what is above is corrected for it" if found else ""
        yield Point(ELSE, "pace", f"all operations took {pace:.1f} times as long here", f"another machine{corrected}")
