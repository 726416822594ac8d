"""Deviations of answers: statuses, media types, headers, bodies where none may be."""
# ruff: noqa: E501  a row of a table is a line

from __future__ import annotations

from dataclasses import replace

from planted.rows import (
    ERROR,
    MISSING,
    OK,
    REFUSED,
    TOKEN,
    Call,
    Deviation,
    Reply,
    a_made,
    a_page,
    a_thing,
    get,
    post,
    said,
)

DONE = Reply(204)
ONE, LIST = get("/things/7"), get("/things")
MAKE = post("/things", json={"name": "Kettle", "kind": "big"})
GONE = Call("DELETE", "/things/7")
FILE = Reply(200, b"some text", (("Content-Type", "text/plain"),))
COUNT = Reply(200, b"3", (("Content-Type", "text/plain"),))
RANGE = Reply(200, b"%PDF-1.7", (("Content-Type", "application/pdf"),))
PROBLEM = "application/problem+json"

STATUSES = [
    Deviation("path", get("/inner/7"), MISSING, OK, "undocumented-operation", "path"),
    Deviation("method", Call("PATCH", "/things"), said(405, ERROR), OK, "undocumented-method", "method"),
    Deviation("literal", Call("POST", "/things/found"), said(405, ERROR), OK, "undocumented-method", "method"),
    Deviation("200 for 201", MAKE, a_made(), replace(a_made(), status=200), "undocumented-status", "200"),
    Deviation("418", ONE, a_thing(), said(418, ERROR), "undocumented-status", "418"),
    Deviation("500", ONE, a_thing(), said(500, ERROR), "undocumented-status", "500"),
    Deviation("401 left out", get("/things/7", {}), MISSING, said(401, ERROR), "undocumented-status", "401"),
    Deviation("202 for 204", GONE, DONE, Reply(202), "undocumented-status", "202"),
    Deviation("redirect", ONE, a_thing(), Reply(302, b"", (("Location", "/login"),)), "undocumented-status", "302"),
    Deviation("class", get("/classes"), OK, said(203, {"id": 1}), "invalid-body", "203 body /name"),
    Deviation(
        "default", get("/classes"), said(409, ERROR), said(409, {"detail": 1}), "invalid-body", "409 body /detail"
    ),
    Deviation("deprecated", get("/old"), Reply(410), OK, "deprecated-operation", "operation"),
]

MEDIA = [
    Deviation("html", ONE, a_thing(), a_thing().with_header("Content-Type", "text/html"), "undocumented-media-type", "200 header Content-Type"),
    Deviation("no type", ONE, a_thing(), a_thing().without("Content-Type"), "undocumented-media-type", "200 header Content-Type"),
    Deviation("plain json", MAKE, REFUSED, REFUSED.with_header("Content-Type", "application/json"), "undocumented-media-type", "422 header Content-Type"),
    Deviation("problem for error", ONE, MISSING, MISSING.with_header("Content-Type", PROBLEM), "undocumented-media-type", "404 header Content-Type"),
    Deviation("out of range", get("/files/a"), FILE, FILE.with_header("Content-Type", "audio/ogg"), "undocumented-media-type", "200 header Content-Type"),
    Deviation("json of a file", get("/files/a"), RANGE, said(200, {}), "undocumented-media-type", "200 header Content-Type"),
    Deviation("vendor json", ONE, a_thing(), a_thing().with_header("Content-Type", "application/vnd.a+json"), "undocumented-media-type", "200 header Content-Type"),
    Deviation("text number", get("/count"), COUNT, Reply(200, b"many", COUNT.headers), "invalid-body", "200 body"),
    Deviation("text range", get("/count"), COUNT, Reply(200, b"-1", COUNT.headers), "invalid-body", "200 body"),
]  # fmt: skip

HEADERS = [
    Deviation("no location", MAKE, a_made(), a_made().without("Location"), "missing-header", "201 header Location"),
    Deviation("no total", LIST, a_page(), a_page().without("X-Total"), "missing-header", "200 header X-Total"),
    Deviation("total", LIST, a_page(), a_page().with_header("X-TOTAL", "two"), "invalid-header", "200 header X-Total"),
    Deviation("total float", LIST, a_page(), a_page().with_header("X-Total", "2.5"), "invalid-header", "200 header X-Total"),
    Deviation("list", LIST, a_page(), a_page().with_header("X-Sizes", "1,x"), "invalid-header", "200 header X-Sizes"),
    Deviation("date", LIST, a_page(), a_page().with_header("X-Reset", "soon"), "invalid-header", "200 header X-Reset"),
    Deviation("repeated", LIST, a_page(), Reply(200, a_page().body, (*a_page().headers, ("x-sizes", "y"))), "invalid-header", "200 header X-Sizes"),
]  # fmt: skip

BODILESS = [
    Deviation("204", GONE, DONE, Reply(204, b'{"ok": true}', (("Content-Type", "application/json"),)), "unexpected-body", "204 body"),
    Deviation("documented empty", post("/jobs"), Reply(202), said(202, {"job": 1}), "unexpected-body", "202 body"),
    Deviation("none came", ONE, a_thing(), Reply(200, b"", a_thing().headers), "invalid-body", "200 body"),
    Deviation("no error came", ONE, MISSING, Reply(404), "invalid-body", "404 body"),
]  # fmt: skip

SECURITY = [
    Deviation("bearer", get("/things/7", {}), MISSING, a_thing(), "unenforced-security", "request security"),
    Deviation("bare word", get("/things/7", {"Authorization": "Bearer"}), MISSING, a_thing(), "unenforced-security", "request security"),
    Deviation("key", get("/guarded/key", TOKEN), said(401, ERROR), OK, "unenforced-security", "request security"),
    Deviation("query key", get("/guarded/query", {}), said(401, ERROR), OK, "unenforced-security", "request security"),
    Deviation("cookie", get("/guarded/session", {"Cookie": "other=1"}), said(401, ERROR), OK, "unenforced-security", "request security"),
    Deviation("either", get("/guarded/either", {}), said(401, ERROR), OK, "unenforced-security", "request security"),
    Deviation("both", get("/guarded/both", {"X-Api-Key": "k"}), said(401, ERROR), OK, "unenforced-security", "request security"),
    Deviation("on a write", post("/things", {}, json={"name": "Kettle", "kind": "big"}), REFUSED, a_made(), "unenforced-security", "request security"),
]  # fmt: skip

ANSWERS = [*STATUSES, *MEDIA, *HEADERS, *BODILESS, *SECURITY]
