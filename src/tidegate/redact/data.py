"""Plain data without secrets, such as is written as JSON."""

from __future__ import annotations

from typing import Any

from tidegate.redact.secrets import Secrets
from tidegate.redact.shapes import without_named, without_shapes
from tidegate.redact.text import without_spans


def masked_data(value: Any, secrets: Secrets) -> Any:
    """The same lists, mappings and texts, each text without what is known as a secret or looks like one.

    Pieces of secrets, as pytest shows of a long value, are not looked for: that is `mask`.
    """
    if isinstance(value, str):
        return without_shapes(without_named(without_spans(value, secrets.spans(value))))
    if isinstance(value, dict):
        return {name: masked_data(inner, secrets) for name, inner in value.items()}
    return [masked_data(inner, secrets) for inner in value] if isinstance(value, (list, tuple)) else value
