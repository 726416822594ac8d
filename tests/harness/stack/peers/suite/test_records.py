"""Whatever the API is: records are made, read, listed, changed and deleted, and only by who has logged in."""

LEFT = 12  # more than two pages


def test_what_a_test_leaves_is_removed_at_the_end(make, resources):
    for resource in resources:
        for _ in range(LEFT):
            make(resource.name)
    make.undo = lambda: None  # as if the test had ended here, before it removed anything


def test_a_record_is_made_read_listed_changed_and_deleted(make, collection, resources, settings):
    for resource in resources:
        parent = make(resource.parent) if resource.parent else None
        records = collection(resource.name, parent)
        made = make(resource.name, parent=parent) if parent else make(resource.name)
        assert made.id in {record.id for record in records.list(prefix=settings.prefix)}
        before = records.read(made.id).body
        records.update(made.id, make.change(resource.name))
        assert records.read(made.id).body != before
        records.delete(made.id)
        assert records.find(made.id) is None


def test_nobody_deletes_one_without_a_login(make, admin, client, resources):
    for resource in resources:
        made = make(resource.name)
        refused = client.delete(made.path)
        assert refused.status_code in (401, 403), refused.text
        assert admin.get(made.path).status_code == 200


def test_an_unknown_one_is_not_found(make, collection, resources):
    for resource in resources:
        records = collection(resource.name, make(resource.parent) if resource.parent else None)
        assert records.find("00000000-0000-4000-8000-000000000000") is None
