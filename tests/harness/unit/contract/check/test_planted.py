"""Each planted deviation is found, as what it is and where it is, and nothing else; the clean twin has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from planted.answers import ANSWERS
from planted.bodies import BODIES
from planted.document import BASE, VERSIONS
from planted.requests import REQUESTS
from planted.rows import Call, Deviation, Reply, Sound
from planted.server import Planted
from planted.sound import SOUND

from tidegate.contract.check import check
from tidegate.contract.document import Document, read_document
from tidegate.records import Exchange
from tidegate.session.recorder import Recorder

PLANTED = [*ANSWERS, *BODIES, *REQUESTS]
Found = list[tuple[str, str]]
Ask = Callable[[Call, Reply], Found]


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def planted(version: str) -> Iterator[Planted]:
    with Planted(version) as running:
        yield running


@pytest.fixture(scope="module")
def document(planted: Planted) -> Document:
    return read_document(lambda path: httpx.get(planted.origin + path).content, f"{BASE}/openapi.json")


@pytest.fixture(scope="module")
def ask(planted: Planted, document: Document) -> Iterator[Ask]:
    """Makes a request over real HTTP, and gives what was found about it."""
    seen: list[Exchange] = []
    recorder = Recorder(seen.append, lambda: ("test", "call"), lambda _: "", limit=4_000_000)

    def asking(call: Call, reply: Reply) -> Found:
        planted.reply = reply
        seen.clear()
        client.request(call.method, planted.url + call.path, headers=call.headers, **call.more)
        (exchange,) = seen
        findings = check(document, document.bind(call.method, exchange.url), exchange)
        return [(finding.kind, finding.where) for finding in findings]

    with httpx.Client(transport=recorder.around(httpx.HTTPTransport())) as client:
        yield asking


@pytest.mark.parametrize("row", PLANTED, ids=lambda row: f"{row.kind}: {row.name}")
def test_a_planted_deviation_is_found_where_it_is_and_nothing_else(row: Deviation, version: str, ask: Ask) -> None:
    if version not in row.versions:
        pytest.skip("the document of that version cannot say it")
    assert ask(row.call, row.planted) == [(row.kind, row.where)]


@pytest.mark.parametrize("row", PLANTED, ids=lambda row: f"{row.kind}: {row.name}")
def test_the_clean_twin_gives_no_finding(row: Deviation, ask: Ask) -> None:
    assert ask(row.call, row.clean) == []


@pytest.mark.parametrize("row", SOUND, ids=lambda row: row.name)
def test_what_only_looks_wrong_gives_no_finding(row: Sound, version: str, ask: Ask) -> None:
    if version in row.versions:
        assert ask(row.call, row.reply) == []


def test_every_kind_is_planted_at_least_once() -> None:
    from tidegate.settings.contract_forms import KINDS

    assert {row.kind for row in PLANTED} == set(KINDS) - {"changed-shape", "server-error"}
