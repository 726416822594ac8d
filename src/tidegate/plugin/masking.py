"""Takes secrets out of test reports, before a terminal, a JUnit file or another process sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tidegate.redact import mask


def mask_report(report: pytest.TestReport, secrets: Iterable[str]) -> None:
    """Masks everything that the report shows: traceback, arguments, locals, message and captured output."""
    known = tuple(secrets)
    report.longrepr = _masked(report.longrepr, known)
    report.sections = _masked(report.sections, known)


def _masked(shown: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(shown, str):
        return mask(shown, secrets)
    if isinstance(shown, (list, tuple)):
        return type(shown)(_masked(item, secrets) for item in shown)
    if type(shown).__module__.startswith("_pytest._code"):  # the parts that a traceback is shown from
        for name, value in vars(shown).items():
            setattr(shown, name, _masked(value, secrets))
    return shown
