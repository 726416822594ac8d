"""The gate inside pytest: once a run, also when several workers ask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import ApiNotHealthy, TidegateError
from tidegate.plugin.shown.saying import say
from tidegate.plugin.state import STATE, stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegate.session.question import Pass
    from tidegate.settings import Settings

# Seconds for which nothing may listen where nothing was started; who starts the API beside the run says where it is.
PATIENCE = 5.0


def wait_once(request: pytest.FixtureRequest, base_url: str, settings: Settings) -> None:
    """Waits for health; a worker that comes after another takes over its verdict."""
    try:
        if hasattr(request.config, "workerinput"):
            # The folder above a worker's own temporary folder is the run's.
            shared: Path = request.getfixturevalue("tmp_path_factory").getbasetemp().parent
            _first_asks(shared / "tidegate-gate", request.config, base_url, settings)
        else:
            _wait(request.config, base_url, settings)
    except TidegateError as error:
        stop(request.config, error)


def _first_asks(verdict: Path, config: pytest.Config, base_url: str, settings: Settings) -> None:
    from filelock import FileLock

    with FileLock(verdict.with_suffix(".lock")):
        if verdict.exists():
            if text := verdict.read_text(encoding="utf-8"):
                raise ApiNotHealthy(text)
            return
        try:
            _wait(config, base_url, settings)
        except ApiNotHealthy as error:
            verdict.write_text(str(error), encoding="utf-8")
            raise
        verdict.touch()


def _wait(config: pytest.Config, base_url: str, settings: Settings) -> None:
    from tidegate.session.gate import wait
    from tidegate.session.question import Question

    stack = config.stash[STATE].stack

    def progress(line: str) -> None:
        if stack:
            stack.check()
        say(config, line)

    url = settings.health_url(base_url)
    question = Question.of(settings, stack.reached(url) if stack else url, _login(settings, base_url))
    alone = stack is not None and stack.kind == "none" and _was_to_start(settings)
    try:
        wait(question, progress, patience=PATIENCE if alone else settings.health.timeout)
    except ApiNotHealthy as error:
        raise (ApiNotHealthy(f"{error}\n{_why_nothing(settings)}") if alone else error) from None


def _was_to_start(settings: Settings) -> bool:
    """Whether nothing runs for want of anything to start, not because somebody said where the API is."""
    from tidegate.stack.choose import given

    return settings.stack.kind == "auto" and not given(settings)


def _why_nothing(settings: Settings) -> str:
    """The reason of the choice, which the run has said far above."""
    from tidegate.stack.choose import choose
    from tidegate.stack.warm import why_not

    choice = choose(settings, engine=lambda: why_not(settings))
    return f"  nothing was started: {choice.why}"


def _login(settings: Settings, base_url: str) -> Callable[[], Pass] | None:
    if not settings.health.login:
        return None  # and nothing that speaks HTTP is loaded while the API starts
    from tidegate.session.admission import admission

    return admission(settings, base_url)
