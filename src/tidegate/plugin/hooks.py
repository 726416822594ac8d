"""pytest's hooks: which test runs, what workers tell the controller, and the summary."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from tidegate.errors import BudgetSpent, LedgerError, LeftoversRemain, LoginRefused, TidegateError
from tidegate.plugin import guarding
from tidegate.plugin.state import STATE, WORKER_KEY, State, leave, stop

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

SHOWN = 20


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Lets the run follow a recorded order, before other plugins make up their mind."""
    if file := config.getoption("--replay-order"):
        from tidegate.plugin.order.replay import begin

        begin(config, file)


def pytest_configure(config: pytest.Config) -> None:
    """Makes the run's state; a worker's run id is the controller's with the worker's name."""
    from tidegate.plugin.evidence.record import Evidence

    state = config.stash[STATE] = State()
    state.evidence = Evidence(config, state)
    config.pluginmanager.register(state.evidence, "tidegate-evidence")
    config.addinivalue_line("markers", guarding.MARKER)
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker and WORKER_KEY in worker:
        state.run = f"{worker[WORKER_KEY]}-{worker['workerid']}"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a pytest-xdist worker the run id."""
    from tidegate.plugin.evidence.facts import asked
    from tidegate.plugin.start import stack
    from tidegate.session.run import new_run_id

    state = node.config.stash[STATE]
    state.run = state.run or new_run_id()
    node.workerinput[WORKER_KEY] = state.run
    node.workerinput[stack.WORKER_KEY] = stack.shared_place(node.config)
    node.workerinput["tidegate-asked"] = asked(node.config)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Notes that this is not all of the suite."""
    if items:
        items[0].config.stash[STATE].deselected += len(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Notes which test runs, for the ledger, and whether it says that it only reads, for the guard."""
    state = item.config.stash[STATE]
    state.test, state.phase = item.nodeid, "setup"
    state.readonly = item.get_closest_marker(guarding.MARK) is not None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Notes that the test itself runs now; fails one that passed for what it saw of the contract."""
    state = item.config.stash[STATE]
    state.phase = "call"
    result = yield
    if state.watch:
        from tidegate.plugin.contract.telling import tell_of_call

        tell_of_call(item, state, state.watch)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Notes that the test has run, and what it has left open: what comes now may be fixtures of other tests as well."""
    state = item.config.stash[STATE]
    state.phase, state.readonly = "teardown", False
    try:
        result = yield
    finally:
        if state.recording:
            state.recording.recorder.settle()
    if state.watch:
        from tidegate.plugin.contract.telling import tell_of_teardown

        tell_of_teardown(item, state, state.watch)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Masks the report, with what the test saw of the contract; ends the run when no test after it can do its work."""
    if call.excinfo and isinstance(call.excinfo.value, (BudgetSpent, LedgerError)):
        stop(item.config, call.excinfo.value)
    if call.excinfo and isinstance(call.excinfo.value, TidegateError) and not item.config.getoption("fulltrace"):
        from tidegate.plugin.shown.frames import shorten

        shorten(call.excinfo)
    state = item.config.stash[STATE]
    if state.watch:
        from tidegate.plugin.contract.telling import tell_beside

        tell_beside(item, call, state.watch)
    if state.evidence:
        state.evidence.look(item, call)
    report = yield
    if state.watch:
        from tidegate.plugin.contract.telling import note_report

        note_report(item, call, report, state.watch)
    if state.recording:
        state.recording.glance()
    if state.settings and (report.longrepr or report.sections or report.user_properties):
        from tidegate.plugin.shown.masking import mask_report

        mask_report(report, state.secrets)
    if state.evidence:
        state.evidence.reported(report)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Takes over what a worker that ends has to tell; ends the run when the worker had to."""
    output = getattr(node, "workeroutput", {}).get(WORKER_KEY)
    state: State = node.config.stash[STATE]
    if output is None:
        state.lost.append(str(node.gateway.id))
        return
    state.join(output)
    if state.stopped:
        leave(state.stopped)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Hands a worker's share over; elsewhere shows why the run ended early and sets the exit code."""
    try:
        return (yield)
    except OSError:  # another plugin could not write its report, for the same reason that is told below
        if not session.config.stash[STATE].stopped:
            raise
        return None
    finally:
        _finish(session)


def _finish(session: pytest.Session) -> None:
    config, state = session.config, session.config.stash[STATE]
    if state.recording or state.recorded:
        from tidegate.plugin import recording

        recording.end(config)
    if hasattr(config, "workeroutput"):
        _end_evidence(session, state)
        config.workeroutput[WORKER_KEY] = state.to_workeroutput()
        return
    if state.place:
        from tidegate.plugin.start.stack import end_shared

        end_shared(config)
    if state.watch or state.shares:
        from tidegate.plugin.contract.end import end_contract

        end_contract(session)
    if state.stopped:
        session.exitstatus = state.stopped[1]
    elif (state.lost_admin or (state.clean_up and state.clean_up.stuck)) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = LoginRefused.exit_code if state.lost_admin else LeftoversRemain.exit_code
    _end_evidence(session, state)
    if state.raw:
        from tidegate.plugin.evidence.outside import collect

        collect(session, state)
    if state.stopped:
        _show_why(config, state, state.stopped[0])


def _end_evidence(session: pytest.Session, state: State) -> None:
    if state.evidence and (state.evidence.folder or state.left or state.lost):
        from tidegate.plugin.evidence.ending import end_run

        end_run(session, state, state.evidence)


def _show_why(config: pytest.Config, state: State, text: str) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not reporter:
        sys.stderr.write(f"{text}\n")
        return
    if reporter._tw.width_of_current_line:  # after the dots of -q, which ensure_newline() does not see
        reporter.write_line("")
    reporter.section("tidegate", red=True)
    reporter.write_line(text)
    _summary(reporter, state)


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """Says what the tests made, who left something behind, and what could not be removed."""
    _summary(terminalreporter, config.stash[STATE])


def _summary(reporter: TerminalReporter, state: State) -> None:
    for line in filter(None, [state.left_out, *guarding.admin_lines(state.lost_admin)]):
        reporter.write_line(f"tidegate: {line}")
    if not state.target:
        return
    cleaned = state.cleaned
    seed = getattr(reporter.config.option, "randomly_seed", None)
    order = f"; --randomly-seed={seed} repeats the order" if isinstance(seed, int) else ""
    reporter.write_line(
        f"tidegate: run {state.run} against {state.target}, {_records(state.made)} made,"
        f" {_records(len(cleaned.removed))} removed at the end{order}"
    )
    _list(
        reporter,
        "not deleted by its test, removed at the end:",
        sorted({f"{item.test or 'an unknown test'}: {item.path}" for item in cleaned.removed}),
    )
    noted = [line if count == 1 else f"{line} ({count} times)" for line, count in state.notices.most_common()]
    _list(reporter, "note:", [*cleaned.notes, *noted])
    stuck = [f"{item.path}{f' of {item.test}' if item.test else ''}: {item.reason}" for item in cleaned.stuck]
    _list(reporter, "COULD NOT REMOVE", stuck)
    if stuck:
        reporter.write_line("tidegate: next: mend the cause, then run `tidegate sweep`; the ledger keeps the list")
    for line in state.contract_lines:
        reporter.write_line(f"tidegate: {'' if line.startswith('  ') else 'contract: '}{line}")


def _list(reporter: TerminalReporter, what: str, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        reporter.write_line(f"tidegate: {what} {line}")
    if len(lines) > SHOWN:
        reporter.write_line(f"tidegate: {what} … and {len(lines) - SHOWN} more")


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"
