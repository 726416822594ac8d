from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tidegate import LedgerError
from tidegate.records import Made
from tidegate.session.ledger import Ledger, dead_ledgers, is_alive, read

RUN = "6742a1b3c0de"
URL = "http://api"
# A process that opens a ledger, says so, and lives until it is killed.
OWNER = """
import sys, threading
from pathlib import Path
from tidegate.session.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), sys.argv[2], "http://api", lambda: "test_killed")
ledger.made("things", "1", None, None)
print("open", flush=True)
threading.Event().wait()
"""


def open_ledger(folder: Path, run: str = RUN) -> Ledger:
    return Ledger(folder, run, URL, lambda: "test_x")


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", OWNER, tmp_path, RUN], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.communicate()


IDS = st.sampled_from(["1", "2", "a/b", "ä\n"])
OPS = st.lists(
    st.tuples(st.just("intent"), st.just("things"))
    | st.tuples(st.just("made"), st.sampled_from(["things", "others"]), IDS, st.none() | st.text(), st.none() | IDS)
    | st.tuples(st.just("remarked"), st.sampled_from(["things", "others"]), IDS, st.text())
    | st.tuples(st.just("gone"), st.sampled_from(["things", "others"]), IDS)
)


@given(ops=OPS)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_outstanding_is_what_was_made_and_not_seen_gone(tmp_path: Path, ops: list[tuple[str, ...]]) -> None:
    ledger = open_ledger(tmp_path)
    expected: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for op, resource, *rest in ops:
        getattr(ledger, op)(resource, *rest)
        if op == "made":
            expected[resource, rest[0]] = (rest[1], rest[2])
        elif op == "remarked" and (resource, rest[0]) in expected:
            expected[resource, rest[0]] = (rest[1], expected[resource, rest[0]][1])
        elif op == "gone":
            expected.pop((resource, rest[0]), None)
    found = ledger.outstanding()
    ledger.close(settled=True)
    assert {made.key: (made.marker, made.parent) for made in found} == expected
    assert all(made.run == RUN and made.test == "test_x" for made in found)
    assert not list(tmp_path.iterdir())


def test_what_was_made_is_on_disk_before_the_call_returns(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.made("things", "1", "test-1", "9")
    assert read(tmp_path / f"{RUN}.jsonl") == (URL, [Made("things", "1", RUN, "test_x", "test-1", "9")])
    ledger.close(settled=False)


@pytest.mark.parametrize("garbage", [b"", b"{", b"null\n5\n[]\n", b"\0" * 50, b"\xff\xfe\n", b'{"op": 5}\n{}\n'])
def test_a_cut_or_garbage_line_is_passed_over(tmp_path: Path, garbage: bytes) -> None:
    ledger = open_ledger(tmp_path)
    ledger.made("things", "1", None, None)
    ledger.close(settled=False)
    path = tmp_path / f"{RUN}.jsonl"
    whole = path.read_bytes()
    path.write_bytes(b"\0\n" + garbage + b"\n" + whole + garbage)
    assert [made.id for made in read(path)[1]] == ["1"]
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert len(read(path)[1]) == (1 if end == len(whole) - 1 else 0)  # only the line's end is missing


def test_a_live_run_is_alive_and_its_ledger_not_for_others(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    assert is_alive(tmp_path / f"{RUN}.jsonl")
    assert list(dead_ledgers(tmp_path)) == []


def test_a_killed_run_is_dead_and_its_ledger_tells_what_it_made(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    path = tmp_path / f"{RUN}.jsonl"
    assert not is_alive(path)
    assert list(dead_ledgers(tmp_path)) == [path]
    assert read(path) == (URL, [Made("things", "1", RUN, "test_killed")])


def test_this_process_own_ledger_is_alive_to_itself(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    assert is_alive(tmp_path / f"{RUN}.jsonl")
    assert not list(dead_ledgers(tmp_path))
    ledger.close(settled=False)
    assert not is_alive(tmp_path / f"{RUN}.jsonl")


def test_one_clean_up_at_a_time_works_on_a_dead_ledger(tmp_path: Path) -> None:
    open_ledger(tmp_path).close(settled=False)
    for path in dead_ledgers(tmp_path):
        assert list(dead_ledgers(tmp_path)) == []
        path.unlink()
    assert not list(tmp_path.iterdir())


def test_a_settled_ledger_leaves_no_file(tmp_path: Path) -> None:
    open_ledger(tmp_path).close(settled=True)
    assert not list(tmp_path.iterdir())
    assert not is_alive(tmp_path / f"{RUN}.jsonl")
    assert not list(tmp_path.iterdir()), "asking whether a run lives must not leave a file either"


def test_a_file_in_place_of_the_folder_is_a_ledger_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError) as caught:
        open_ledger(tmp_path / "file" / "ledger")
    assert str(caught.value) == (
        "the ledger of what the tests make cannot be written: Not a directory\n"
        f"  file: {tmp_path}/file/ledger/{RUN}.jsonl\n"
        "  next: make that folder writable or free space, or set TIDEGATE_ARTIFACTS to another folder"
    )


def test_a_folder_that_may_not_be_written_is_a_ledger_error() -> None:
    script = (
        "import logging, os, sys\nfrom pathlib import Path\nfrom tidegate import LedgerError\n"
        "from tidegate.session.ledger import Ledger, is_alive, dead_ledgers, lock_of\n"
        "folder = Path(sys.argv[1])\n"
        "lock_of(folder)\n"
        "if os.getuid() == 0: os.setuid(65534)\n"  # root may write anywhere
        "print(list(dead_ledgers(folder)), is_alive(folder / 'dead.jsonl'))\n"
        "try: Ledger(folder, 'r', 'u', str)\nexcept LedgerError as error: print(error)"
    )
    with tempfile.TemporaryDirectory() as name:  # tmp_path is below a folder that only its owner may enter
        folder = Path(name)
        (folder / "dead.jsonl").write_text(json.dumps({"op": "run", "base_url": URL}))
        folder.chmod(0o555)
        done = subprocess.run([sys.executable, "-c", script, name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("[] True\nthe ledger of what the tests make cannot be written: Permission denied\n")


def test_a_full_disk_is_a_ledger_error(tmp_path: Path) -> None:
    (tmp_path / f"{RUN}.jsonl").symlink_to("/dev/full")
    with pytest.raises(LedgerError, match="cannot be written: No space left on device"):
        open_ledger(tmp_path)


def test_a_line_that_is_written_in_part_is_a_ledger_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger(tmp_path)
    whole = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: whole(file, data[:10]))
        with pytest.raises(LedgerError, match="only a part of the line was written"):
            ledger.made("things", "1", None, None)
    ledger.made("things", "2", None, None)
    assert [made.id for made in ledger.outstanding()] == ["2"], "a cut line must not swallow the next"
    ledger.close(settled=True)


def test_two_owners_of_one_ledger_are_refused(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    with pytest.raises(LedgerError):
        open_ledger(tmp_path)
    ledger.close(settled=True)


def test_a_ledger_that_vanished_is_a_ledger_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read: No such file"):
        read(tmp_path / "none.jsonl")
