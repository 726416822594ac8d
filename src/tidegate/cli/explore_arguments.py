"""What `tidegate explore` takes."""

from __future__ import annotations

import argparse
from typing import Any

ABOUT = (
    "Draws requests from the OpenAPI document, legal and illegal ones, sends them as the admin, and holds each answer"
    " against the document. Changes only records that it has made, and removes them; never goes to a shared target."
    ' Needs pip install "tidegate[explore]". Ends with 0, or with 1 where something new was found.'
)


def add(commands: Any, shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Adds the command."""
    explore: argparse.ArgumentParser = commands.add_parser(
        "explore", parents=[shared], help="send the API what nobody has thought of", description=ABOUT
    )
    explore.epilog = 'example: tidegate explore --operation "POST /things" --max-examples 200'
    explore.add_argument(
        "--max-examples", metavar="N", type=int, default=25, help="legal and illegal requests of each (default: 25)"
    )
    explore.add_argument(
        "--max-time", metavar="SECONDS", type=float, default=120.0, help="stop after so long (default: 120)"
    )
    explore.add_argument("--seed", metavar="N", type=int, help="draw what a run with this seed has drawn")
    explore.add_argument(
        "--operation", metavar="NAME", action="append", default=[], help="only this one; may be repeated"
    )
    return explore
