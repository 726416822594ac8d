"""Forty secrets in every place of requests and answers, in the API's log and in its database; and where any is left."""

from __future__ import annotations

import base64
import gzip
import inspect
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from plugin import test_plugin_canaries as canaries

ENV = "VENDOR_TOKEN"
# What both sides know, so that none of them stands anywhere in the commit.
KNOWN = f"""\
import hashlib

NAMES = {(*canaries.NAMES, *canaries.SHAPED)!r}
SHAPED = {{
    "jwt_sent": lambda v: f"eyJhbGciOiJIUzI1NiJ9.{{v}}.{{v}}",
    "jwt_came": lambda v: f"eyJhbGciOiJIUzI1NiJ9.{{v}}.{{v}}",
    "stripe": lambda v: f"sk_live_{{v}}",
    "github": lambda v: f"ghp_{{v}}",
    "aws": lambda v: f"AKIA{{v.upper()}}",
    "slack": lambda v: f"xoxb-{{v}}",
    "pem": lambda v: f"-----BEGIN PRIVATE KEY-----\\n{{v}}\\n-----END PRIVATE KEY-----",
}}
C = {{name: SHAPED.get(name, str)("Kz" + hashlib.sha256(name.encode()).hexdigest()[:20]) for name in NAMES}}
"""
API = f"""\
import base64
import json
import os
import re
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

{KNOWN}

class Call(NamedTuple):
    path: str
    headers: Any
    query: Any
    raw: bytes


class Answer(NamedTuple):
    status: int
    body: Any
    headers: Any = {{}}


{inspect.getsource(canaries.echo)}

{inspect.getsource(canaries.brings)}

router = APIRouter()


@router.api_route("/{{path:path}}", methods=["GET", "POST", "PUT"], include_in_schema=False)
async def say(request: Request) -> Response:
    path = request.url.path
    call = Call(path, request.headers, dict(request.query_params), await request.body())
    told = f"{{path}} {{echo(call)}}"
    print(told, os.environ.get("{ENV}"), flush=True)
    with request.app.state.sessions() as database:
        database.execute(text("CREATE TABLE IF NOT EXISTS said (id serial PRIMARY KEY, what text)"))
        database.execute(text("INSERT INTO said (what) VALUES (:what)"), {{"what": told}})
        database.commit()
    known = Answer(422, {{"detail": told}}) if path == "/echo" else Answer(404, {{"detail": told}})
    answer = brings(path, C) or known
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    return Response(body, answer.status, {{"Content-Type": "application/json", **answer.headers}})
"""
TESTS = canaries.TESTS.replace('C = json.loads(os.environ["CANARIES"])', KNOWN).replace(
    '    log.error("set is %s", C["from_env"])\n', ""
)


def known() -> dict[str, str]:
    """The secrets by the places where they are sent, brought or set."""
    scope: dict[str, dict[str, str]] = {}
    exec(KNOWN, scope)
    return scope["C"]


def left(place: Path) -> list[str]:
    """Each file there, or below a folder, zips and packed ones opened, in which a secret is left in any spelling."""
    spelled = {name: canaries.spelled(value) for name, value in known().items()}
    return [
        f"{name} in {where}"
        for where, content in _files(place)
        for name, spellings in spelled.items()
        if any(each in content for each in spellings)
    ]


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    for path in [place] if place.is_file() else sorted(each for each in place.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        yield str(path), raw.lower()
        if path.suffix == ".gz":
            yield f"{path}, unpacked", gzip.decompress(raw).lower()
        for number, packed in enumerate(re.findall(rb"H4sI[A-Za-z0-9+/]{40,}={0,2}", raw)):  # a page's data
            yield f"{path}, data {number}", gzip.decompress(base64.b64decode(packed)).lower()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path}/{name}", archive.read(name).lower()) for name in archive.namelist())
