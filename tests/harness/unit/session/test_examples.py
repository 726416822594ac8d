"""Records made from the `body` that a resource declares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import Bent, environment_of, scene_of

from tidegate.errors import SettingsError
from tidegate.session.examples import Examples
from tidegate.session.ledger import Ledger
from tidegate.session.run import Unique
from tidegate.settings import load

PYPROJECT = """\
[tool.tidegate.resources.users]
marker = "email"
body = { email = "{email}", name = "{name} of {admin.email}", role = "viewer" }
change = { name = "{unique}" }

[tool.tidegate.resources.orders]
parent = "users"
parent_field = "user_id"
filter = "user_id={parent.id}"
body = { user_id = "{parent.id}", lines = [{ sku = "a", quantity = 1, unit_price = 1 }] }

[tool.tidegate.resources.flags]
marker = "name"
create = "PUT /flags/{id}"
body = { id = "{id}", name = "{name}" }
"""


@pytest.fixture
def examples(stub: Bent, tmp_path: Path) -> Iterator[Examples]:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    settings = load(tmp_path, env=environment_of(stub))
    ledger = Ledger(tmp_path / "ledger", "6b0427ab5421", stub.url, str)
    with scene_of(settings).client as client:
        yield Examples(client, settings, Unique(settings.prefix, ledger))
    ledger.close(settled=True)


def test_a_body_is_filled_anew_each_time(examples: Examples) -> None:
    one, other = examples("users").body(), examples("users").body()
    assert one["email"].startswith("test-6b0427ab5421-")
    assert one["name"].endswith(" of admin@example.com")
    assert one["email"] != other["email"]


def test_what_was_made_is_gone_at_the_end_with_the_parents_made_for_it(examples: Examples, stub: Bent) -> None:
    with examples("orders") as orders:
        made = orders.make()
        assert len(stub.emails()) == 1
        assert orders.records.find(made.id)
    assert stub.emails() == set()
    assert orders.records.find(made.id) is None


def test_the_end_comes_also_when_a_test_fails_and_when_it_has_deleted_by_itself(examples: Examples, stub: Bent) -> None:
    def fail() -> None:
        with examples("users") as users:
            users.records.delete(users.make().id)
            users.make()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stub.emails() == set()


def test_children_share_one_parent(examples: Examples, stub: Bent) -> None:
    with examples("orders") as orders:
        assert orders.make()["user_id"] == orders.make()["user_id"]
        assert len(stub.emails()) == 1


def test_no_parent_is_made_for_a_record_that_needs_none(examples: Examples, stub: Bent) -> None:
    with examples("users") as users:
        assert users.change()["name"].startswith("test-")
        assert users.records.find("999") is None
    assert stub.emails() == set()


def test_an_id_that_the_path_asks_for_is_the_one_in_the_body(examples: Examples) -> None:
    flags = examples("flags")
    chosen = flags.new_id()
    assert chosen
    assert flags.body(chosen)["id"] == chosen
    assert examples("users").new_id() is None


def test_a_name_that_is_not_declared_is_answered_with_those_that_are(examples: Examples) -> None:
    with pytest.raises(
        SettingsError, match=r"no resource 'pens' is declared; declared are .*users.*\n  next: write \[tool"
    ):
        examples("pens")
