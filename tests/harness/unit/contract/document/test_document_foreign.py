"""Documents that others wrote; `tests/harness/foreign_documents.py` does the same with a folder of them."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from document_makers import whole
from foreign_documents import Figures, main, measured

SHARED = {
    "Pet": {
        "type": "object",
        "required": ["kind", "name", "secret"],
        "discriminator": {"propertyName": "kind"},
        "properties": {
            "kind": {"type": "string"},
            "name": {"type": "string", "nullable": True, "pattern": "^[a-z]{2,5}$"},
            "secret": {"type": "string", "writeOnly": True},
            "near": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        },
    },
    "Cat": {
        "allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"lives": {"type": "integer", "maximum": 9}}}]
    },
    "Either": {"oneOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "array", "items": {"type": "number"}}]},
}


def figures(tmp_path: Path, document: object) -> Figures:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document))
    return measured(path)[1]


def petstore() -> object:
    """The one that ships with a package of the development environment."""
    text = resources.files("jsonschema").joinpath("benchmarks/issue232/issue.json").read_text()
    return json.loads(text)[0]["tests"][0]["data"]


def answering(schema: object, status: str = "200") -> dict[str, object]:
    content = {"application/json": {"schema": schema}}
    return {"get": {"responses": {status: {"description": "", "content": content}}}}


def test_a_document_that_ships_with_a_package_is_held_to_without_a_false_alarm(tmp_path: Path) -> None:
    found = figures(tmp_path, petstore())
    assert (found.alarms, found.missed, found.unbound) == ([], [], [])
    assert (found.operations, found.answers > 10, found.spoiled > 10) == (20, True, True)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_answers_made_from_a_document_pass_and_spoiled_ones_do_not(tmp_path: Path, version: str) -> None:
    names = {f"/{name}/{{id}}": answering({"$ref": f"#/components/schemas/{name}"}) for name in SHARED}
    lists = {f"/{n}": answering({"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}) for n in range(40)}
    found = figures(tmp_path, whole({**names, **lists}, version, components={"schemas": SHARED}))
    assert (found.alarms, found.missed, found.unbound, found.vague) == ([], [], [], 0)
    assert (found.answers, found.spoiled > 30) == (43, True)


def test_the_figures_name_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "document.json").write_text(json.dumps(petstore()))
    (tmp_path / "none.json").write_text("{}")
    monkeypatch.setattr("sys.argv", ["foreign_documents.py", str(tmp_path)])
    assert main() == 0
    out = capsys.readouterr().out
    assert "2.0" in out
    assert "says neither" in out
