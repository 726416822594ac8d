"""The table as cases: which there are, and what each expects."""

from __future__ import annotations

import pytest

from tidegate.contract.access import Item, Place, Table, items, line_for, place_of, read_table, session_items
from tidegate.contract.model import Operation
from tidegate.settings import Resource

PEOPLE = Resource(name="people", path="/people")
THINGS = Resource(
    name="things", path="/things", parent="people", parent_field="owner_id", filter="owner_id={parent.id}"
)
RESOURCES = (PEOPLE, THINGS)
ROLES = """
[roles.guest]
make = "people"
body = { role = "guest", password = "{password}" }
[roles.reader]
make = "people"
body = { role = "reader", password = "{password}" }
[access]
"""
ALL = 'anonymous = "deny", guest = "{}", reader = "allow", admin = "allow"'


def table(*rows: str, more: str = "") -> Table:
    return read_table(more + ROLES + "\n".join(rows), "access.toml", RESOURCES, ())


def row(name: str, guest: str) -> str:
    return f'"{name}" = {{ {ALL.format(guest)} }}'


def operations(*names: str) -> list[Operation]:
    return [Operation(method, path) for method, _, path in (name.partition(" ") for name in names)]


def places(found: list[Operation]) -> dict[str, Place]:
    return {each.name: place_of(each.method, each.path, RESOURCES) for each in found}


def cases(of: Table, *names: str) -> dict[str, Item | str]:
    found = operations(*names)
    return dict(items(of, found, places(found)))


def of_guest(cell: str, name: str, more: str = "") -> dict[str, bool]:
    found = cases(table(row(name, cell), more=more), name)
    return {key: item.allowed for key, item in found.items() if isinstance(item, Item) and item.role.name == "guest"}


@pytest.mark.parametrize(
    ("cell", "name", "expected"),
    [
        ("allow", "GET /things/{id}", {"": True}),
        ("own", "GET /things/{id}", {"": True, " of another": False}),
        ("deny", "GET /things/{id}", {"": False, " of another": False}),
        ("own", "DELETE /people/{person}", {"": True, " of another": False}),
        ("own", "GET /things", {"": True, " of another": False}),
        ("own", "GET /people", {"": True}),
        ("own", "POST /things", {"": True, " for another": False}),
        ("deny", "POST /things", {"": False}),
        ("own", "POST /things/{id}/stars", {"": True, " of another": False}),
        ("deny", "GET /elsewhere", {"": False}),
    ],
)
def test_a_cell_is_tried_on_own_records_and_on_those_of_others(cell: str, name: str, expected: dict[str, bool]) -> None:
    assert of_guest(cell, name) == {f"guest {name}{end}": allowed for end, allowed in expected.items()}


def test_what_the_maker_owns_cannot_be_made_for_another() -> None:
    assert of_guest("own", "POST /things", '[owner]\nthings = "maker"\n') == {"guest POST /things": True}


def test_a_field_that_is_fixed_is_tried_wherever_a_role_may_write() -> None:
    fixed = '[fixed]\npeople = { role = "admin", credit = 9 }\n'
    found = of_guest("own", "PATCH /people/{id}", fixed)
    assert [name for name in found if "setting" in name] == [
        "guest PATCH /people/{id} setting role",
        "guest PATCH /people/{id} setting credit",
    ]
    assert not [name for name in of_guest("deny", "PATCH /people/{id}", fixed) if "setting" in name]


def test_an_own_record_of_what_nobody_owns_is_a_mistake() -> None:
    found = cases(table(row("GET /elsewhere", "own")), "GET /elsewhere")
    text = str(found["guest GET /elsewhere"])
    assert text.startswith("access.toml says that guest may do GET /elsewhere to what is its own, and not what that is")


def test_a_missing_row_a_missing_cell_and_a_row_too_many_fail() -> None:
    found = cases(
        table('"GET /things" = { admin = "allow" }', row("GET /thing/{id}", "own")), "GET /things", "GET /things/{id}"
    )
    problems = {name: text for name, text in found.items() if isinstance(text, str)}
    assert set(problems) == {
        "anonymous GET /things",
        "guest GET /things",
        "reader GET /things",
        "GET /things/{id} without a row",
        "GET /thing/{id} without an operation",
    }
    assert 'add guest = "deny" to it' in problems["guest GET /things"]
    assert "the document has GET /things/{id}" in problems["GET /thing/{id} without an operation"]


@pytest.mark.parametrize(
    ("security", "cell"),
    [
        ([{"key"}], "deny"),
        ([{"key"}, {"token"}], "deny"),
        ([], "allow"),
        ([set()], "allow"),
        ([{"key"}, set()], "allow"),
    ],
)
def test_the_line_to_paste_can_be_read_and_lets_in_whom_the_document_asks_nothing(
    security: list[set[str]], cell: str
) -> None:
    line = line_for(table(), Operation("GET", "/new/{id}", security=tuple(map(frozenset, security))))
    again = table(line)
    assert again.rows["GET /new/{id}"] == {"anonymous": cell, "guest": cell, "reader": cell, "admin": "allow"}


def test_a_session_is_tried_after_its_account_is_gone_or_another() -> None:
    found = operations("GET /health", "GET /things/{id}", "GET /things")
    rows = [row("GET /things", "own"), row("GET /things/{id}", "own")]
    of = table('"GET /health" = { anonymous = "allow", guest = "allow", reader = "allow", admin = "allow" }', *rows)
    named = [item.id for item in session_items(of, {each.name: each for each in found}, places(found))]
    assert named == [
        "deleted guest GET /things",
        "reader turned guest GET /things/{id} of another",
        "deleted reader GET /things",
    ]


@pytest.mark.parametrize(
    ("method", "path", "kind", "resource", "action"),
    [
        ("GET", "/things", "collection", "things", "list"),
        ("POST", "/things", "collection", "things", "create"),
        ("GET", "/things/{any_name}", "record", "things", "read"),
        ("PATCH", "/things/{id}", "record", "things", "update"),
        ("PUT", "/things/{id}", "record", "things", ""),
        ("POST", "/things/{id}/stars", "record", "things", ""),
        ("GET", "/things/{id}/stars/{star}", "record", "things", ""),
        ("GET", "/things/export", "elsewhere", "", ""),
        ("GET", "/others/things", "elsewhere", "", ""),
        ("GET", "/teams/{team}/parts", "collection", "parts", "list"),
        ("GET", "/teams/{team}/parts/{part}", "record", "parts", "read"),
        ("GET", "/teams/{team}", "record", "teams", "read"),
    ],
)
def test_an_operation_is_about_the_resource_that_says_most_of_its_path(
    method: str, path: str, kind: str, resource: str, action: str
) -> None:
    parts = Resource(name="parts", path="/teams/{parent.id}/parts", parent="teams")
    found = place_of(method, path, (THINGS, Resource(name="teams", path="/teams"), parts))
    assert (found.kind, found.name, found.action) == (kind, resource, action)


def test_two_parameters_in_one_segment_are_no_id() -> None:
    assert place_of("GET", "/things/{a}-{b}", RESOURCES).kind == "elsewhere"
