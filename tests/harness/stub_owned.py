"""An API of another shape, with records that belong to somebody, and holes that can be opened.

Accounts are members, told by a handle; a login is a form that sets a cookie; ids are UUIDs; records are under `data`;
a note belongs to whoever made it, a file to the member below whom it is.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Row = dict[str, Any]
STAFF = ("chief", "chief-of-the-stub-2026")
TABLES = {"members": ("handle", "name", "kind"), "notes": ("text",), "files": ("title",)}


def document() -> Row:
    """What the API promises, in the form of a lock."""
    paths: Row = {"/ping": {"get": _operation()}, "/session": {"post": _operation()}}
    for name, parameter in (("members", "member"), ("notes", "note")):
        paths[f"/{name}"] = {"get": _operation(), "post": _operation(body=True)}
        methods = {"get": _operation(), "put": _operation(body=True), "delete": _operation()}
        paths[f"/{name}/{{{parameter}}}"] = {"parameters": [_id(parameter)], **methods}
    files = "/members/{member}/files"
    paths[files] = {"parameters": [_id("member")], "get": _operation(), "post": _operation(body=True)}
    paths[f"{files}/{{file}}"] = {"parameters": [_id("member"), _id("file")], "get": _operation()}
    paths["/notes/{note}/stars"] = {"parameters": [_id("note")], "post": _operation(body=True)}
    info = {"title": "Owned", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": "/v1"}], "paths": paths}


def _operation(*, body: bool = False) -> Row:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {"responses": {"default": {"description": ""}}, **({"requestBody": {"content": content}} if body else {})}


def _id(name: str) -> Row:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


class No(Exception):  # noqa: N818  an answer
    """A request that is refused with this status."""


class OwnedApi:
    """The API, listening on loopback while its `with` block lasts; `holes` has the names of those that are open."""

    def __init__(self) -> None:
        self.holes: set[str] = set()
        self.tables: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
        self.passwords: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        self.sent: list[str] = []
        self._lock = threading.Lock()
        chief = self._add("members", {"handle": STAFF[0], "name": "Chief", "kind": "staff"})
        self.passwords[chief["id"]] = STAFF[1]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, sid: str, body: Row) -> tuple[int, Any, str]:
        """Status, body and a cookie to set."""
        with self._lock:
            self.sent.append(f"{method} {path}")
            if path == "/v1/ping":
                return 200, {"status": "ok"}, ""
            if path == "/v1/session":
                return self._log_in(body)
            try:
                return *self._routed(method, path, sid, body), ""
            except No as refusal:
                return int(str(refusal)), {"error": "no"}, ""

    def _log_in(self, body: Row) -> tuple[int, Any, str]:
        for member in self.tables["members"].values():
            if (member["handle"], self.passwords.get(member["id"])) == (body.get("user"), body.get("pass")):
                sid = uuid.uuid4().hex
                self.sessions[sid] = member["id"]
                return 200, {}, f"sid={sid}; Path=/"
        return 401, {"error": "no"}, ""

    def _routed(self, method: str, path: str, sid: str, body: Row) -> tuple[int, Any]:
        found = re.fullmatch(r"/v1(?:/members/([^/]+)(?=/files))?/(members|notes|files)(?:/([^/]+))?(/stars)?", path)
        if not found:
            raise No(404)
        above, name, key, stars = found.groups()
        caller = self._caller(sid, "anonymous reads notes" in self.holes and (method, name) == ("GET", "notes"))
        if above is not None and not self._sees(caller, above, "files of another"):
            raise No(404)
        if key is None:
            return self._many(method, name, caller, above, body)
        row = self.tables[name].get(key)
        owner = {"members": key, "notes": (row or {}).get("by"), "files": above}[name]
        hole = f"{method} {name} of another" if above is None else "files of another"
        if row is None or not self._sees(caller, str(owner), hole):
            raise No(404)
        return self._one(method, name, caller, row, body, stars=bool(stars))

    def _caller(self, sid: str, anybody: bool) -> Row:
        member = self.tables["members"].get(self.sessions.get(sid, ""))
        if member is None and "sessions outlive accounts" in self.holes and sid in self.sessions:
            member = {"id": self.sessions[sid], "kind": "guest"}
        if member is None and not anybody:
            raise No(401)
        return member or {"id": "", "kind": "staff"}

    def _sees(self, caller: Row, owner: str, hole: str) -> bool:
        return caller["kind"] == "staff" or caller["id"] == owner or hole in self.holes

    def _many(self, method: str, name: str, caller: Row, above: str | None, body: Row) -> tuple[int, Any]:
        if method == "GET":
            rows = [row for row in self.tables[name].values() if above is None or row["by"] == above]
            owner = "id" if name == "members" else "by"
            hole = f"all {name}" if above is None else "files of another"
            return 200, {"data": [row for row in rows if self._sees(caller, row[owner], hole)]}
        if method != "POST":
            raise No(405)
        if name == "members" and caller["kind"] != "staff" and "guests make members" not in self.holes:
            raise No(403)
        sent = body.get("data", {})
        by = sent.get("by") if caller["kind"] == "staff" or "guests write for another" in self.holes else None
        row = self._add(name, {**sent, "by": above or by or caller["id"]})
        if name == "members":
            self.passwords[row["id"]] = row.pop("pass", "")
        return 201, {"data": row}

    def _one(self, method: str, name: str, caller: Row, row: Row, body: Row, *, stars: bool) -> tuple[int, Any]:
        if stars:
            return (201, {}) if body.get("stars") else (422, {"error": "how many?"})
        if method == "DELETE" and (name != "members" or caller["kind"] == "staff"):
            del self.tables[name][row["id"]]
            return 204, None
        if method == "PUT":
            row |= {key: value for key, value in body.get("data", {}).items() if self._may_set(key, caller)}
        elif method != "GET":
            raise No(403)
        return 200, {"data": row}

    def _may_set(self, key: str, caller: Row) -> bool:
        return key != "kind" or caller["kind"] == "staff" or "guests set their kind" in self.holes

    def _add(self, name: str, row: Row) -> Row:
        made = {"id": str(uuid.uuid4()), **row}
        self.tables[name][made["id"]] = made
        return made


def _handler(api: OwnedApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            form = "form" in self.headers.get("Content-Type", "")
            body = dict(parse_qsl(raw.decode())) if form else json.loads(raw or b"{}")
            sid = self.headers.get("Cookie", "").removeprefix("sid=")
            status, said, cookie = api.answer(self.command, urlsplit(self.path).path, sid, body)
            content = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in (("Set-Cookie", cookie), ("Content-Type", "application/json" if content else "")):
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _answer  # noqa: N815  named by http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler
