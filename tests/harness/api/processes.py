"""The example API as a process: started, watched, ended."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

API_FOLDER = Path(__file__).resolve().parents[3] / "docker" / "api"
PYTHON = os.environ.get("EXAMPLE_API_PYTHON") or str(API_FOLDER / ".venv" / "bin" / "python")
ADMIN = {"email": "admin@example.com", "password": "harness-admin-password"}
SECRET = "harness-signing-secret-of-more-than-32-bytes"
NO_DATABASE = "postgresql://shop@/shop?host=/nowhere"
DEADLINE = 30.0
START = (
    300.0  # a start that cannot succeed ends by itself; one that is slow, beside a build of images, is none of these
)

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": str(API_FOLDER),
    "API_ADMIN_EMAIL": ADMIN["email"],
    "API_ADMIN_PASSWORD": ADMIN["password"],
    "API_JWT_SECRET": SECRET,
    "API_TEST_STACK": "1",
}


@dataclass
class Started:
    """A process and where its API answers."""

    process: subprocess.Popen[str]
    base_url: str
    lines: list[str]  # its standard output so far

    def folder(self) -> str:
        """Where `embedded` keeps its database."""
        return next(line.split()[-1] for line in self.lines if line.startswith("embedded:"))


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, within: float = DEADLINE) -> None:
    """Return as soon as the condition holds; fail when it never does."""
    deadline, pause = time.monotonic() + within, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"not within {within:g} s: {what}"
        pause.wait(0.01)


def answers(base_url: str) -> bool:
    """Whether an API answers there, healthy or not."""
    try:
        return httpx.get(f"{base_url}/health", timeout=5).status_code in {200, 503}
    except httpx.TransportError:
        return False


@contextmanager
def embedded(*options: str) -> Iterator[Started]:
    """The example API on a private PostgreSQL."""
    port = free_port()
    with serving([str(API_FOLDER / "embedded"), "--port", str(port), *options], port) as started:
        yield started
    wait_until(lambda: nothing_is_left(started.folder()), "its folder and all its processes are gone")


def nothing_is_left(folder: str) -> bool:
    """Whether the folder of an `embedded` and all its processes are gone."""
    return not processes_with(folder) and not Path(folder).exists()


@contextmanager
def api_alone(database_url: str) -> Iterator[Started]:
    """The example API on a database that is given."""
    port = free_port()
    with serving(["-m", "shop"], port, DATABASE_URL=database_url, PORT=str(port)) as started:
        yield started


@contextmanager
def serving(arguments: list[str], port: int, **environment: str) -> Iterator[Started]:
    """A started API that answers; it is ended afterwards."""
    process = subprocess.Popen(
        [PYTHON, *arguments], env=ENVIRONMENT | environment, stdout=subprocess.PIPE, text=True, cwd="/"
    )
    started = Started(process, f"http://127.0.0.1:{port}", [])
    reader = threading.Thread(target=_read, args=(process, started.lines), daemon=True)
    reader.start()
    try:
        wait_until(lambda: process.poll() is not None or answers(started.base_url), "the API answers", START)
        assert process.poll() is None, f"{arguments} ended with {process.returncode}; its errors are above"
        yield started
    finally:
        process.terminate()
        process.wait(DEADLINE)
        reader.join(DEADLINE)


def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdout is not None
    with process.stdout as output:
        lines.extend(iter(output.readline, ""))


def run_shop(*arguments: str, stdin: str | None = None, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """The finished `python <arguments>` with the example's environment; None takes a variable out."""
    changed = {name: value for name, value in (ENVIRONMENT | environment).items() if value is not None}
    return subprocess.run(
        [PYTHON, *arguments], env=changed, input=stdin, capture_output=True, text=True, timeout=DEADLINE, cwd=API_FOLDER
    )


HOLD = """
import sys, time, psycopg
statement, waiting = sys.argv[2], "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
with psycopg.connect(sys.argv[1]) as held, psycopg.connect(sys.argv[1], autocommit=True) as watch:
    held.execute(statement)
    print("held", flush=True)
    while watch.execute(waiting).fetchone()[0] < int(sys.argv[3]):
        time.sleep(0.01)
"""


@contextmanager
def row_held(started: Started, table: str, row: int, until_waiting: int) -> Iterator[None]:
    """The row is locked until so many requests wait for it: then all of them have begun, and none has finished."""
    database = f"host={started.folder()} user=shop dbname=postgres"
    statement = f"SELECT FROM {table} WHERE id = {row} FOR UPDATE"
    command = [PYTHON, "-c", HOLD, database, statement, str(until_waiting)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield
            assert holder.wait(DEADLINE) == 0
        finally:
            holder.kill()  # else it holds the row for ever when fewer have come, and we wait for it as long


def processes_with(text: str) -> dict[int, str]:
    """Running processes whose command line, environment or working folder mentions the text, by id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (folder / "environ").read_bytes().decode(errors="replace")
            where = os.readlink(folder / "cwd")  # PostgreSQL's children show it in nothing else
        except OSError:
            continue  # it ended meanwhile
        if command and any(text in place for place in (command, environment, where)):
            found[int(folder.name)] = command
    return found


if sys.platform != "linux":
    raise RuntimeError("The example API's tests read /proc, which only Linux has.")
