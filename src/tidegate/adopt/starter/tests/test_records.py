"""Things: made, read, changed, deleted. Add here what your API promises about them."""

import pytest

NAME = "things"


@pytest.fixture
def things(examples):
    """Ways to make records; those that a test makes are gone after it."""
    with examples(NAME) as things:
        if not things.resource.body:
            pytest.skip(f"nobody has said how to make one: set body in [tool.tidegate.resources.{NAME}]")
        yield things


def shown(record, sent):
    """Of the fields that were sent, those that the record shows."""
    return {field: record[field] for field in sent if field in record.body}


def test_a_new_record_can_be_read_back(things):
    sent = things.body()
    made = things.records.read(things.make(sent).id)
    assert shown(made, sent)
    assert shown(made, sent).items() <= sent.items()


def test_a_change_is_kept(things):
    made, change = things.make(), things.change()
    if not change:
        pytest.skip(f"nobody has said how to change one: set change in [tool.tidegate.resources.{NAME}]")
    things.records.update(made.id, change)
    changed = things.records.read(made.id)
    assert shown(changed, change) == change


def test_a_deleted_record_is_gone(things):
    made = things.make()
    things.records.delete(made.id)
    assert things.records.find(made.id) is None


def test_nobody_makes_a_record_without_a_login(things, client, settings):
    if settings.login.kind == "none":
        pytest.skip("this API knows no login")
    answer = things.records.using(client).send("create", things.new_id(), things.body())
    assert answer.status_code in (401, 403), answer.text


@pytest.mark.parametrize("unknown", ["999999999", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_id_is_not_found(things, unknown):
    answer = things.records.send("read", unknown)
    assert answer.status_code in (400, 404, 410, 422), answer.text
