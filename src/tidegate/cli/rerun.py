"""`tidegate rerun`."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.settings import Settings

FILE = "rerun.json"


def run(args: argparse.Namespace) -> int:
    """Runs what failed last once more; the exit code is pytest's."""
    from tidegate.evidence.bundle import open_bundle
    from tidegate.evidence.causes import failed_tests
    from tidegate.settings import load

    settings = load()
    bundle = open_bundle(settings.artifacts_dir)
    failed = [test.id for test in failed_tests(bundle)]
    if not failed:
        print(f"tidegate: no test failed in run {bundle.id}: there is nothing to run again")
        return 0
    words = [*_chosen(bundle, failed, settings), *args.words]
    count = f"{len(failed)} test{'s' * (len(failed) != 1)}"
    return _run(words, f"{count} that failed in run {bundle.id}", bundle, settings)


def _chosen(bundle: Bundle, failed: Sequence[str], settings: Settings) -> list[str]:
    """What tells pytest the tests: their files to collect, and the order to run them in."""
    from tidegate.order.plan import Plan, recorded

    seed = (bundle.run.get("pytest") or {}).get("seed")
    known = recorded(bundle.tests(), seed if isinstance(seed, int) else None).only(failed)
    if set(failed) - {*known.tests}:  # what could not be collected has no place in an order
        return [*dict.fromkeys(failed)]
    plan = Plan({"": known.tests}, known.seed)
    file = plan.write(settings.artifacts_dir / FILE)
    files = dict.fromkeys(test.partition("::")[0] for test in known.tests)
    return [
        *(each for each in files if (settings.root / each).is_file()),
        f"--replay-order={file.relative_to(settings.root) if file.is_relative_to(settings.root) else file}",
    ]


def _run(words: Sequence[str], what: str, bundle: Bundle, settings: Settings) -> int:
    from tidegate.stack import warm
    from tidegate.stack.commands import attached

    if warm.note_path(settings).exists():
        return _here(["--stack=compose", "--keep-stack", *words], f"{what}, in the stack that was kept", settings)
    if _was_in_test_container(bundle, settings) and shutil.which("docker"):
        compose = _compose(settings.stack.compose_file)
        command = [*compose, "run", "--rm", "--build", "tests", *words]
        print(f"tidegate: {what}, in the test container: {shlex.join(command)}", flush=True)
        print(f"tidegate: its stack stays up for the next time; {shlex.join(compose)} down -v ends it", flush=True)
        return attached(command, folder=settings.root)
    return _here([*_stack(bundle), *words], what, settings)


def _compose(file: str) -> list[str]:
    """Compose with that file, which it finds by itself, with what overrides it, when it has a usual name."""
    from tidegate.stack.plan import STANDARD

    return ["docker", "compose", *([] if file in STANDARD else ["-f", file])]


def _was_in_test_container(bundle: Bundle, settings: Settings) -> bool:
    """Whether it ran in one of the compose file, and not in a container in which we are as well."""
    from tidegate.stack.plan import compose_file

    elsewhere = (bundle.run.get("pytest") or {}).get("rootdir") != str(settings.root)
    return (
        bundle.run.get("place") == "container"
        and elsewhere
        and compose_file(settings.root, settings.stack.compose_file) is not None
    )


def _stack(bundle: Bundle) -> list[str]:
    """The kind that was asked for on the command line of the last run."""
    args = [str(word) for word in (bundle.run.get("pytest") or {}).get("args") or []]
    found = [word for before, word in zip(["", *args], args, strict=False) if before == "--stack"]
    return [f"--stack={word}" for word in found] + [word for word in args if word.startswith("--stack=")]


def _here(words: Sequence[str], what: str, settings: Settings) -> int:
    import pytest

    print(f"tidegate: {what}: {shlex.join(['pytest', *words])}", flush=True)
    with contextlib.chdir(Path(settings.root)):
        return int(pytest.main([*words]))
