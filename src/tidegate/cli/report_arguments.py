"""What `tidegate report` and `tidegate show` take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

REPORT = (
    "Writes a page about a run from what it left, in one file that needs no network: why it is red, each test with its"
    " requests and the log of the services beside them. Of a folder it is report.html in it, with summary.md and"
    " annotations.txt for CI; of a zip it is beside the zip."
)
SHOW = "Writes the page about a run, as `tidegate report` does, and opens it in the browser; without one it says where."

Command = Callable[[argparse.Namespace], int]


def add(commands: Any, report_command: Command, show_command: Command) -> None:
    """Adds both."""
    report = commands.add_parser("report", help="write a page about a run", description=REPORT)
    report.epilog = "example: tidegate report artifacts.zip --output red.html"
    report.add_argument("bundle", nargs="?", default="artifacts", metavar="BUNDLE", help="folder or zip (artifacts)")
    report.add_argument("-o", "--output", metavar="FILE", help="write the page there, and nothing else")
    report.set_defaults(command=report_command)
    show = commands.add_parser("show", help="open the page about a run in the browser", description=SHOW)
    show.epilog = "example: tidegate show artifacts.zip"
    show.add_argument("bundle", nargs="?", default="artifacts", metavar="BUNDLE", help="folder or zip (artifacts)")
    show.set_defaults(command=show_command)
