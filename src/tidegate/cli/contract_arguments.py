"""What `tidegate contract` takes."""

from __future__ import annotations

import argparse
from typing import Any

ABOUT = "Looks at how the last run met the contract, and takes over what it saw into the locks of the repository."
ACCEPT = (
    "Locks the document and the shapes that the last run saw, in the folder of contract.folder, and says what that"
    " changes, the breaking first. Later runs are held to them."
)
SHOW = "Shows all that the last run found: each finding with a command that shows it, each change, and the coverage."
MERGE = (
    "Takes together what the shards of one suite saw, each DIR being the artifacts of one. Ends with 79 when the"
    " contract changed in a way that breaks clients, or too little of it is covered by all of them."
)


def add(commands: Any, shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Adds the command and its own commands."""
    contract: argparse.ArgumentParser = commands.add_parser(
        "contract", help="show or accept what a run saw of the API's document", description=ABOUT
    )
    contract.epilog = "example: tidegate contract accept --dry-run"
    its = contract.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="contract")
    artifacts = argparse.ArgumentParser(add_help=False)
    artifacts.add_argument("--artifacts", metavar="DIR", help="what the run left (default: artifacts)")
    parents = [shared, artifacts]
    accept = its.add_parser("accept", parents=parents, help="lock what the last run saw", description=ACCEPT)
    accept.epilog = "example: tidegate contract accept --dry-run"
    accept.add_argument("-n", "--dry-run", action="store_true", help="say what would change, and write nothing")
    show = its.add_parser("show", parents=parents, help="all that the last run found", description=SHOW)
    show.epilog = "example: tidegate contract show | less"
    merge = its.add_parser(
        "merge", parents=[shared], help="take the runs of several shards together", description=MERGE
    )
    merge.epilog = "example: tidegate contract merge shards/* --cov-fail-under 90"
    merge.add_argument("folders", nargs="+", metavar="DIR", help="the artifacts of a shard")
    merge.add_argument("-o", "--output", metavar="FILE", help="write the whole there, and beside it what accept needs")
    merge.add_argument("--cov-fail-under", metavar="N[,NAME=N]", help="percent that must be covered, as for pytest")
    return contract
