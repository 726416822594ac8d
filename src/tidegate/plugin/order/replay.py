"""`--replay-order`: these tests alone, in this order, each by the worker that ran it."""

from __future__ import annotations

from collections.abc import Collection, Generator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import UsageError
from tidegate.order.plan import Plan, read_plan
from tidegate.plugin.state import STATE

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from tidegate.plugin.order.split import Split

SHOWN = 20


def begin(config: pytest.Config, file: str) -> None:
    """Lets this run follow the file; the seed of pytest-randomly is the recorded one unless another was asked for."""
    try:
        plan = read_plan(config.invocation_params.dir / Path(file))
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.option.randomly_reorganize = False
    if plan.seed is not None and getattr(config.option, "randomly_seed", None) == "default":
        config.option.randomly_seed = plan.seed
    config.pluginmanager.register(_Begun(plan))


class _Begun:
    """Waits until every other plugin is there: what sorts the tests last has to come last."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        session.config.pluginmanager.register(Replay(self.plan))


class Replay:
    """Keeps the tests of a plan, in its order, whatever other plugins made of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.notes: list[str] = []
        self._files = frozenset(plan.files)

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Leaves out files that the recorded run did not look into; folders and packages are as they were."""
        if not self._files or collection_path.name == "__init__.py" or collection_path.is_dir():
            return None
        inside = collection_path.is_relative_to(config.rootpath)
        if not inside or collection_path.relative_to(config.rootpath).as_posix() in self._files:
            return None
        if any(fnmatch(collection_path.name, pattern) for pattern in config.getini("python_files")):
            config.stash[STATE].deselected += 1  # so that this run is no more of the suite than the recorded one
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Leaves what the plan has; within a worker all of it, since the controller says who runs what."""
        result = yield
        found = {item.nodeid: item for item in items}
        kept = {test: found[test] for test in self.plan.tests if test in found}
        if left_out := [item for item in items if item.nodeid not in kept]:
            config.hook.pytest_deselected(items=left_out)
        items[:] = kept.values()
        self.note(found)
        if len(self.plan.workers) > 1 and not hasattr(config, "workerinput"):
            self.notes.append(f"one process ran the tests of {', '.join(self.plan.workers)}, one after another")
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config) -> Split:
        """Deals the tests out as they were."""
        from xdist.workermanage import parse_tx_spec_config  # type: ignore[import-untyped]

        from tidegate.plugin.order.split import Split

        return Split(self.plan.workers, len(parse_tx_spec_config(config)), self.note)

    def note(self, found: Collection[str]) -> None:
        """Notes which tests there are no more."""
        gone = [test for test in self.plan.tests if test not in found]
        self.notes = [f"not replayed, since no such test is collected: {test}" for test in gone[:SHOWN]]
        self.notes += [f"not replayed: … and {len(gone) - SHOWN} more"] if len(gone) > SHOWN else []

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Says how this run is not the one that was recorded."""
        for line in self.notes:
            terminalreporter.write_line(f"tidegate: {line}")
