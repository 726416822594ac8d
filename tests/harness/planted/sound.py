"""Exchanges in which nothing is wrong, though a hasty reader may think so."""
# ruff: noqa: E501  a row of a table is a line

from __future__ import annotations

import gzip
import json

from planted.requests import MERGE, TENANT
from planted.rows import (
    ERROR,
    JSON,
    MISSING,
    NEW,
    OK,
    PERSON,
    THING,
    TOKEN,
    Call,
    Reply,
    Sound,
    a_made,
    a_page,
    a_thing,
    get,
    post,
    said,
)

ONE, LIST = get("/things/7"), get("/things")
TEXT = (("Content-Type", "text/plain; charset=utf-8"),)
PACKED = Reply(200, gzip.compress(a_thing().body), (("Content-Type", JSON), ("Content-Encoding", "gzip")))
NOTHING = Reply(404, b"not here", TEXT)


def shape(name: str, path: str, value: object, **more: tuple[str, ...]) -> Sound:
    return Sound(name, get(f"/shapes/{path}"), said(200, value), **more)


HTTP = [
    Sound("not modified", get("/things/7", {**TOKEN, "If-None-Match": '"1"'}), Reply(304, b"", (("ETag", '"1"'),))),
    Sound("head", Call("HEAD", "/things"), Reply(200, b"", (("Content-Type", JSON),))),
    Sound("head, missing", Call("HEAD", "/things/7"), Reply(404)),
    Sound("head, not at all", Call("HEAD", "/things"), Reply(405)),
    Sound("options", Call("OPTIONS", "/things"), Reply(204, b"", (("Allow", "GET, POST"),))),
    Sound("options elsewhere", Call("OPTIONS", "/nowhere"), Reply(200)),
    Sound("unknown path", get("/nowhere/7"), NOTHING),
    Sound("unknown path, denied", get("/nowhere/7", {}), said(401, ERROR)),
    Sound("unknown method", Call("PUT", "/things"), said(405, ERROR)),
    Sound("unknown method, unsupported", Call("PATCH", "/classes"), Reply(501)),
    Sound("trailing slash", get("/things/"), Reply(307, b"", (("Location", "/api/v2/things"),))),
    Sound("to https", ONE, Reply(301, b"moved", (("Location", "https://127.0.0.1/api/v2/things/7"), *TEXT))),
    Sound("part", get("/files/a", {**TOKEN, "Range": "bytes=0-1"}), Reply(206, b"so", TEXT)),
    Sound("part of json", get("/things/7", {**TOKEN, "Range": "bytes=0-1"}), Reply(206, b'{"', (("Content-Type", JSON),))),
    Sound("no such part", get("/files/a", {**TOKEN, "Range": "bytes=9-"}), Reply(416)),
    Sound("wrong media type", post("/things", content=b"x"), said(415, ERROR)),
    Sound("too large", post("/things", json=NEW), Reply(413)),
    Sound("too many", ONE, Reply(429, b"", (("Retry-After", "1"),))),
    Sound("packed", ONE, PACKED),
    Sound("no content", Call("DELETE", "/things/7"), Reply(204, b"", (("Content-Length", "0"),))),
    Sound("the document", Call("GET", "/openapi.json", {}), said(200, {"openapi": "3.0.3", "paths": {}})),
    Sound("preference", get("/things/7", {**TOKEN, "Accept": "text/csv"}), Reply(406)),
]  # fmt: skip

MEDIA = [
    Sound("charset", ONE, a_thing().with_header("Content-Type", "application/json; charset=utf-8")),
    Sound("case", ONE, a_thing().with_header("content-type", "Application/JSON;Charset=UTF-8")),
    Sound("latin", ONE, Reply(200, json.dumps(THING | {"name": "Zoë"}, ensure_ascii=False).encode("latin-1"), (("Content-Type", "application/json; charset=iso-8859-1"),))),
    Sound("marked utf-8", ONE, Reply(200, b"\xef\xbb\xbf" + a_thing().body, a_thing().headers)),
    Sound("range", get("/files/a"), Reply(200, b"\x89PNG", (("Content-Type", "image/png"),))),
    Sound("text", get("/files/a"), Reply(200, b"{not json", TEXT)),
    Sound("empty text", get("/files/a"), Reply(200, b"", TEXT)),
    Sound("number as text", get("/count"), Reply(200, b"12", TEXT)),
    Sound("problem", post("/things", json={}), said(422, {"title": "no", "status": 422}, "application/problem+json; charset=utf-8")),
    Sound("class", get("/classes"), said(203, PERSON)),
    Sound("default", get("/classes"), said(503, ERROR)),
]  # fmt: skip

HEADERS = [
    Sound("repeated", LIST, Reply(200, a_page().body, (*a_page().without("X-Sizes").headers, ("X-Sizes", "1"), ("x-sizes", "2,3")))),
    Sound("spaced", LIST, a_page().with_header("x-sizes", "1 ,  2")),
    Sound("optional", LIST, a_page().without("X-Reset")),
    Sound("offset", LIST, a_page().with_header("X-Reset", "2026-01-02T03:04:05.123+02:00")),
    Sound("others", ONE, a_thing().with_header("X-Request-Id", "7")),
]  # fmt: skip

