"""What run.json says: what ran, on what, with which settings, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tidegate.plugin.evidence.machine import is_container, machine, named
from tidegate.plugin.state import State

if TYPE_CHECKING:
    from tidegate.records import CleanUp
    from tidegate.settings import Settings

FORMAT, NAME, PATCH = 1, "run.json", "patch.diff"
STUCK = 200  # records that could not be removed
INTERRUPTED = 2  # of which pytest also speaks when something cannot be collected
Facts = dict[str, Any]


def first_facts(config: pytest.Config, state: State, settings: Settings | None, folder: Path) -> Facts:
    """What is known when a run begins; the patch of what is not committed is written beside it."""
    from tidegate.outside import outside
    from tidegate.session.run import whole_run
    from tidegate.settings.surroundings import provider, told_variables

    found: Facts = {
        "format": FORMAT,
        "run": whole_run(state.run),
        "started": time.time(),
        "ended": None,
        "verdict": None,
    }
    found |= {"exit_code": None, "stopped": None, "counts": {}, **machine()}
    found["pytest"] = asked(config) | {"rootdir": str(config.rootpath), "plugins": _plugins(config)}
    found |= {"env": told_variables(), "ci": provider(), "settings": _settings(settings) if settings else {}}
    git = None if outside() else _git(state, settings, settings.root if settings else config.rootpath, folder)
    found["git"] = git
    found["place"] = "container" if outside() or (git is None and is_container()) else "host"
    return found | {"stack": None, "target": "", "document": None}


def asked(config: pytest.Config) -> Facts:
    """What pytest was asked for; a worker was told of it, since pytest-xdist gives it arguments of its own."""
    told = getattr(config, "workerinput", {}).get("tidegate-asked")
    if told:
        return dict(told)
    seed, option = getattr(config.option, "randomly_seed", None), config.option
    workers = getattr(option, "tx", None) or []
    return {
        "args": [str(word) for word in config.invocation_params.args],
        "seed": seed if isinstance(seed, int) else None,
        "workers": len(workers),
        "dist": getattr(option, "dist", "no"),
    }


def last_facts(session: pytest.Session, state: State, counts: Mapping[str, int]) -> Facts:
    """What is known when it ends."""
    code = int(session.exitstatus)
    stopped = {"text": state.stopped[0], "code": state.stopped[1]} if state.stopped else None
    found: Facts = {"ended": time.time(), "exit_code": code, "stopped": stopped, "counts": dict(counts)}
    broken = stopped or counts.get("failed") or counts.get("error")
    found["verdict"] = "passed" if not code else "interrupted" if code == INTERRUPTED and not broken else "failed"
    found |= {"target": state.target, "document": _document(state), "stack": _stack(state)}
    return found | {"clean_up": _clean_up(state.cleaned)}


def _clean_up(cleaned: CleanUp) -> Facts:
    stuck = [{"path": each.path, "reason": each.reason, "test": each.test} for each in cleaned.stuck[:STUCK]]
    return {"removed": len(cleaned.removed), "stuck": stuck, "notes": cleaned.notes}


def _stack(state: State) -> Facts | None:
    from tidegate.outside import outside

    kind = "compose" if outside() else state.stack_kind
    return {"kind": kind} if kind else None


def _settings(settings: Settings) -> Facts:
    from tidegate.settings import described
    from tidegate.settings.show import HIDDEN

    rows = described(settings)
    return {key: {"value": "***" if value == HIDDEN else value, "origin": origin} for key, value, origin in rows}


def _plugins(config: pytest.Config) -> dict[str, str]:
    """Those that were installed; by the names of their folders where there are such, as all versions are."""
    folders = (getattr(dist, "_path", None) for _, dist in config.pluginmanager.list_plugin_distinfo())
    return dict(sorted(named(Path(folder).name) for folder in folders if folder))


def _document(state: State) -> Facts | None:
    told = [share["document"] for share in state.shares]
    if state.watch and state.watch.held.described:
        described = state.watch.held.described
        told.append({name: getattr(described, name) for name in ("title", "version", "digest")})
    return next(filter(None, told), None)


def _git(state: State, settings: Settings | None, root: Path, folder: Path) -> Facts | None:
    from tidegate.stack.commit import commit_of

    found = commit_of(root, but=folder)
    if found is None:
        return None
    told = found.to_json()
    (folder / PATCH).unlink(missing_ok=True)
    if found.patch and _tells(found.patch, state, settings):
        return told | {"patch": None, "note": "the patch holds secrets, and was left out"}  # masked, it would not apply
    if found.patch:
        (folder / PATCH).write_text(found.patch, encoding="utf-8")
    return told


def _tells(patch: str, state: State, settings: Settings | None) -> bool:
    """Whether a patch gives a secret away; what .env.test holds is committed, unless that is what is changed."""
    from tidegate.redact import Secrets
    from tidegate.redact.shapes import without_shapes

    written = settings.written if settings and "b/.env.test" not in patch else frozenset()
    secrets = Secrets(value for value in state.secrets if value not in written)
    return bool(secrets.spans(patch)) or without_shapes(patch) != patch
