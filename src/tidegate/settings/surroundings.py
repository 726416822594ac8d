"""What the environment says of a run, for who reads of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.outside import VARIABLE
from tidegate.settings.model import SECRET_NAME
from tidegate.settings.sources import environment

_TOLD = frozenset({"TZ", "PYTHONHASHSEED", "PYTEST_ADDOPTS", "LANG", "LC_ALL"})


def told_variables() -> dict[str, str]:
    """The variables that decide how a run goes, without those whose names say that they hold a secret."""
    named = {name: value for name, value in environment().items() if name.startswith(("API_", "TIDEGATE_"))}
    named |= {name: environment()[name] for name in _TOLD if name in environment()}
    return {name: named[name] for name in sorted(named) if name != VARIABLE and not SECRET_NAME.search(name)}


def secret_variables() -> list[str]:
    """The values of variables whose names say that they hold a secret."""
    return [value for name, value in environment().items() if SECRET_NAME.search(name) and len(value) >= 6]


def provider() -> dict[str, Any] | None:
    """Which CI runs this, and where it shows it; None elsewhere."""
    env = environment()
    if env.get("GITHUB_ACTIONS"):
        return _github(env)
    if env.get("GITLAB_CI"):
        named = {"run_url": "CI_PIPELINE_URL", "run_id": "CI_PIPELINE_ID", "job": "CI_JOB_NAME"}
        return _ci("gitlab", env, named | {"sha": "CI_COMMIT_SHA", "ref": "CI_COMMIT_REF_NAME"})
    return _ci("unknown", env, {}) if env.get("CI") else None


def _github(env: Mapping[str, str]) -> dict[str, Any]:
    named = {"run_id": "GITHUB_RUN_ID", "job": "GITHUB_JOB", "attempt": "GITHUB_RUN_ATTEMPT"}
    told = _ci("github", env, named | {"sha": "GITHUB_SHA", "ref": "GITHUB_REF"})
    place = f"{env.get('GITHUB_SERVER_URL', '')}/{env.get('GITHUB_REPOSITORY', '')}"
    return told | {"run_url": f"{place}/actions/runs/{told['run_id']}" if told["run_id"] else ""}


def _ci(name: str, env: Mapping[str, str], named: Mapping[str, str]) -> dict[str, Any]:
    keys = ("run_url", "run_id", "job", "attempt", "sha", "ref")
    return {"provider": name} | {key: env.get(named.get(key, ""), "") for key in keys}
