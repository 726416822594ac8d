"""What is said of the tests after which another one fails."""

from __future__ import annotations

from pathlib import Path

from unit.cli.test_reproduce_search import green, written

from tidegate.cli.reproduce.attempt import Outcome
from tidegate.cli.reproduce.leftovers import leaks
from tidegate.evidence.bundle import Bundle
from tidegate.lines import line_of
from tidegate.records import Exchange, Message


def test_what_others_left_names_their_requests_without_the_logins_of_clients(tmp_path: Path) -> None:
    sent = [("/login", "admin", 200), ("/login", "admin", 401), ("/login", "anonymous", 200), ("/users", "admin", 201)]
    exchanges = [
        Exchange(number, "polluter", "call", identity, "POST", f"http://api/v1{path}", Message(), status, masked=True)
        for number, (path, identity, status) in enumerate(sent)
    ]
    folder = written(tmp_path / "there", {}, green, settings={"login.path": {"value": "/login"}}).folder
    (folder / "exchanges.jsonl").write_bytes(b"".join(line_of(each, "abc") for each in exchanges))
    bundle = Bundle(folder)
    assert leaks(Outcome(code=0, bundle=bundle), ["polluter"]) == [
        "polluter sent POST http://api/v1/login -> 401",
        "polluter sent POST http://api/v1/login -> 200",
        "polluter sent POST http://api/v1/users -> 201",
    ]


def test_what_others_read_is_shown_where_they_left_no_row_and_wrote_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "there", {}, green).folder
    asked = Exchange(1, "polluter", "call", "admin", "GET", "http://api/orders", Message(), 200, masked=True)
    (folder / "exchanges.jsonl").write_bytes(line_of(asked, "abc"))
    told = ["polluter sent GET http://api/orders -> 200"]
    assert leaks(Outcome(code=0, bundle=Bundle(folder)), ["polluter"]) == told
    assert not {*told} & {*leaks(Outcome(code=0, bundle=Bundle(folder), rows={"users": ["id=2"]}), ["polluter"])}
