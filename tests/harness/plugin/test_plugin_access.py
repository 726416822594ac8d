"""access_matrix(), run by pytest against an API with cookie sessions, UUIDs, envelopes and owners of its own kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from plugin.conftest import INI
from projects import run_project
from stub_owned import STAFF, OwnedApi, document

PYPROJECT = """
[tool.tidegate.health]
path = "/v1/ping"

[tool.tidegate.login]
kind = "form"
path = "/v1/session"
body = { user = "{email}", pass = "{password}" }
token = "cookie:sid"

[tool.tidegate.identities.deputy]

[tool.tidegate.resources.members]
path = "/v1/members"
record = "data"
items = "data"
paging = "none"
update = "PUT"
marker = "handle"
filter = "*"
body = { data = { handle = "{unique}", name = "{name}" } }
change = { data = { name = "{name}" } }

[tool.tidegate.resources.notes]
path = "/v1/notes"
record = "data"
items = "data"
paging = "none"
update = "PUT"
marker = "text"
filter = "*"
body = { data = { text = "{unique}" } }
change = { data = { text = "{unique}" } }

[tool.tidegate.resources.files]
path = "/v1/members/{parent.id}/files"
parent = "members"
record = "data"
items = "data"
paging = "none"
body = { data = { title = "a" } }
"""
ACCESS = """
[roles.guest]
make = "members"
login = "handle"
body = { kind = "guest", pass = "{password}" }

[owner]
notes = "maker"

[fixed]
members = { kind = "staff" }

[bodies]
"POST /notes/{note}/stars" = { stars = 5 }

