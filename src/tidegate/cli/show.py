"""`tidegate show`."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path

from tidegate.cli.report import written


def run(args: argparse.Namespace) -> int:
    """Opens the page in the browser, or says where it is."""
    path = written(Path(args.bundle))
    if not webbrowser.open(path.resolve().as_uri()):
        print("there is no browser here; the page is")
    print(path)
    return 0
