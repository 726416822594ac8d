"""Every pair of habits that APIs have, met by settings alone: records live, and clean-up leaves the foreign ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import get_args, get_type_hints

import httpx
import pytest
from pairs import pairwise
from projects import scene_of, settings_of
from stub_api import ADMIN_EMAIL, ADMIN_PASSWORD
from stub_pages import Shape
from stub_shapes import ShapedApi

from tidegate.records import CleanUp
from tidegate.session.cleanup import clean_dead_runs, clean_session, sweep_leftovers
from tidegate.session.client import new_client
from tidegate.session.jsonpath import dig
from tidegate.session.ledger import Ledger
from tidegate.session.making import Collections, Maker
from tidegate.session.run import Unique, new_run_id
from tidegate.session.transport import Transport
from tidegate.session.wire import open_wire

FOREIGN = ["testimony@x.y", "TEST-1@x.y", "test_2@x.y", "latest-3@x.y", " test-4@x.y", "else@x.y", "test-other-run@x.y"]
CHOICES = {
    name: get_args(kind) or ((1, 3) if kind is int else (False, True)) for name, kind in get_type_hints(Shape).items()
}
SHAPES = [Shape(**case) for case in pairwise(CHOICES)]
EACH = pytest.mark.parametrize("shape", SHAPES, ids=[f"shape {number}" for number in range(len(SHAPES))])


class Run:
    """A run against the stub, with a ledger of its own and the clients that a session has."""

    def __init__(self, stub: ShapedApi, folder: Path, stack: ExitStack) -> None:
        self.stub = stub
        self.settings = settings_of(folder, stub, stub.pyproject())
        self.folder = self.settings.artifacts_dir / "ledger"
        self.ledger = Ledger(self.folder, new_run_id(), stub.url, lambda: "test_x")
        transport = Transport(open_wire(self.settings, stub.url), stub.url, self.settings.resources, self.ledger)
        stack.callback(transport.shut_down)
        sent = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
        # Unverified, since reading all certificates takes longer than the rest of a test.
        answer = httpx.post(stub.url + "/auth/login", json=sent, verify=False)
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        client = stack.enter_context(new_client(stub.url, self.settings.client, transport=transport))
        client.headers.update(headers)
        self.collection = Collections(client, self.settings.resources)
        self.marker = f"test-{self.ledger.run}-"
        self.make = Maker(self.collection, Unique("test-", self.ledger), self.ledger, ADMIN_EMAIL)

    @property
    def swept(self) -> bool:
        return self.collection("things").resource.swept

    def fill(self) -> set[str]:
        """Makes records as tests do, some with parts; returns what the stub has of others, which must stay."""
        kept = self.stub.seed(*FOREIGN)
        self.stub.seed_part(kept[0])
        for number in range(7):
            made = self.make("things")
            if number < 2:
                self.make("parts", parent=made)
                self.make("parts", parent=made)
        return {self.stub.shown_id(kept[0])}

    def clean(self) -> CleanUp:
        scene = scene_of(self.settings)
        with scene.client:
            return clean_session(scene, self.ledger.run, self.ledger.outstanding())

    def next_run(self) -> CleanUp:
        scene = scene_of(self.settings)
        with scene.client:
            return clean_dead_runs(scene, self.folder, self.stub.url)


@contextmanager
def run_against(shape: Shape, folder: Path) -> Iterator[Run]:
    with ExitStack() as stack:
        stub = stack.enter_context(ShapedApi(shape))
        yield Run(stub, folder, stack)


def only_foreign_left(run: Run, done: CleanUp, owners: set[str]) -> None:
    assert {part["thing"]["id"] for part in run.stub.parts.values()} == owners
    ours = [mark for mark in run.stub.marks() if mark not in FOREIGN]
    assert sorted(set(run.stub.marks()) - {*ours}) == sorted(FOREIGN)
    if run.stub.shape.delete == "lie":
        assert len(done.stuck) == len(ours) > 0
        assert {stuck.reason for stuck in done.stuck} == {
            "DELETE was answered with success, but the record is still there"
        }
        assert [item.path for item in done.removed if item.resource == "things"] == []
    else:
        assert (ours, done.stuck) == ([], [])


@EACH
def test_a_record_is_made_read_changed_listed_and_deleted(shape: Shape, tmp_path: Path) -> None:
    with run_against(shape, tmp_path) as run:
        others = run.stub.seed(*FOREIGN)
        things = run.collection("things")
        made = [run.make("things") for _ in range(4)]
        first = things.read(made[0].id)
        assert dig(first.body, shape.marker).startswith(run.marker)
        assert (first["size"], str(first.id), first.path) == (7, str(made[0].id), made[0].path)
        assert things.update(first.id, run.stub.table()["things"]["change"])["name"] == "changed"
        assert things.read(first.id)["name"] == "changed"
        if shape.filter != "none" or shape.lists != "GET":
            listed = [str(record.id) for record in things.list(prefix=run.marker)]
            assert len(listed) == len(set(listed))
            assert {str(record.id) for record in made} <= {*listed}
        things.delete(first.id)
        if shape.delete == "lie":
            assert things.find(first.id) is not None
            return
        assert things.find(first.id) is None
        assert str(first.id) not in {str(record.id) for record in things.list(prefix="")}
        run.make.undo()
        assert run.stub.marks() == sorted(FOREIGN)
        assert len(others) == len(FOREIGN)


@EACH
def test_what_a_session_made_goes_and_nothing_else(shape: Shape, tmp_path: Path) -> None:
    with run_against(shape, tmp_path) as run:
        owners = run.fill()
        if run.swept:  # made by other means, so that no ledger names them
            lost = run.stub.seed(*(f"{run.marker}{number}@x.y" for number in range(9)))
            if shape.parts != "owned":
                run.stub.seed_part(lost[0])
        done = run.clean()
        only_foreign_left(run, done, owners)
        assert run.swept or "things: cannot be asked for a prefix (no filter is set)" in str(done.notes)


@EACH
def test_what_a_killed_run_made_goes_by_the_next_and_nothing_else(shape: Shape, tmp_path: Path) -> None:
    with run_against(shape, tmp_path) as run:
        owners = run.fill()
        run.ledger.close(settled=False)
        done = run.next_run()
        only_foreign_left(run, done, owners)
        assert len(list(run.folder.glob("*.jsonl"))) == (shape.delete == "lie")


@EACH
def test_what_nobody_remembers_is_swept_by_its_marker(shape: Shape, tmp_path: Path) -> None:
    with run_against(shape, tmp_path) as run:
        if not run.swept:
            return
        old = f"test-{new_run_id(time.time() - 7200)}-"
        run.stub.seed(
            *(mark for pair in zip(FOREIGN, (f"{old}{n}@x.y" for n in range(7)), strict=True) for mark in pair)
        )
        scene = scene_of(run.settings)
        with scene.client:
            done = sweep_leftovers(scene, run.folder, older_than=3600)
        only_foreign_left(run, done, set())


def test_the_shapes_have_every_pair() -> None:
    """A pair that no shape has would be a claim that nothing checks."""
    names = list(CHOICES)
    for a in range(len(names)):
        for b in range(a + 1, len(names)):
            met = {(getattr(shape, names[a]), getattr(shape, names[b])) for shape in SHAPES}
            assert len(met) == len(CHOICES[names[a]]) * len(CHOICES[names[b]])
    assert len(SHAPES) < 100
