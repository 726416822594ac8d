"""`--replay-order` runs what a file has, as it has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tidegate.order.plan import Plan

INI = "[pytest]\naddopts = -p no:anyio -p no:hypothesispytest -p no:schemathesis\n"
SUITE = """
import os, pathlib, random, pytest

@pytest.fixture(autouse=True)
def said(request):
    with open(f"said-{os.environ.get('PYTEST_XDIST_WORKER', '')}", "a") as said:
        said.write(f"{request.node.name} {random.random()}\\n")

def test_a(): pass
def test_b(): pass
@pytest.mark.parametrize("value", ["x::y", "[z]", "é/ \\n"])
def test_c(value): pass
def test_d(): pass
"""
A, B, C, D = "test_it.py::test_a", "test_it.py::test_b", "test_it.py::test_c[x::y]", "test_it.py::test_d"

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # of the run that this test is a part of
    (pytester.path / "pytest.ini").write_text(INI)
    (pytester.path / "test_it.py").write_text(SUITE)

    def ran(plan: Plan, *args: str) -> pytest.RunResult:
        plan.write(pytester.path / "order.json")
        started = ["-pno:randomly", *args] if "-n2" in args else args
        ran_by = pytester.runpytest_subprocess if "-n2" in args else pytester.runpytest_inprocess
        return ran_by("--replay-order=order.json", *started)

    return ran


def said(folder: Path, worker: str = "") -> list[str]:
    return [line.rpartition(" ")[0] for line in (folder / f"said-{worker}").read_text().splitlines()]


def test_the_tests_of_the_file_run_in_its_order_and_no_other(run: Run, pytester: pytest.Pytester) -> None:
    run(Plan({"": (D, C, A)})).assert_outcomes(passed=3, deselected=3)
    assert said(pytester.path) == ["test_d", "test_c[x::y]", "test_a"]


def test_a_file_that_was_not_looked_into_is_not_imported(run: Run, pytester: pytest.Pytester) -> None:
    folder = pytester.mkpydir("more")
    (folder / "test_more.py").write_text("def test_more(): pass\n")
    (folder / "test_broken.py").write_text("import nothing_of_that_name\n")
    more = "more/test_more.py::test_more"
    run(Plan({"": (more, A)}, files=("test_it.py", "more/test_more.py"))).assert_outcomes(passed=2, deselected=5)
    run(Plan({"": (more, A)})).assert_outcomes(errors=1, deselected=5)


def test_no_plugin_that_sorts_comes_after_it(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "conftest.py").write_text(
        "import pytest\n@pytest.hookimpl(wrapper=True, tryfirst=True)\ndef pytest_collection_modifyitems(items):\n"
        "    yield\n    items.sort(key=lambda item: item.name)\n"
    )
    run(Plan({"": (D, B, A)}), "--ff", "--nf", "-prandomly", "-p", "randomly").assert_outcomes(passed=3, deselected=3)
    assert said(pytester.path) == ["test_d", "test_b", "test_a"]


def test_random_values_are_those_of_the_recorded_seed_unless_another_is_asked_for(
    run: Run, pytester: pytest.Pytester
) -> None:
    for args in ((), (), ("-prandomly", "-p", "randomly", "--randomly-seed=5")):
        run(Plan({"": (D,)}, 4), *args).assert_outcomes(passed=1, deselected=5)
    first, second, other = (pytester.path / "said-").read_text().splitlines()
    assert first == second != other


def test_a_test_that_is_gone_is_said_and_the_others_run(run: Run) -> None:
    gone = "test_it.py::test_c[gone]"
    result = run(Plan({"": (B, gone, A)}), "-q")
    result.assert_outcomes(passed=2, deselected=4)
    result.stdout.fnmatch_lines(["tidegate: not replayed, since no such test is collected: test_it.py::test_c?gone?"])


def test_a_file_that_cannot_be_read_is_a_wrong_command_line(pytester: pytest.Pytester) -> None:
    (pytester.path / "order.json").write_text("{}")
    result = pytester.runpytest_inprocess("--replay-order=order.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *order.json is no order*", "  seen: KeyError*", "  next: *"])
    assert "Traceback" not in result.stderr.str()


def test_each_worker_runs_its_own_list_and_that_of_one_that_is_not_here(run: Run, pytester: pytest.Pytester) -> None:
    gone = "test_it.py::test_gone"
    result = run(Plan({"gw0": (D, gone, A), "gw1": (C,), "gw2": (), "gw3": (B,)}, 4), "-n2")
    result.assert_outcomes(passed=4)
    assert said(pytester.path, "gw0") == ["test_d", "test_a"]
    assert said(pytester.path, "gw1") == ["test_c[x::y]", "test_b"]
    assert len(re.findall("no such test", result.stdout.str())) == 1


def test_one_process_says_that_it_ran_the_tests_of_several(run: Run, pytester: pytest.Pytester) -> None:
    result = run(Plan({"gw0": (D,), "gw1": (A,)}))
    result.stdout.fnmatch_lines(["tidegate: one process ran the tests of gw0, gw1, one after another"])
    assert said(pytester.path) == ["test_d", "test_a"]


def test_a_test_that_fails_by_who_ran_before_it_on_its_worker_fails_again(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "test_it.py").write_text(
        "import os\ndef test_a(): os.environ['LEFT'] = '1'\ndef test_b(): assert 'LEFT' not in os.environ\n"
        "def test_d(): pass\n"
    )
    run(Plan({"gw0": (D,), "gw1": (A, B)}), "-n2").assert_outcomes(passed=2, failed=1)
    run(Plan({"gw0": (A, D), "gw1": (B,)}), "-n2").assert_outcomes(passed=3)


def test_after_a_crash_the_next_worker_goes_on_with_the_list(run: Run, pytester: pytest.Pytester) -> None:
    with (pytester.path / "test_it.py").open("a") as suite:
        suite.write("def test_e(): os._exit(1)\n")
    result = run(Plan({"gw0": (D, "test_it.py::test_e", A, B), "gw1": (C,)}), "-n2")
    result.assert_outcomes(passed=4, failed=1)
    assert said(pytester.path, "gw2") == ["test_a", "test_b"]


def test_a_test_that_crashed_its_worker_runs_again_where_a_plugin_asks_for_that(
    run: Run, pytester: pytest.Pytester
) -> None:
    with (pytester.path / "test_it.py").open("a") as suite:
        suite.write("def test_e():\n    import pathlib\n    crashed = pathlib.Path('crashed')\n")
        suite.write("    if not crashed.exists():\n        crashed.touch()\n        os._exit(1)\n")
    (pytester.path / "conftest.py").write_text(
        "def pytest_handlecrashitem(crashitem, report, sched):\n"
        "    sched.mark_test_pending(crashitem)\n    report.outcome = 'rerun'\n"
    )
    result = run(Plan({"gw0": (D, "test_it.py::test_e", A), "gw1": (C,)}), "-n2")
    assert result.parseoutcomes()["passed"] == 4
    assert said(pytester.path, "gw2") == ["test_e", "test_a"]


def test_x_ends_every_worker_soon(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "test_it.py").write_text(
        "import pathlib, time, pytest\ndef test_a():\n    assert False\n"
        "@pytest.mark.parametrize('number', range(2000))\ndef test_b(number):\n"
        "    if number == 1:\n        while not pathlib.Path('red').exists(): time.sleep(0.01)\n"
    )
    (pytester.path / "conftest.py").write_text(
        "import pathlib\ndef pytest_sessionfinish(session):\n    pathlib.Path('red').touch()\n"
    )
    many = tuple(f"test_it.py::test_b[{number}]" for number in range(2000))
    result = run(Plan({"gw0": (A,), "gw1": many}), "-n2", "-x", "--max-worker-restart=0")
    assert result.parseoutcomes()["failed"] == 1
    assert result.parseoutcomes()["passed"] < 100


def test_nothing_of_it_is_loaded_without_the_option(pytester: pytest.Pytester) -> None:
    (pytester.path / "test_it.py").write_text(
        "import sys\ndef test_a(): assert not [name for name in sys.modules if name.startswith('tidegate') and"
        " 'order' in name]\n"
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
