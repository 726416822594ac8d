"""Every command line option of the plugin, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tidegate.settings import Settings

# Options that are another name for a setting.
NAMED = {
    "--stack": "stack.kind",
    "--allow-writes": "target.allow_writes",
    "--contract": "contract.mode",
    "--contract-document": "contract.document",
    "--contract-cov-fail-under": "contract.fail_under",
}


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
    group.addoption(
        "--replay-order",
        metavar="FILE",
        help="Run the tests of FILE alone, in its order; with -n each worker those that the worker of that name ran",
    )
    _add_contract(group)


def _add_contract(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--contract",
        metavar="MODE",
        help="What an answer does that departs from the API's document: strict fails the test that saw it, report lists"
        " it, off checks nothing",
    )
    group.addoption(
        "--contract-document",
        metavar="PATH|FILE|URL",
        help="The API's OpenAPI document, such as /openapi.json, docs/api.yaml, or auto to look on the API",
    )
    group.addoption(
        "--contract-update",
        action="store_true",
        help="Take what this run finds for known: writes contract-baseline.toml, where you say who owns it and why",
    )
    group.addoption(
        "--contract-cov-fail-under",
        metavar="N[,NAME=N]",
        help="Fail the run when less of the document is covered, in percent: over all, or of a resource, as in"
        " 90,things=100",
    )


def load_settings(config: pytest.Config) -> Settings:
    """The settings for this pytest run; raises SettingsError or UsageError."""
    from tidegate.settings import load, overrides

    chosen = overrides(config.getoption("--tidegate-set"))
    for option, key in NAMED.items():
        if (value := config.getoption(option)) is not None:
            chosen[key] = value
    if config.getoption("--keep-stack"):
        chosen["stack.keep"] = "true"
    if config.getoption("--allow-admin-changes"):
        chosen["target.allow_admin_changes"] = "true"
    return load(config.rootpath, env_path=config.getoption("--tidegate-env-file"), overrides=chosen)
