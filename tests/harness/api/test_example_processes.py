"""The example API's processes: they end when they are told to, and never outlive what started them."""

import os
import re
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx
from api.processes import (
    API_FOLDER,
    DEADLINE,
    ENVIRONMENT,
    NO_DATABASE,
    PYTHON,
    START,
    Started,
    answers,
    api_alone,
    embedded,
    free_port,
    nothing_is_left,
    processes_with,
    run_shop,
    wait_until,
)


def find(started: Started, command_part: str) -> int:
    """The id of the started process whose command line has this part."""
    return next(pid for pid, command in processes_with(started.folder()).items() if command_part in command)


def test_when_embedded_is_killed_the_others_go_too() -> None:
    with embedded() as started:
        assert len(processes_with(started.folder())) >= 2, "PostgreSQL and the API run"
        started.process.kill()
        started.process.wait(DEADLINE)
        wait_until(lambda: nothing_is_left(started.folder()), "its folder and all its processes are gone")


def test_ctrl_c_ends_embedded_even_while_it_starts() -> None:
    command = [PYTHON, str(API_FOLDER / "embedded"), "--port", str(free_port())]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: process.poll() is not None or bool(database_folders(process.pid)), "a database", START)
            (folder,) = database_folders(process.pid)
            process.send_signal(signal.SIGINT)
            assert process.wait(DEADLINE) == 128 + signal.SIGINT
        finally:
            process.kill()  # else a failure would wait for ever for what nothing ends
    wait_until(lambda: nothing_is_left(folder), "its folder and all its processes are gone")


def database_folders(pid: int) -> set[str]:
    commands = []
    for child in children_of(pid):
        with suppress(OSError):  # a step of the start that is over by now
            commands.append(Path(f"/proc/{child}/cmdline").read_text())
    found = (re.search(r"/bin/postgres\0-D\0(.+)/data\0", command) for command in commands)
    return {match[1] for match in found if match}


def test_with_parent_embedded_ends_when_its_parent_does() -> None:
    port = free_port()
    script = f'"{PYTHON}" "{API_FOLDER / "embedded"}" --port {port} --with-parent & wait'
    with subprocess.Popen(["sh", "-c", script], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as shell:
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}"), "the API answers", START)
        finally:
            shell.kill()
        assert shell.stdout is not None
        folder = next(line for line in shell.stdout if line.startswith("embedded:")).split()[-1]
    wait_until(lambda: nothing_is_left(folder), f"{folder} and its processes are gone")


def test_a_failed_migration_ends_embedded_with_its_message() -> None:
    failed = run_shop(str(API_FOLDER / "embedded"), "--port", str(free_port()), API_ADMIN_EMAIL="nobody")
    assert failed.returncode == 1
    assert failed.stderr.startswith("shop.migrate: API_ADMIN_EMAIL is 'nobody'.")


def signal_database(started: Started, number: signal.Signals) -> None:
    for pid, command in processes_with(started.folder()).items():
        if "postgres" in command.split()[0]:
            os.kill(pid, number)


def test_health_says_when_the_database_hangs_and_the_api_can_still_be_stopped() -> None:
    with embedded() as started:
        api = find(started, " -m shop ")
        signal_database(started, signal.SIGSTOP)
        hangs = httpx.get(f"{started.base_url}/health", timeout=DEADLINE)
        os.kill(api, signal.SIGTERM)
        wait_until(lambda: not Path(f"/proc/{api}").exists(), "the API ends, although a thread of it waits")
        signal_database(started, signal.SIGCONT)
        assert started.process.wait(DEADLINE) == 0
    body = {"status": "unavailable", "detail": "The database did not answer within 1 s."}
    assert (hangs.status_code, hangs.json()) == (503, body)


def test_health_says_when_the_database_is_gone_and_a_killed_api_ends_embedded() -> None:
    with embedded() as started:
        signal_database(started, signal.SIGKILL)
        gone = httpx.get(f"{started.base_url}/health", timeout=DEADLINE)
        os.kill(find(started, " -m shop "), signal.SIGKILL)
        assert started.process.wait(DEADLINE) == 128 + signal.SIGKILL
        assert not Path(started.folder()).exists()
    body = {"status": "unavailable", "detail": "The database can't be reached or refuses the connection."}
    assert (gone.status_code, gone.json()) == (503, body)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def send_half(base_url: str) -> socket.socket:
    """A connection with a login whose body has not come yet."""
    connection = socket.create_connection(("127.0.0.1", int(base_url.rpartition(":")[2])), timeout=DEADLINE)
    head = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
    connection.sendall(head)
    return connection


def no_longer_listens(base_url: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(base_url.rpartition(":")[2]))).close()
    except ConnectionRefusedError:
        return True
    return False


def test_sigterm_lets_a_request_finish_and_does_not_wait_for_one_that_never_does() -> None:
    with api_alone(NO_DATABASE) as started, send_half(started.base_url) as finishes, send_half(started.base_url):
        wait_until(lambda: answers(started.base_url), "the requests have arrived before this one")
        started.process.terminate()
        wait_until(lambda: no_longer_listens(started.base_url), "it takes no new connections")
        finishes.sendall(b"{}")
        assert finishes.recv(100).startswith(b"HTTP/1.1 422 ")
        assert started.process.wait(DEADLINE) == 0


def test_the_health_command_tells_a_healthy_api_from_others(example: Started, without_database: Started) -> None:
    ports = [example.base_url.rpartition(":")[2], without_database.base_url.rpartition(":")[2], str(free_port())]
    healthy, sick, nobody = (run_shop("-m", "shop.healthcheck", PORT=port) for port in ports)
    assert (healthy.returncode, healthy.stderr) == (0, "")
    assert (sick.returncode, sick.stderr) == (1, "not healthy: HTTP/1.1 503 Service Unavailable\n")
    assert (nobody.returncode, nobody.stderr) == (1, "not healthy: [Errno 111] Connection refused\n")
