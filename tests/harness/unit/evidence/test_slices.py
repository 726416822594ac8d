"""What a bundle has of one test, and all exchanges in a form that other programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tidegate.evidence.bundle import Bundle
from tidegate.evidence.har import NOWHERE, write_har
from tidegate.lines import line_of
from tidegate.records import Exchange, Message

RUN, TRACE = "6742a1b3c0de", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
AUTH = ("Authorization", "Bearer ***")


def exchange(number: int, test: str, method: str, path: str, status: int | None, **more: Any) -> Exchange:
    started = 1795453200.0 + number
    answer = None if status is None else more.pop("answer", Message())
    sent = more.pop("request", Message((AUTH,)))
    url = f"http://h{path}"
    return Exchange(number, test, "call", "admin", method, url, sent, status, answer, started, 0.01, **more)


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    located = Message((("Location", "/things/9/"),), b"", 0)
    json_type = ("Content-Type", "application/json")
    told = Message((json_type,), b'{"data": {"id": 7}}', 19)
    exchanges = [
        exchange(1, "", "POST", "/login", 200),
        exchange(2, "a", "POST", "/things?x=1&y", 201, answer=told, request=Message((AUTH, json_type), b"{}", 2)),
        exchange(3, "a", "PUT", "/things/9", 201, answer=located),
        exchange(4, "a", "GET", "/things", None, trace=TRACE, error="refused"),
        exchange(5, "b", "POST", "/things", 400),
    ]
    (tmp_path / "exchanges.jsonl").write_bytes(b"".join(line_of(each, RUN) for each in exchanges))
    tests = [{"begin": "a", "index": 0, "at": 1795453201.5}]
    tests += [{"test": "a", "phase": "teardown", "outcome": "passed", "at": 1795453204.0, "seconds": 0.2}]
    (tmp_path / "tests.jsonl").write_text("".join(json.dumps(each) + "\n" for each in tests))
    (tmp_path / "run.json").write_text(json.dumps({"run": RUN}))
    (tmp_path / "logs").mkdir()
    log = [(0, "before"), (2, "during"), (4, "at its end"), (9, f"late, of {TRACE[3:35]}"), (9, "late")]
    lines = [f"2026-11-23T17:00:0{second}.100000000Z {text}\n" for second, text in log]
    (tmp_path / "logs" / "api.log").write_text("".join(lines))
    return Bundle(tmp_path)


def test_a_slice_has_what_a_test_did_and_what_the_services_said_of_it(bundle: Bundle) -> None:
    found = bundle.slice("a")
    assert [each.number for each in found.exchanges] == [2, 3, 4]
    assert [line.text for line in found.logs["api"]] == ["during", "at its end", f"late, of {TRACE[3:35]}"]
    assert [(made.resource, made.id, made.test) for made in found.made] == [
        ("/things", "7", "a"),
        ("/things", "9", "a"),
    ]
    assert found.curls[0].startswith("curl -X POST")
    assert "$API_TOKEN" in found.curls[0]


def test_a_slice_of_what_nobody_knows_is_empty(bundle: Bundle) -> None:
    found = bundle.slice("nobody")
    assert (found.runs, found.exchanges, found.logs, found.made) == ((), (), {}, ())


NUMBER = (int, float)
REQUIRED: Mapping[str, type | tuple[type, ...]] = {
    "pageref": str,
    "startedDateTime": str,
    "time": NUMBER,
    "request": dict,
    "response": dict,
    "cache": dict,
    "timings": dict,
}


def test_each_exchange_is_an_entry_of_har_on_the_page_of_its_test(bundle: Bundle) -> None:
    log = json.loads(write_har(bundle).read_text())["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "tidegate")
    assert [page["id"] for page in log["pages"]] == [NOWHERE, "a", "b"]
    assert [entry["pageref"] for entry in log["entries"]] == [NOWHERE, "a", "a", "a", "b"]
    for entry in log["entries"]:
        assert all(isinstance(entry[name], kind) for name, kind in REQUIRED.items())
        assert {"method", "url", "httpVersion", "cookies", "headers", "queryString"} <= entry["request"].keys()
        assert {"status", "statusText", "content", "redirectURL", "headersSize"} <= entry["response"].keys()
    made, lost = log["entries"][1], log["entries"][3]
    assert made["request"]["queryString"] == [{"name": "x", "value": "1"}, {"name": "y", "value": ""}]
    assert made["request"]["postData"] == {"mimeType": "application/json", "text": "{}"}
    assert made["response"]["content"]["text"] == '{"data": {"id": 7}}'
    assert made["response"]["statusText"] == "Created"
    assert (lost["response"]["status"], lost["response"]["comment"]) == (0, "refused")


def test_a_run_without_exchanges_is_a_har_without_entries(bundle: Bundle) -> None:
    (bundle.folder / "exchanges.jsonl").unlink()
    assert json.loads(write_har(Bundle(bundle.folder)).read_text())["log"]["entries"] == []
