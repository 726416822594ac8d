"""Takes secrets out of test reports and live logs, before a terminal, a file or another process sees them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tidegate.redact import Secrets, mask


def mask_report(report: pytest.TestReport, secrets: Secrets) -> None:
    """Masks everything that the report shows: traceback, arguments, locals, message and captured output."""
    report.longrepr = _masked(report.longrepr, secrets)
    report.sections = _masked(report.sections, secrets)


def _masked(shown: Any, secrets: Secrets) -> Any:
    if isinstance(shown, str):
        return mask(shown, secrets)
    if isinstance(shown, (list, tuple)):
        return type(shown)(_masked(item, secrets) for item in shown)
    if type(shown).__module__.startswith("_pytest._code"):  # the parts that a traceback is shown from
        for name, value in vars(shown).items():
            setattr(shown, name, _masked(value, secrets))
    return shown


def mask_live_logs(config: pytest.Config, secrets: Callable[[], Secrets]) -> None:
    """Masks what --log-cli-level and --log-file show, from now to the end of the run; `caplog` keeps what was logged.

    HTTP libraries log each URL, which may hold a key, and the headers of each answer.
    """
    shown = config.pluginmanager.get_plugin("logging-plugin")
    for handler in (shown.log_cli_handler, shown.log_file_handler) if shown else ():
        config.add_cleanup(partial(handler.setFormatter, handler.formatter))
        handler.setFormatter(_Masking(handler.formatter, secrets))


class _Masking(logging.Formatter):
    """Formats as another one does, and masks what comes of it."""

    def __init__(self, inner: logging.Formatter, secrets: Callable[[], Secrets]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        return mask(self._inner.format(record), self._secrets())