VALUES = [
    Sound("empty list", LIST, said(200, {"items": []}, X_Total="0")),
    Sound("nulls", ONE, a_thing(note=None, owner=None)),
    Sound("no nulls", ONE, a_thing(note="x", owner=PERSON)),
    Sound("whole float", ONE, a_thing(id=7.0)),
    Sound("largest", ONE, a_thing(id=2**63 - 1)),
    Sound("large number", ONE, a_thing(price=10**30)),
    Sound("exponent", ONE, Reply(200, a_thing().body.replace(b"3.5", b"1E3"), a_thing().headers)),
    Sound("fewest", ONE, said(200, {"id": 7, "name": "x", "kind": "small"})),
    Sound("surrogates", ONE, a_thing(name="\U0001f600" * 20)),
    Sound("half a surrogate", ONE, Reply(200, a_thing().body.replace(b"Kettle", b"\\ud800"), a_thing().headers)),
    shape("map", "prices", {"eur": {"amount": 1}, "a/b": {"amount": 2, "unit": "x"}}),
    shape("empty map", "prices", {}),
    shape("free", "free", {"any": {"x": {"y": 1}}, "open": {"a": 1, "b": {"c": 2}}}),
    shape("allOf", "car", {"wheels": 4, "doors": 2}),
    shape("both of any", "contact", {"mail": "a", "phone": "b"}),
    shape("cat", "pet", {"type": "cat", "lives": 9}),
    shape("dog", "pet", {"type": "dog", "bark": "loud", "age": 2}),
    shape("bird", "animal", {"species": "bird", "name": "a", "wings": 2}),
    shape("another animal", "animal", {"species": "fish", "name": "a"}),
    shape("tree", "tree", {"value": 1, "children": [{"value": 2, "children": [{"value": 3, "children": []}]}]}),
    shape("condition", "event", {"kind": "paid", "price": 1}),
    shape("other condition", "event", {"kind": "free"}),
    shape("closed", "closed", {"a": 1}),
    shape("row", "row", [1, PERSON]),
]

REQUESTS = [
    Sound("sent", post("/things", json=NEW | {"secret": "s", "note": None, "tags": []}), a_made()),
    Sound("sent with charset", post("/things", {**TOKEN, "Content-Type": "application/json; charset=utf-8"}, content=json.dumps(NEW)), a_made()),
    Sound("merge", Call("PATCH", "/things/7", MERGE, {"content": b'{"note": null}'}), a_thing()),
    Sound("illegal and refused", post("/things", json={"x": 1}), said(422, {"title": "no"}, "application/problem+json")),
    Sound("half and refused", post("/things", {**TOKEN, "Content-Type": JSON}, content=b"{"), said(422, {"title": "no"}, "application/problem+json")),
    Sound("malformed id", get("/things/seven"), MISSING),
    Sound("query", get("/things", params={"limit": 10, "sort": "name", "tag": ["ab", "cd"]}), a_page()),
    Sound("one tag", get("/things", params={"tag": "ab"}), a_page()),
    Sound("an empty object", post("/jobs", json={}), Reply(202)),
    Sound("form", post("/form", data={"mail": "a", "age": "20", "likes": ["a", "b"]}), OK),
    Sound("parts", post("/upload", files={"file": ("a.bin", bytes(range(256))), "size": (None, "3"), "about": ("a", b'{"number": 1}', "application/json")}), OK),
    Sound("styles", get("/styles?ids=1,2&pipes=1|2&spaces=1%202&at[x]=1&flag=true&where=%7B%22x%22%3A1%7D", TENANT | {"X-Levels": "1, 2", "Cookie": "theme=dark"}), OK),
    Sound("encoded styles", get("/styles?ids=1%2C2&pipes=1%7C2&spaces=1+2&at%5By%5D=1&flag=false", TENANT), OK),
    Sound("repeated styles", get("/styles?ids=1&ids=2", TENANT), OK),
    Sound("path styles", get("/styles/.1.2/;matrix=3"), OK),
    Sound("key", get("/guarded/key", {"x-api-key": "k"}), OK),
    Sound("query key", get("/guarded/query?api_key=k", {}), OK),
    Sound("session", get("/guarded/session", {"Cookie": "sid=s"}), OK),
    Sound("either", get("/guarded/either", TOKEN), OK),
    Sound("both", get("/guarded/both", {**TOKEN, "X-Api-Key": "k"}), OK),
    Sound("maybe", get("/guarded/maybe", {}), OK),
    Sound("open", get("/guarded/open", {}), OK),
    Sound("refused", get("/guarded/key", {}), said(401, ERROR)),
]  # fmt: skip

SOUND = [*HTTP, *MEDIA, *HEADERS, *VALUES, *REQUESTS]
