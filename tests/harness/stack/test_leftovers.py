"""`tidegate sweep` on the example API and its PostgreSQL: exactly ours goes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from api.processes import ADMIN, SECRET, Started, embedded
from faults import CATALOGUE, NONE, FaultyApi
from stack.account import Account, account
from suite import ROOT

Sweep = Callable[..., subprocess.CompletedProcess[str]]
OLD_RUN = "5f000000abcd"
FOREIGN = [
    "testimony{}@example.com",
    "TEST-{}@example.com",
    "test.{}@example.com",
    "test_{}@example.com",
    "a-test-{}@example.com",
]


@pytest.fixture(scope="module")
def example() -> Iterator[Started]:
    """An API that nobody else uses: here everybody but the admin is removed."""
    with embedded() as started:
        yield started


@pytest.fixture
def admin(example: Started) -> Iterator[Account]:
    """The admin, alone."""
    with account(example.base_url, **ADMIN) as admin:
        admin.delete_users(user["id"] for user in list(admin.everything("/users")) if user["email"] != ADMIN["email"])
        yield admin


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    """`tidegate sweep` as a user types it."""

    def sweep(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        admin = {"API_ADMIN_EMAIL": ADMIN["email"], "API_ADMIN_PASSWORD": ADMIN["password"]}
        env = {"PATH": os.environ["PATH"], "API_BASE_URL": url, "TIDEGATE_ARTIFACTS": str(tmp_path), **admin}
        command = [sys.executable, "-m", "tidegate", "sweep", *arguments]
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)

    return sweep


@pytest.mark.parametrize(("fault", "count"), [("prefix_ignored", 1000), ("wildcards_in_the_prefix", 100), (None, 100)])
def test_of_many_leftovers_exactly_ours_go(
    fault: str | None, count: int, example: Started, admin: Account, sweep: Sweep
) -> None:
    """Half of them are not ours, and the server may ignore the filter."""
    before = admin.counts()
    foreign = {FOREIGN[number % len(FOREIGN)].format(f"{number}x") for number in range(count // 2)}
    ours = [f"test-{OLD_RUN}-{number:010x}@example.com" for number in range(count // 2 - 10)]
    ours += [f"test-{number}@example.com" for number in range(10)]
    for user in admin.add_users([*ours, *foreign])[:20]:
        admin.add_order(user["id"])
    planted = CATALOGUE[fault] if fault else NONE
    with FaultyApi(example.base_url, planted, admin=(ADMIN["email"], ADMIN["password"]), secret=SECRET) as faulty:
        first, second = sweep(faulty.url, "--all"), sweep(faulty.url, "--all")
    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr + second.stderr
    assert f"users: {len(ours)} removed" in first.stdout
    assert "users: 0 removed" in second.stdout
    assert {email.lower() for email in admin.emails()} >= {email.lower() for email in foreign}
    assert admin.counts() == {"/users": before["/users"] + len(foreign), "/orders": before["/orders"]}


def test_without_all_the_young_stay_and_the_old_go(example: Started, admin: Account, sweep: Sweep) -> None:
    """The run id tells the age, else the time of creation does; the younger of the two counts."""
    admin.add_users([f"test-{OLD_RUN}-0000000000@example.com", "test-made-by-hand@example.com"])
    swept = sweep(example.base_url)
    assert swept.returncode == 0, swept.stderr
    assert "kept 2: younger than the limit (--all removes it)" in swept.stdout
    assert sweep(example.base_url, "--older-than", "0s").stdout.startswith("orders: 0 removed\nusers: 2 removed\n")


def test_a_delete_that_does_nothing_is_told(example: Started, admin: Account, sweep: Sweep) -> None:
    """Success that is none ends with exit code 75 and the record's path."""
    user = admin.add_users([f"test-{OLD_RUN}-0000000001@example.com"])[0]
    login = (ADMIN["email"], ADMIN["password"])
    with FaultyApi(example.base_url, CATALOGUE["delete_does_nothing"], admin=login, secret=SECRET) as faulty:
        swept = sweep(faulty.url, "--all")
    assert swept.returncode == 75, swept.stdout
    assert (
        f"COULD NOT REMOVE /users/{user['id']}: DELETE was answered with success, but the record is still there"
        in swept.stdout
    )
