from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from projects import Answer, Bent, Call, Variant, scene_of, settings_of

from tidegate.records import CleanUp, Made
from tidegate.session.cleanup import clean_dead_runs, clean_session, ledgers_of_others, sweep_leftovers
from tidegate.session.guard import Guard
from tidegate.session.ledger import Ledger
from tidegate.session.run import new_run_id
from tidegate.session.scene import open_scene
from tidegate.settings import Settings

HOUR = 3600.0
OLD = new_run_id(time.time() - 2 * HOUR)
YOUNG = new_run_id(time.time() - HOUR / 2)
OWNER = """
import sys, threading
from pathlib import Path
from tidegate.session.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), sys.argv[2], sys.argv[3], str)
print("open", flush=True)
threading.Event().wait()
"""


@pytest.fixture
def settings(tmp_path: Path, stub: Bent) -> Settings:
    return settings_of(tmp_path, stub)


def folder(settings: Settings) -> Path:
    return settings.artifacts_dir / "ledger"


def dead_run(settings: Settings, run: str, *made: Made, target: str | None = None) -> None:
    """Leaves the ledger of a run that was killed."""
    ledger = Ledger(folder(settings), run, target or settings.base_url, lambda: "test_killed")
    for record in made:
        ledger.made(record.resource, record.id, record.marker, record.parent)
    ledger.close(settled=False)


def swept(settings: Settings, older_than: float | None = HOUR) -> CleanUp:
    guard = Guard(settings, settings.base_url, settings.resources)
    guard.spares_others = False
    scene = open_scene(settings, settings.base_url, settings.resources, guard=guard.around)
    with scene.client:
        return sweep_leftovers(scene, folder(settings), older_than=older_than)


def cleaned_dead(settings: Settings) -> CleanUp:
    scene = scene_of(settings)
    with scene.client:
        return clean_dead_runs(scene, folder(settings), settings.base_url)


@pytest.fixture
def live_run(settings: Settings) -> Iterator[str]:
    """The id of a run of two hours ago that a real second process is still at."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, folder(settings), OLD, settings.base_url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    yield OLD
    process.kill()
    process.communicate()


@pytest.mark.parametrize("older_than", [HOUR, None, 0.0])
def test_records_of_a_live_run_stay_whatever_is_asked(
    settings: Settings, stub: Bent, live_run: str, older_than: float | None
) -> None:
    stub.seed_users(f"test-{live_run}-1@x.y", f"test-{live_run}-2@x.y")
    done = swept(settings, older_than)
    assert len(stub.emails()) == 2
    assert done.kept == {"made by a run that is still going on": 2}
    assert cleaned_dead(settings) == CleanUp()


def test_records_of_a_dead_run_go_however_young(settings: Settings, stub: Bent) -> None:
    stub.seed_users(f"test-{YOUNG}-1@x.y")
    dead_run(settings, YOUNG)
    assert len(swept(settings).removed) == 1


@pytest.mark.parametrize(
    ("email", "created_at", "kept"),
    [
        ("test-{OLD}-1@x.y", None, None),
        ("test-{OLD}-gw3-1@x.y", None, None),
        ("test-{YOUNG}-1@x.y", None, "younger than the limit (--all removes it)"),
        ("test-{OLD}-1@x.y", timedelta(minutes=1), "younger than the limit (--all removes it)"),
        ("test-1@x.y", timedelta(hours=2), None),
        ("test-1@x.y", timedelta(minutes=59), "younger than the limit (--all removes it)"),
        ("test-1@x.y", timedelta(hours=-2), "younger than the limit (--all removes it)"),
        ("test-1@x.y", None, "of unknown age (--all removes it)"),
        ("test-1@x.y", "not a time", "of unknown age (--all removes it)"),
        ("test-1@x.y", 12345, "of unknown age (--all removes it)"),
        ("test-1@x.y", "0001-01-01T00:00:00", "of unknown age (--all removes it)"),
        ("test-1@x.y", "1970-01-01T00:00:00Z", None),
        ("test-1@x.y", "2020-01-01T00:00:00.5Z", None),
    ],
)
def test_age_is_told_by_run_id_and_time_of_creation(
    settings: Settings, stub: Bent, email: str, created_at: Any, kept: str | None
) -> None:
    stub.seed_users(email.format(OLD=OLD, YOUNG=YOUNG))
    when = (datetime.now(UTC) - created_at).isoformat() if isinstance(created_at, timedelta) else created_at
    stub.records.tables["users"][2]["created_at"] = when
    done = swept(settings)
    assert done.kept == ({kept: 1} if kept else {})
    assert bool(stub.emails()) is bool(kept)
    assert swept(settings, None).stuck == []
    assert stub.emails() == set()


def test_on_a_shared_target_what_has_no_run_id_stays_unless_all_is_asked_for(tmp_path: Path, stub: Bent) -> None:
    """The prefix alone may be somebody's own, as in test-manager@."""
    settings = settings_of(tmp_path, stub, TIDEGATE_SHARED="127.0.0.1", TIDEGATE_ALLOW_WRITES="127.0.0.1")
    for key in stub.seed_users("test-manager@corp.test", f"test-{OLD}-1@x.y"):
        stub.records.tables["users"][key]["created_at"] = "2020-01-01T00:00:00Z"
    done = swept(settings)
    assert done.kept == {"without a run id, so perhaps somebody else's (--all removes it)": 1}
    assert done.stuck == []
    assert stub.emails() == {"test-manager@corp.test"}
    assert len(swept(settings, None).removed) == 1


