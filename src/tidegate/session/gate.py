"""The gate: waits until the API is healthy, and says why when it never is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from queue import Empty, SimpleQueue
from time import monotonic

from tidegate.errors import ApiNotHealthy, TidegateError
from tidegate.session.admitted import Admitted
from tidegate.session.probe import Answer, Kind
from tidegate.session.question import Question

# Statuses that a server which is up, but asked at the wrong path, goes on answering.
LASTING = frozenset({301, 308, 404, 405, 410})
LASTING_AFTER = 3
REFUSED = frozenset({401, 403})
SHOWN_BYTES = 500
# What a try came to; None after the last one.
Met = Answer | TidegateError | None

ENDED = "Or it, or its container, has ended: docker compose ps --all, docker compose logs."
NEXT_STEP = {
    Kind.NAME_NOT_RESOLVED: "Is the host in API_BASE_URL spelled right, and does its container run in this network?"
    f" {ENDED}",
    Kind.REFUSED: f"Does the API run, on that port and on an address reachable from here? {ENDED}",
    Kind.TLS: "Use http:// where the API speaks no TLS, or trust its certificate (client.ca_file).",
    Kind.TIMED_OUT: "Something accepts connections there but does not answer: look at the API's log.",
    Kind.NO_ANSWER: "Something listens there but hangs up: is this the API's port, and is it http or https?",
    Kind.STATUS: "The API answers, but is not healthy: its log, or the body above, says what it waits for.",
    Kind.LOGIN: "The health path needs a login (health.login), and that did not succeed: is login.path right?",
    Kind.UNUSABLE: "Set API_BASE_URL to the form http://host:port.",
}


@dataclass(frozen=True, slots=True)
class Healthy:
    """The gate opened."""

    url: str
    detail: str
    seconds: float
    tries: int

    def __str__(self) -> str:
        """The line that a log shows."""
        return f"API is up: {self.url} {self.detail} ({self.seconds:.1f} s, {_tries(self.tries)})"


def wait(question: Question, progress: Callable[[str], None], *, patience: float = inf) -> Healthy:
    """Returns as soon as the answer is a yes; raises ApiNotHealthy when the time is up, or waiting cannot help.

    `progress` gets one line a second; `patience` is for how many seconds nothing may listen at all.
    """
    answers: SimpleQueue[Met] = SimpleQueue()
    stop = threading.Event()
    start = monotonic()
    # Tries run in a thread because name look-ups obey no time limit; the deadline and Ctrl-C must not wait for them.
    tries = threading.Thread(target=_try_until, args=(question, start, answers.put, stop), daemon=True)
    tries.start()
    try:
        return _watch(question, answers, start, progress, patience)
    finally:
        stop.set()


def _try_until(question: Question, start: float, report: Callable[[Met], None], stop: threading.Event) -> None:
    end = start + question.health.timeout
    admitted, limit, asked = Admitted(question), question.health.try_timeout, False
    while (left := end - monotonic()) > 0 and not stop.is_set():
        try:
            answer = admitted.ask(min(limit, left))
        except TidegateError as error:  # a setting that cannot be used, which no waiting mends
            report(error)
            return
        if asked and left < limit and answer.kind is Kind.TIMED_OUT:
            break  # cut short by the deadline: what came before it says more
        asked = True
        report(answer)
        if answer.kind is Kind.READY:
            return
        stop.wait(max(pause(monotonic() - start), admitted.rest))
    report(None)


def pause(elapsed: float) -> float:
    """Seconds to the next try: 20 ms at first, then 2 % of the time waited so far, at most 250 ms.

    Noticing late by 2 % is not felt, and a server that needs long is asked less often.
    """
    return min(0.25, max(0.02, 0.02 * elapsed))


def _watch(
    question: Question, answers: SimpleQueue[Met], start: float, progress: Callable[[str], None], patience: float
) -> Healthy:
    url, timeout = question.url, question.health.timeout
    last: Answer | None = None
    tries = lasting = 0
    refused = True
    next_line = start + 1
    while (now := monotonic()) < start + timeout:
        try:
            answer = answers.get(timeout=max(0.0, min(next_line, start + timeout) - now))
        except Empty:
            if monotonic() < next_line:
                continue
            state = last.detail if last else "no answer yet"
            progress(f"waiting for {url}: {state} ({monotonic() - start:.0f} s of {timeout:g} s, {_tries(tries)})")
            next_line += 1
            continue
        if answer is None:
            break
        if isinstance(answer, TidegateError):
            raise answer
        answer = _told(answer)
        tries += 1
        if answer.kind is Kind.READY:
            return Healthy(url, answer.detail, monotonic() - start, tries)
        lasting = lasting + 1 if answer.status in LASTING else 0
        last = answer
        refused = refused and answer.kind is Kind.REFUSED
        alone = refused and monotonic() - start >= patience
        if answer.kind in (Kind.TLS, Kind.UNUSABLE) or lasting == LASTING_AFTER or alone:
            raise ApiNotHealthy(_verdict(question, answer, monotonic() - start, tries, "waiting longer cannot help"))
    raise ApiNotHealthy(_verdict(question, last, monotonic() - start, tries, "the time is up"))


def _told(answer: Answer) -> Answer:
    """The answer with what a server said made fit for one line of a terminal."""
    location = _printable(answer.location.encode()) if answer.location else None
    return replace(answer, detail=_printable(answer.detail.encode()), location=location)


def _verdict(question: Question, last: Answer | None, seconds: float, tries: int, why: str) -> str:
    last = last or Answer(Kind.TIMED_OUT, "timed out: the first try has not ended")
    lines = [f"the API is not healthy: {why} after {seconds:.1f} s and {_tries(tries)}", f"  asked: {question}"]
    lines.append(f"  last answer: {last.detail}")
    if last.body:
        more = "" if len(last.body) <= SHOWN_BYTES else f" … ({len(last.body)} bytes)"
        lines.append(f"  body: {_printable(last.body[:SHOWN_BYTES])}{more}")
    lines.append(f"  next: {_next_step(question, last)}")
    return "\n".join(lines)


def _next_step(question: Question, last: Answer) -> str:
    if last.kind is Kind.BODY and not last.setting:
        return "The API itself says that it is not well: its log says why, and what it waits for."
    if last.kind is Kind.BODY:
        return f"Set {last.setting} when that means healthy; else the API's log says what it waits for."
    if last.status in REFUSED and question.log_in:
        return (
            "The API knows no such admin on its health path (health.login): compare API_ADMIN_PASSWORD, or API_TOKEN,"
            " with what it was seeded with, and login.send with where it looks."
        )
    if last.status in REFUSED:
        return (
            "Is health.path (API_HEALTH_PATH) right? Many APIs answer so to every path that they do not have. Else set"
            " health.login when the health path needs the admin's login, or health.statuses to take this one."
        )
    if last.status in LASTING or last.location:
        seen = f" (it redirects to {last.location})" if last.location else ""
        return f"Set API_HEALTH_PATH, or health.path in [tool.tidegate], to the API's health path{seen}."
    return NEXT_STEP[last.kind]


def _printable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return "".join(character if character.isprintable() else " " for character in text).strip()


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"
