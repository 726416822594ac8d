"""`tidegate settings`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Shows each setting and where it came from."""
    from tidegate.settings import described, markdown

    if args.markdown:
        print(markdown(), end="")
        return 0
    rows = described(settings)
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, value, origin in rows:
        print(f"{key:<{widths[0]}}  {value:<{widths[1]}}  {origin}")
    return 0
