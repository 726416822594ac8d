"""The planted deviations through tidegate and through two other validators, side by side.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install -e . schemathesis openapi-core
    /tmp/peers/bin/python benchmarks/contract_peers.py [--rows]

The same exchanges over real HTTP go to all of them:

- `schema route`: schemathesis, `schema[path][method].validate_response(response)`
- `case route`: schemathesis, `operation.Case(...).validate_response(response)` with all of its checks
- `openapi-core`: errors of the response, and of the request where the answer was a success

The schemathesis routes are given the operation that tidegate has bound, since finding it is not what they are for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harness"))
from planted.answers import ANSWERS
from planted.bodies import BODIES
from planted.document import BASE, VERSIONS
from planted.requests import REQUESTS
from planted.rows import Call, Reply, said
from planted.server import Planted
from planted.sound import SOUND

from tidegate.contract.check import check
from tidegate.contract.document import Document, read_document
from tidegate.contract.model import Bound
from tidegate.records import Exchange
from tidegate.session.recorder import Recorder

HOST = "https://api.example.com"
DENIED = said(401, {"detail": "no"})  # to requests that a validator sends by itself
Seen = tuple[Exchange, httpx.Response]
Judge = Callable[[Exchange, httpx.Response, Bound], bool]
OURS, SCHEMA, CASE, CORE = "tidegate", "schema route", "case route", "openapi-core"


def main() -> None:
    """Prints a line for each kind, or with --rows for each deviation, and the totals."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", action="store_true", help="a line for each deviation")
    rows = parser.parse_args().rows
    missing = [name for name in ("schemathesis", "openapi_core") if not _there(name)]
    if missing:
        print(f"not installed: {', '.join(missing)}\nnext: pip install schemathesis openapi-core, beside tidegate")
        return
    for version in VERSIONS:
        with Planted(version) as planted:
            _compare(planted, version, rows)


