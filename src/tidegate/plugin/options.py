"""Every command line option of the plugin, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tidegate.settings import Settings


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options to pytest's own."""
    group = parser.getgroup("tidegate", "tidegate: tests of a JSON REST API over real HTTP")
    group.addoption(
        "--tidegate-set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="Set one setting for this run, such as health.timeout=60; may be repeated. `tidegate settings` lists them",
    )
    group.addoption(
        "--tidegate-env-file",
        metavar="PATH",
        help="Read this file of NAME=value lines instead of .env.test",
    )
    group.addoption(
        "--stack",
        metavar="KIND",
        help="Start the API as compose or process, or start none; else what can be started, and none where"
        " API_BASE_URL is in the environment",
    )
    group.addoption(
        "--keep-stack",
        action="store_true",
        help="Leave the stack of compose up at the end: the next run finds it warm",
    )
    group.addoption(
        "--allow-writes",
        metavar="HOST",
        help="Let this run write to HOST, a shared target on which only tests marked readonly run otherwise",
    )
    group.addoption(
        "--allow-admin-changes",
        action="store_true",
        help="Let tests change or delete the seeded admin, whom the guard protects otherwise",
    )


def load_settings(config: pytest.Config) -> Settings:
    """The settings for this pytest run; raises SettingsError or UsageError."""
    from tidegate.settings import load, overrides

    chosen = overrides(config.getoption("--tidegate-set"))
    if (kind := config.getoption("--stack")) is not None:
        chosen["stack.kind"] = kind
    if config.getoption("--keep-stack"):
        chosen["stack.keep"] = "true"
    if (host := config.getoption("--allow-writes")) is not None:
        chosen["target.allow_writes"] = host
    if config.getoption("--allow-admin-changes"):
        chosen["target.allow_admin_changes"] = "true"
    return load(config.rootpath, env_path=config.getoption("--tidegate-env-file"), overrides=chosen)
