"""The pace of a run: how fast requests go out, and which of them go out again."""

from __future__ import annotations

import time
from collections.abc import Callable

from tidegate.session.budget import Budget, Rate
from tidegate.session.http import httpx
from tidegate.session.redirects import Redirects, shape
from tidegate.session.retry_after import seconds_to_wait
from tidegate.settings import Client

Report = Callable[[str], None]

# What RFC 9110 calls safe (9.2.1). PUT and DELETE are idempotent (9.2.2), so the state would be right after a second
# one; but its answer is not that of the first (200 for 201, 404 for 204), and a test would fail for the wrong reason.
REPEATED = frozenset({"GET", "HEAD", "OPTIONS"})


class Paced(httpx.BaseTransport):
    """Sends requests over `inner` within rate and budget; repeats what a 429 or a lost connection allows to repeat.

    Nothing of that is silent: `report` hears of each. `extensions={"retry_after": 0}` on a request gives a test the
    429 that it expects. `repeated` are the methods that may be sent again after a lost connection.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        settings: Client,
        redirects: Redirects,
        report: Report,
        *,
        rate: Rate | None = None,
        budget: Budget | None = None,
        repeated: frozenset[str] = REPEATED,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner, self._settings, self._redirects, self._report = inner, settings, redirects, report
        self._rate, self._budget, self._repeated, self._sleep = rate, budget, repeated, sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        response = self._send(request)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            response = self._wait_and_repeat(request, response)
        if 300 <= response.status_code < 400:
            self._redirects.note(request, response, self._report)
        return response

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()

    def _send(self, request: httpx.Request) -> httpx.Response:
        repeats = self._settings.retries if request.method in self._repeated and _is_whole(request) else 0
        while True:
            if self._budget:
                self._budget.spend(f"{request.method} {request.url.path}")
            if self._rate:
                self._rate.take()
            try:
                return self._inner.handle_request(request)
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
                if not repeats or not _is_loss(error):
                    raise
                repeats -= 1
                self._report(f"{shape(request)} was sent again: the connection was lost before an answer came")

    def _wait_and_repeat(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        times = min(self._settings.retry_after, request.extensions.get("retry_after", self._settings.retry_after))
        left = self._settings.retry_after_limit
        while times and response.status_code == httpx.codes.TOO_MANY_REQUESTS and _is_whole(request):
            pause = seconds_to_wait(response.headers)
            if pause is None:
                break  # nobody said how long: the test sees the 429
            if pause > left:
                self._report(f"{shape(request)} answered 429 and asks for {pause:.0f} s, which is not waited for")
                break
            response.close()
            self._report(f"{shape(request)} answered 429 and was sent again after its Retry-After")
            self._sleep(pause)
            times, left = times - 1, left - pause
            response = self._send(request)
        return response


def _is_whole(request: httpx.Request) -> bool:
    """Whether the body can be sent again: one that is streamed is gone."""
    return isinstance(request.stream, httpx.ByteStream)


def _is_loss(error: httpx.TransportError) -> bool:
    # What is not HTTP at all is the same kind of error as a connection that was closed, which alone is no defect.
    return not isinstance(error, httpx.RemoteProtocolError) or "disconnected" in str(error)
