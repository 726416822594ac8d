"""The cases that a document implies are red for the fault that each is about, and for nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from projects import environment_of
from stub_documented import DocumentedApi, Twin

INI = (
    "[pytest]\naddopts = -q -p no:anyio -p no:randomly -p no:hypothesispytest -p no:cacheprovider -p no:schemathesis\n"
)
SUITE = "from tidegate.cases import negative_cases\n\ntest_negative = negative_cases({})\n"
CONFTEST = """
import os, pytest

@pytest.fixture(scope="session")
def expired_token():
    return os.environ["EXPIRED"]
"""
DOCUMENT = '[tool.tidegate.contract]\ndocument = "contract/openapi.json"\n'
KINDS = ("no", "tampered", "expired")
TWINS = {
    "below a key, with uuids and slashes": Twin(ids="uuid", envelope="thing", slash=True),
    "names chosen by the caller": Twin(create="PUT", invalid=400),
    "at the origin, with a cookie": Twin(base="", cookie=True),
}
# What is wrong with the API, and the cases that notice it: all of them, and no other. Those of a group are planted
# together, since none of them hides what another one does.
ANY = r"\w+ /things(/{thing_id})?"
FAULTS = {
    "what is sent": {
        ": required": r"POST /things missing (email|name|size|parts)",
        "parts/0: required": f"{ANY} missing parts/0/label",
        ": additionalProperties": f"{ANY} extra field",
        "parts/0: additionalProperties": f"{ANY} extra field in parts/0",
        "size: type": f"{ANY} wrong type size",
        "note: anyOf": f"{ANY} (wrong type|too long) note",
        "name: maxLength": f"{ANY} too long name",
        "name: minLength": f"{ANY} too short name",
        "size: minimum": f"{ANY} below minimum size",
        "size: maximum": f"{ANY} above maximum size",
        "parts/0/weight: exclusiveMinimum": f"{ANY} below minimum parts/0/weight",
        "kind: enum": f"{ANY} not in enum kind",
        "parts: maxItems": f"{ANY} too many parts",
        "any media type will do": f"{ANY} wrong media type",
        "a body that is no JSON breaks it": f"{ANY} (malformed JSON|no body)",
    },
    "what changes": {
        "anybody may read": r"GET \S+ (no|tampered|expired) token",
        "deletes before it refuses": r"DELETE /things/{thing_id} (no|tampered|expired) token",
        "changes before it refuses": r"PATCH /things/{thing_id} (?!.*(token|thing_id)).*",
        "makes before it refuses": r"POST /things (?!.*(token|missing email|type email|JSON|no body|type body)).*",
        "405 has no Allow": r".* wrong method",
        "any kind will do": r"GET /things not in enum query kind",
        "the year may be missing": r"GET /report missing query year",
        "a limit that is none breaks it": r"GET /things wrong type query limit",
    },
    "how it refuses": {
        "any token will do": r"\S+ \S+ tampered token",
        "what is unknown is empty": r"(GET|PATCH|DELETE) /things/{thing_id} (unknown|malformed) thing_id",
        "errors of another shape": r"(?!.* (token|(unknown|malformed) thing_id|wrong (method|media type))$).*",
        "Allow names what is refused": r".* wrong method",
        "any year will do": r"GET /report wrong type query year",
    },
    "what it does not know": {
        "tokens last for ever": r"\S+ \S+ expired token",
        "401 names no scheme": r"\S+ \S+ (no|tampered) token",
        "an id that is none breaks it": r"(GET|PATCH|DELETE) /things/{thing_id} malformed thing_id",
        "errors in HTML": r"(GET|PATCH|DELETE) /things/{thing_id} unknown thing_id",
        "a wrong method is not found": r".* wrong method",
        "any limit will do": r"GET /things (below minimum|above maximum) query limit",
        "the tenant may be missing": r"GET /report missing header X-Tenant",
        "a body may be missing": f"{ANY} no body",
    },
}


class Adopter:
    """A project with one line of a suite, and the lock of the stub's document."""

    def __init__(self, pytester: pytest.Pytester, stub: DocumentedApi, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester, self.stub = pytester, stub
        for name, value in {**environment_of(stub), "EXPIRED": stub.expired()}.items():
            monkeypatch.setenv(name, value)
        self.write("pytest.ini", INI)
        self.write("pyproject.toml", stub.pyproject())
        self.write("contract/openapi.lock.json", json.dumps(stub.document()))
        self.write("conftest.py", CONFTEST)
        self.suite()

    def write(self, name: str, text: str) -> None:
        path = self.pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def suite(self, arguments: str = "") -> None:
        self.write("test_it.py", SUITE.format(arguments))

    def run(self, *arguments: str) -> tuple[dict[str, list[str]], str]:
        """The names of the cases by outcome, and what was shown."""
        result = self.pytester.runpytest_inprocess("-rA", "--tb=short", *arguments)
        text = result.stdout.str()
        found: dict[str, list[str]] = {"PASSED": [], "FAILED": [], "ERROR": []}
        for outcome, name in re.findall(
            r"^(PASSED|FAILED|ERROR) test_it\.py::test_negative\[(.*?)\](?: - .*)?$", text, re.M
        ):
            found[outcome].append(name)
        return found, text


@pytest.fixture
def twin() -> Twin:
    return Twin()


@pytest.fixture
def faults() -> tuple[str, ...]:
    return ()


@pytest.fixture
def stub(twin: Twin, faults: tuple[str, ...]) -> Iterator[DocumentedApi]:
    with DocumentedApi(twin, *faults) as running:
        yield running


@pytest.fixture
def adopter(pytester: pytest.Pytester, stub: DocumentedApi, monkeypatch: pytest.MonkeyPatch) -> Adopter:
    return Adopter(pytester, stub, monkeypatch)


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS)
def test_an_api_that_keeps_to_its_document_passes_every_case_and_keeps_nothing(adopter: Adopter) -> None:
    found, text = adopter.run()
    assert (found["FAILED"], found["ERROR"]) == ([], []), text
    assert len(found["PASSED"]) >= 75
    assert " skipped" not in text
    assert adopter.stub.things == {}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_each_fault_turns_the_cases_red_that_are_about_it_and_no_other(
    adopter: Adopter, faults: dict[str, str]
) -> None:
    found, text = adopter.run()
    wanted = {name: [case for case in found["FAILED"] if re.fullmatch(cases, case)] for name, cases in faults.items()}
    assert [name for name, cases in wanted.items() if not cases] == [], text
    assert sorted({*found["FAILED"]}) == sorted({case for cases in wanted.values() for case in cases}), text
    assert not [case for case in found["PASSED"] if any(re.fullmatch(cases, case) for cases in faults.values())], text
    assert found["ERROR"] == []


