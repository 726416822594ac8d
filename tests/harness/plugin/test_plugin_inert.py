from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from plugin.conftest import Project

FOREIGN = """
import pytest

@pytest.fixture
def client(settings):
    return settings + "!"

@pytest.fixture
def settings():
    return "mine"

def test_passes(client, settings, tmp_path, capsys):
    print("out")
    assert (client, settings) == ("mine!", "mine")

def test_fails():
    assert 1 == 2

@pytest.mark.skip(reason="why not")
def test_skipped():
    pass
"""


@pytest.fixture
def dead_end() -> Iterator[str]:
    """The address of a server that nobody may ask."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(BlockingIOError):
            server.accept()


def comparable(text: str, *, any_order: bool) -> list[str]:
    """The lines without what differs between any two runs; workers of pytest-xdist finish in any order."""
    steady = re.sub(r"gw\d", "gw", re.sub(r"\d+\.\d\ds", "S", text))
    lines = [line for line in steady.splitlines() if not line.startswith("plugins: ")]
    return sorted("".join(sorted(line)) for line in lines) if any_order else lines


@pytest.mark.parametrize("args", [(), ("-v", "-ra"), ("-n", "2", "-q"), ("--collect-only",)])
def test_a_foreign_run_is_the_same_with_and_without_the_plugin(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, dead_end: str, args: tuple[str, ...]
) -> None:
    monkeypatch.setenv("API_BASE_URL", dead_end)
    monkeypatch.setenv("TIDEGATE_NO_SETTING", "a mistake that nobody needs to hear about")
    pytester.makepyfile(FOREIGN)
    pytester.makeini(
        "[pytest]\naddopts = -p no:randomly -p no:anyio -p no:cacheprovider -p no:hypothesispytest -p no:schemathesis"
    )
    before = sorted(pytester.path.rglob("*"))
    having = pytester.runpytest_subprocess(*args)
    lacking = pytester.runpytest_subprocess("-p", "no:tidegate", *args)
    shown, bare = (comparable(result.stdout.str(), any_order="-n" in args) for result in (having, lacking))
    assert shown == bare
    assert (having.ret, having.stderr.str()) == (lacking.ret, lacking.stderr.str())
    assert [path for path in sorted(pytester.path.rglob("*")) if path not in before and not made_by_pytest(path)] == []


def made_by_pytest(path: Path) -> bool:
    return "runpytest-" in str(path) or "__pycache__" in str(path) or path.name in ("stdout", "stderr")


def test_an_empty_ledger_and_what_was_seen_are_left_by_a_run_that_made_nothing(project: Project) -> None:
    project.test("def test_a(client): assert client.get('/health').is_success")
    assert project.run().ret == 0
    left = sorted(path.name for path in (project.path / "artifacts").rglob("*"))
    assert left == [
        *("contract", "contract.json", "exchanges.jsonl", "ledger", "run.json", "shapes.json", "tests.jsonl")
    ]


def test_collecting_a_suite_asks_no_server(project: Project) -> None:
    project.test("def test_a(client, admin, unique): pass")
    result = project.run("--collect-only")
    assert (result.ret, project.stub.requests) == (0, [])
    assert not (project.path / "artifacts").exists()
    result.stdout.no_fnmatch_line("*tidegate:*")


def test_importing_the_plugin_loads_nothing_that_only_a_session_needs(project: Project) -> None:
    project.test(
        "import sys\nHEAVY = ('httpx', 'filelock', 'http.client', 'dotenv', 'tidegate.session', 'ssl')\n"
        "def test_a(): assert [name for name in HEAVY if name in sys.modules] == []"
    )
    assert project.run("-p", "no:xdist").ret == 0


LOADED = """
import sys

def pytest_unconfigure():
    print("loaded:", *sorted(name for name in sys.modules if name.split(".")[0] in ("tidegate", "httpx", "yaml")))
"""


def test_a_foreign_run_loads_no_more_of_us_than_the_plugin_itself(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_passes(): pass")
    pytester.makeconftest(LOADED)
    result = pytester.runpytest_subprocess("-s")
    loaded = next(line for line in result.outlines if line.startswith("loaded:")).split()[1:]
    ours = re.compile(r"tidegate(\.errors|\.outside|\.plugin(\.\w+|\.cases\.(access|negative)|\.evidence\.\w+)?)?")
    assert [name for name in loaded if not ours.fullmatch(name)] == []
