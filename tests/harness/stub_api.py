"""An in-memory API that follows the pattern, for tidegate's own tests.

A `Variant` says how it fills in what the pattern leaves open:

    with StubApi(Variant(listing="bare", ids="uuid")) as stub:
        httpx.get(stub.url + "/health")

    python stub_api.py --port 0        # prints its address
"""

from __future__ import annotations

import argparse
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from stub_records import NotRouted, Records, Refused, Variant
from stub_tokens import Tokens

__all__ = ["ADMIN_EMAIL", "ADMIN_PASSWORD", "SECRET", "Answer", "Call", "StubApi", "Variant"]

ADMIN_EMAIL = "admin@example.com"
ADMIN_PASSWORD = "tide-and-gate-2026"
SECRET = "test-only-signing-secret-of-the-example-stack"


@dataclass
class Answer:
    """Status, JSON body (None: no body) and headers of one answer."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One request as the routes see it."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    raw: bytes

    def json(self, invalid: int) -> dict[str, Any]:
        """The body, which has to be a JSON object."""
        try:
            body = json.loads(self.raw)
        except ValueError:
            raise Refused(invalid, "the body is not JSON") from None
        if not isinstance(body, dict):
            raise Refused(invalid, "the body is not an object")
        return body


class StubApi:
    """The stub, listening on loopback while its `with` block lasts."""

    def __init__(
        self,
        variant: Variant | None = None,
        *,
        admin: tuple[str, str] = (ADMIN_EMAIL, ADMIN_PASSWORD),
        secret: str = SECRET,
        healthy: bool = True,
        port: int = 0,
    ) -> None:
        self.variant = variant or Variant()
        self.healthy = healthy
        self.requests: list[str] = []
        """Each request so far, as "METHOD /path?query"."""
        self.records = Records(self.variant)
        self.tokens = Tokens(secret, jwt=self.variant.jwt)
        self.records.add_user({"email": admin[0], "name": "Admin", "role": "admin", "password": admin[1]})
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stub = self
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.origin + self.variant.base_path

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def seed_users(self, *emails: str) -> list[Any]:
        """Store users directly and return their ids."""
        with self._lock:
            return [self.records.add_user({"email": email, "name": "Seeded"})["id"] for email in emails]

    def rows(self, resource: str = "users") -> list[dict[str, Any]]:
        """A copy of everything stored under `resource`."""
        with self._lock:
            return [dict(row) for row in self.records.tables[resource].values()]

    def answer(self, call: Call) -> Answer:
        """What the API says to one request."""
        with self._lock:
            try:
                return self._route(call)
            except Refused as refusal:
                headers = {}
                if refusal.status == self.variant.unauthenticated and self.variant.www_authenticate:
                    headers["WWW-Authenticate"] = "Bearer"
                if isinstance(refusal, NotRouted) and self.variant.plain_text:
                    return Answer(refusal.status, refusal.message, {"Content-Type": "text/plain"})
                return Answer(refusal.status, {self.variant.error_key: refusal.message}, headers)

    def _route(self, call: Call) -> Answer:
        base = self.variant.base_path
        if call.path == self.variant.health_path:
            return self._health(call)
        if call.path == base + self.variant.login_path and call.method == "POST":
            return self._login(call)
        found = re.fullmatch(base + r"/(users|orders)(?:/([^/]+))?", call.path)
        if not found or (found[1] == "orders" and not self.variant.orders):
            raise NotRouted(404, "no such path")
        self._authorize(call)
        return self._collection(call, found[1]) if found[2] is None else self._record(call, found[1], found[2])

    def _health(self, call: Call) -> Answer:
        if call.method != "GET":
            raise NotRouted(405, "read only")
        if not self.healthy:
            return Answer(503, {"status": "starting"})
        return Answer(200, {"status": self.variant.status_word})

    def _login(self, call: Call) -> Answer:
        sent = call.json(self.variant.invalid)
        user = self.records.user_with(sent.get("email"), sent.get("password"))
        if user is None:
            raise Refused(self.variant.unauthenticated, "wrong e-mail or password")
        return Answer(200, {"access_token": self.tokens.issue(user["id"]), "token_type": "bearer", "expires_in": 900})

    def _authorize(self, call: Call) -> None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        user = self.records.tables["users"].get(self.tokens.owner(token)) if scheme == "Bearer" else None
        if user is None:
            raise Refused(self.variant.unauthenticated, "a valid token is needed")
        if call.method != "GET" and user.get("role", "admin") != "admin":
            raise Refused(403, "a viewer may not write")

    def _collection(self, call: Call, resource: str) -> Answer:
        if call.method == "GET":
            return Answer(200, self.records.page(resource, call.query))
        if call.method != "POST":
            raise NotRouted(405, "no such method here")
        row = self.records.create(resource, call.json(self.variant.invalid))
        headers = {"Location": f"{call.path}/{row['id']}"} if self.variant.location else {}
        return Answer(self.variant.created, row, headers)

    def _record(self, call: Call, resource: str, text: str) -> Answer:
        row = self.records.find(resource, text)
        if call.method == "PATCH":
            row = self.records.update(resource, row, call.json(self.variant.invalid))
            return Answer(self.variant.updated, row if self.variant.updated == 200 else None)
        if call.method == "DELETE":
            self.records.delete(resource, row["id"])
            return Answer(self.variant.deleted, {} if self.variant.deleted == 200 else None)
        if call.method != "GET":
            raise NotRouted(405, "no such method here")
        return Answer(200, row)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    stub: StubApi


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment per answer
    server: _Server

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.server.stub.requests.append(f"{self.command} {self.path}")
        answer = self.server.stub.answer(
            Call(self.command, parts.path, query, {k.lower(): v for k, v in self.headers.items()}, raw)
        )
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name != "Content-Type":
                self.send_header(name, value)
        if body:
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815  named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by http.server
        """Nothing: a test's output is its own."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="An in-memory API that follows the pattern")
    parser.add_argument("--port", type=int, default=0)
    with StubApi(port=parser.parse_args().port) as stub:
        print(stub.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
