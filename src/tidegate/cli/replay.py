"""`tidegate replay`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.cli.notes import printable
from tidegate.errors import UsageError

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.session.replay import Difference
    from tidegate.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Sends what a test has sent once more, and shows the first answer that is another: 1; 0 when none is."""
    from tidegate.evidence.bundle import open_bundle

    bundle = open_bundle(Path(args.bundle))
    tests = sorted({exchange.test for exchange in bundle.exchanges()} - {""})
    test = _chosen(args.test, tests)
    found = replay(bundle, test, settings)
    print(printable(f"{len([*bundle.exchanges(test)])} exchanges of {test} against {settings.base_url}"))
    print(found or "every answer is as it was recorded")
    if found and found.weak:
        print("this may come of what other tests had left; everything else is as it was recorded")
    return 1 if found else 0


def replay(bundle: Bundle, test: str, settings: Settings) -> Difference | None:
    """The first answer to the recorded requests of a test that differs from CI's; None when all are the same."""
    from tidegate.session.replay import replay as send_again

    target = bundle.run.get("target")
    return send_again(
        [*bundle.exchanges(test)],
        settings,
        earlier=(exchange for exchange in bundle.exchanges() if exchange.test != test),
        target=target if isinstance(target, str) else "",
        run=bundle.id,
        note=_note,
    )


def _note(line: str) -> None:
    print(f"tidegate: note: {printable(line)}", file=sys.stderr)


def _chosen(asked: str, tests: list[str]) -> str:
    found = [test for test in tests if asked == test] or [test for test in tests if asked in test]
    if len(found) == 1:
        return found[0]
    seen = "\n  seen: " + (printable(", ".join((found or tests)[:5])) or "no exchange of any test")
    raise UsageError(f"{'several tests have' if found else 'no test has'} exchanges by that name: {asked}{seen}"
                     "\n  next: name one of them in full")  # fmt: skip
