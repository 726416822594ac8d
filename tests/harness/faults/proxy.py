"""A reverse proxy that makes an API misbehave in one chosen way, to see whether the suite notices.

    with FaultyApi(url, CATALOGUE["limit_ignored"], admin=(email, password), secret=secret) as faulty:
        ...  # run the suite with API_BASE_URL=faulty.url

A fault is a function `(request, api) -> answer` that is called for the requests it is about.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "content-length", "transfer-encoding", "host", "date", "server"}


@dataclass
class Request:
    """A request on its way to the API; a fault may change it."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body; None when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()

    @property
    def token(self) -> str:
        """The bearer token; empty when there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else ""

    @property
    def target(self) -> str:
        """Path and query as sent."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass
class Answer:
    """The API's answer on its way back; a fault may change it or make one up."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, status: int, value: Any = None) -> Answer:
        """An answer that the API did not give."""
        answer = cls(status)
        if value is not None:
            answer.json = value
        return answer

    @property
    def json(self) -> Any:
        """The body; None when it is not JSON."""
        return json.loads(self.body) if self.body and "json" in self.headers.get("content-type", "") else None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()
        self.headers["content-type"] = "application/json"

    @property
    def ok(self) -> bool:
        """Whether the request was granted."""
        return self.status < 300


class Api:
    """The API behind the proxy, and what a fault may remember between requests."""

    def __init__(self, url: str, admin: tuple[str, str], secret: str) -> None:
        self.secret = secret
        self.memory: dict[Any, Any] = {}
        self._host = urlsplit(url).netloc
        self._admin = admin
        self._token = ""
        self._local = threading.local()
        self._connections: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def send(self, request: Request) -> Answer:
        """The API's own answer."""
        try:
            return self._ask(request)
        except (http.client.RemoteDisconnected, ConnectionError):  # an idle connection that the API has closed
            self._local.connection.close()
            return self._ask(request)

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> Answer:
        """The API's answer to a request that the admin makes."""
        request = self.as_admin(Request(method, path, query))
        if body is not None:
            request.json = body
            request.headers["content-type"] = "application/json"
        return self.send(request)

    def as_admin(self, request: Request) -> Request:
        """A copy of the request with the admin's token."""
        copy = deepcopy(request)
        copy.headers["authorization"] = f"Bearer {self.admin_token}"
        return copy

    @property
    def admin_token(self) -> str:
        """A token of the admin's, from one login."""
        with self._lock:
            if not self._token:
                request = Request("POST", "/auth/login", headers={"content-type": "application/json"})
                request.json = dict(zip(("email", "password"), self._admin, strict=True))
                self._token = self.send(request).json["access_token"]
            return self._token

    def close(self) -> None:
        """End the connections of all threads."""
        for connection in self._connections:
            connection.close()

    def _ask(self, request: Request) -> Answer:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection(self._host, timeout=30)
            self._connections.append(self._local.connection)
        connection: http.client.HTTPConnection = self._local.connection
        connection.request(request.method, request.target, request.body or None, request.headers)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP}
        return Answer(response.status, headers, response.read())


Change = Callable[[Request, Api], Answer]


@dataclass(frozen=True)
class Fault:
    """One way to misbehave: the requests it is about, what it does to them, and the tests that must notice."""

    name: str
    method: str
    path: str
    change: Change
    caught_by: tuple[str, ...]

    def __call__(self, request: Request, api: Api) -> Answer:
        """The answer of an API with this fault."""
        concerned = re.fullmatch(self.method, request.method) and re.fullmatch(self.path, request.path)
        return self.change(request, api) if concerned else api.send(request)


NONE = Fault("none", ".*", ".*", lambda request, api: api.send(request), ())


class FaultyApi:
    """The proxy, listening on loopback while its `with` block lasts."""

    def __init__(self, url: str, fault: Fault, *, admin: tuple[str, str], secret: str) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = Api(url, admin, secret)
        self._server.fault = fault
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._server.api.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    api: Api
    fault: Fault


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment per answer
    server: _Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        answer = self.server.fault(Request(self.command, parts.path, query, headers, body), self.server.api)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body if answer.status != 204 else b"")

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815  named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by http.server
        """Nothing: a test's output is its own."""