def _there(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def _compare(planted: Planted, version: str, rows: bool) -> None:
    document = read_document(lambda path: httpx.get(planted.origin + path).content, f"{BASE}/openapi.json")
    judges = {OURS: ours(document), **schemathesis_routes(document), CORE: openapi_core(document)}
    found: dict[str, Counter[str]] = {name: Counter() for name in judges}
    planted_rows = [row for row in [*ANSWERS, *BODIES, *REQUESTS] if version in row.versions]
    print(f"\nOpenAPI {version}: {len(planted_rows)} deviations")
    with asking(planted) as ask:
        for row in planted_rows:
            planted.then = None if row.kind == "unenforced-security" else DENIED
            seen = {name: _says(judge, document, ask(row.call, row.planted)) for name, judge in judges.items()}
            for name, yes in seen.items():
                found[name][row.kind] += yes
            if rows:
                print(_line(f"{row.kind}: {row.name}", ["yes" if yes else "-" for yes in seen.values()]))
        planted.then = DENIED
        clean = [(row.call, row.clean) for row in planted_rows]
        odd = [(row.call, row.reply) for row in SOUND if version in row.versions]
        alarms = {title: _alarms(ask, judges, document, some) for title, some in (("clean twin", clean), ("odd", odd))}
    kinds = Counter(row.kind for row in planted_rows)
    print(_line("", list(judges)))
    for kind, count in sorted(kinds.items()):
        print(_line(f"{kind} ({count})", [str(found[name][kind]) for name in judges]))
    print(_line(f"found of {len(planted_rows)}", [f"{found[name].total()}" for name in judges]))
    for title, (count, by) in alarms.items():
        print(_line(f"false alarms, {title} ({count})", [str(by[name]) for name in judges]))


def _alarms(
    ask: Asking, judges: dict[str, Judge], document: Document, sound: list[tuple[Call, Reply]]
) -> tuple[int, Counter[str]]:
    """In how many sound exchanges each finds something."""
    once = list({(repr(call), repr(reply)): (call, reply) for call, reply in sound}.values())
    by: Counter[str] = Counter()
    for call, reply in once:
        by.update(name for name, judge in judges.items() if _says(judge, document, ask(call, reply)))
    return len(once), by


def _line(title: str, cells: list[str]) -> str:
    return f"{title:44}" + "".join(f"{cell:>15}" for cell in cells)


def _says(judge: Judge, document: Document, seen: Seen) -> bool:
    exchange, response = seen
    return judge(exchange, response, document.bind(exchange.method, exchange.url))


class Asking:
    """Makes a request over real HTTP; gives the exchange, and the response as a test has it."""

    def __init__(self, planted: Planted) -> None:
        self._planted = planted
        self._seen: list[Exchange] = []
        recorder = Recorder(self._seen.append, lambda: ("", "call"), lambda _: "", limit=4_000_000)
        self._client = httpx.Client(transport=recorder.around(httpx.HTTPTransport()))

    def __call__(self, call: Call, reply: Reply) -> Seen:
        self._planted.reply = reply
        self._seen.clear()
        url = self._planted.url + call.path
        response = self._client.request(call.method, url, headers=call.headers, **call.more)
        response.request.read()  # an upload is a stream, which they want to have been read
        return self._seen[0], response

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


asking = Asking


def ours(document: Document) -> Judge:
    return lambda exchange, _, bound: bool(list(check(document, bound, exchange)))


def schemathesis_routes(document: Document) -> dict[str, Judge]:
    """Both get the document in one piece, since references to other files are not what is compared."""
    schemathesis: Any = import_module("schemathesis")
    schema = schemathesis.openapi.from_dict(document.plain)

    def operation(bound: Bound) -> Any:
        return schema[bound.operation.path][bound.operation.method] if bound.operation else None

    def by_schema(_: Exchange, response: httpx.Response, bound: Bound) -> bool:
        found = operation(bound)
        return bool(found) and _raises(lambda: found.validate_response(response))

    def by_case(exchange: Exchange, response: httpx.Response, bound: Bound) -> bool:
        found = operation(bound)
        if not found:
            return False
        sent = dict(exchange.request.headers)
        body = {"body": exchange.request.body, "media_type": sent.get("Content-Type")}
        more = body if exchange.request.body else {}
        case = found.Case(
            path_parameters=dict(bound.values),
            query=dict(parse_qsl(urlsplit(exchange.url).query)),
            headers=sent,
            **more,
        )
        return _raises(lambda: case.validate_response(response))

    return {SCHEMA: by_schema, CASE: by_case}


def openapi_core(document: Document) -> Judge:
    library: Any = import_module("openapi_core")
    datatypes: Any = import_module("openapi_core.datatypes")
    structures: Any = import_module("werkzeug.datastructures")
    json_too = dict.fromkeys(("application/problem+json", "application/merge-patch+json"), json.loads)
    spec = library.OpenAPI.from_dict(document.plain, config=library.Config(extra_media_type_deserializers=json_too))

    class Asked:
        def __init__(self, exchange: Exchange) -> None:
            url = urlsplit(exchange.url)
            headers = structures.Headers(list(exchange.request.headers))
            pairs = [part.strip().partition("=") for part in headers.get("Cookie", "").split(";")]
            self.host_url, self.path, self.method = HOST, url.path, exchange.method.lower()
            self.body = exchange.request.body or None
            self.content_type = headers.get("Content-Type", "")
            self.parameters = datatypes.RequestParameters(
                query=structures.ImmutableMultiDict(parse_qsl(url.query, keep_blank_values=True)),
                header=headers,
                cookie=structures.ImmutableMultiDict([(name, value) for name, _, value in pairs]),
            )

    class Answered:
        def __init__(self, response: httpx.Response) -> None:
            self.status_code, self.data = response.status_code, response.content
            self.content_type = response.headers.get("Content-Type", "")
            self.headers = structures.Headers(list(response.headers.multi_items()))

    def judge(exchange: Exchange, response: httpx.Response, _: Bound) -> bool:
        asked, answered = Asked(exchange), Answered(response)
        wrong = _raises(lambda: _first(spec.iter_response_errors(asked, answered)))
        sent = response.is_success and _raises(lambda: _first(spec.iter_request_errors(asked)))
        return wrong or sent

    return judge


def _first(errors: Iterator[Exception]) -> None:
    for error in errors:
        raise error


def _raises(call: Callable[[], object]) -> bool:
    try:
        call()
    except Exception:
        return True
    except BaseException as error:  # groups of failures
        return "Failure" in type(error).__name__
    return False


if __name__ == "__main__":
    main()
