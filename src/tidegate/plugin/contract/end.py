"""The contract at the end of a run: the shares of all processes together, what changed, what is kept, how it ends."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import ContractFailed, TidegateError, UsageError
from tidegate.plugin.state import STATE, State

if TYPE_CHECKING:
    from tidegate.contract.baseline import Baseline, Entry
    from tidegate.contract.outcome import Outcome
    from tidegate.contract.share import Share
    from tidegate.settings import Settings


def end_contract(session: pytest.Session) -> None:
    """Joins the shares, keeps what came of them, and sets the exit code of a run whose tests passed."""
    state = session.config.stash[STATE]
    if not (state.shares or state.watch):
        return
    from tidegate.contract.share import Share, joined
    from tidegate.contract.summary import summary
    from tidegate.plugin.options import load_settings

    shares = [Share.from_json(told, told["shapes"]) for told in state.shares]
    shares += [state.watch.share()] if state.watch else []
    code = ContractFailed.exit_code
    try:
        settings = state.settings or load_settings(session.config)
        outcome = _outcome(session, state, settings, joined(shares))
        state.contract_lines = summary(outcome)
        code = code if outcome.failures else 0
    except TidegateError as error:  # workers that saw different documents, a baseline that was broken meanwhile
        state.contract_lines = [f"FAILED: {error}"]
        code = code if isinstance(error, UsageError) else error.exit_code
    except OSError as error:
        what = error.filename or "what the run found"  # a write to an open file names none
        state.contract_lines = [f"FAILED: {what} cannot be written: {error.strerror}"]
    if code and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = code


def _outcome(session: pytest.Session, state: State, settings: Settings, share: Share) -> Outcome:
    from tidegate.contract.baseline import NAME, read_baseline
    from tidegate.contract.outcome import Outcome
    from tidegate.plugin.contract.whole import is_whole

    outcome = Outcome(state.run, settings.contract.mode, share, lost=[*state.lost], whole=is_whole(session, state))
    _compare(outcome, settings)
    baseline = read_baseline(settings.root / settings.contract.folder / NAME)
    if session.config.getoption("--contract-update"):
        baseline = _updated(baseline, outcome, settings)
    outcome.incomplete = [str(entry) for entry in baseline.incomplete()]
    outcome.gone = [str(entry) for entry in _gone(baseline, outcome, settings)]
    outcome.judge(settings.contract.fail_under if _is_held_to_coverage(outcome, settings) else {})
    _keep(outcome, settings)
    return outcome


def _compare(outcome: Outcome, settings: Settings) -> None:
    """The locked document beside the live one."""
    if not outcome.share.document:
        return
    from tidegate.contract.drift import compare
    from tidegate.contract.lock import NAME, read_lock
    from tidegate.contract.outcome import DOCUMENT, FOLDER

    locked = read_lock(settings.root / settings.contract.folder / NAME)
    if locked is None:
        outcome.lock = "missing"
        return
    live = json.loads((settings.artifacts_dir / FOLDER / DOCUMENT).read_bytes())
    outcome.changes = compare(locked, live)
    outcome.lock = "changed" if outcome.changes else "same"


def _updated(baseline: Baseline, outcome: Outcome, settings: Settings) -> Baseline:
    """The baseline with what was found; without what is gone, where the whole suite has looked for it."""
    from tidegate.contract.baseline import read_baseline
    from tidegate.contract.baseline_text import updated
    from tidegate.writing import write_whole

    found, gone = [each.finding for each in outcome.share.findings], _gone(baseline, outcome, settings)
    added = {finding.key for finding in found if not baseline.known(finding)}
    if not added and not gone:
        return baseline
    write_whole(baseline.path, updated(baseline, found, gone, date.today().isoformat()))
    outcome.notes.append(f"{baseline.path.name}: {len(added)} added, {len(gone)} taken out")
    now = read_baseline(baseline.path)
    for sighting in outcome.share.findings:
        if not sighting.known and (entry := now.known(sighting.finding)):
            sighting.known = entry.told
    return now


def _gone(baseline: Baseline, outcome: Outcome, settings: Settings) -> list[Entry]:
    """The entries that no longer occur, among the kinds that were looked for; nobody can tell after a part."""
    from tidegate.plugin.contract.watch import level_of

    if not outcome.whole or outcome.share.findings.more:
        return []

    def was_checked(kind: str) -> bool:
        by_shapes = kind == "changed-shape"
        looked = outcome.share.shapes_locked if by_shapes else outcome.share.document is not None
        return looked and level_of(settings, kind) != "off"

    return baseline.gone({sighting.finding.key for sighting in outcome.share.findings}, was_checked)


def _is_held_to_coverage(outcome: Outcome, settings: Settings) -> bool:
    """A part of the suite covers a part, which is a failure only where the command line asks for it."""
    return outcome.whole or settings.origins.get("contract.fail_under") == "command line"


def _keep(outcome: Outcome, settings: Settings) -> None:
    """Writes contract.json, and beside it the shapes that this run has learned."""
    from tidegate.contract.outcome import FOLDER, NAME, SHAPES
    from tidegate.writing import write_whole

    text = json.dumps(outcome.to_json(), indent=1, ensure_ascii=False)
    write_whole(settings.artifacts_dir / NAME, text.encode("utf-8", "replace").decode() + "\n")
    write_whole(settings.artifacts_dir / FOLDER / SHAPES, outcome.share.shapes.to_text())
