"""What cases send only to prove something is recorded, and is nobody's use of the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from plugin.test_negative_cases import DOCUMENT, Adopter
from stub_documented import DocumentedApi

STRICT = f'{DOCUMENT}mode = "strict"\nlevels = {{ undocumented-operation = "off" }}\n'  # of the login
NEGATIVE = "from tidegate.cases import negative_cases\ntest_negative = negative_cases({})\n"
ACCESS = "from tidegate.cases import access_matrix\ntest_access = access_matrix()\n"
LIST = "def test_of_the_suite(admin): assert admin.get('/api/things').json()['items']\n"  # the one that cases share
ROWS = (
    "GET /things",
    "POST /things",
    "GET /things/{thing_id}",
    "PATCH /things/{thing_id}",
    "DELETE /things/{thing_id}",
)
CELLS = '{ anonymous = "deny", admin = "allow" }'


class Plain(DocumentedApi):
    """The stub with a document that has no paging and no filter, and a list of things of a certain size."""

    def document(self) -> dict[str, Any]:
        found = super().document()
        del found["paths"]["/report"]
        types = {"size": {"type": "integer"}, "email": {"type": "string"}}
        thing = {"type": "object", "properties": types, "additionalProperties": True}
        answer = found["paths"]["/things"]["get"]["responses"]["200"]
        answer["content"]["application/json"]["schema"] = {
            "type": "object",
            "properties": {"items": {"type": "array", "items": thing}},
        }
        del found["paths"]["/things"]["get"]["parameters"]
        return found

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name not in ("reads", "seen_at")}


@pytest.fixture
def faults() -> tuple[str, ...]:
    return ()


@pytest.fixture
def adopter(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, faults: tuple[str, ...]) -> Iterator[Adopter]:
    with Plain(None, *faults) as stub:
        made = Adopter(pytester, stub, monkeypatch)
        made.write("contract/openapi.json", json.dumps(stub.document()))
        made.write("pyproject.toml", stub.pyproject() + STRICT)
        yield made


def told(adopter: Adopter) -> tuple[list[str], str, str]:
    """The findings, the learned shapes and the recorded exchanges of the run."""
    artifacts = adopter.pytester.path / "artifacts"
    found = json.loads((artifacts / "contract.json").read_text())
    findings = [f"{each['kind']} {each['operation']} {each['where']}" for each in found["findings"]]
    return findings, (artifacts / "contract/shapes.json").read_text(), (artifacts / "exchanges.jsonl").read_text()


def test_the_reads_that_prove_a_refusal_are_recorded_and_are_no_findings_coverage_or_shapes(adopter: Adopter) -> None:
    adopter.write("test_it.py", NEGATIVE.format("only=['POST *', 'PATCH *']"))
    found, text = adopter.run()
    assert (found["FAILED"], found["ERROR"]) == ([], []), text
    findings, shapes, exchanges = told(adopter)
    assert findings == []
    recorded = [json.loads(line) for line in exchanges.splitlines()]
    assert [each for each in recorded if "limit=50" in each["url"] and each["operation"] == "GET /things"]
    assert "422" in shapes
    assert "GET /things" not in shapes
    covered = json.loads((adopter.pytester.path / "artifacts/contract.json").read_text())["coverage"]
    assert (covered["called"], covered["positive"][0]) == ([2, 5], 0)


def test_what_the_matrix_sends_beside_the_request_of_a_cell_fails_no_cell(adopter: Adopter) -> None:
    adopter.write("test_it.py", ACCESS)
    rows = "".join(f'"{row}" = {CELLS}\n' for row in ROWS)
    adopter.write("access.toml", f"[access]\n{rows}")
    result = adopter.pytester.runpytest_inprocess("-rA")
    assert "test_access[admin GET /things]" in result.stdout.str()
    assert result.parseoutcomes().keys() == {"passed"}, result.stdout.str()
    findings, shapes, _ = told(adopter)
    assert findings == []
    assert "PATCH /things/{id}" in shapes


@pytest.mark.parametrize("faults", [("size: type", "email: type")])
def test_what_was_wrongly_accepted_is_gone_before_the_next_test_also_where_no_filter_finds_it(adopter: Adopter) -> None:
    adopter.write("test_it.py", NEGATIVE.format("only=['POST *', 'PATCH *']") + LIST)
    found, text = adopter.run()
    wrong = [f"{name} wrong type {field}" for name in (ROWS[3], ROWS[1]) for field in ("email", "size")]
    assert sorted(found["FAILED"]) == wrong, text
    assert found["ERROR"] == []
    assert "invalid-body: GET /things" not in text
    assert "PASSED test_it.py::test_of_the_suite" in text
    assert {each.split()[0] for each in told(adopter)[0]} == {"illegal-request"}
