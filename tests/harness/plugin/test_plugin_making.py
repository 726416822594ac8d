"""A suite that knows the names of resources alone, run by pytest against APIs of several shapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from plugin.conftest import Project
from stub_pages import Shape
from stub_shapes import ShapedApi

SUITE = """
import httpx, pytest

def test_life(make, collection, settings):
    things = collection("things")
    made = make("things", size=8)
    assert things.read(made.id)["size"] == 8
    things.update(made.id, things.resource.change)
    assert things.read(made.id)["name"] == "changed"
    things.update(made.id, make.change("things", name="again"))
    assert things.read(made.id)["name"] == "again"
    assert str(made.id) in [str(record.id) for record in things.list(prefix=settings.prefix)]
    things.delete(made.id)
    assert things.find(made.id) is None

def test_part(make, collection):
    thing = make("things")
    parts = collection("parts", parent=thing)
    made = make("parts", parent=thing)
    assert parts.find(made.id) is not None
    make("parts")

def test_strangers(make, collection, client, unique):
    theirs = collection("things").using(client)
    assert theirs.send("create", unique(), {}).status_code == 401
    made = make("things")
    assert theirs.send("read", made.id).status_code == 401
    assert theirs.send("delete", made.id).status_code == 401
    assert collection("things").find(made.id) is not None

def test_leaves(collection, unique):
    from tidegate.session.jsonpath import plant
    things = collection("things")
    body = {}
    plant(body, things.resource.marker, unique.email())
    things.create(body, unique())

def test_unknown(collection):
    with pytest.raises(Exception, match="'thing' is not a declared resource; declared are parts, things"):
        collection("thing")
"""
SHAPES = {
    "the pattern": Shape(),
    "names chosen by the caller, nothing answered": Shape(create="PUT", answers="nothing", update="PUT", slash=True),
    "wrapped, below the parent": Shape(ids="uuid", record="answer.thing", parts="nested", paging="link"),
    "found by a search, deleted in name": Shape(lists="POST places", delete="archive", marker="attributes.email"),
}


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> Shape:
    return SHAPES[request.param]


@pytest.fixture
def stub(shape: Shape) -> Iterator[ShapedApi]:
    with ShapedApi(shape) as running:
        yield running


def test_a_suite_needs_the_names_of_its_resources_and_nothing_else(project: Project, stub: ShapedApi) -> None:
    stub.seed("testimony@x.y")
    (project.path / "pyproject.toml").write_text(stub.pyproject())
    project.test(SUITE)
    result = project.run()
    result.assert_outcomes(passed=5)
    assert "not deleted by its test, removed at the end: test_it.py::test_leaves: /api/things/" in result.stdout.str()
    assert result.stdout.str().count("not deleted by its test, removed at the end:") == 1, (
        "what `make` made went after its test"
    )
    assert "COULD NOT" not in result.stdout.str()
    assert (stub.marks(), stub.parts) == (["testimony@x.y"], {})


@pytest.mark.parametrize("shape", ["the pattern"], indirect=True)
def test_a_create_that_is_refused_is_an_error_that_shows_the_answer(project: Project, stub: ShapedApi) -> None:
    (project.path / "pyproject.toml").write_text(
        '[tool.tidegate.resources.users]\nbody = { email = "no", name = "x", password = "not-shown" }\n'
    )
    project.test("def test_a(make):\n    make('users')\n")
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*not-shown*")
    result.stdout.no_fnmatch_line("*response = <Response*")
    result.stdout.fnmatch_lines(
        [
            "*POST /users answered 422 *email is not an e-mail address*",
            "*next: set body in *tool.tidegate.resources.users*",
        ]
    )
