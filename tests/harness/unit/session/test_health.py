from __future__ import annotations

import socket
from typing import Any

import pytest
from wire import Script, Wire, free_port, http

from tidegate import ApiNotHealthy, LoginRefused
from tidegate.session.admitted import Admitted
from tidegate.session.gate import Healthy, wait
from tidegate.session.probe import Answer, Kind, ask
from tidegate.session.question import Pass, Question
from tidegate.settings import Client, Health

Answered = tuple[Kind, str]


def met(script: bytes | Script, *, client: Client | None = None, **health: Any) -> Answered:
    with Wire(script) as wire:
        answer: Answer = ask(Question(wire.url + "/health", Health(**health), client or Client()), 5)
    return answer.kind, answer.detail


def verdict(script: bytes | Script, **health: Any) -> list[str]:
    with Wire(script) as wire, pytest.raises(ApiNotHealthy) as caught:
        wait(Question(wire.url + "/health", Health(**{"timeout": 0.2, **health}), Client()), lambda _line: None)
    return str(caught.value).replace(wire.url, "URL").splitlines()


# --- what is asked ---


@pytest.mark.parametrize("status", [200, 301, 401, 404, 499])
def test_any_answer_below_500_is_a_yes_when_that_is_all_that_is_asked(status: int) -> None:
    assert met(http(status, {"status": "down"}), kind="answer") == (Kind.READY, f"answered {status}")


def test_a_5xx_is_no_such_answer() -> None:
    assert met(http(500), kind="answer") == (Kind.STATUS, "HTTP 500 Because")


def test_a_connection_is_a_yes_where_nothing_else_can_be_asked() -> None:
    def never_speaks(connection: socket.socket) -> None:
        connection.close()

    assert met(never_speaks, kind="tcp") == (Kind.READY, "takes connections")


def test_a_port_that_takes_no_connections_is_told() -> None:
    question = Question(f"http://127.0.0.1:{free_port()}", Health(kind="tcp", timeout=0.1), Client())
    with pytest.raises(ApiNotHealthy) as caught:
        wait(question, lambda _line: None)
    said = str(caught.value).splitlines()
    assert said[1:3] == [
        f"  asked: a connection to {question.url}",
        "  last answer: connection refused: nothing listens there",
    ]


@pytest.mark.parametrize(
    ("statuses", "status", "kind"),
    [
        (("2xx", "401"), 401, Kind.READY),
        (("204",), 204, Kind.READY),
        (("204",), 200, Kind.STATUS),
        (("4xx",), 404, Kind.READY),
        (("4xx",), 500, Kind.STATUS),
    ],
)
def test_statuses_that_mean_up_are_codes_or_classes(statuses: tuple[str, ...], status: int, kind: Kind) -> None:
    assert met(http(status), statuses=statuses)[0] is kind


# --- the word ---


@pytest.mark.parametrize("place", ["data.checks.0.state", "/data/checks/0/state"])
def test_the_word_may_be_anywhere_in_the_body(place: str) -> None:
    body = {"status": "ignored", "data": {"checks": [{"state": "UP"}]}}
    assert met(http(200, body), word_at=place)[0] is Kind.READY
    body["data"] = {"checks": [{"state": "starting"}]}
    detail = f"wrong body: {place} is 'starting', not ok / healthy / up / pass"
    assert met(http(200, body), word_at=place) == (Kind.BODY, detail)


@pytest.mark.parametrize("body", [{"status": "ok"}, b"", ["x"]])
def test_a_place_that_is_set_must_hold_a_word(body: Any) -> None:
    assert met(http(200, body), word_at="data.state") == (Kind.BODY, "wrong body: nothing at data.state")


# --- the flags ---


@pytest.mark.parametrize(
    "body",
    [
        {"checks": {"db": True, "queue": True}},
        {"checks": {"db": "ok", "queue": "Up"}},
        {"checks": {"db": True, "q": "ok"}},
    ],
)
def test_flags_that_are_all_true_or_a_word_are_a_yes(body: Any) -> None:
    assert met(http(200, body), flags="checks")[0] is Kind.READY


def test_flags_that_are_not_true_are_named() -> None:
    body = {"db": True, "queue": False, "cache": "down", "mail": None, "disk": 1, "status": "ok"}
    assert met(http(200, body), flags=".") == (
        Kind.BODY,
        "wrong body: not true: queue, cache, mail, disk",
    )


@pytest.mark.parametrize("body", [{}, {"checks": {}}, {"checks": [True]}, {"checks": True}, b"not json"])
def test_no_flags_are_no_yes(body: Any) -> None:
    assert met(http(200, body), flags="checks") == (Kind.BODY, "wrong body: checks holds no flags")


@pytest.mark.parametrize(
    ("body", "health", "answer", "setting"),
    [
        ({"status": "adrift"}, {}, "wrong body: status is 'adrift', not ok / healthy / up / pass", "health.words"),
        ({"a": "ok"}, {"word_at": "b"}, "wrong body: nothing at b", "health.word_at"),
        ({"db": "so so"}, {"flags": "."}, "wrong body: not true: db", "health.words"),
        ({"db": True}, {"flags": "checks"}, "wrong body: checks holds no flags", "health.flags"),
    ],
)
def test_the_verdict_names_the_setting_that_would_accept_the_body(
    body: Any, health: dict[str, Any], answer: str, setting: str
) -> None:
    said = verdict(http(200, body), **health)
    assert said[2] == f"  last answer: {answer}"
    assert said[-1] == f"  next: Set {setting} when that means healthy; else the API's log says what it waits for."