[access]
"GET /ping"                         = { anonymous = "allow", guest = "allow", admin = "allow" }
"POST /session"                     = { anonymous = "allow", guest = "allow", admin = "allow" }
"GET /members"                      = { anonymous = "deny",  guest = "own",   admin = "allow" }
"POST /members"                     = { anonymous = "deny",  guest = "deny",  admin = "allow" }
"GET /members/{member}"             = { anonymous = "deny",  guest = "own",   admin = "allow" }
"PUT /members/{member}"             = { anonymous = "deny",  guest = "own",   admin = "allow" }
"DELETE /members/{member}"          = { anonymous = "deny",  guest = "deny",  admin = "allow" }
"GET /members/{member}/files"       = { anonymous = "deny",  guest = "own",   admin = "allow" }
"POST /members/{member}/files"      = { anonymous = "deny",  guest = "own",   admin = "allow" }
"GET /members/{member}/files/{file}" = { anonymous = "deny", guest = "own",   admin = "allow" }
"GET /notes"                        = { anonymous = "deny",  guest = "own",   admin = "allow" }
"POST /notes"                       = { anonymous = "deny",  guest = "allow", admin = "allow" }
"GET /notes/{note}"                 = { anonymous = "deny",  guest = "own",   admin = "allow" }
"PUT /notes/{note}"                 = { anonymous = "deny",  guest = "own",   admin = "allow" }
"DELETE /notes/{note}"              = { anonymous = "deny",  guest = "own",   admin = "allow" }
"POST /notes/{note}/stars"          = { anonymous = "deny",  guest = "own",   admin = "allow" }
"""
ACCESS = re.sub(r'admin = "allow"', 'deputy = "allow", admin = "allow"', ACCESS)  # an account that is there already
NOTES = '"POST /notes"                       = { anonymous = "deny",  guest = "allow",'
SUITE = "from tidegate.cases import access_matrix\ntest_access = access_matrix()\n"
HOLES = {
    "anonymous reads notes": {"anonymous GET /notes", "anonymous GET /notes/{note}"},
    "GET notes of another": {"guest GET /notes/{note} of another"},
    "DELETE notes of another": {"guest DELETE /notes/{note} of another"},
    "all notes": {"guest GET /notes"},
    "all members": {"guest GET /members"},
    "files of another": {
        "guest GET /members/{member}/files of another",
        "guest POST /members/{member}/files for another",
        "guest GET /members/{member}/files/{file} of another",
    },
    "guests make members": {"guest POST /members"},
    "guests set their kind": {"guest PUT /members/{member} setting kind"},
    "sessions outlive accounts": {"deleted guest GET /members"},
}


class Owned:
    """A project whose suite is the matrix alone."""

    def __init__(self, pytester: pytest.Pytester, stub: OwnedApi) -> None:
        self.pytester, self.stub, self.path = pytester, stub, pytester.path
        for name, text in (("pytest.ini", INI), ("pyproject.toml", PYPROJECT), ("test_it.py", SUITE)):
            (self.path / name).write_text(text)
        self.table(ACCESS)
        self.lock(json.dumps(document()))

    def table(self, text: str) -> None:
        (self.path / "access.toml").write_text(text)

    def lock(self, text: str) -> None:
        (self.path / "contract").mkdir(exist_ok=True)
        (self.path / "contract" / "openapi.lock.json").write_text(text)

    def run(self, *args: str) -> tuple[set[str], str]:
        """The ids of the items that failed, and all that was shown."""
        result = run_project("-rf", "--contract=off", *args)
        shown = result.stdout.str() + result.stderr.str()
        return set(re.findall(r"^FAILED test_it\.py::test_access\[(.*?)\](?: - .*)?$", shown, re.MULTILINE)), shown


@pytest.fixture
def owned(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[Owned]:
    with OwnedApi() as stub:
        for name, value in zip(("BASE_URL", "ADMIN_EMAIL", "ADMIN_PASSWORD"), (stub.url, *STAFF), strict=True):
            monkeypatch.setenv(f"API_{name}", value)
        monkeypatch.setenv("API_DEPUTY_EMAIL", STAFF[0])
        monkeypatch.setenv("API_DEPUTY_PASSWORD", STAFF[1])
        yield Owned(pytester, stub)


def test_an_api_that_does_what_the_table_says_is_green_and_left_as_it_was(owned: Owned) -> None:
    failed, shown = owned.run()
    assert not failed, shown
    assert "passed" in shown
    assert [row["handle"] for row in owned.stub.tables["members"].values()] == [STAFF[0]]
    assert owned.stub.tables["notes"] == {}
    assert "COULD NOT" not in shown
    assert "not deleted by its test" not in shown


def test_holes_are_named_by_role_and_operation_and_nothing_else_is(owned: Owned) -> None:
    owned.stub.holes |= HOLES.keys()
    failed, shown = owned.run("-l")
    assert failed == set().union(*HOLES.values()), shown
    assert "guest may GET /notes/{note} of another, but access.toml says own" in shown
    assert "leave out of the list what is not theirs" in shown
    assert "guest may set kind = 'staff' with PUT /members/{member}" in shown
    kept = "".join(file.read_text() for file in (owned.path / "artifacts").rglob("*") if file.is_file())
    passwords = [password for password in owned.stub.passwords.values() if password]
    assert len(passwords) > 2
    assert not [password for password in passwords if password in shown + kept]


def test_what_the_table_does_not_say_fails_with_the_line_to_write(owned: Owned) -> None:
    rows = ACCESS.replace('"GET /notes" ', '"GET /note" ').replace('{ anonymous = "allow", guest = "allow", ', "{ ", 1)
    owned.table(rows.replace('[bodies]\n"POST /notes/{note}/stars" = { stars = 5 }\n', ""))
    failed, shown = owned.run("-k", "ping or note")
    assert failed == {
        "anonymous GET /ping",
        "guest GET /ping",
        "GET /notes without a row",
        "GET /note without an operation",
        "guest POST /notes/{note}/stars",
        "admin POST /notes/{note}/stars",
        "deputy POST /notes/{note}/stars",
    }, shown
    assert re.search(
        r'"GET /notes" +\= \{ anonymous = "allow", guest = "allow", deputy = "allow", admin = "allow" \}', shown
    )
    assert "the document has GET /notes" in shown
    assert "neither allows nor refuses it" in shown
    assert 'say in access.toml what it takes: [bodies] "POST /notes/{note}/stars" = ' in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda owned: (owned.path / "access.toml").unlink(), "next: write it from this, and decide each cell:"),
        (lambda owned: (owned.path / "contract/openapi.lock.json").unlink(), "then tidegate contract accept"),
    ],
    ids=["no table", "no lock"],
)
def test_without_a_table_that_can_be_read_one_item_says_why(owned: Owned, change: object, said: str) -> None:
    assert callable(change)
    change(owned)
    failed, shown = owned.run()
    assert failed == {"cannot be read"}, shown
    assert said in shown
    assert "Traceback" not in shown
    assert owned.stub.sent == [], "nothing is asked for what can be told without"


def test_a_role_whose_account_cannot_log_in_says_so_and_is_tried_once(owned: Owned) -> None:
    owned.table(ACCESS.replace('pass = "{password}"', 'word = "{password}"'))
    failed, shown = owned.run("-k", "guest and ping or guest and session")
    assert failed == {"guest GET /ping", "guest POST /session"}, shown
    assert "the account that was made for guest cannot log in: login refused for test-" in shown
    assert "see that body of [roles.guest] in access.toml makes an account that can" in shown
    assert "hidden" not in shown
    assert owned.stub.sent.count("POST /v1/session") == 2, "the admin's, and one of the guest's"


@pytest.mark.parametrize(
    ("hole", "named"),
    [
        ("", set()),
        ("all notes", {"guest GET /notes"}),
        ("guests write for another", {"guest POST /notes for another"}),
    ],
)
def test_an_owner_may_be_told_by_a_field_of_the_record(owned: Owned, hole: str, named: set[str]) -> None:
    owned.table(
        ACCESS.replace('notes = "maker"', 'notes = { by = "{id}" }').replace(NOTES, NOTES.replace("allow", "own"))
    )
    owned.stub.holes.add(hole)
    failed, shown = owned.run("-k", "guest and notes and not stars")
    assert failed == named, shown