def test_parallel_workers_share_the_cases_leave_nothing_and_are_no_findings_of_a_strict_contract(
    adopter: Adopter,
) -> None:
    login = 'levels = { undocumented-operation = "off" }\n'  # that of the stub
    adopter.write("pyproject.toml", adopter.stub.pyproject() + DOCUMENT + login)
    adopter.write("contract/openapi.json", json.dumps(adopter.stub.document()))
    found, text = adopter.run("-n2", "--contract=strict")
    assert (found["FAILED"], found["ERROR"]) == ([], []), text
    assert len(found["PASSED"]) >= 75
    assert adopter.stub.things == {}


@pytest.mark.parametrize("faults", [(": required",)])
def test_a_failure_says_what_was_sent_and_seen_and_what_to_do_and_shows_no_token(adopter: Adopter) -> None:
    adopter.suite("only='POST /things missing name'")
    found, text = adopter.run()
    assert found["FAILED"] == ["POST /things missing name"]
    lines = text.splitlines()
    at = lines.index("POST /things missing name: the API must refuse this, as its document says.")
    assert lines[at + 1] == "  seen: expected 422, and the API answered 201"
    assert lines[at + 2].startswith("  seen: it made a record all the same: /api/things/")
    assert lines[at + 3].startswith('  came: 201 {"id": ')
    assert re.match(r"  sent: curl -X POST http://127\.0\.0\.1:\d+/api/things -H .*Bearer \$API_TOKEN", lines[at + 4])
    assert lines[at + 5].startswith("  next: ")
    assert "POST /things missing name" in lines[at + 5]
    assert ".py:" not in "".join(lines[at - 1 : at + 7])
    assert "eyJ" not in text


