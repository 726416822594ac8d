"""`tidegate wait`: what it says of an API that is up or not, what ends it, and what it does not load."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from projects import Bent
from unit.cli.command_line import environment, tidegate
from wire import Wire, free_port, http


def test_wait_says_that_the_api_is_up(root: Path, stub: Bent) -> None:
    for args in ([stub.url], [f"{stub.url}/"], [f"{stub.url}/health"], []):
        code, out, err = tidegate(root, "wait", *args, API_BASE_URL=stub.url)
        assert (code, err) == (0, "")
        assert re.fullmatch(rf"API is up: {stub.url}/health answered 200 \(\d\.\d s, 1 try\)\n", out), args


def test_an_empty_url_is_not_taken_for_none(root: Path, stub: Bent) -> None:
    code, _, err = tidegate(root, "wait", "", API_BASE_URL=stub.url)
    assert (code, "base_url (command line) is empty" in err) == (78, True)
    code, _, err = tidegate(root, "wait", "--timeout", "", API_BASE_URL=stub.url)
    assert (code, "health.timeout (command line) is empty" in err) == (78, True)


def test_wait_gives_up_with_69_and_what_it_saw(root: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    code, out, err = tidegate(root, "wait", url, "--timeout", "0.2")
    assert (code, out) == (69, "")
    assert re.fullmatch(
        r"tidegate: the API is not healthy: the time is up after 0\.\d s and \d+ tr(y|ies)\n"
        rf"  asked: GET {url}/health\n"
        r"  last answer: connection refused: nothing listens there\n"
        r"  next: Does the API run, on that port and on an address reachable from here\?"
        r" Or it, or its container, has ended: docker compose ps --all, docker compose logs\.\n",
        err,
    ), err


def test_wait_shows_no_secret_of_the_last_answer(root: Path) -> None:
    with Wire(http(503, {"status": "starting", "db_password": "hunter2"})) as wire:
        code, _, err = tidegate(root, "wait", wire.url, "--timeout", "0.2")
    assert (code, "hunter2" in err, "starting" in err) == (69, False, True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_ends_the_wait_at_once(root: Path, number: signal.Signals, code: int) -> None:
    """Also in a background job, which a shell starts with SIGINT ignored."""
    with Wire() as wire:
        wire._scripts = (wire.hang,)
        process = subprocess.Popen(
            [sys.executable, "-m", "tidegate", "wait", wire.url, "--timeout", "50"],
            cwd=root, env=environment(), stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )  # fmt: skip
        assert process.stderr
        assert process.stderr.readline().startswith(f"tidegate: waiting for {wire.url}/health: no answer yet (1 s of")
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in err


def test_waiting_loads_no_http_library(root: Path) -> None:
    code = "import sys\nfrom tidegate.cli import main\ntry: main(['wait', 'http://127.0.0.1:9', '--timeout', '0.1'])\n"
    code += "finally: print([name for name in ('httpx', 'filelock', 'pytest') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n"
