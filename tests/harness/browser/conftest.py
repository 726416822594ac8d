"""A page of a run in a browser that is opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import bundled_failures as failures
import pytest
from browsing import browser
from bundles import Bundled
from playwright.sync_api import Browser, Page

from tidegate.evidence.bundle import open_bundle
from tidegate.evidence.report import write_report


@dataclass
class Shown:
    """The page, and what it asked of a network or complained of."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, view: str) -> None:
        """Follows an address within the page, as a link does."""
        self.page.evaluate("(hash) => { location.hash = hash; }", view)
        self.ready(view)

    def ready(self, view: str) -> None:
        self.page.wait_for_selector(f"html[data-ready='#{view}']")


Show = Callable[..., Shown]


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def show(chrome: Browser, tmp_path: Path) -> Iterator[Show]:
    """Opens the page of a run with these failures: `show(plants..., view=, without=)`."""
    contexts = []

    def opened(*plants: Callable[[Bundled], None], view: str = "", without: tuple[str, ...] = (), **more: str) -> Shown:
        run = Bundled(tmp_path)
        for plant in plants or failures.EVERY:
            plant(run)
        path = write_report(open_bundle(run.write(*without)))
        contexts.append(chrome.new_context(**more))  # type: ignore[arg-type]  # color_scheme and the like
        shown = Shown(contexts[-1].new_page(), path.as_uri())
        shown.page.on("request", lambda request: shown.asked.append(request.url))
        shown.page.on("console", lambda message: shown.complaints.append(message.text))
        shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        shown.page.goto(f"{shown.address}#{view}" if view else shown.address)
        shown.page.wait_for_selector("html[data-ready]")
        return shown

    yield opened
    for context in contexts:
        context.close()
