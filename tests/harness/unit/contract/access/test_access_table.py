"""access.toml: what is wrong in it is said with its place and what may have been meant."""

from __future__ import annotations

import pytest

from tidegate.contract.access import read_table
from tidegate.errors import SettingsError
from tidegate.settings import Resource

PEOPLE = Resource(name="people", path="/people")
THINGS = Resource(name="things", path="/things", parent="people", parent_field="owner_id")
GUEST = '[roles.guest]\nmake = "people"\nbody = { role = "guest", password = "{password}" }\n'


def read(text: str, *identities: str) -> object:
    return read_table(text, "access.toml", (PEOPLE, THINGS), identities)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[access", "Expected"),
        ("[acess]", "[acess] is no section of it: expected access, roles, owner, fixed, bodies, denied"),
        ("access = 5", "access is 5: expected a table"),
        ('[access]\n"GET things" = {}', '"GET things" is no operation: expected a method and a path'),
        ('[access]\n"GET /things" = "allow"', "\"GET /things\" is 'allow': expected a cell for each role"),
        (
            '[access]\n"GET /things" = { admin = "alow" }',
            "admin is 'alow': expected allow, deny, own; did you mean allow?",
        ),
        ('[access]\n"GET /things" = { gest = "deny" }', "gest is no role: known are anonymous, admin, guest; did you"),
        ('[access]\n"GET /things" = { admin = "own" }', "admin has nothing of its own: expected allow or deny"),
        (
            '[roles.vip]\nmake = "person"',
            "make is 'person', which is no declared resource: declared are people, things",
        ),
        ('[roles.vip]\nmake = "peopl"', "did you mean people?"),
        ("[roles.vip]\nbody = {}", "[roles.vip]: make is missing"),
        ("[roles.vip]\nmkae = 'people'", "mkae is no key of it: expected make, body, login"),
        ('[roles.vip]\nmake = "people"\nbody = { p = "{pasword}" }', "there is no {pasword} there: known are email"),
        ("[roles.admin]", "[roles.admin]: admin is there without being declared"),
        ('[owner]\nthings = "owner_id"', "things is 'owner_id': expected fields of a record such as"),
        ("[owner]\nthigns = {}", "thigns is no declared resource"),
        ('[fixed]\npeople = "role"', "[fixed] people is 'role': expected fields and values"),
        ('[bodies]\n"POST /x" = {}', '[bodies] "POST /x" is no row of [access]'),
        ("denied = [200]", "denied is [200]: expected statuses"),
    ],
)
def test_a_mistake_is_named_with_what_may_have_been_meant(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(f"{text}\n{GUEST}")
    assert said in str(error.value)
    assert str(error.value).startswith("access.toml is not a table of who may do what\n  seen: ")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        read('denied = []\n[access]\n"GET /a" = { admin = "yes", nobody = "deny" }\n[fixed]\npeoples = {}')
    assert str(error.value).count("\n  seen: ") == 3


def test_the_columns_are_anonymous_the_roles_the_identities_that_are_named_and_the_admin() -> None:
    table = read(GUEST + '[access]\n"GET /a" = { auditor = "allow" }', "auditor", "spare")
    assert list(table.roles) == ["anonymous", "guest", "auditor", "admin"]  # type: ignore[attr-defined]


def test_what_is_made_for_each_account_is_no_trait_of_a_role() -> None:
    table = read(GUEST)
    assert table.roles["guest"].traits == {"role": "guest"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("more", "owned"),
    [("", True), ('[owner]\nthings = "maker"', True), ('[owner]\nthings = { owner_id = "{id}" }', True)],
)
def test_what_belongs_to_an_account_is_its_own(more: str, owned: bool) -> None:
    table = read_table(f"{more}\n{GUEST}", "access.toml", (PEOPLE, THINGS), ())
    guest, admin = table.roles["guest"], table.roles["admin"]
    assert table.can_own(guest, "things") is owned
    assert table.can_own(guest, "people")
    assert not table.can_own(admin, "things")
    alone = Resource(name="alone", path="/alone")
    assert not read_table(GUEST, "access.toml", (PEOPLE, alone), ()).can_own(guest, "alone")
