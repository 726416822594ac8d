"""What `tidegate rerun`, `diff` and `replay` take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

RERUN = (
    "Runs the tests that failed in the last run, in its order and with its random seed: in the stack that"
    " --keep-stack has left, in the test container when they ran there, else as the settings say. What follows is"
    " handed to pytest; the exit code is pytest's."
)
DIFF = (
    "Says what is otherwise in the second run, the worse first: tests, contract, coverage, and what takes longer than"
    " chance and the machine explain. Ends with 1 when something is worse, else with 0."
)
REPLAY = (
    "Sends the recorded requests of a test again to the API of the settings, logged in anew, and shows the first answer"
    " that differs: 1; 0 when none does. Writes to no shared target. What it makes carries the mark of a run of its"
    " own, and `tidegate sweep --all` removes it."
)

Command = Callable[[argparse.Namespace], int]


def add(commands: Any, shared: argparse.ArgumentParser, command_of: Callable[..., Command]) -> None:
    """Adds all three."""
    # No prefix: every word is pytest's, and none may look like an option of ours.
    rerun = commands.add_parser(
        "rerun", help="run again what failed last", description=RERUN, prefix_chars="\0", add_help=False
    )
    rerun.epilog = "example: tidegate rerun -x -vv"
    rerun.add_argument("words", nargs="*", metavar="PYTEST-ARGUMENT", help="such as -x, -vv or --pdb")
    rerun.set_defaults(command=_helping(rerun, command_of("rerun", needs_settings=False)))
    diff = commands.add_parser("diff", help="say what is otherwise in another run", description=DIFF)
    diff.epilog = "example: tidegate diff main.zip artifacts"
    diff.add_argument("then", metavar="BUNDLE", help="the run that is compared with, a folder or zip")
    diff.add_argument("now", nargs="?", default="artifacts", metavar="BUNDLE", help="the other one (artifacts)")
    diff.set_defaults(command=command_of("diff", needs_settings=False))
    replay = commands.add_parser(
        "replay", parents=[shared], help="send the requests of a test again", description=REPLAY
    )
    replay.epilog = "example: tidegate replay artifacts.zip --test test_rename --set base_url=http://localhost:9000"
    replay.add_argument("bundle", nargs="?", default="artifacts", metavar="BUNDLE", help="folder or zip (artifacts)")
    replay.add_argument("--test", required=True, metavar="ID", help="its id, or a part that no other id has")
    replay.set_defaults(command=command_of("replay"))


def _helping(parser: argparse.ArgumentParser, command: Command) -> Command:
    def run(args: argparse.Namespace) -> int:
        if args.words in (["-h"], ["--help"]):
            parser.print_help()
            return 0
        return command(args)

    return run
