"""The files about a run: the page's form, what CI shows of it, and what is in neither."""

from __future__ import annotations

import base64
import gzip
import json
import re
import webbrowser
from pathlib import Path
from typing import Any

import bundled_failures as failures
import pytest
from bundles import Bundled

from tidegate.cli import main
from tidegate.evidence.bundle import open_bundle
from tidegate.evidence.figures import spread
from tidegate.evidence.report import SCRIPTS, TEMPLATES, write_report


def red(folder: Path) -> Bundled:
    run = Bundled(folder)
    for plant in failures.EVERY:
        plant(run)
    return run


def written(run: Bundled, name: str = "report.html") -> str:
    write_report(open_bundle(run.write()))
    return (run.folder / name).read_text(encoding="utf-8")


def unpacked(page: str, name: str) -> Any:
    found = re.search(rf'id="{name}">([^<]*)<', page)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_the_script_makes_no_markup_of_data_and_asks_for_nothing() -> None:
    script = "".join((TEMPLATES / name).read_text() for name in SCRIPTS)
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(|fetch\(|XMLHttp", script
        )
        == []
    )
    assert "</" not in script
    assert "safe" not in (TEMPLATES / "report.html").read_text()


def test_bodies_are_kept_of_failed_tests_and_of_the_last_good_answer_alone(tmp_path: Path) -> None:
    page = written(red(tmp_path))
    index = unpacked(page, "index")
    passed, failed = index["outcome"].index("passed"), index["outcome"].index("failed")
    details = unpacked(page, f"chunk{index['chunk'][failed]}")[str(failed)]
    assert details["exchanges"][0]["response"]["body"] == '{"detail": "Internal error."}'
    assert set(unpacked(page, f"chunk{index['chunk'][passed]}")[str(passed)]) == {"phases", "rows"}
    assert set(unpacked(page, "good")) == {"GET /orders 200", "GET /users/{id} 200", "POST /auth/login 200"}


def test_what_finds_no_room_is_shown_without_its_bodies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidegate.evidence.page.ROOM", 100)
    monkeypatch.setattr("tidegate.evidence.chunks.ROWS", 1)
    monkeypatch.setattr("tidegate.evidence.chunks.chunked.__defaults__", (1,))
    page = written(red(tmp_path))
    index = unpacked(page, "index")
    red_ones = [number for number, outcome in enumerate(index["outcome"]) if outcome == "failed"]
    kinds = ["exchanges" in unpacked(page, f"chunk{index['chunk'][number]}")[str(number)] for number in red_ones]
    assert kinds.count(True) == 1
    assert -1 not in index["chunk"]


def test_the_summary_names_each_cause_and_how_to_see_it_again(tmp_path: Path) -> None:
    run = red(tmp_path)
    run.run["ci"] = {"provider": "github", "run_url": "https://github.com/a/b/actions/runs/7"}
    summary = written(run, "summary.md")
    assert summary.startswith("## Failed: 9 failed, 2 error, 3 passed\n")
    assert "```sh\ntidegate reproduce https://github.com/a/b/actions/runs/7\n```" in summary
    assert "<https://github.com/a/b/actions/runs/7#artifacts>" in summary
    assert re.findall(r"^### (\d)\.", summary, re.M) == list("1234567")
    assert "<pre>KeyError: 'amount'</pre>" in summary


def test_the_summary_of_two_thousand_failures_is_one_that_github_takes(tmp_path: Path) -> None:
    run = Bundled(tmp_path)
    for number in range(2_000):
        name = f"tests/test_many.py::test[{number}]{'x' * 300}"
        kind = "".join(chr(97 + int(digit)) for digit in str(number))
        run.test(name, "failed", kind=f"Kind{kind}", message="m" * 900, text="E " + "t" * 15_000)
    summary = written(run, "summary.md")
    assert len(summary.encode()) < 1 << 20
    assert "And 1975 further causes" in summary
    assert (tmp_path / "report.html").stat().st_size < 15_000_000