@pytest.mark.parametrize("value", [False, None, 0])
def test_an_api_that_itself_says_that_it_is_not_well_is_not_to_be_taken_as_healthy(value: object) -> None:
    said = verdict(http(200, {"checks": {"db": value, "mail": "adrift", "web": True}}), flags="checks")
    assert said[2] == "  last answer: wrong body: not true: checks.db, checks.mail"
    assert said[-1] == "  next: The API itself says that it is not well: its log says why, and what it waits for."


# --- the login ---


class Logins:
    """A login that hands out a new token each time; `refusals` of them fail first."""

    def __init__(self, refusals: int = 0) -> None:
        self.count = 0
        self._refusals = refusals

    def __call__(self) -> Pass:
        self.count += 1
        if self.count <= self._refusals:
            raise LoginRefused("login refused for admin\n  asked: POST /login\n  answer: HTTP 503, body: (empty)")
        return Pass({"Authorization": f"Bearer t{self.count}"}, f"key=k{self.count}")


def admitted(logins: Logins, *scripts: bytes, timeout: float = 25) -> tuple[Healthy, list[str]]:
    with Wire(*scripts) as wire:
        question = Question(wire.url + "/health?a=b", Health(login=True, timeout=timeout), Client(), logins)
        opened = wait(question, lambda _line: None)
    return opened, [request.decode() for request in wire.requests]


def test_a_health_path_that_needs_the_login_is_asked_with_one_login() -> None:
    logins = Logins()
    opened, (*_before, first, second) = admitted(logins, http(401), http(503), http(200))
    assert (opened.detail, logins.count) == ("answered 200", 1)
    for request in (first, second):
        assert request.startswith("GET /health?a=b&key=k1 HTTP/1.1\r\n")
        assert "Authorization: Bearer t1\r\n" in request


def test_a_login_that_ran_out_while_the_gate_waited_is_made_anew_at_once() -> None:
    logins = Logins()
    opened, requests = admitted(logins, http(401), http(503), http(401), http(200))
    assert (opened.tries, logins.count) == (2, 2)
    assert "Bearer t2" in requests[3]


def test_nobody_is_logged_in_before_the_api_answers() -> None:
    logins = Logins()
    opened, requests = admitted(logins, b"", http(503), http(401), http(200))
    assert (opened.tries, logins.count) == (3, 1)
    assert ["Bearer" in request for request in requests] == [False, False, False, True]


def test_a_login_that_is_refused_is_tried_less_and_less_often_since_an_account_may_be_locked() -> None:
    with Wire(http(401)) as wire:
        admitted = Admitted(Question(wire.url, Health(login=True), Client(), Logins(refusals=9)))
        rests = [(admitted.ask(5), admitted.rest)[1] for _ in range(4)]
    assert rests == [0.25, 0.5, 1, 2]


def test_a_login_that_the_health_path_does_not_take_is_not_made_again_and_again() -> None:
    logins = Logins()
    with Wire(http(401)) as wire:
        admitted = Admitted(Question(wire.url, Health(login=True), Client(), logins))
        rests = [(admitted.ask(5), admitted.rest)[1] for _ in range(3)]
    assert rests == [0.25, 0.5, 1]


def test_a_login_that_does_not_work_yet_is_tried_again() -> None:
    logins = Logins(refusals=2)
    opened, _ = admitted(logins, http(200))
    assert (opened.tries, logins.count) == (3, 3)


def test_a_login_that_never_works_is_the_verdict() -> None:
    with pytest.raises(ApiNotHealthy) as caught:
        admitted(Logins(refusals=10**6), http(200), timeout=0.2)
    said = str(caught.value).splitlines()
    assert said[2] == "  last answer: no login for the health path: HTTP 503, body: (empty)"
    assert said[3].startswith("  next: The health path needs a login (health.login), and that did not succeed")


# --- how it is asked ---


def test_the_clients_headers_are_sent_and_each_once() -> None:
    client = Client(headers={"X-Tenant": "acme", "accept": "application/vnd.api+json"})
    with Wire(http(200)) as wire:
        ask(Question(wire.url, Health(), client), 5)
    head = wire.requests[0].decode()
    assert "X-Tenant: acme\r\n" in head
    assert "application/json" not in head
    assert head.lower().count("\r\naccept: ") == 1


def test_a_proxy_that_is_set_is_asked_for_the_whole_url() -> None:
    with Wire(http(200)) as proxy:
        answer = ask(Question("http://api.invalid:81/health?a", Health(), Client(proxy=proxy.url)), 5)
    assert answer.kind is Kind.READY
    assert proxy.requests[0].startswith(b"GET http://api.invalid:81/health?a HTTP/1.1\r\n")


def test_a_proxy_is_asked_for_a_way_to_a_server_with_tls() -> None:
    with Wire(http(403)) as proxy:
        answer = ask(Question("https://api.invalid/health", Health(), Client(proxy=proxy.url)), 5)
    assert answer.kind is Kind.NO_ANSWER
    assert proxy.requests[0].startswith(b"CONNECT api.invalid:443 HTTP/1.")
