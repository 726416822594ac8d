"""The stub with things that keep to an OpenAPI document to the letter, but for planted faults.

with DocumentedApi(Twin(ids="uuid"), "size: type") as stub:
    stub.document()      # what it promises
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote

import jsonschema
from projects import Answer, Bent, Call
from stub_api import SECRET
from stub_records import Refused
from stub_tokens import decoded, encoded, signature

Row = dict[str, Any]
THING: Row = {
    "type": "object",
    "required": ["email", "name", "size", "parts"],
    "additionalProperties": False,
    "properties": {
        "email": {"type": "string", "format": "email", "maxLength": 200},
        "name": {"type": "string", "minLength": 2, "maxLength": 80},
        "size": {"type": "integer", "minimum": 1, "maximum": 9},
        "kind": {"enum": ["round", "flat"], "type": "string"},
        "note": {"anyOf": [{"type": "string", "maxLength": 100}, {"type": "null"}]},
        "parts": {"type": "array", "maxItems": 3, "items": {"$ref": "#/components/schemas/Part"}},
    },
}
PART: Row = {
    "type": "object",
    "required": ["label"],
    "additionalProperties": False,
    "properties": {"label": {"type": "string"}, "weight": {"type": "number", "exclusiveMinimum": 0}},
}
PROBLEM: Row = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}


@dataclass(frozen=True, kw_only=True)
class Twin:
    """One shape of the same API."""

    ids: Literal["int", "uuid"] = "int"
    create: Literal["POST", "PUT"] = "POST"
    envelope: str = ""
    """Below which key requests and answers have the record."""
    slash: bool = False
    base: str = "/api"
    """Where things are; named in the document's servers."""
    invalid: int = 422
    cookie: bool = False
    """Whether the token comes in a cookie."""

    @property
    def things(self) -> str:
        return "/things" + "/" * self.slash

    @property
    def thing(self) -> str:
        return "/things/{thing_id}" + "/" * self.slash


