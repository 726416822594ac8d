"""What a test has sent, sent once more to another API: sessions and ids are others, and nothing else should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from projects import Answer, Bent, Call, Variant, environment_of, settings_of
from stub_api import ADMIN_EMAIL, ADMIN_PASSWORD

from tidegate.cli.main import main
from tidegate.errors import WriteRefused
from tidegate.lines import line_of
from tidegate.records import Exchange, Message
from tidegate.redact import Secrets, lessons, masked_exchange
from tidegate.session.client import new_client
from tidegate.session.login import Identity, Sessions
from tidegate.session.recorder import Owners, Recorder
from tidegate.session.replay import Difference, replay
from tidegate.session.replay.ids import Ids, scope_of
from tidegate.session.wire import open_wire
from tidegate.settings import Settings

RUN = "6742a1b3c0de"
OWN = f"test-{RUN}-gw0-0123456789@example.com"
JOURNEY = 13


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[Exchange]:
    """What a run has kept of a test with its own user, orders, refusals and a login that fails."""
    with Bent() as stub:
        settings = settings_of(tmp_path_factory.mktemp("ci"), stub)
        secrets, seen, owners = Secrets(settings.secrets), list[Exchange](), Owners()

        def observe(exchange: Exchange) -> None:
            secrets.notice(lessons(exchange))
            seen.append(exchange)

        recorder = Recorder(observe, lambda: ("test_it", "call"), owners.who, limit=1 << 20)
        journey(settings, recorder, secrets, owners)
        kept = [masked_exchange(each, secrets) for each in seen]
    assert not any(secret in repr(kept) for secret in (ADMIN_PASSWORD, "own-Secret-77"))
    return kept


def journey(settings: Settings, recorder: Recorder, secrets: Secrets, owners: Owners) -> None:
    wire = open_wire(settings, settings.base_url)
    anybody = new_client(settings.base_url, settings.client, transport=wire, recorder=recorder)
    learn: Callable[[Any], None] = lambda values: secrets.notice(values, surely=True)  # noqa: E731
    sessions = Sessions(settings, anybody, learn, owners.learn)
    identity = Identity(settings, settings.base_url, sessions.open_admin, learn=learn)
    with new_client(settings.base_url, settings.client, transport=wire, auth=identity, recorder=recorder) as admin:
        own = {"email": OWN, "password": "own-Secret-77"}
        user = admin.post("/users", json={**own, "name": f"test-{RUN}-gw0-aa"}).json()["id"]  # after a login: 2
        token = anybody.post("/auth/login", json=own).json()["access_token"]
        anybody.get(f"/users/{user}", headers={"Authorization": f"Bearer {token}"})
        order = admin.post(
            "/orders", json={"user_id": user, "lines": [{"sku": "R", "quantity": 2, "unit_price": 5}]}
        ).json()["id"]
        admin.patch(f"/orders/{order}", json={"status": "paid"})
        admin.get("/orders", params={"user_id": user, "limit": 5})
        anybody.post("/auth/login", json={**own, "password": "another-Secret"})
        anybody.get("/users", headers={"Authorization": "Bearer made.up.token-0123456789"})
        anybody.get("/users")
        admin.post("/users", content=b"no json", headers={"Content-Type": "application/json"})
        admin.delete(f"/users/{user}")
        admin.get(f"/users/{user}")


@pytest.fixture(params=[Variant(), Variant(base_path="/api/v2")], ids=["same", "elsewhere"])
def there(request: pytest.FixtureRequest) -> Iterator[Bent]:
    """An API that has had other records before."""
    with Bent(request.param) as stub:
        stub.seed_users(*(f"seeded-{number}@example.com" for number in range(3)))
        yield stub


def again(recorded: list[Exchange], folder: Path, stub: Bent, **more: Any) -> tuple[Difference | None, list[str]]:
    notes: list[str] = []
    settings = settings_of(folder, stub, **more)
    return replay(recorded, settings, target=origin_of(recorded), run=RUN, note=notes.append), notes


def origin_of(recorded: list[Exchange]) -> str:
    return "/".join(recorded[0].url.split("/")[:3])


def test_every_answer_is_as_it_was_though_secrets_are_masked_and_ids_are_others(
    recorded: list[Exchange], tmp_path: Path, there: Bent
) -> None:
    assert len(recorded) == JOURNEY
    assert again(recorded, tmp_path, there) == (None, [])
    assert len(there.requests) >= JOURNEY  # before some changes the guard looks at the record
    assert again(recorded, tmp_path, there) == (None, [])  # with other marks, and so no conflict


def bent(method: str, path: str, change: Callable[[Any], Answer]) -> Callable[[Call, Callable[[Call], Answer]], Answer]:
    def bend(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        answer = usual(call)
        return change(answer) if call.method == method and call.path.startswith(path) else answer

    return bend


CHANGES: list[tuple[str, str, Callable[[Any], Answer], str]] = [
    ("PATCH", "/orders", lambda _: Answer(500, {"detail": "boom"}), "status\n  recorded: 200 * now:      500 *boom*"),
    ("PATCH", "/orders", lambda a: Answer(200, {**a.body, "status": "open"}), "body /status\n*paid\n*open"),
    ("POST", "/users", lambda a: Answer(a.status, {**a.body, "name": None}), "body /name\n*test-*\n*null"),
    ("POST", "/orders", lambda a: Answer(201, {**a.body, "total": "10"}), "body /total\n*10\n*10"),
    ("GET", "/users/", lambda a: Answer(a.status, {"detail": "x"}), "*"),
    ("GET", "/orders", lambda a: Answer(200, {**a.body, "more": 1}), "body /more\n*not there\n*1"),
    ("POST", "/auth/login", lambda _: Answer(503, {"detail": "down"}), "login\n  recorded: 200*"),
]


@pytest.mark.parametrize(("method", "path", "change", "told"), CHANGES)
def test_the_first_answer_that_differs_is_told(
    recorded: list[Exchange], tmp_path: Path, stub: Bent, method: str, path: str, change: Any, told: str
) -> None:
    stub.bend = bent(method, path, change)
    found, _ = again(recorded, tmp_path, stub)
    assert found
    assert (found.exchange.method, found.weak) == (method, False)
    assert fnmatch(str(found).partition(": ")[2], f"{told}*")


def test_the_length_of_a_list_is_told_only_when_nothing_else_differs(
    recorded: list[Exchange], tmp_path: Path, stub: Bent
) -> None:
    shorter = bent("GET", "/orders", lambda _: Answer(200, {"items": [], "total": 0}))
    stub.bend = shorter
    found, _ = again(recorded, tmp_path, stub)
    assert found
    assert (found.where, found.then, found.now, found.weak) == ("body /items", "1 items", "0 items", True)
    stub.bend = lambda call, usual: Answer(500) if call.method == "DELETE" else shorter(call, usual)
    found, _ = again(recorded, tmp_path, stub)
    assert found
    assert (found.exchange.method, found.where, found.weak) == ("DELETE", "status", False)


def test_nothing_is_changed_on_a_shared_target(recorded: list[Exchange], tmp_path: Path, stub: Bent) -> None:
    with pytest.raises(WriteRefused):
        again(recorded, tmp_path, stub, TIDEGATE_SHARED="127.0.0.1")
    assert [*stub.emails()] == []


def test_an_api_that_does_not_answer_is_a_difference(recorded: list[Exchange], tmp_path: Path, stub: Bent) -> None:
    reads = [each for each in recorded if each.method == "GET" and each.identity == "anonymous"]
    found, _ = again(reads, tmp_path, stub, API_BASE_URL="http://127.0.0.1:9")
    assert found
    assert (found.where, found.then.split()[0]) == ("status", "401")
    assert "efused" in found.now


def test_what_cannot_be_sent_again_is_noted(recorded: list[Exchange], tmp_path: Path, stub: Bent) -> None:
    [created] = [each for each in recorded if (each.method, each.status) == ("POST", 201) and "/users" in each.url]
    cut = replace(created, request=replace(created.request, body=b"{} \xe2\x80\xa6 cut: 99 bytes in all"))
    gone = replace(created, request=replace(created.request, body=None))
    elsewhere = replace(created, url="http://10.0.0.1/users")
    found, notes = again([recorded[0], cut, gone, elsewhere], tmp_path, stub)
    assert found is None
    assert [note.rpartition(": ")[2] for note in notes] == ["its body was not kept whole"] * 2 + ["it went elsewhere"]


HOSTILE = [b"[" * 500 + b"]" * 500, b'{"id": ' + b"9" * 5000 + b"}", b"\xff\xfe", rb'{"id": {"id": "\ud800"}}', b"{}"]


@pytest.mark.parametrize("body", HOSTILE, ids=["deep", "long number", "no text", "half", "empty"])
def test_whatever_a_bundle_holds_ends_in_words(
    recorded: list[Exchange], tmp_path: Path, stub: Bent, body: bytes
) -> None:
    [created] = [each for each in recorded if (each.method, each.status) == ("POST", 201) and "/users" in each.url]
    assert created.response
    odd = (("X-Odd", "a\r\nHost: elsewhere"), ("X-Odd", "\ud800"), *created.request.headers)
    exchanges = [
        replace(created, request=replace(created.request, body=body), response=replace(created.response, body=body)),
        replace(created, request=replace(created.request, headers=odd)),
        replace(created, url="http://[/users"),
        replace(created, url=f"{created.url}/../../%2e%2e\r\nX: y"),
        replace(created, method="GET\r\nX: y"),
    ]
    settings = settings_of(tmp_path, stub)
    for each in exchanges:
        told = str(replay([each], settings, earlier=exchanges, target=origin_of(recorded), run=RUN))
        assert told.replace("\n", "").isprintable()
    assert {request.split()[1].partition("/..")[0] for request in stub.requests} <= {"/auth/login", "/users"}


def test_the_admin_logs_in_with_the_password_of_now(recorded: list[Exchange], tmp_path: Path, stub: Bent) -> None:
    stub.set_password(ADMIN_EMAIL, "of-another-Day-9")
    found, _ = again(recorded, tmp_path, stub, API_ADMIN_PASSWORD="of-another-Day-9")
    assert found is None
    found, _ = again(recorded, tmp_path, stub)
    assert found
    assert found.where == "login"


def of_another_test(recorded: list[Exchange], count: int) -> tuple[list[Exchange], list[Exchange]]:
    """The first exchanges as those of a fixture that an earlier test has set up, and the others."""
    return [replace(each, test="test_before") for each in recorded[:count]], recorded[count:]


def test_what_an_earlier_test_has_set_up_is_made_first_and_nothing_else_of_it(
    recorded: list[Exchange], tmp_path: Path, there: Bent
) -> None:
    before, mine = of_another_test(recorded, 3)  # the admin's login, the user, the login of the user
    unneeded = replace(before[1], number=99, response=Message(body=b'{"id": 77}'))
    settings, notes = settings_of(tmp_path, there), list[str]()
    target = origin_of(recorded)
    assert replay(mine, settings, earlier=[*before, unneeded], target=target, run=RUN, note=notes.append) is None
    assert notes == []  # without its login, nobody knew whose token it was
    assert sum(request.startswith("POST") and request.endswith("/users") for request in there.requests) == 2


def test_a_request_whose_credentials_nobody_knows_is_not_sent(
    recorded: list[Exchange], tmp_path: Path, stub: Bent
) -> None:
    [own] = [each for each in recorded if (each.identity, each.method, each.status) == ("", "GET", 200)]
    found, notes = again([own], tmp_path, stub)
    assert (found, stub.requests) == (None, [])
    assert notes[0].endswith("nobody has kept whose credentials it carried")


def test_a_refusal_of_what_was_masked_is_told_only_when_nothing_else_differs(
    recorded: list[Exchange], tmp_path: Path, stub: Bent
) -> None:
    [created] = [each for each in recorded if (each.method, each.status) == ("POST", 201) and "/users" in each.url]
    assert created.response
    refused = replace(created, status=422, response=replace(created.response, body=b'{"detail": "too short"}'))
    found, _ = again([refused], tmp_path, stub)
    assert found
    assert (found.where, found.weak) == ("status", True)


def test_the_same_number_is_another_record_in_another_collection() -> None:
    ids = Ids()
    ids.add(scope_of("id", collection="users"), "3", "71")
    ids.add(scope_of("id", collection="orders"), "3", "94")
    assert [ids.now(scope_of(name), "3") for name in ("user_id", "userId", "order_id", "owner_id")] == [
        "71",
        "71",
        "94",
        "94",
    ]
    assert ids.now(scope_of("id", "user", "orders"), "3") == "71"
    assert ids.now(scope_of("user_id"), "4") == "4"


def test_the_command_says_which_answer_differs(
    recorded: list[Exchange], tmp_path: Path, stub: Bent, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "left").mkdir()
    lines = b"".join(line_of(replace(each, test="t.py::test_it[1]"), RUN) for each in recorded)
    (tmp_path / "left" / "exchanges.jsonl").write_bytes(lines)
    (tmp_path / "left" / "run.json").write_text(f'{{"run": "{RUN}", "target": "{origin_of(recorded)}"}}')
    (tmp_path / ".env.test").write_text("".join(f"{name}={value}\n" for name, value in environment_of(stub).items()))
    command = ["replay", str(tmp_path / "left"), "--env-file", str(tmp_path / ".env.test"), "--test"]
    assert main([*command, "test_it"]) == 0
    assert capsys.readouterr().out == (
        f"{JOURNEY} exchanges of t.py::test_it[1] against {stub.url}\nevery answer is as it was recorded\n"
    )
    stub.bend = bent("PATCH", "/orders", lambda _: Answer(500, {"detail": "boom"}))
    assert main([*command, "test_it"]) == 1
    assert "/orders/3 (call): status\n  recorded: 200" in capsys.readouterr().out
    assert main([*command, "test_that"]) == 64
