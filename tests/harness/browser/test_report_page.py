"""The page of a run, as people and their tools meet it in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import bundled_failures as failures
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from browser.conftest import Show
from bundles import Bundled

pytestmark = pytest.mark.browser

FIRST = "view=test&test=tests%2Ftest_orders.py%3A%3Atest_order_total%5B0%5D"
VIEWS = ("view=why", "view=tests&q=order", FIRST, "view=operations", "view=run")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(show: Show, scheme: str) -> None:
    shown = show(*failures.EVERY, color_scheme=scheme)
    for view in VIEWS:
        shown.go(view)
        found = Axe().run(shown.page)
        assert [(view, each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []


def test_every_view_is_shown_without_asking_anything_of_a_network(show: Show) -> None:
    shown = show()
    for view in VIEWS:
        shown.go(view)
    assert (shown.asked, shown.complaints) == ([shown.address], [])


def test_a_search_is_in_the_address_and_the_address_is_the_search(show: Show) -> None:
    shown = show(view="view=tests")
    page = shown.page
    page.fill("#q", "order_total 500")
    page.select_option("#outcome", "failed")
    page.wait_for_selector("html[data-ready*='outcome=failed']")
    assert page.inner_text("#found") == "3 of 14 tests"
    again = show(view=page.url.partition("#")[2]).page
    assert again.input_value("#q") == "order_total 500"
    assert (again.inner_text("#found"), again.locator("#rows tr").count()) == ("3 of 14 tests", 3)


def test_a_test_shows_what_went_wrong_with_the_log_beside_it(show: Show) -> None:
    page = show(view=FIRST).page
    assert page.locator(".exchange[open] .name").all_inner_texts() == ["POST /orders"]
    assert "KeyError: 'amount'" in page.locator(".side .grave").first.inner_text()
    assert "Internal error." in page.locator(".exchange[open] pre.body").last.inner_text()
    command = "tidegate reproduce artifacts --test 'tests/test_orders.py::test_order_total[0]'"
    assert page.inner_text("#test .command code") == command


def test_what_a_check_without_a_request_was_made_of_is_open(show: Show) -> None:
    def made_before(run: Bundled) -> None:
        name = "tests/test_orders.py::test_of_a_fixture"
        run.exchange(name, "POST", "/users", 201, phase="setup")
        run.exchange(name, "POST", "/orders", 201, phase="setup")
        run.exchange(name, "DELETE", "/orders/1", 204, phase="teardown")
        run.test(name, "failed", kind="AssertionError", message="assert 1 == 2")

    page = show(made_before, view="view=test&test=tests%2Ftest_orders.py%3A%3Atest_of_a_fixture").page
    assert page.locator(".exchange[open] .name").all_inner_texts() == ["POST /orders"]
    told = page.locator(".phase").all_inner_texts()
    assert [each.partition(",")[0] for each in told] == ["setup passed", "call failed", "teardown passed"]


def test_a_finding_is_marked_where_it_is_in_the_body(show: Show) -> None:
    page = show(
        failures.passed, failures.departure, view="view=test&test=tests%2Ftest_orders.py%3A%3Atest_list%5B0%5D"
    ).page
    assert re.match(r'\s+"sku": "ROPE-10"\s+← invalid-body', page.inner_text(".body .flaw"))
    assert "/total" in page.inner_text(".differs")


@pytest.mark.parametrize("button", ["copy as curl", "copy as httpx"])
def test_a_request_is_copied_as_a_command(show: Show, button: str) -> None:
    shown = show(view=FIRST)
    shown.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.page.click(f"text={button}")
    shown.page.wait_for_selector("text=copied")
    copied = shown.page.evaluate("navigator.clipboard.readText()")
    assert {"copy as curl": "$API_TOKEN", "copy as httpx": 'os.environ["API_TOKEN"]'}[button] in copied


def test_the_page_is_used_without_a_mouse(show: Show) -> None:
    shown = show()
    keys = shown.page.keyboard
    keys.press("/")
    shown.ready("view=tests")
    keys.type("slip")
    shown.ready("view=tests&q=slip")
    keys.press("ArrowDown")
    keys.press("Enter")
    shown.page.wait_for_selector("#test h2:focus")
    assert shown.page.inner_text("#test h2") == "tests/test_users.py::test_with_a_slip"
    keys.press("Escape")
    shown.ready("view=tests")


def test_what_a_bundle_holds_is_text_and_never_runs(show: Show) -> None:
    shown = show(failures.passed, failures.hostile, view="view=tests")
    page = shown.page
    page.click("#rows tr:first-child a")
    page.wait_for_selector("#test .exchange[open]")
    for view in ("view=run", "view=operations", "view=why"):
        shown.go(view)
    assert page.title().startswith("Failed")
    assert page.locator("img, iframe, object, [onerror], [onload], [style*='url']").count() == 0
    assert page.locator("script:not([type])").count() == 1
    assert (shown.asked, shown.complaints) == ([shown.address], [])


def test_the_policy_of_the_page_stops_what_its_script_would_not(show: Show) -> None:
    """Were there a hole: no script but ours runs, and nothing leaves."""
    shown = show()
    tried = """async () => {
        const script = document.createElement('script');
        script.textContent = "document.title = 'owned'";
        document.body.append(script);
        const image = new Image();
        image.src = 'http://127.0.0.1:9/leak';
        return await fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'stopped');
    }"""
    assert shown.page.evaluate(tried) == "stopped"
    assert shown.page.title().startswith("Failed")
    assert any("Content Security Policy" in said for said in shown.complaints)


@pytest.mark.parametrize(
    ("plants", "without", "said"),
    [
        ((failures.not_started,), (), "Not started"),
        (
            (failures.assertion,),
            ("run.json", "stack.json", "contract.json", "exchanges.jsonl"),
            "Missing in this bundle",
        ),
        ((failures.passed,), ("tests.jsonl", "exchanges.jsonl"), "no test of the run is known"),
        ((failures.passed,), (), "Every test passed"),
    ],
)
def test_a_bundle_that_lacks_things_gives_a_page_that_says_so(
    show: Show, plants: tuple[Callable[[Bundled], None], ...], without: tuple[str, ...], said: str
) -> None:
    shown = show(*plants, without=without)
    assert said in shown.page.inner_text("body")
    for view in ("view=tests", "view=operations", "view=run"):
        shown.go(view)
    assert shown.complaints == []
