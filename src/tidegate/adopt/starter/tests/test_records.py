"""Things: made, read, changed, deleted. Add here what your API promises about them."""

import pytest

NAME = "things"


@pytest.fixture
def below(collection, make):
    """What a new record is made below: nothing, or a record of the resource that is its parent."""
    parent = collection(NAME).resource.parent
    return {"parent": make(parent)} if parent else {}


@pytest.fixture
def things(collection, below):
    found = collection(NAME, **below)
    if not found.resource.body:
        pytest.skip(f"nobody has said how to make one: set body in [tool.tidegate.resources.{NAME}]")
    return found


@pytest.fixture
def made(make, below):
    """A new record, gone after the test."""
    return make(NAME, **below)


def test_a_new_record_can_be_read_back(things, made, settings):
    found, marker = things.read(made.id), things.resource.marker
    assert found.id == made.id
    assert not marker or str(found[marker]).startswith(settings.prefix)


def test_a_change_is_kept(things, made, make):
    change = make.change(NAME, things.parent)
    if not change:
        pytest.skip(f"nobody has said how to change one: set change in [tool.tidegate.resources.{NAME}]")
    things.update(made.id, change)
    changed, sent = things.read(made.id), change.get(things.resource.record, change)
    assert {field: changed.body.get(field) for field in sent} == sent


def test_a_deleted_record_is_gone(things, made):
    things.delete(made.id)
    assert things.find(made.id) is None


@pytest.mark.parametrize("action", ["create", "update", "delete"])
def test_nobody_writes_without_a_login(things, made, client, settings, action):
    if settings.login.kind == "none":
        pytest.skip("this API knows no login")
    answer = things.using(client).send(action, made.id, dict(made.body))
    assert answer.status_code in (401, 403), answer.text
    assert things.find(made.id)


@pytest.mark.readonly
@pytest.mark.parametrize("unknown", ["999999999", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_id_is_not_found(collection, unknown):
    answer = collection(NAME, parent=unknown).send("read", unknown)
    assert answer.status_code in (400, 404, 410, 422), answer.text
