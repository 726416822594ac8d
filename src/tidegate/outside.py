"""Whether somebody outside of this container, or process, gathers what cannot be seen from inside.

Every pytest run on a machine asks, so the question stands apart from the settings, which take 20 ms to load.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "TIDEGATE_OUTSIDE"


def outside() -> Path | None:
    """The private folder that is shared with whoever started this run; None when nobody else has to do with it."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None
