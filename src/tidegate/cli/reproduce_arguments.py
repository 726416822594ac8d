"""What `tidegate reproduce` takes."""

from __future__ import annotations

import argparse
from typing import Any

ABOUT = (
    "Makes a red run red again: checks out its commit in a folder of its own, starts a stack beside any other with the"
    " same images and rows, and runs what failed with the same seed, order, workers and clock zone; then, where that"
    " is green, after the tests that ran before it, and shrinks them to the ones it needs. A bundle is data: its"
    " commit, when it is in none of your branches, and its patch run only after a yes."
)
CODES = """\
exit codes:
  0 reproduced   80 reproduced only after other tests, which are named   81 not reproduced, or k times of n
  82 cannot be reproduced here, and why   64 nothing was red, or not allowed   66 no bundle that can be read

examples:
  tidegate reproduce artifacts.zip
  tidegate reproduce https://github.com/OWNER/REPOSITORY/actions/runs/123
  tidegate reproduce artifacts --here --test test_totals     after a change: is it green now?
"""


def add(commands: Any) -> argparse.ArgumentParser:
    """Adds the command."""
    reproduce: argparse.ArgumentParser = commands.add_parser(
        "reproduce",
        help="make a red run red again",
        description=ABOUT,
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reproduce.add_argument("source", metavar="BUNDLE", help="folder or zip of a run, or a GitHub run's URL or id")
    reproduce.add_argument("--here", action="store_true", help="take the files as they are here, and say what differs")
    reproduce.add_argument("--test", metavar="NAME", help="only this one of the failed tests")
    reproduce.add_argument("--tries", metavar="N", type=int, default=5, help="for what fails by chance (default: 5)")
    reproduce.add_argument("--keep", action="store_true", help="leave the stack as it is when the test has failed")
    reproduce.add_argument("--pdb", action="store_true", help="stop in the debugger at the failure")
    reproduce.add_argument("--artifact", metavar="NAME", help="of a GitHub run that has several")
    reproduce.add_argument(
        "-y", "--yes", action="store_true", help="run a commit or patch of others without a question"
    )
    return reproduce