def test_a_session_undoes_its_ledger_and_then_sweeps_its_own_marker(settings: Settings, stub: Bent) -> None:
    run = new_run_id()
    noted, unmarked, lost, other = stub.seed_users(
        f"test-{run}-1@x.y", "renamed@x.y", f"test-{run}-2@x.y", f"test-{YOUNG}-3@x.y"
    )
    made = [
        Made("users", str(noted), run, "test_a", f"test-{run}-1@x.y"),
        Made("users", str(unmarked), run, "test_b", "renamed@x.y"),
    ]
    scene = scene_of(settings)
    with scene.client:
        done = clean_session(scene, run, made)
    assert [(item.path, item.test) for item in done.removed] == [
        (f"/users/{unmarked}", "test_b"),
        (f"/users/{noted}", "test_a"),
        (f"/users/{lost}", ""),
    ]
    assert stub.emails() == {f"test-{YOUNG}-3@x.y"}
    assert other


@pytest.mark.parametrize("cascade", [True, False])
def test_a_parent_goes_with_children_that_nobody_noted(settings: Settings, stub: Bent, cascade: bool) -> None:
    run = new_run_id()
    (mine,) = stub.seed_users(f"test-{run}-1@x.y")
    stub.order_for(mine)

    def restrict(call: Call, usual: Any) -> Answer:
        if call.method == "DELETE" and call.path.startswith("/users") and stub.rows("orders"):
            return Answer(409, {"detail": "it has orders"})
        return usual(call)  # type: ignore[no-any-return]

    stub.bend = None if cascade else restrict
    scene = scene_of(settings)
    with scene.client:
        done = clean_session(scene, run, [Made("users", str(mine), run, "test_a", f"test-{run}-1@x.y")])
    assert (stub.emails(), stub.rows("orders"), done.stuck) == (set(), [], [])


