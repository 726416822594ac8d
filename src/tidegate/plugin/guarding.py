"""The guard inside pytest: which tests run against a shared target, and what a run says about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tidegate.errors import LoginRefused, TidegateError
from tidegate.plugin.state import STATE, stop

if TYPE_CHECKING:
    from tidegate.session.guard import Guard
    from tidegate.session.ledger import Ledger
    from tidegate.settings import Resource, Settings

MARK = "readonly"
MARKER = "readonly: the test sends nothing that changes anything, so that it may run against a shared target (tidegate)"
SUSPECTS = 5


def open_guard(
    config: pytest.Config, settings: Settings, base_url: str, resources: tuple[Resource, ...], ledger: Ledger
) -> Guard:
    """The guard of this process, one for all its clients; ends the run when the credentials are not for the target."""
    from tidegate.session.guard import Guard

    state = config.stash[STATE]
    check_target(config, settings, base_url)
    if state.guard is None:
        state.guard = Guard(
            settings,
            base_url,
            resources,
            ledger,
            is_readonly=lambda: state.readonly,
            current_test=lambda: state.test,
            report=state.note,
        )
    return state.guard


def check_target(config: pytest.Config, settings: Settings, base_url: str) -> None:
    """Ends the run when a shared target would get credentials that it must not."""
    from tidegate.session.credentials import check_credentials

    try:
        check_credentials(settings, base_url)
    except TidegateError as error:
        stop(config, error)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves only tests marked readonly where the target is shared and nothing allows to write to it."""
    if not any(map(_uses_tidegate, items)) or not (closed := _closed_target(config)):
        return
    kept = [item for item in items if item.get_closest_marker(MARK)]
    left_out = [item for item in items if not item.get_closest_marker(MARK)]
    if left_out:
        tests = "1 test is" if len(left_out) == 1 else f"{len(left_out)} tests are"
        config.stash[STATE].left_out = (
            f"{tests} not run: {closed} is a shared target, where only tests marked {MARK} run;"
            f" {_way_out(config, closed)}"
        )
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _closed_target(config: pytest.Config) -> str:
    """The shared target that this run may only read; empty when it may write, or when no settings can be read."""
    from tidegate.plugin.options import load_settings

    try:
        settings = load_settings(config)
        if settings.stack.kind in ("compose", "process"):
            return ""  # what a run starts for itself is its own, whatever the settings say of another API
        from tidegate.session.hosts import base_of, may_write, place_of

        place = place_of(base_of(settings.base_url))
        return "" if may_write(place, settings) else str(place)
    except TidegateError:
        return ""  # the settings fixture will say it


def _way_out(config: pytest.Config, closed: str) -> str:
    from tidegate.plugin.options import load_settings

    allowed = load_settings(config).target.allow_writes
    return (f"you allowed {allowed}, the target is {closed}: " if allowed else "") + f"--allow-writes={closed} runs all"


def _uses_tidegate(item: pytest.Item) -> bool:
    """Whether the test uses a fixture of ours, all of which use `settings`: any suite may have one of that name."""
    if "settings" not in getattr(item, "fixturenames", ()):
        return False
    known: dict[str, Any] = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    return any(module.startswith("tidegate.") for found in known.items() for module in _modules(*found))


def _modules(name: str, definitions: tuple[Any, ...]) -> Iterator[str]:
    """Where the fixture of this name is defined, and each that it overrides and uses itself."""
    for definition in reversed(definitions):
        yield definition.func.__module__
        if name not in definition.argnames:
            return


def ask_after_admin(config: pytest.Config, settings: Settings, log_in: Callable[[], object]) -> None:
    """Logs in once more after requests that may have harmed the admin; notes them when that is refused."""
    state = config.stash[STATE]
    if state.guard is None or not list(state.guard.suspects):
        return
    from tidegate.session.http import httpx

    try:
        log_in()
    except LoginRefused as error:
        note_lost_admin(config, settings, error)
    except (TidegateError, httpx.HTTPError) as error:
        state.note(f"the admin could not be asked for at the end: {str(error).splitlines()[0]}")


def note_lost_admin(config: pytest.Config, settings: Settings, error: LoginRefused) -> None:
    """Notes what may have harmed the admin, in any process of this run, whose login is refused now."""
    from tidegate.session.suspects import of_run

    state = config.stash[STATE]
    if error.status is not None and not 400 <= error.status < 500:
        return  # the API is gone or has failed, which is no news of the admin
    suspects = of_run(settings.artifacts_dir / "ledger", state.run)
    if suspects:
        lines = [f"{suspect.test}: {suspect.request}" for suspect in suspects[:SUSPECTS]]
        state.lost_admin = [str(error).splitlines()[0], *lines]


def admin_lines(lost: list[str]) -> Iterator[str]:
    """What to say of an admin who stopped working."""
    if not lost:
        return
    what, *suspects = lost
    yield f"THE ADMIN STOPPED WORKING in this run: {what}"
    one = len(suspects) == 1
    for number, suspect in enumerate(suspects):
        yield f"{'by' if one else 'most likely by' if not number else 'or by'} {suspect}"
    yield "next: seed the admin again, and give that test an account of its own"
