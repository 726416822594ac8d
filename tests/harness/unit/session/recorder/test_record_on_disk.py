"""The record on disk: line by line while a run goes, in one file when it is over."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tidegate.lines import exchange_of, line_of
from tidegate.records import Exchange, Message
from tidegate.redact import Secrets
from tidegate.session.recorder.joining import join, keep_killed
from tidegate.session.recorder.writer import Writer

RUN, OTHER = "6742a1b3c0de", "6742a1b3c0df"
ANSWER = Message((("Content-Type", "application/json"),), b'{"a": "\xc3\xa4\\n"}', 12, "0" * 64)


def exchange(number: int = 1, started: float = 1.0, **more: Any) -> Exchange:
    return Exchange(
        number, "test", "call", "admin", "GET", "http://h/", Message(), 200, ANSWER, started, masked=True, **more
    )


def write(folder: Path, run: str, *exchanges: Exchange) -> list[str]:
    notes: list[str] = []
    writer = Writer(folder, run, notes.append)
    for each in exchanges:
        writer.write(each)
    writer.close()
    return notes


def numbers(path: Path) -> list[tuple[str, int]]:
    found = [exchange_of(line) for line in path.read_bytes().splitlines()]
    return [(run, each.number) for run, each in found]


def test_a_line_gives_the_exchange_back() -> None:
    found = exchange(error="é", redirect_of=3, trace="00-a", operation="GET /")
    assert exchange_of(line_of(found, RUN)) == (RUN, found)
    lost = replace(found, status=None, response=None)
    assert exchange_of(line_of(lost, RUN)) == (RUN, lost)


@pytest.mark.parametrize("line", [b"", b"{", b"{}", line_of(exchange(), RUN)[:-9], b"[]", b'{"request": {}}'])
def test_a_line_that_was_cut_is_no_exchange(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        exchange_of(line)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("status", "200"),
        ("status", 1e300),
        ("number", None),
        ("started", "now"),
        ("started", float("nan")),
        ("elapsed", 10**30),
        ("url", 4),
        ("test", ["a"]),
        ("run", 7),
        ("response", []),
        ("response", ""),
        ("request", {"headers": [[1, 2]], "body": None, "size": 0, "digest": ""}),
        ("request", {"headers": [["a", "b"]], "body": 5, "size": 0, "digest": ""}),
        ("request", {"headers": [], "body": None, "size": "9", "digest": ""}),
        ("request", {"headers": [["a"]], "body": None, "size": 0, "digest": ""}),
    ],
)
def test_a_line_with_values_of_other_kinds_is_no_exchange(place: str, value: object) -> None:
    line = json.loads(line_of(exchange(), RUN))
    with pytest.raises(ValueError, match=r"."):
        exchange_of(json.dumps(line | {place: value}).encode())


def test_each_exchange_is_on_disk_before_the_test_goes_on(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "new", RUN, lambda _: None)
    for number in (1, 2):
        writer.write(exchange(number))
        assert numbers(writer.path)[-1] == (RUN, number)
    writer.close()


def test_all_parts_of_a_run_become_one_file_in_the_order_in_which_exchanges_began(tmp_path: Path) -> None:
    (tmp_path / "exchanges.jsonl").write_text("of the last run\n")
    write(tmp_path, f"{RUN}-gw0", exchange(1, 1.0), exchange(3, 5.25), exchange(2, 3.0))
    write(tmp_path, f"{RUN}-gw1", exchange(1, 2.0), exchange(2, 4.0))
    write(tmp_path, OTHER, exchange(1))
    assert join(tmp_path, RUN, Secrets()) == tmp_path / "exchanges.jsonl"
    order = [("-gw0", 1), ("-gw1", 1), ("-gw0", 2), ("-gw1", 2), ("-gw0", 3)]
    assert numbers(tmp_path / "exchanges.jsonl") == [(RUN + worker, number) for worker, number in order]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"exchanges-{OTHER}.jsonl", "exchanges.jsonl"]


def test_a_run_without_exchanges_leaves_the_file_of_the_last_one(tmp_path: Path) -> None:
    (tmp_path / "exchanges.jsonl").write_text("of the last run\n")
    assert join(tmp_path, RUN, Secrets()) is None
    assert (tmp_path / "exchanges.jsonl").read_text() == "of the last run\n"


def test_what_was_learned_after_a_line_was_written_is_taken_out_of_it(tmp_path: Path) -> None:
    secret = "a-token/é of later"
    body = json.dumps({"echo": secret, "again": json.dumps(secret)}).encode()
    write(tmp_path, RUN, with_body(body))
    join(tmp_path, RUN, Secrets([secret]))
    [(_, found)] = [exchange_of(line) for line in (tmp_path / "exchanges.jsonl").read_bytes().splitlines()]
    assert found.response is not None
    assert json.loads(found.response.body or b"")["echo"] == "***"
    assert "of later" not in (tmp_path / "exchanges.jsonl").read_text()


def with_body(body: bytes) -> Exchange:
    return replace(exchange(), response=replace(ANSWER, body=body))


def test_the_line_in_flight_is_all_that_a_crash_loses(tmp_path: Path) -> None:
    write(tmp_path, RUN, exchange(1), exchange(2))
    with (tmp_path / f"exchanges-{RUN}.jsonl").open("ab") as file:
        file.write(line_of(exchange(3), RUN)[:-20])
    join(tmp_path, RUN, Secrets())
    assert numbers(tmp_path / "exchanges.jsonl") == [(RUN, 1), (RUN, 2)]


def test_what_a_killed_run_has_left_is_kept_in_one_file_and_a_live_run_keeps_its_own(tmp_path: Path) -> None:
    for run in (f"{RUN}-gw0", f"{RUN}-gw1", f"{OTHER}-gw0", f"{OTHER}-gw1"):
        write(tmp_path, run, exchange())
    kept = keep_killed(tmp_path, lambda run: run == f"{OTHER}-gw1", Secrets())
    assert [path.name for path in kept] == [f"exchanges-{RUN}-killed.jsonl"]
    assert len(numbers(kept[0])) == 2
    left = {f"exchanges-{OTHER}-gw0.jsonl", f"exchanges-{OTHER}-gw1.jsonl", kept[0].name}
    assert {path.name for path in tmp_path.iterdir()} == left
    assert keep_killed(tmp_path, lambda run: run.startswith(OTHER), Secrets()) == []


def test_a_full_disk_is_told_once_and_takes_no_other_line_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, notes = os.write, list[str]()
    writer = Writer(tmp_path, RUN, notes.append)
    writer.write(exchange(1))

    def full(file: int, line: bytes) -> int:
        if len(line) > 9:
            return really(file, line[:9])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        writer.write(exchange(2))
        writer.write(exchange(3))
    writer.write(exchange(4))
    writer.close()
    assert len(notes) == 1
    assert "could not be written" in notes[0]
    join(tmp_path, RUN, Secrets())
    assert numbers(tmp_path / "exchanges.jsonl") == [(RUN, 1), (RUN, 4)]


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    notes = write(tmp_path / "file", RUN, exchange(1), exchange(2))
    assert len(notes) == 1


def test_parts_stay_where_they_cannot_be_joined(tmp_path: Path) -> None:
    write(tmp_path, RUN, exchange(1))
    (tmp_path / "exchanges.jsonl").mkdir()
    with pytest.raises(OSError, match=r"."):
        join(tmp_path, RUN, Secrets())
    assert numbers(tmp_path / f"exchanges-{RUN}.jsonl") == [(RUN, 1)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"exchanges-{RUN}.jsonl", "exchanges.jsonl"]