def test_patterns_choose_cases_and_leave_some_out_with_their_reason(adopter: Adopter) -> None:
    adopter.suite("only=['* wrong method', 'GET /report *'], skip={'* /report wrong method': 'a proxy answers'}")
    found, text = adopter.run()
    assert "SKIPPED [3] " in text
    assert "a proxy answers" in text
    assert {name for name in found["PASSED"] if "/report" in name} == {
        *(f"GET /report {kind} token" for kind in ("no", "tampered", "expired")),
        *(f"GET /report {kind}" for kind in ("missing query year", "wrong type query year")),
        "GET /report missing header X-Tenant",
    }
    assert all("/report" in name or name.endswith("wrong method") for name in found["PASSED"])


@pytest.mark.parametrize("arguments", ["only='POST /thing *'", "skip={'POST /thing *': 'none'}"])
def test_a_pattern_that_fits_nothing_is_said(adopter: Adopter, arguments: str) -> None:
    adopter.suite(arguments)
    found, text = adopter.run()
    assert found["FAILED"] == ["cannot be made"]
    assert "The pattern 'POST /thing *' fits no negative case." in text


def test_without_a_document_one_item_fails_and_says_how_to_get_one(adopter: Adopter) -> None:
    (adopter.pytester.path / "contract/openapi.lock.json").unlink()
    found, text = adopter.run()
    assert (found["FAILED"], found["PASSED"]) == (["cannot be made"], [])
    assert "There is no document of the API to make cases from." in text
    assert "tidegate contract accept" in text
    assert adopter.stub.requests == []


def test_a_file_that_the_settings_name_stands_in_for_the_lock_and_collecting_asks_nobody(adopter: Adopter) -> None:
    contract = adopter.pytester.path / "contract"
    (contract / "openapi.lock.json").rename(contract / "openapi.json")
    adopter.write("pyproject.toml", adopter.stub.pyproject() + DOCUMENT)
    result = adopter.pytester.runpytest_inprocess("--collect-only")
    assert "test_it.py::test_negative[POST /things missing email]" in result.stdout.str()
    assert adopter.stub.requests == []


def test_a_suite_that_makes_no_expired_token_skips_those_cases_with_what_to_do(adopter: Adopter) -> None:
    adopter.write("conftest.py", "")
    adopter.suite("only='* expired token'")
    found, text = adopter.run()
    assert (found["PASSED"], found["FAILED"]) == ([], [])
    assert "define a session fixture expired_token" in text


def test_a_path_that_no_setting_tells_about_is_skipped_until_one_does_and_never_deleted(adopter: Adopter) -> None:
    adopter.stub.things["5"] = {"id": 5, "email": "somebody@example.com", "name": "theirs", "size": 1, "parts": []}
    adopter.write("pyproject.toml", "")
    adopter.suite("only=['DELETE *', 'PATCH * token']")
    found, text = adopter.run()
    assert found["FAILED"] == []
    assert "set values = { thing_id = … } in [tool.tidegate.contract]" in text
    adopter.write("pyproject.toml", "[tool.tidegate.contract]\nvalues = { thing_id = 5 }\n")
    found, text = adopter.run()
    assert sorted(found["PASSED"]) == sorted(f"PATCH /things/{{thing_id}} {kind} token" for kind in KINDS)
    assert "next: declare the resource whose path it is" in text
    assert not any(asked.startswith("DELETE") for asked in adopter.stub.requests)


def test_a_declared_body_that_the_document_does_not_allow_is_no_proof_of_anything(adopter: Adopter) -> None:
    body = 'body = { email = "{email}", name = "x", size = 1, parts = [] }\n'
    adopter.write("pyproject.toml", adopter.stub.pyproject() + body)
    adopter.suite("only=['POST /things missing size', 'POST /things malformed JSON']")
    found, text = adopter.run()
    assert (found["FAILED"], found["PASSED"]) == (["POST /things missing size"], ["POST /things malformed JSON"])
    assert "The declared body of POST /things is not right by the document" in text


def test_a_shared_target_gets_none_of_the_cases(adopter: Adopter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDEGATE_SHARED", "127.0.0.1")
    _, text = adopter.run()
    assert "deselected" in text
    assert adopter.stub.requests == []
