"""Debian's Chromium, for tests that look at the report as people do."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")


@functools.cache
def chromium() -> str:
    """Empty when there is one, else why not."""
    return "" if _path() else f"none of {', '.join(NAMES)} is on the path"


@contextmanager
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=_path(), args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


def _path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)
