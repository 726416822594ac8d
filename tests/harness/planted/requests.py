"""Requests that the document does not allow, and that the planted server takes all the same."""
# ruff: noqa: E501  a row of a table is a line

from __future__ import annotations

from typing import Any

from planted.rows import (
    ERROR,
    NEW,
    OK,
    REFUSED,
    TOKEN,
    UUID,
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

TENANT = {**TOKEN, "X-Tenant": UUID}
BAD = said(400, ERROR)
MERGE = {**TOKEN, "Content-Type": "application/merge-patch+json"}


def illegal(name: str, call: Call, planted: Reply, where: str, clean: Reply = REFUSED) -> Deviation:
    return Deviation(name, call, clean, planted, "illegal-request", f"request {where}")


def listed(name: str, where: str, **params: Any) -> Deviation:
    return illegal(name, get("/things", params=params), a_page(), where, BAD)


def styled(name: str, where: str, query: str = "", **headers: str) -> Deviation:
    """A request to the operation with parameters in every style."""
    sent = TENANT | {key.replace("_", "-"): value for key, value in headers.items()}
    return illegal(name, get(f"/styles?{query}" if query else "/styles", sent), OK, where)


def made(name: str, where: str, body: Any) -> Deviation:
    return illegal(name, post("/things", json=body), a_made(), where)


PARAMETERS = [
    listed("limit", "query limit", limit="0"),
    listed("limit text", "query limit", limit="ten"),
    listed("sort", "query sort", sort="colour"),
    listed("tag", "query tag", tag=["ab", "c"]),
    listed("unknown", "query page", page="2"),
    listed("mistyped", "query Limit", Limit="2"),
    illegal("path", get("/things/seven"), a_thing(), "path id"),
    illegal("path range", get("/things/0"), a_thing(), "path id"),
    illegal("header missing", get("/styles"), OK, "header X-Tenant"),
    styled("header", "header X-Tenant", X_Tenant="acme"),
    styled("header list", "header X-Levels", X_Levels="1,two"),
    styled("cookie", "cookie theme", Cookie="theme=pink; other=1"),
    styled("commas", "query ids", "ids=1,b"),
    styled("pipes", "query pipes", "pipes=1%7Cb"),
    styled("spaces", "query spaces", "spaces=1%20b"),
    styled("deep", "query at", "at[x]=one"),
    styled("deep unknown", "query at", "at[z]=1"),
    styled("boolean", "query flag", "flag=maybe"),
    styled("json", "query where", "where=%7B%22x%22%3A%22a%22%7D"),
    illegal("label", get("/styles/.1.b/;matrix=1"), OK, "path label"),
    illegal("matrix", get("/styles/.1.2/;matrix=a"), OK, "path matrix"),
    Deviation("old", get("/things", params={"old": "x"}), BAD, a_page(), "deprecated-operation", "request query old"),
]

BODIES = [
    made("sent missing", "body /kind", {"name": "Kettle"}),
    made("sent type", "body /name", NEW | {"name": 1}),
    made("sent enum", "body /kind", NEW | {"kind": "huge"}),
    made("sent field", "body /nmae", NEW | {"nmae": "x"}),
    made("sent read only", "body /id", NEW | {"id": 7}),
    made("sent list", "body", [NEW]),
    made("sent item", "body /tags/*", NEW | {"tags": ["a", 1, 2]}),
    illegal("sent nothing", post("/things"), a_made(), "body"),
    illegal("sent half", post("/things", {**TOKEN, "Content-Type": "application/json"}, content=b'{"name":'), a_made(), "body"),
    illegal("sent form", post("/things", data=NEW), a_made(), "header Content-Type"),
    illegal("sent untyped", post("/things", content=b'{"name": "a", "kind": "big"}'), a_made(), "header Content-Type"),
    illegal("sent plain json", Call("PATCH", "/things/7", TOKEN, {"json": {"note": None}}), a_thing(), "header Content-Type"),
    illegal("sent merge", Call("PATCH", "/things/7", MERGE, {"content": b'{"price": 0}'}), a_thing(), "body /price"),
    illegal("sent to a get", Call("GET", "/things", TOKEN, {"json": {"limit": 2}}), a_page(), "body", BAD),
    illegal("sent to a job", post("/jobs", json={"fast": True}), Reply(202), "body", said(400, ERROR)),
    illegal("form field", post("/form", data={"mail": "a", "mial": "b"}), OK, "body /mial"),
    illegal("form type", post("/form", data={"mail": "a", "age": "old"}), OK, "body /age"),
    illegal("part missing", post("/upload", files={"size": (None, "3")}), OK, "body /file"),
    illegal("part unknown", post("/upload", files={"file": b"x", "fiel": b"x"}), OK, "body /fiel"),
    illegal("part type", post("/upload", files={"file": b"x", "size": (None, "big")}), OK, "body /size"),
    illegal("part of json", post("/upload", files={"file": b"x", "about": ("a", b'{"number": "1"}', "application/json")}), OK, "body /about/number"),
    illegal("form missing", post("/form", data={"age": "20"}), OK, "body /mail"),
]  # fmt: skip

REQUESTS = [*PARAMETERS, *BODIES]