def test_a_dead_runs_ledger_is_undone_and_discarded(settings: Settings, stub: Bent) -> None:
    (mine, foreign) = stub.seed_users(f"test-{YOUNG}-1@x.y", "else@x.y")
    order = stub.order_for(mine)
    dead_run(
        settings,
        YOUNG,
        Made("users", str(mine), YOUNG, "", f"test-{YOUNG}-1@x.y"),
        Made("users", str(foreign), YOUNG, "", f"test-{YOUNG}-2@x.y"),
        Made("orders", str(order), YOUNG, "", None, str(mine)),
    )
    done = cleaned_dead(settings)
    assert {item.path for item in done.removed} == {f"/orders/{order}", f"/users/{mine}"}
    assert done.stuck == []
    assert stub.emails() == {"else@x.y"}
    assert list(folder(settings).iterdir()) == []
    assert cleaned_dead(settings) == CleanUp()


def test_a_ledger_stays_while_something_of_it_is_stuck(settings: Settings, stub: Bent) -> None:
    (mine,) = stub.seed_users(f"test-{YOUNG}-1@x.y")
    dead_run(settings, YOUNG, Made("users", str(mine), YOUNG, "", f"test-{YOUNG}-1@x.y"))
    stub.answers("DELETE", "/users", Answer(500))
    assert cleaned_dead(settings).stuck
    assert (folder(settings) / f"{YOUNG}.jsonl").exists()
    stub.bend = None
    assert not cleaned_dead(settings).stuck
    assert list(folder(settings).iterdir()) == []


def test_a_ledger_of_another_server_is_left_and_named(settings: Settings, stub: Bent) -> None:
    (same_id,) = stub.seed_users(f"test-{YOUNG}-1@x.y")
    dead_run(settings, YOUNG, Made("users", str(same_id), YOUNG, "", None), target="http://other")
    assert cleaned_dead(settings) == CleanUp()
    path = folder(settings) / f"{YOUNG}.jsonl"
    assert ledgers_of_others(folder(settings), settings.base_url) == [(path, "http://other")]
    assert path.exists()
    assert len(stub.emails()) == 1


def test_a_dead_ledger_with_nothing_readable_is_settled_by_the_sweep(settings: Settings, stub: Bent) -> None:
    stub.seed_users(f"test-{YOUNG}-1@x.y")
    folder(settings).mkdir(parents=True)
    (folder(settings) / f"{YOUNG}.jsonl").write_bytes(b'{"op": "run", "base_u')
    cleaned_dead(settings)
    assert stub.emails() == set()
    assert list(folder(settings).iterdir()) == []


def test_two_clean_ups_at_once_end_like_one(tmp_path: Path) -> None:
    with Bent(Variant(email_prefix=False)) as stub:
        settings = settings_of(tmp_path, stub)
        ids = stub.seed_users(*(f"test-{OLD}-{number}@x.y" for number in range(100)), "testimony@x.y")
        dead_run(
            settings, OLD, *(Made("users", str(i), OLD, "", f"test-{OLD}-{n}@x.y") for n, i in enumerate(ids[:-1]))
        )

        def clean(_: int) -> CleanUp:
            done = cleaned_dead(settings)
            done.add(swept(settings))
            return done

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(clean, range(2))
        assert first.stuck + second.stuck == []
        assert stub.emails() == {"testimony@x.y"}
        assert list(folder(settings).iterdir()) == []


def test_a_record_that_a_lying_delete_keeps_is_told_once_and_not_as_removed(settings: Settings, stub: Bent) -> None:
    run = new_run_id()
    (mine,) = stub.seed_users(f"test-{run}-1@x.y")
    stub.answers("DELETE", "/users", Answer(204))
    scene = scene_of(settings)
    with scene.client:
        done = clean_session(scene, run, [Made("users", str(mine), run, "test_a", f"test-{run}-1@x.y")])
    assert [item.path for item in done.stuck] == [f"/users/{mine}"]
    assert done.removed == []


def test_the_ledger_file_is_json_lines_that_a_person_can_read(settings: Settings) -> None:
    dead_run(settings, YOUNG, Made("users", "1", YOUNG, "", "m", None))
    lines = (folder(settings) / f"{YOUNG}.jsonl").read_text().splitlines()
    assert [json.loads(line)["op"] for line in lines] == ["run", "made"]
