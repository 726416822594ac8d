"""`tidegate contract accept | show | merge`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from tidegate.errors import ContractFailed, SettingsError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidegate.contract.outcome import Outcome
    from tidegate.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Does what follows `tidegate contract`."""
    try:
        return {"accept": _accept, "show": _show, "merge": _merge}[args.contract](args, settings)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be used\n  seen: {error.strerror}") from None


def _accept(args: argparse.Namespace, settings: Settings) -> int:
    """Takes over what the last run saw into the locks of the repository, and says what that changes."""
    from tidegate.contract.accept import accept
    from tidegate.contract.outcome import read_outcome

    artifacts, folder = _artifacts(args, settings), settings.root / settings.contract.folder
    lines = [*accept(read_outcome(artifacts), artifacts, folder, write=not args.dry_run)]
    for line in lines or ["nothing to take over: the run saw no document, and no test that passed saw any JSON"]:
        print(line)
    if args.dry_run:
        print(f"nothing is written into {folder}: --dry-run")
    return 0


def _show(args: argparse.Namespace, settings: Settings) -> int:
    """Shows all that the last run found."""
    from tidegate.contract.outcome import read_outcome
    from tidegate.contract.page import page

    for line in page(read_outcome(_artifacts(args, settings))):
        print(line)
    return 0


def _merge(args: argparse.Namespace, settings: Settings) -> int:
    """Joins what the shards of a suite saw, and judges all of it."""
    from tidegate.contract.outcome import merged, read_outcome
    from tidegate.contract.summary import summary

    folders = [Path(name) for name in args.folders]
    outcome = merged(map(read_outcome, folders))
    outcome.judge(_thresholds(args.cov_fail_under, settings))
    if args.output:
        _write(outcome, Path(args.output), folders)
    print(f"{len(folders)} shard{'s' * (len(folders) != 1)}")
    for line in summary(outcome):
        print(line)
    return ContractFailed.exit_code if outcome.failures else 0


def _artifacts(args: argparse.Namespace, settings: Settings) -> Path:
    return Path(args.artifacts) if args.artifacts else settings.artifacts_dir


def _thresholds(asked: str | None, settings: Settings) -> Mapping[str, float]:
    from tidegate.settings.contract_forms import thresholds

    if asked is None:
        return settings.contract.fail_under
    try:
        return thresholds(asked)
    except ValueError as form:
        raise SettingsError(f"--cov-fail-under is {asked!r}: expected {form}") from None


def _write(outcome: Outcome, path: Path, folders: list[Path]) -> None:
    """Writes the whole, and beside it what `accept` takes over."""
    from tidegate.contract.outcome import DOCUMENT, FOLDER, SHAPES
    from tidegate.writing import write_whole

    write_whole(path, json.dumps(outcome.to_json(), indent=1, ensure_ascii=False) + "\n")
    write_whole(path.parent / FOLDER / SHAPES, outcome.share.shapes.to_text())
    document = next((found for folder in folders if (found := folder / FOLDER / DOCUMENT).is_file()), None)
    if document and document.resolve() != (path.parent / FOLDER / DOCUMENT).resolve():
        copyfile(document, path.parent / FOLDER / DOCUMENT)
