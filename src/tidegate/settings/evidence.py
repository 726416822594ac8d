"""[tool.tidegate.evidence]: how much is kept of what a run leaves."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.settings import forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How much is kept of what a run leaves, secrets masked."""

    keep: int = setting(
        5, forms.amount, "How many red runs are kept, each as a zip, in `runs/` in the artifacts", example="20"
    )
    log_limit: int = setting(
        5_000_000,
        forms.count,
        "Bytes that are kept of a service's log; of a longer one its head and its tail",
        example="500000",
    )
    snapshot_limit: int = setting(
        50_000_000, forms.amount, "Bytes of a database that are kept; none of a larger one", example="0"
    )