def test_at_most_ten_annotations_say_each_another_cause_at_its_line(tmp_path: Path) -> None:
    run = red(tmp_path)
    for number in range(20):
        kind = f"Odd{chr(97 + number)}"
        run.test(f"tests/a,b.py::test[{number}]", "failed", kind=kind, message="50%:\r\nx", file="tests/a,b:c.py")
    lines = written(run, "annotations.txt").splitlines()
    assert len(lines) == 10
    assert len(set(lines)) == 10
    assert lines[0].startswith("::error file=tests/test_orders.py,line=41,title=POST /orders answered 500::3 tests: ")
    assert "%0Aapi logged: KeyError: 'amount'" in lines[0]
    odd = next(line for line in lines if "Odda" in line)
    assert odd.startswith("::error file=tests/a%2Cb%3Ac.py,line=41,title=Odda%3A 50%25%3A::")


def test_an_annotation_is_at_the_line_of_the_test_and_not_of_what_it_calls(tmp_path: Path) -> None:
    run = Bundled(tmp_path)
    text = ">   expect(it)\n\ntests/test_a.py:7: \n_ _ _\nE   no\n\ntests/checks.py:20: AssertionError"
    run.test(
        "tests/test_a.py::test_b", "failed", kind="AssertionError", message="no", text=text, file="tests/checks.py"
    )
    assert written(run, "annotations.txt").startswith("::error file=tests/test_a.py,line=7,")


def test_no_text_of_a_bundle_is_a_command_or_markup_to_ci(tmp_path: Path) -> None:
    run = Bundled(tmp_path)
    failures.hostile(run)
    run.test("tests/x.py::t", "failed", kind="Oops", message="a\n::set-env name=x::y\n</pre><img src=x>\n\n# big")
    run.run["ci"] = {"run_url": "https://x.example/`\n<script>"}
    summary = written(run, "summary.md")
    assert re.findall(r"<(?!/?(?:pre|code|details|summary)>)", summary) == []
    assert all(line.startswith("::error ") for line in (tmp_path / "annotations.txt").read_text().splitlines())


ODD: list[Any] = [None, -1.5, "x\ud800", [], {}, [1], {"a": 1}, True, 10**30]


@pytest.mark.parametrize("name", ["run", "stack", "contract"])
def test_a_file_of_other_forms_than_ours_still_gives_a_page(tmp_path: Path, name: str) -> None:
    """Each value in turn is one of the odd ones."""
    run = Bundled(tmp_path)
    for plant in (failures.departure, failures.refused_login):
        plant(run)
    run.contract["drift"] = {"changes": [{"operation": "a", "where": "b", "text": "c", "breaking": True}]}
    run.contract["failures"], run.run["clean_up"] = ["x"], {"stuck": [{"path": "/a", "reason": "b"}]}
    told = json.loads(json.dumps(getattr(run, name)))
    run.write()
    for number, where in enumerate(each for each in places(told)[::2] if each != ("format",)):
        changed = json.loads(json.dumps(told))
        inner = changed
        for key in where[:-1]:
            inner = inner[key]
        inner[where[-1]] = ODD[number % len(ODD)]
        (tmp_path / f"{name}.json").write_text(json.dumps(changed))
        write_report(open_bundle(tmp_path))


def places(told: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(told) if isinstance(told, dict) else list(range(len(told))) if isinstance(told, list) else []
    return [place for key in keys for place in ((*above, key), *places(told[key], (*above, key)))]


def test_the_distribution_is_by_nearest_rank() -> None:
    found = spread("GET /", [float(each) for each in range(1, 101)])
    assert (found.count, found.p50, found.p95, found.most) == (100, 50, 95, 100)
    assert max(found.bars) == 1


def test_report_writes_the_page_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    red(tmp_path).write()
    assert main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'report.html'}\n"
    assert {"report.html", "summary.md", "annotations.txt"} <= {path.name for path in tmp_path.iterdir()}


def test_show_never_opens_the_page_that_came_with_a_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def without_any(address: str) -> bool:
        opened.append(address)
        return False

    monkeypatch.setattr(webbrowser, "open", without_any)
    red(tmp_path).write()
    (tmp_path / "report.html").write_text("evil")
    assert main(["show", str(tmp_path)]) == 0
    assert opened == [(tmp_path / "report.html").as_uri()]
    assert "evil" not in (tmp_path / "report.html").read_text()
    assert capsys.readouterr().out == f"there is no browser here; the page is\n{tmp_path / 'report.html'}\n"


def test_a_folder_that_is_no_bundle_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 66
    assert "is no bundle of a run" in capsys.readouterr().err
