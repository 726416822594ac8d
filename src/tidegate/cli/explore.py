"""`tidegate explore`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.errors import UsageError

if TYPE_CHECKING:
    from tidegate.settings import Settings

# What a suite's own pytest is configured with has no say: it is one test, in one process.
LEFT_OUT = ("cacheprovider", "randomly", "xdist", "schemathesis", "hypothesispytest")
QUIET = ["-q", "-c", os.devnull, "--assert=plain", *(f"-pno:{name}" for name in LEFT_OUT)]


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Explores the API in a pytest run of its own: stack, login, ledger, record and clean-up are those of tests."""
    from tidegate.contract.explore import require_library

    require_library()
    if settings.stack.kind not in ("compose", "process"):  # what a run starts for itself is its own
        from tidegate.session.explorable import check_explorable

        check_explorable(settings, settings.base_url)
    if args.max_examples < 1 or args.max_time <= 0:
        raise UsageError("--max-examples and --max-time are numbers above 0")
    import pytest

    import tidegate

    test = Path(tidegate.__file__).parent / "plugin" / "explore" / "suite.py"
    return int(pytest.main([*QUIET, f"--rootdir={settings.root}", *_passed_on(args, settings), str(test)]))


def _passed_on(args: argparse.Namespace, settings: Settings) -> list[str]:
    own = ["-p", "tidegate.plugin.explore.fixtures", "--contract=strict", "--tidegate-set=contract.fail_under=0"]
    if not settings.contract.document:
        own.append("--tidegate-set=contract.document=auto")
    own += [f"--tidegate-set={pair}" for pair in args.set]
    own += [f"--tidegate-env-file={args.env_file}"] * bool(args.env_file)
    own += [f"--explore-examples={args.max_examples}", f"--explore-seconds={args.max_time}"]
    own += [f"--explore-seed={args.seed}"] * (args.seed is not None)
    return own + [f"--explore-operation={name}" for name in args.operation]
