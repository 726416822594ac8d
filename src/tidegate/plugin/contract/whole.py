"""Whether a run was all of the suite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tidegate.plugin.state import State

# Options that leave tests out without a word to other plugins.
NARROWING = ("ignore", "ignore_glob", "lf", "stepwise", "keyword", "markexpr", "deselect")


def is_whole(session: pytest.Session, state: State) -> bool:
    """Whether every test of the suite ran, and none failed: only then is what was not seen no longer there."""
    config = session.config
    narrowed = any(config.getoption(name, None) for name in NARROWING)
    return session.exitstatus == pytest.ExitCode.OK and not (
        narrowed or state.deselected or state.left_out or state.lost or not _asks_for_all(config)
    )


def _asks_for_all(config: pytest.Config) -> bool:
    """Whether the arguments, if there are any, take in all of `testpaths`."""
    if config.args_source != pytest.Config.ArgsSource.ARGS:
        return True
    places = [path for name in config.getini("testpaths") for path in config.rootpath.glob(name)] or [config.rootpath]
    here = config.invocation_params.dir
    asked = [Path(here, argument).resolve() for argument in config.args]
    return all(any(path.resolve().is_relative_to(each) for each in asked) for path in places)
