"""A transport that makes an exchange of each request, while the caller reads the answer."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tidegate.records import Exchange, Headers
from tidegate.session.http import httpx
from tidegate.session.login import Identity
from tidegate.session.recorder.content import headers_of, message
from tidegate.session.recorder.tee import Collected, Tee
from tidegate.session.recorder.traces import HEADER, Traces

_BEFORE = "tidegate.exchange"


@dataclass(slots=True)
class _Pending:
    """An exchange that is not over yet."""

    number: int
    request: httpx.Request
    sent: Collected
    came: Collected
    test: str
    phase: str
    who: str
    led: int | None
    url: str
    headers: Headers
    started: float = field(default_factory=time.time)
    begun: float = field(default_factory=time.perf_counter)
    response: httpx.Response | None = None


class Recorder:
    """Makes the exchanges of one process, and hands each over to `observe` when it is over.

    `now` gives the id and the phase of the test that runs, `who` whose credentials a request carries. Bodies are kept
    up to `limit` bytes.
    """

    def __init__(
        self,
        observe: Callable[[Exchange], None],
        now: Callable[[], tuple[str, str]],
        who: Callable[[httpx.Request], str],
        *,
        limit: int,
        trace: bool = True,
    ) -> None:
        self._observe, self._now, self._who, self._limit = observe, now, who, limit
        self._traces = Traces() if trace else None
        self._numbers = itertools.count(1)
        self._open: dict[int, _Pending] = {}

    def around(self, transport: httpx.BaseTransport, identity: Identity | None = None) -> Recorded:
        """A transport that sends over this one and records; `identity` is the client's own."""
        return Recorded(self, transport, identity)

    def begin(self, request: httpx.Request, identity: Identity | None) -> _Pending:
        """Notes that the request is about to be sent."""
        test, phase = self._now()
        if self._traces:
            self._traces.put_on(request, test)
        number = next(self._numbers)
        who = identity.who if identity and identity.is_on(request) else self._who(request)
        pending = _Pending(
            number,
            request,
            Collected(self._limit),
            Collected(self._limit),
            test,
            phase,
            who,
            _led(request),
            str(request.url),
            headers_of(request.headers),
        )
        self._open[number] = pending
        return pending

    def answered(self, pending: _Pending, response: httpx.Response) -> None:
        """Notes the answer, whose body is collected when somebody reads it."""
        pending.response = response
        if response.has_redirect_location:  # a redirect copies the extensions
            pending.request.extensions[_BEFORE] = (pending.number, id(pending.request))
        with suppress(httpx.ResponseNotRead):  # read already, where no network is
            pending.came.add(response.content)
            pending.came.whole = True
            self.over(pending)
            return
        response.stream = Tee(
            response.stream,  # type: ignore[arg-type]  # a sync transport's stream is sync
            pending.came,
            lambda error: self.over(pending, error),
        )

    def over(self, pending: _Pending, error: Exception | None = None) -> None:
        """Hands the exchange over, once."""
        if self._open.pop(pending.number, None) is None:
            return
        self._observe(self._exchange(pending, error))

    def dropped(self, pending: _Pending) -> None:
        """Forgets a request that was never sent."""
        self._open.pop(pending.number, None)

    def settle(self) -> None:
        """Hands over what nobody has read to its end or closed, without the body; to be called when a test ends.

        A request that another thread has not had an answer to goes on.
        """
        for pending in [*self._open.values()]:
            if pending.response:
                self.over(pending)

    def unfinished(self) -> list[Exchange]:
        """What is known of exchanges that are not over, without a body of the answer."""
        return [self._exchange(pending, None) for pending in [*self._open.values()]]

    def _exchange(self, pending: _Pending, error: Exception | None) -> Exchange:
        response, sent = pending.response, message(pending.headers, pending.sent, self._limit)
        return Exchange(
            number=pending.number,
            test=pending.test,
            phase=pending.phase,
            identity=pending.who,
            method=pending.request.method,
            url=pending.url,
            request=sent,
            status=response.status_code if response else None,
            response=message(headers_of(response.headers), pending.came, self._limit) if response else None,
            started=pending.started,
            elapsed=time.perf_counter() - pending.begun,
            error=f"{type(error).__name__}: {error}" if error else "",
            redirect_of=pending.led,
            trace=sent.header(HEADER) or "",
        )


class Recorded(httpx.BaseTransport):
    """Sends requests over `wire`; what comes of each is an exchange."""

    def __init__(self, recorder: Recorder, wire: httpx.BaseTransport, identity: Identity | None) -> None:
        self._recorder, self._inner, self._identity = recorder, wire, identity

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        pending = self._recorder.begin(request, self._identity)
        try:
            response = self._send(request, pending)
        except httpx.HTTPError as error:
            self._recorder.over(pending, error)
            raise
        except BaseException:  # refused by the guard, or the run was stopped
            self._recorder.dropped(pending)
            raise
        self._recorder.answered(pending, response)
        return response

    def close(self) -> None:
        """Closes the wire."""
        self._inner.close()

    def _send(self, request: httpx.Request, pending: _Pending) -> httpx.Response:
        try:
            pending.sent.add(request.content)
        except httpx.RequestNotRead:  # an upload, which is looked at while it is sent
            stream = request.stream
            request.stream = Tee(stream, pending.sent)  # type: ignore[arg-type]
            try:
                return self._inner.handle_request(request)
            finally:
                request.stream = stream
        pending.sent.whole = True
        return self._inner.handle_request(request)


def _led(request: httpx.Request) -> int | None:
    """The number of the exchange whose answer has redirected to this one."""
    number, redirected = request.extensions.get(_BEFORE, (None, id(request)))
    return number if redirected != id(request) else None
