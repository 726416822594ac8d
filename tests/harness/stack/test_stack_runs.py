"""A plain `pytest` on the host, on the repository's own stack and suite."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from stack.checkout import Checkout, copy
from stack.small import left_of

pytestmark = pytest.mark.docker

# Each worker says what it runs against.
WHERE = """

@pytest.fixture(scope="session", autouse=True)
def _where(base_url, worker_id):
    with open("artifacts/where", "a") as file:
        file.write(f"{base_url} {worker_id}\\n")
"""

MakeCheckout = Callable[[str], Checkout]


@pytest.fixture
def make_checkout(images: None, tmp_path: Path) -> Iterator[MakeCheckout]:
    """Makes copies of the repository of which nothing runs yet."""
    made = []

    def make(name: str) -> Checkout:
        made.append(copy(tmp_path / name, f"tidegate-{name}"))
        return made[-1]

    yield make
    for checkout in made:
        for kind, name in (line.split() for line in left_of(checkout.folder)):
            subprocess.run(["docker", kind, "rm", "--force", name], capture_output=True)


def run(checkout: Checkout, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A finished `pytest` in the checkout."""
    return checkout.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", *arguments)


def test_two_checkouts_are_green_at_once_from_cold_and_workers_share_one_stack(make_checkout: MakeCheckout) -> None:
    """Parts of the suite: with two workers in the one, without any in the other."""
    shared, plain = make_checkout("shared"), make_checkout("plain")
    shared.write("tests/conftest.py", (shared.folder / "tests/conftest.py").read_text() + WHERE)
    with ThreadPoolExecutor() as pool:
        beside = pool.submit(run, plain, "tests/test_health.py")
        answer = run(shared, "-n", "2", "tests/test_health.py", "tests/test_login.py", "tests/test_users_list.py")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stderr.count("tidegate: stack: compose: the Docker engine answers") == 1
    addresses, workers = zip(*(line.split() for line in read(shared, "where")), strict=True)
    assert (len(set(addresses)), set(workers)) == (1, {"gw0", "gw1"})
    assert beside.result().returncode == 0, beside.result().stdout
    for checkout in (shared, plain):
        assert left_of(checkout.folder) == []
        assert "GET" in "".join(read(checkout, "logs/api.log"))


def read(checkout: Checkout, name: str) -> list[str]:
    """The lines of one of the artifacts."""
    return (checkout.folder / "artifacts" / name).read_text().splitlines()
