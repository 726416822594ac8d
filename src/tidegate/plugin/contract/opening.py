"""The contract inside pytest, opened with the first client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import DocumentError, LedgerError, SettingsError, TidegateError
from tidegate.plugin.state import STATE, State, stop

if TYPE_CHECKING:
    from tidegate.plugin.contract.watch import Held
    from tidegate.session.guard import Guard
    from tidegate.settings import Settings


def open_contract(config: pytest.Config, settings: Settings, base_url: str, guard: Guard) -> None:
    """Has every exchange from now on held against the contract; ends the run when that cannot be read."""
    state = config.stash[STATE]
    wanted = settings.contract
    if state.watch or wanted.mode == "off" or not (wanted.document or wanted.shapes or wanted.fail_under):
        return
    from tidegate.plugin.contract.watch import Watch

    try:
        held = _held(state, settings, base_url, guard)
    except TidegateError as error:
        stop(config, error)
    except OSError as error:
        stop(config, LedgerError(f"{error.filename} cannot be written\n  seen: {error.strerror}"))
    update = config.getoption("--contract-update")
    state.watch = Watch(state, settings, held, fails=not update)
    state.observers.append(state.watch.observe)


def _held(state: State, settings: Settings, base_url: str, guard: Guard) -> Held:
    from tidegate.contract.baseline import NAME, read_baseline
    from tidegate.contract.shapes import NAME as SHAPES
    from tidegate.contract.shapes import read_shapes
    from tidegate.plugin.contract.watch import Held
    from tidegate.session.hosts import base_of

    folder = settings.root / settings.contract.folder
    base = base_of(base_url)
    held = Held(
        base_url=base_url,
        origin=f"{base.scheme}://{base.netloc.decode('ascii')}",
        baseline=read_baseline(folder / NAME),
        shapes=read_shapes(folder / SHAPES) if settings.contract.shapes else None,
    )
    if settings.contract.document:
        _add_document(held, state, settings, guard)
    if settings.contract.fail_under and not held.coverage:
        raise SettingsError(
            "contract.fail_under asks for coverage of the API's document, and there is none\n"
            f"  seen: contract.document is {settings.contract.document!r}\n  next: set it, or leave fail_under out"
        )
    return held


def _add_document(held: Held, state: State, settings: Settings, guard: Guard) -> None:
    from tidegate.contract.coverage import Coverage
    from tidegate.contract.coverage.thresholds import failures
    from tidegate.contract.lock import NAME as LOCK
    from tidegate.contract.lock import read_lock
    from tidegate.contract.outcome import DOCUMENT, FOLDER
    from tidegate.contract.share import Described
    from tidegate.plugin.contract.document import read
    from tidegate.session.http import httpx
    from tidegate.writing import write_whole

    try:
        held.document = document = read(settings, held.base_url, guard, state.note)
    except httpx.HTTPError as error:
        raise DocumentError(
            f"the API's document cannot be had\n  seen: {type(error).__name__}: {error}\n"
            "  next: check contract.document (--contract-document)"
        ) from None
    if document is None:
        state.note("the API shows no OpenAPI document at any usual place: set contract.document to where it is")
        return
    held.described = Described.of(document)
    # What is wrong with the lock or a threshold is told now, and not after all the tests.
    read_lock(settings.root / settings.contract.folder / LOCK)
    held.coverage = Coverage(document, settings.contract.skip_coverage)
    failures(held.coverage, settings.contract.fail_under)
    text = json.dumps(document.plain, indent=1, ensure_ascii=False, default=str)
    write_whole(settings.artifacts_dir / FOLDER / DOCUMENT, text.encode("utf-8", "replace").decode() + "\n")
