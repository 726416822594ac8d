"""[tool.tidegate.record]: what is kept of each exchange."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.settings import contract_forms, forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is kept of each exchange, secrets masked."""

    exchanges: bool = setting(
        True, forms.flag, "Whether every exchange is written to `exchanges.jsonl` in the artifacts", example="false"
    )
    body_limit: int = setting(
        65_536,
        forms.amount,
        "Bytes that are kept of a body; of a larger one the start, its size and its digest",
        example="4096",
    )
    headers: tuple[str, ...] = setting(
        (),
        contract_forms.header_names,
        "Headers beside the standard ones whose values are no secrets",
        example='["X-Tenant"]',
    )
    trace: bool = setting(
        True, forms.flag, "Whether requests carry a `traceparent` (W3C Trace Context)", example="false"
    )
