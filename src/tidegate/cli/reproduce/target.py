"""What was red in a run, and whether another run is red in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.errors import UsageError
from tidegate.evidence.blame import normal
from tidegate.evidence.bundle import Bundle
from tidegate.evidence.causes import causes, signature

TESTS_FAILED = 1


@dataclass(frozen=True, slots=True)
class Red:
    """Tests with what they are known to fail by, or the end of the whole run, or services that did not start.

    `said` is how the tests told it.
    """

    tests: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    code: int | None = None
    stopped: str = ""
    services: frozenset[str] = frozenset()
    stage: str = ""

    @property
    def of_the_start(self) -> bool:
        """Whether no test ran, since the stack did not stand."""
        return bool(self.services or self.stage)

    def only(self, wanted: str) -> Red:
        """The same with the tests that are named so; raises UsageError when there is none."""
        tests = {name: known for name, known in self.tests.items() if name == wanted or name.endswith(f"::{wanted}")}
        if not tests:
            raise UsageError(
                f"{wanted} did not fail in that run\n  seen: {', '.join([*self.tests][:5]) or 'no test failed'}\n"
                "  next: name one of these, or leave --test out"
            )
        return Red(tests, {name: self.said.get(name, "") for name in tests})


def red(bundle: Bundle) -> Red:
    """What was red in that run; raises UsageError when nothing was."""
    failed = {test.id: signature(test) for test in bundle.tests() if test.failure and test.index >= 0}
    if bundle.run.get("verdict") == "interrupted" and not failed:
        raise UsageError(
            "there is nothing to reproduce: that run was interrupted before anything was red\n"
            "  seen: Ctrl-C, a cancelled job or a time limit\n"
            "  next: take the bundle of a run that failed; tidegate show has how far this one came"
        )
    if bundle.stack.get("started") is False:
        services = failed_services(bundle.stack.get("services"))
        return Red(services=services, stage=str(bundle.stack.get("stage") or "") or "start")
    code, stopped = bundle.run.get("exit_code"), stopped_text(bundle)
    if failed and (code in (TESTS_FAILED, None) or not stopped):
        return Red(failed, {test.id: test.failure.message for test in bundle.tests() if test.failure})
    if stopped or code not in (0, 5, None):
        return Red(code=code, stopped=stopped)
    raise UsageError(
        "there is nothing to reproduce: nothing was red in that run\n"
        f"  seen: verdict {bundle.run.get('verdict') or 'unknown'}, exit code {code}"
        f"{''.join(f'; {line}' for line in bundle.missing[:3])}\n"
        "  next: take the bundle of a run that failed"
    )


def chosen_files(bundle: Bundle) -> tuple[str, ...]:
    """The files with tests of that run, where its arguments chose files or folders; () where it looked into all."""
    pytest = bundle.run.get("pytest")
    args = pytest.get("args") if isinstance(pytest, dict) else None
    words = [word for word in args if isinstance(word, str)] if isinstance(args, list) else []
    places = [word.partition("::")[0].removeprefix("./").rstrip("/") for word in words]
    ids = [*bundle.collected(), *(test.id for test in bundle.tests())]
    files = tuple(dict.fromkeys(each.partition("::")[0] for each in ids))
    return files if any(file == place or file.startswith(f"{place}/") for file in files for place in places) else ()


def ending(bundle: Bundle) -> str:
    """What ended that run early, else what made it red although no test failed, or what could not be collected."""
    stopped = bundle.run.get("stopped")
    if text := str(stopped.get("text") or "").strip() if isinstance(stopped, dict) else "":
        return text
    told = [f"{cause.title}\n{cause.said}" for cause in causes(bundle) if not cause.tests]
    broken = [test for test in bundle.tests() if test.failure and test.index < 0]
    return "\n".join(told or [f"{test.id}: {test.failure.message}" for test in broken if test.failure])


def died(bundle: Bundle, test: str) -> str:
    """The service that was gone in that run when the test asked it, and how it went; empty when none was."""
    return next((each.title for each in causes(bundle) if each.kind == "service" and test in each.tests), "")


def stopped_text(bundle: Bundle) -> str:
    """The first line of that, without what differs from run to run."""
    return normal(ending(bundle).partition("\n")[0])


def failed_services(services: Any) -> frozenset[str]:
    """The services that were seen to fail, each with how."""
    found = services.items() if isinstance(services, dict) else ()
    return frozenset(filter(None, (_failed(name, each) for name, each in found if isinstance(each, dict))))


def _failed(name: str, service: Mapping[str, Any]) -> str:
    if service.get("oom_killed"):
        return f"{name} out of memory"
    code = service.get("exit_code")
    if code and service.get("state") in ("exited", "dead", "restarting"):
        return f"{name} exit code {code}"
    return f"{name} unhealthy" if service.get("health") == "unhealthy" else ""


@dataclass(frozen=True, slots=True)
class Match:
    """Of what is wanted: what failed the same way, what failed otherwise and how, and whether the run ended so."""

    same: frozenset[str] = frozenset()
    otherwise: Mapping[str, str] = field(default_factory=dict)
    ended_so: bool = False


def compared(wanted: Red, came: Bundle, code: int) -> Match:
    """How a new run compares to what is wanted."""
    same, otherwise = set(), {}
    for test in came.tests():
        if test.failure and test.id in wanted.tests:
            if signature(test) == wanted.tests[test.id]:
                same.add(test.id)
            else:
                otherwise[test.id] = test.failure.message or test.failure.kind
    ended_so = not wanted.tests and code == wanted.code and stopped_text(came) == wanted.stopped
    return Match(frozenset(same), otherwise, ended_so)