class DocumentedApi(Bent):
    """The stub with `/things` below the base path, and each fault where `_is` asks for its name."""

    def __init__(self, twin: Twin | None = None, *faults: str) -> None:
        super().__init__()
        self.twin, self.faults = twin or Twin(), faults
        self.things: dict[str, Row] = {}
        self.seen = 0

    def document(self) -> Row:
        """The OpenAPI document."""
        paths = {self.twin.things: self._of_all(), self.twin.thing: self._of_one(), "/report": {"get": self._report()}}
        bearer: Row = {"type": "http", "scheme": "bearer"}
        bearer = {"type": "apiKey", "in": "cookie", "name": "sid"} if self.twin.cookie else bearer
        return {
            "openapi": "3.1.0",
            "info": {"title": "Things", "version": "1"},
            "servers": [{"url": self.twin.base or "/"}],
            "security": [{"bearer": []}],
            "paths": paths,
            "components": {
                "schemas": {"Thing": THING, "Part": PART, "Problem": PROBLEM},
                "securitySchemes": {"bearer": bearer},
            },
        }

    def pyproject(self) -> str:
        """The settings that fit it."""
        lines = ["[tool.tidegate.resources.things]", f'path = "{self.twin.base}{self.twin.things}"', 'marker = "email"']
        lines += ['filter = "prefix={prefix}"', "page_size = 50"]
        lines += [f'record = "{self.twin.envelope}"'] if self.twin.envelope else []
        lines += [f'create = "PUT {self.twin.base}/things/{{id}}{"/" * self.twin.slash}"'] * (self.twin.create == "PUT")
        lines += ["[tool.tidegate.login]", 'send = "Cookie: sid={token}"'] if self.twin.cookie else []
        return "\n".join(lines) + "\n"

    def _of_all(self) -> Row:
        limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}}
        kind = {"name": "kind", "in": "query", "schema": {"enum": ["round", "flat"]}}
        prefix = {"name": "prefix", "in": "query", "schema": {"type": "string"}}
        offset = {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}}
        listed = {"parameters": [limit, offset, kind, prefix], "responses": _answers(200, 401, self.twin.invalid)}
        made = {"requestBody": self._body(THING), "responses": _answers(201, 401, 415, self.twin.invalid)}
        return {"get": listed} | ({"post": made} if self.twin.create == "POST" else {})

    def _of_one(self) -> Row:
        form: Row = {"type": "integer"} if self.twin.ids == "int" else {"type": "string", "format": "uuid"}
        form = {"type": "string"} if self.twin.create == "PUT" else form
        change = {**THING, "required": []}
        body = {"requestBody": self._body(change), "responses": _answers(200, 401, 404, 415, self.twin.invalid)}
        put = {"requestBody": self._body(THING), "responses": _answers(201, 401, 415, self.twin.invalid)}
        return {
            "parameters": [{"name": "thing_id", "in": "path", "required": True, "schema": form}],
            "get": {"responses": _answers(200, 401, 404)},
            "delete": {"responses": _answers(204, 401, 404)},
            "patch": body,
        } | ({"put": put} if self.twin.create == "PUT" else {})

    def _report(self) -> Row:
        year = {"name": "year", "in": "query", "required": True, "schema": {"type": "integer"}}
        tenant = {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}}
        return {"parameters": [year, tenant], "responses": _answers(200, 401, self.twin.invalid)}

    def _body(self, schema: Row) -> Row:
        for step in [self.twin.envelope] if self.twin.envelope else []:
            schema = {"type": "object", "required": [step], "properties": {step: schema}}
        return {"required": True, "content": {"application/json": {"schema": schema}}}

    # --- what is answered ---

    def answer(self, call: Call) -> Answer:
        if not call.path.startswith(f"{self.twin.base}/things") and call.path != f"{self.twin.base}/report":
            return super().answer(call)
        with self._lock:
            try:
                return self._told(call)
            except Refused as refusal:
                return self._refused(call, refusal)

    def _is(self, fault: str) -> bool:
        return fault in self.faults

    def _refused(self, call: Call, refusal: Refused) -> Answer:
        headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
        if refusal.status == 401 and self._is("401 names no scheme"):
            headers = {}
        if refusal.status == 405 and not self._is("405 has no Allow"):
            headers["Allow"] = refusal.message if not self._is("Allow names what is refused") else call.method
        if refusal.status == 405 and self._is("a wrong method is not found"):
            return Answer(404, {"detail": "no route"})
        if refusal.status == self.twin.invalid and self._is("errors of another shape"):
            return Answer(refusal.status, {"message": refusal.message})
        if refusal.status == 404 and self._is("errors in HTML"):
            return Answer(404, "<h1>Not Found</h1>", {"Content-Type": "text/html"})
        return Answer(refusal.status, {"detail": refusal.message}, headers)

    def _told(self, call: Call) -> Answer:
        path = call.path.removeprefix(self.twin.base)
        allowed = self._methods(path)
        if call.method not in allowed:
            raise Refused(405, ", ".join(sorted(allowed)))
        self._check_token(call)
        if path == "/report":
            return self._reported(call)
        if path == self.twin.things:
            return self._page(call) if call.method == "GET" else self._create(call, None)
        return self._one(call, unquote(path.split("/")[2]))

    def _methods(self, path: str) -> set[str]:
        if path == "/report":
            return {"GET"}
        if path == self.twin.things:
            return {"GET"} | ({"POST"} if self.twin.create == "POST" else set())
        return {"GET", "PATCH", "DELETE"} | ({"PUT"} if self.twin.create == "PUT" else set())

    def expired(self) -> str:
        """A token of the admin as of long ago."""
        head, claims, _ = self.tokens.issue(self.rows()[0]["id"]).split(".")
        old = f"{head}.{encoded(json.dumps({**json.loads(decoded(claims)), 'exp': 1}).encode())}"
        return f"{old}.{signature(old, SECRET)}"

    def _check_token(self, call: Call) -> None:
        carrier, before = ("cookie", "sid=") if self.twin.cookie else ("authorization", "Bearer ")
        token = call.headers.get(carrier, "").removeprefix(before)
        old = token == self.expired()
        if self._is("anybody may read") and call.method == "GET":
            return
        if (self._is("any token will do") and token and not old) or (self._is("tokens last for ever") and old):
            return
        if self.tokens.owner(token) is None:
            if self._is("deletes before it refuses") and call.method == "DELETE":
                self.things.pop(call.path.rstrip("/").rpartition("/")[2], None)
            raise Refused(401, "a valid token is needed")

    def _reported(self, call: Call) -> Answer:
        if "year" not in call.query and not self._is("the year may be missing"):
            raise Refused(self.twin.invalid, "year is needed")
        if not call.query.get("year", "1").isdigit() and not self._is("any year will do"):
            raise Refused(self.twin.invalid, "year is no number")
        if "x-tenant" not in call.headers and not self._is("the tenant may be missing"):
            raise Refused(self.twin.invalid, "X-Tenant is needed")
        return Answer(200, {})

    def _page(self, call: Call) -> Answer:
        limit, kind = call.query.get("limit", "50"), call.query.get("kind", "round")
        offset, prefix = call.query.get("offset", "0"), call.query.get("prefix", "")
        if not re.fullmatch(r"\d+", limit) and self._is("a limit that is none breaks it"):
            return Answer(500, {"detail": "ValueError"})
        right = re.fullmatch(r"\d+", limit) and (1 <= int(limit) <= 50 or self._is("any limit will do"))
        if not right or not offset.isdigit() or (kind not in ("round", "flat") and not self._is("any kind will do")):
            raise Refused(self.twin.invalid, "limit or kind is wrong")
        rows = [row for row in self.things.values() if str(row.get("email")).startswith(prefix)]
        return Answer(200, {"items": rows[int(offset) :][: int(limit)]})

    def _one(self, call: Call, key: str) -> Answer:
        if call.method == "PUT":
            return self._create(call, key)
        row = self.things.get(key)
        if row is None:
            right = key.isdigit() if self.twin.ids == "int" else re.fullmatch(r"[0-9a-f-]{36}", key)
            if not right and self._is("an id that is none breaks it"):
                return Answer(500, {"detail": "ValueError"})
            if self._is("what is unknown is empty"):
                return Answer(200, {})
            raise Refused(404, "no such thing")
        self.seen += 1
        if call.method == "DELETE":
            del self.things[key]
            return Answer(204)
        if call.method == "PATCH":
            if self._is("changes before it refuses"):
                row["name"] = "changed"
            row |= self._sent(call, {**THING, "required": []})
        row["reads"], row["seen_at"] = self.seen, datetime.now(UTC).isoformat()
        return Answer(200, self._shown(row))

    def _create(self, call: Call, key: str | None) -> Answer:
        try:
            sent = self._sent(call, THING)
        except Refused:
            if self._is("makes before it refuses") and (found := re.search(rb'test-[^"@]+@[^"]*', call.raw)):
                self._add({"email": found[0].decode(), "name": "half", "size": 1, "parts": []}, key)
            raise
        return Answer(201, self._shown(self._add(sent, key)))

    def _add(self, sent: Row, key: str | None) -> Row:
        made = str(uuid.uuid4()) if self.twin.ids == "uuid" else str(len(self.things) + self.seen + 7)
        key = key or made
        self.things[key] = {"id": int(key) if key.isdigit() else key, **sent}
        return self.things[key]

    def _sent(self, call: Call, schema: Row) -> Row:
        kind = call.headers.get("content-type", "").partition(";")[0]
        if kind != "application/json" and call.raw and not self._is("any media type will do"):
            raise Refused(415, "application/json is needed")
        try:
            body = json.loads(call.raw)
        except ValueError:
            if self._is("a body that is no JSON breaks it"):
                return self._broken()
            if not call.raw and self._is("a body may be missing"):
                return {"email": "nobody@example.com", "name": "none", "size": 1, "parts": []}
            raise Refused(self.twin.invalid, "no JSON") from None
        inside: Any = body.get(self.twin.envelope) if self.twin.envelope and isinstance(body, dict) else body
        self._check(inside, schema)
        return dict(inside)

    def _broken(self) -> Row:
        raise Refused(500, "JSONDecodeError")

    def _check(self, value: Any, schema: Row) -> None:
        root = {**schema, "components": {"schemas": {"Part": PART}}}
        for error in jsonschema.Draft202012Validator(root).iter_errors(value):
            if not self._is(self._name(error)):
                raise Refused(self.twin.invalid, error.message)

    def _name(self, error: jsonschema.ValidationError) -> str:
        """What the fault is called that passes over this error: `size: minimum`, `: required`."""
        return f"{'/'.join(map(str, error.absolute_path))}: {error.validator}"

    def _shown(self, row: Row) -> Row:
        return {self.twin.envelope: row} if self.twin.envelope else row


def _answers(*statuses: int) -> Row:
    problem = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    named = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    good = {"description": "", "content": {"application/json": {"schema": {}}}}
    usual = {200: good, 201: good, 204: {"description": ""}}
    answers = {str(status): usual.get(status, problem) for status in statuses}
    return {**answers, **({"401": {**problem, "headers": named}} if 401 in statuses else {})}
