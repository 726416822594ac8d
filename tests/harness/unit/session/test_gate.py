from __future__ import annotations

import threading
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import Script, Wire, free_port, http

from tidegate import ApiNotHealthy
from tidegate.session.gate import Healthy, pause, wait
from tidegate.session.question import Pass, Question
from tidegate.settings import Client, Health

WORDS = ("ok", "up")
LONG = 25.0  # seconds that no test waits for: what gives up at once must not reach it


def about(url: str, **health: Any) -> Question:
    return Question(url, Health(**{"words": WORDS, "timeout": LONG, **health}), Client())


def opened(url: str, timeout: float = LONG, try_timeout: float = 5, progress: list[str] | None = None) -> Healthy:
    lines = [] if progress is None else progress
    return wait(about(url, timeout=timeout, try_timeout=try_timeout), lines.append)


def verdict(*scripts: bytes | Script, timeout: float = 0.3, path: str = "/health") -> list[str]:
    with Wire(*scripts) as wire, pytest.raises(ApiNotHealthy) as caught:
        opened(wire.url + path, timeout)
    return str(caught.value).replace(wire.url, "URL").splitlines()


def test_a_healthy_api_opens_the_gate_on_the_first_try() -> None:
    with Wire(http(200, {"status": "ok"})) as wire:
        gate = opened(wire.url + "/health")
    assert (gate.tries, gate.detail, len(wire.requests)) == (1, "answered 200", 1)
    assert str(gate).startswith(f"API is up: {wire.url}/health answered 200 (")
    assert str(gate).endswith(" s, 1 try)")


def test_an_api_that_becomes_healthy_later_opens_the_gate() -> None:
    starting = http(503, {"status": "starting"})
    with Wire(lambda c: c.close(), b"no http", starting, starting, http(404), http(404), http(200)) as wire:
        assert opened(wire.url).tries == 7


def test_statuses_that_last_count_only_in_a_row() -> None:
    with Wire(http(404), http(404), http(503), http(404), http(404), http(200)) as wire:
        assert opened(wire.url).tries == 6


@pytest.mark.parametrize("status", [301, 308, 404, 405, 410])
def test_a_wrong_health_path_ends_the_wait_after_three_answers(status: int) -> None:
    said = verdict(http(status, b"not here"), timeout=LONG)
    assert said[0].startswith("the API is not healthy: waiting longer cannot help after ")
    assert said[0].endswith(" s and 3 tries")
    assert said[1:] == [
        "  asked: GET URL/health",
        f"  last answer: HTTP {status} Because",
        "  body: not here",
        "  next: Set API_HEALTH_PATH, or health.path in [tool.tidegate], to the API's health path.",
    ]


def test_a_lasting_redirect_names_its_target_as_the_path_to_set() -> None:
    said = verdict(http(308, b"", Location="/healthz"), timeout=LONG)
    assert said[-1].endswith("to the API's health path (it redirects to /healthz).")


def test_a_tls_failure_ends_the_wait_at_once() -> None:
    with Wire(http(400)) as wire, pytest.raises(ApiNotHealthy) as caught:
        opened(wire.url.replace("http:", "https:"))
    assert "waiting longer cannot help after" in str(caught.value)
    assert "and 1 try\n" in str(caught.value)
    assert "next: Use http:// where the API speaks no TLS" in str(caught.value)


@pytest.mark.parametrize(
    ("script", "answer", "following"),
    [
        (http(503, {"status": "starting"}), "HTTP 503 Because", "The API answers, but is not healthy: its log"),
        (http(200, {"status": "down"}), "wrong body: status is 'down', not ok / up", "Set health.words when"),
        (lambda c: c.close(), "no answer: the connection was closed before one came", "Something listens there but"),
    ],
)
def test_the_verdict_at_the_deadline_has_the_last_answer_and_what_to_do(
    script: bytes | Script, answer: str, following: str
) -> None:
    said = verdict(script)
    assert said[0].startswith("the API is not healthy: the time is up after ")
    assert said[2] == f"  last answer: {answer}"
    assert said[-1].startswith(f"  next: {following}")


@pytest.mark.parametrize("status", [401, 403])
def test_a_health_path_that_wants_a_login_or_another_names_what_to_set(status: int) -> None:
    assert verdict(http(status))[-1] == (
        "  next: Is health.path (API_HEALTH_PATH) right? Many APIs answer so to every path that they do not have. Else"
        " set health.login when the health path needs the admin's login, or health.statuses to take this one."
    )
    with Wire(http(status)) as wire, pytest.raises(ApiNotHealthy) as caught:
        wait(about(wire.url, timeout=0.3)._replace(log_in=lambda: Pass({"X-Api-Key": "wrong"})), print)
    assert "next: The API knows no such admin on its health path (health.login)" in str(caught.value)


def test_nothing_listening_is_waited_for_until_the_deadline() -> None:
    with pytest.raises(ApiNotHealthy) as caught:
        opened(f"http://127.0.0.1:{free_port()}/health", 0.2)
    assert "the time is up after 0.2 s" in str(caught.value)
    assert "last answer: connection refused: nothing listens there\n  next: Does the API run" in str(caught.value)
    assert "or its container, has ended: docker compose ps --all, docker compose logs." in str(caught.value)


def test_nothing_listening_is_given_up_when_the_patience_with_that_is_over() -> None:
    with pytest.raises(ApiNotHealthy) as caught:
        wait(about(f"http://127.0.0.1:{free_port()}", timeout=LONG), print, patience=0.1)
    assert "waiting longer cannot help" in str(caught.value)


def test_a_server_that_listened_once_is_waited_for_whatever_the_patience() -> None:
    with Wire(http(503), http(200)) as wire:
        assert wait(about(wire.url), print, patience=0).tries == 2


def test_a_body_is_cut_at_500_bytes_and_made_printable() -> None:
    said = verdict(http(503, b"\x1b[31m" + b"x" * 600 + b"\n"))
    assert said[3] == "  body: [31m" + "x" * 495 + " … (606 bytes)"


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_the_deadline_is_kept_while_a_try_hangs(begin: bytes) -> None:
    with Wire() as wire:
        wire._scripts = (wire.drip(begin),)  # a byte of a header now and then defeats any limit on a single read
        begun = monotonic()
        with pytest.raises(ApiNotHealthy, match="timed out: the first try has not ended"):
            opened(wire.url, timeout=0.3, try_timeout=LONG)
    assert monotonic() - begun < 10


def test_a_last_try_that_the_deadline_cuts_short_does_not_hide_what_came_before_it() -> None:
    with Wire() as wire:
        wire._scripts = (http(503), wire.hang)
        with pytest.raises(ApiNotHealthy) as caught:
            opened(wire.url, timeout=0.5, try_timeout=LONG)
    assert "last answer: HTTP 503" in str(caught.value)


def test_a_progress_line_tells_the_state_and_the_time() -> None:
    told: list[str] = []
    healthy = threading.Event()

    def answer(connection: object) -> None:
        connection.sendall(http(200) if healthy.is_set() else http(503))  # type: ignore[attr-defined]

    def progress(line: str) -> None:
        told.append(line)
        healthy.set()

    with Wire(answer) as wire:
        wait(about(wire.url), progress)
    assert told[0].startswith(f"waiting for {wire.url}: HTTP 503 Because (1 s of 25 s, ")


@given(elapsed=st.floats(0, 1e6))
def test_a_pause_is_20_ms_at_first_and_never_above_250_ms(elapsed: float) -> None:
    assert 0.02 <= pause(elapsed) <= 0.25
    assert pause(elapsed) <= max(0.02, 0.02 * elapsed)  # noticed late by 2 % at most


@given(earlier=st.floats(0, 100), later=st.floats(0, 100))
def test_pauses_only_grow(earlier: float, later: float) -> None:
    assert pause(min(earlier, later)) <= pause(max(earlier, later))
