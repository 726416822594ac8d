"""Lines that a user sees at once, although pytest captures what tests print."""

from __future__ import annotations

import sys

import pytest


def say(config: pytest.Config, line: str) -> None:
    """Shows the line on the terminal; a pytest-xdist worker has none and writes to standard error."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if capture is None:
        return
    with capture.global_and_fixture_disabled():
        if reporter is None or hasattr(config, "workerinput"):
            sys.stderr.write(f"tidegate: {line}\n")
            sys.stderr.flush()
            return
        if reporter._tw.width_of_current_line:  # after the dots of -q, which ensure_newline() does not see
            reporter.write_line("")
        reporter.write_line(f"tidegate: {line}")
