"""Takes secrets out of test reports and live logs, before a terminal, a file or another process sees them."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tidegate.redact import Secrets, mask


def mask_report(report: pytest.TestReport, secrets: Secrets) -> None:
    """Masks everything that the report shows: traceback, arguments, locals, message and captured output."""
    report.longrepr = _masked(report.longrepr, secrets)
    report.sections = _masked(report.sections, secrets)
    report.user_properties = _masked(report.user_properties, secrets)
    if hasattr(report, "wasxfail"):
        report.wasxfail = _masked(report.wasxfail, secrets)


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


def mask_warnings(config: pytest.Config, secrets: Callable[[], Secrets]) -> None:
    """Masks what the summary of warnings says, from now to the end of the run."""
    config.pluginmanager.register(_Warnings(secrets))


class _Warnings:
    """The hook for warnings, which gets no configuration and so is an object's."""

    def __init__(self, secrets: Callable[[], Secrets]) -> None:
        self._secrets = secrets

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Masks the warning before anybody else sees it."""
        said = str(warning_message.message)
        if (masked := mask(said, self._secrets())) != said:
            warning_message.message = masked


class _Masking(logging.Formatter):
    """Formats as another one does, and masks what comes of it."""

    def __init__(self, inner: logging.Formatter, secrets: Callable[[], Secrets]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        return mask(self._inner.format(record), self._secrets())
