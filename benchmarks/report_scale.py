"""The report of 5,000 tests and 50,000 exchanges: its size, how soon it shows, and how fast it is searched.

benchmarks/report_scale.py [TESTS EXCHANGES FAILED]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "harness"))

import bundled_failures as failures  # noqa: E402
from browsing import browser, chromium  # noqa: E402
from bundles import Bundled  # noqa: E402

from tidegate.evidence.bundle import open_bundle  # noqa: E402
from tidegate.evidence.report import write_report  # noqa: E402

SEARCHES = ("user", "post /orders 500", "test_user[12", "nothing has this name", "failed amount")


def main(tests: int = 5_000, exchanges: int = 50_000, failed: int = 200) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = open_bundle(bundle(Path(folder), tests, exchanges, failed))
        began = time.perf_counter()
        path = write_report(made)
        print(f"{tests} tests, {exchanges} exchanges, {failed} failed")
        print(f"  written in    {time.perf_counter() - began:8.1f} s")
        print(f"  size          {path.stat().st_size / 1e6:8.1f} MB")
        if reason := chromium():
            print(f"  no browser: {reason}")
        else:
            look(path)


def bundle(folder: Path, tests: int, exchanges: int, failed: int) -> Path:
    run = Bundled(folder)
    each = exchanges // tests
    for kind in (failures.server_error, failures.assertion, failures.departure):
        kind(run, failed // 3)
    failures.passed(run, tests - failed // 3 * 3, each)
    return run.write()


def look(path: Path) -> None:
    with browser() as opened:
        page = opened.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        ready = page.evaluate("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart")
        print(f"  first screen  {first:8.0f} ms, usable after {ready} ms")
        page.evaluate("location.hash = 'view=tests'")
        page.wait_for_selector("html[data-ready='#view=tests']")
        for words in SEARCHES:
            print(f"  search        {search(page, words):8.1f} ms  {words}")


def search(page: object, words: str) -> float:
    script = """async (words) => {
        const field = document.getElementById('q'), before = performance.now();
        field.value = words;
        field.dispatchEvent(new Event('input'));
        const wanted = location.hash;
        while (document.documentElement.dataset.ready !== wanted) await new Promise((done) => setTimeout(done, 0));
        document.body.offsetHeight;
        return performance.now() - before;
    }"""
    took: float = page.evaluate(script, words)  # type: ignore[attr-defined]
    return took


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
