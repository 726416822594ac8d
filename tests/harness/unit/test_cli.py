from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from projects import PYPROJECT, Answer, Bent, environment_of
from wire import Wire, free_port, http

from tidegate.session.ledger import Ledger

HELP = """\
usage: tidegate [-h] [--version] COMMAND ...

A test harness for JSON REST APIs.

options:
  -h, --help  show this help message and exit
  --version   show program's version number and exit

commands:
  COMMAND
    wait      wait until the API is healthy
    sweep     remove what dead runs left behind
    settings  show each setting and where it came from
    init      write a first suite for the API of this repository
    doctor    check the settings against the API
    contract  show or accept what a run saw of the API's document
    report    write a page about a run
    show      open the page about a run in the browser
    explore   send the API what nobody has thought of
    rerun     run again what failed last
    diff      say what is otherwise in another run
    replay    send the requests of a test again
    reproduce
              make a red run red again

examples:
  tidegate wait                                wait until the API of API_BASE_URL is healthy
  tidegate wait http://localhost:9000 --timeout 60
  tidegate sweep                               remove what killed runs left, and what is older than an hour
  tidegate sweep --all                         ... whatever its age
  tidegate settings                            every setting, its value and where it came from
  tidegate init                                write a first suite for the API of this repository
  tidegate doctor                              check the settings against the API that runs
  tidegate contract show                       how the last run met the API's document
  tidegate contract accept                     hold later runs to what the last one saw
  tidegate report                              a page about the last run, artifacts/report.html
  tidegate show artifacts.zip                  the page of a bundle, in the browser
  tidegate reproduce artifacts.zip             make a red run of CI red again here
  tidegate rerun                               what failed last once more, in the same place
  tidegate diff main.zip artifacts             what is otherwise in the second run
  tidegate explore                             send it what nobody has thought of, and hold it to its document

exit codes:
  0 done   64 usage   65 no usable OpenAPI document   66 no bundle that can be read
  69 the API never became healthy
  74 ledger not writable   75 leftovers that could not be removed
  76 a shared target, and writes not allowed   77 login refused   78 bad settings
  79 the contract changed, or too little of it is covered   130 interrupted
  80 red only after other tests   81 not red again, or now and then   82 cannot be reproduced here
"""
SWEEP_HELP = """\
usage: tidegate sweep [-h] [--set KEY=VALUE] [--env-file PATH] [--all] [--older-than AGE]
                      [--allow-writes HOST] [-v]

Deletes records whose own marker field starts with the prefix (test-): those of runs that were
killed, and all that are older than the limit. On a shared target what has no run id stays, unless
--all is given. A record of a live run, or without the prefix, is never touched.

options:
  -h, --help           show this help message and exit
  --set KEY=VALUE      set one setting; repeatable
  --env-file PATH      read this file instead of .env.test
  --all                whatever its age; records of live runs stay all the same
  --older-than AGE     such as 30m, 1h or 2d (default: 1h)
  --allow-writes HOST  sweep HOST although it is a shared target
  -v, --verbose        name every record

example: tidegate sweep --older-than 1d --verbose
"""
SETTINGS = """\
root                        ROOT                    where pyproject.toml or .env.test was found
base_url                    http://localhost:8000   default
admin_email                 a@example.com           .env.test
admin_password              *** (hidden)            environment
prefix                      test-                   default
artifacts                   artifacts               default
health.path                 /health                 default
health.words                ok, healthy, up, pass   default
health.timeout              2.5                     command line
health.try_timeout          5                       default
login.path                  /auth/login             default
client.timeout              10                      default
resources.orders.path       /orders                 default
resources.orders.filter     user_id={parent.id}     [tool.tidegate] in pyproject.toml
resources.orders.parent     users                   [tool.tidegate] in pyproject.toml
resources.orders.parent_field  user_id                 [tool.tidegate] in pyproject.toml
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path


def environment(**env: str) -> dict[str, str]:
    outer = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**outer, "COLUMNS": "100", "NO_COLOR": "1", **env}


def tidegate(root: Path, *args: str, **env: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error, whole."""
    command = [sys.executable, "-m", "tidegate", *args]
    done = subprocess.run(
        command, cwd=root, env=environment(**env), capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.replace(str(root), "ROOT"), done.stderr.replace(str(root), "ROOT")


@pytest.mark.parametrize(("args", "text"), [(["--help"], HELP), (["sweep", "-h"], SWEEP_HELP)])
def test_help_is_this(root: Path, args: list[str], text: str) -> None:
    assert tidegate(root, *args) == (0, text, "")


def test_a_variable_that_looks_misspelled_is_noted_beside_what_the_command_says(root: Path) -> None:
    code, out, err = tidegate(root, "settings", API_HELTH_PATH="/up")
    assert (code, err.count("tidegate: note: API_HELTH_PATH (environment) is not a setting")) == (0, 1)
    assert "API_HELTH_PATH" not in out


def test_the_version_is_the_packages(root: Path) -> None:
    from importlib.metadata import version

    assert tidegate(root, "--version") == (0, f"tidegate {version('tidegate')}\n", "")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["open"], "argument COMMAND: invalid choice: 'open'"),
        (["wait", "--colour"], "unrecognized arguments: --colour"),
        (["wait", "--timeout"], "argument --timeout: expected one argument"),
        (["settings", "--set", "x"], "'x' is not of the form KEY=VALUE, such as health.timeout=60"),
        (["sweep", "--older-than", "soon"], "--older-than is 'soon': expected a number and s, m, h or d"),
        (["sweep", "--older-than", "-1h"], "argument --older-than: expected one argument"),
        (["sweep", "--older-than", ""], "--older-than is '': expected a number"),
    ],
)
def test_a_wrong_command_line_is_64(root: Path, args: list[str], said: str) -> None:
    code, out, err = tidegate(root, *args)
    assert (code, out) == (64, "")
    assert f"tidegate: {said}" in err
    assert "Traceback" not in err


def test_settings_shows_each_value_and_its_origin(root: Path) -> None:
    (root / ".env.test").write_text("API_ADMIN_EMAIL=a@example.com\n")
    code, out, err = tidegate(root, "settings", "--set", "health.timeout=2.5", API_ADMIN_PASSWORD="hunter2")
    assert (code, err) == (0, "")

    def cells(text: str) -> list[list[str]]:
        return [re.split(r" {2,}", line) for line in text.splitlines()]

    assert [row for row in cells(out) if row in cells(SETTINGS)] == cells(SETTINGS)
    assert "hunter2" not in out


def test_bad_settings_are_78(root: Path) -> None:
    assert tidegate(root, "settings", API_BASE_URL="localhost") == (
        78,
        "",
        "tidegate: the settings cannot be used\n"
        "  API_BASE_URL (environment) is 'localhost': expected http:// or https:// with a host, and perhaps a port and"
        " a path, such as http://localhost:8000\n",
    )


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


def test_output_that_nobody_reads_is_no_error(root: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "tidegate", "settings"]
    done = subprocess.run(
        command, cwd=root, env=environment(), stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_sweep_says_what_it_removed_and_what_it_kept(root: Path, stub: Bent) -> None:
    first, _, second = stub.seed_users("test-1@x.y", "testimony@x.y", "test-2@x.y")
    env = environment_of(stub)
    assert tidegate(root, "sweep", **env) == (
        0,
        "orders: 0 removed\nusers: 0 removed\nkept 2: younger than the limit (--all removes it)\n",
        "",
    )
    assert tidegate(root, "sweep", "--all", **env) == (
        0,
        f"orders: 0 removed\nusers: 2 removed\n  removed /users/{first}\n  removed /users/{second}\n",
        "",
    )
    assert tidegate(root, "sweep", "--all", **env) == (0, "orders: 0 removed\nusers: 0 removed\n", "")
    assert stub.emails() == {"testimony@x.y"}


def test_sweep_ends_with_75_when_something_of_ours_is_left(root: Path, stub: Bent) -> None:
    (mine,) = stub.seed_users("test-1@x.y")
    stub.answers("DELETE", "/users", Answer(409, {"detail": "no", "sent": "tide-and-gate-2026"}))
    code, out, err = tidegate(root, "sweep", "--all", **environment_of(stub))
    assert (code, err) == (75, "")
    assert out == (
        "orders: 0 removed\nusers: 0 removed\n"
        f'  COULD NOT REMOVE /users/{mine}: DELETE answered 409 {{"detail": "no", "sent": "***"}}\n'
    )


def test_a_long_list_is_cut_unless_all_is_asked_for(root: Path, stub: Bent) -> None:
    for args, shown in (([], 20), (["-v"], 25)):
        stub.seed_users(*(f"test-{number}@x.y" for number in range(25)))
        _, out, _ = tidegate(root, "sweep", "--all", *args, **environment_of(stub))
        assert out.count("  removed /users/") == shown
        assert ("  removed … and 5 more (-v names them)\n" in out) is (shown == 20)


def test_sweep_names_the_ledger_of_a_run_against_another_server(root: Path, stub: Bent) -> None:
    Ledger(root / "artifacts" / "ledger", "6742a1b3c0de", "http://other", str).close(settled=False)
    code, out, _ = tidegate(root, "sweep", **environment_of(stub))
    assert code == 0
    assert out.splitlines()[-1] == (
        "note: a killed run against http://other left ROOT/artifacts/ledger/6742a1b3c0de.jsonl: sweep that server, or"
        " delete the file when it is no more"
    )


def test_sweep_without_resources_or_password_or_api_says_so(root: Path, stub: Bent) -> None:
    env = environment_of(stub)
    code, _, err = tidegate(root, "sweep", **{**env, "API_ADMIN_PASSWORD": "wrong/pass"})
    assert (code, "login refused for admin@example.com" in err, "wrong/pass" in err) == (77, True, False)
    code, _, err = tidegate(root, "sweep", API_BASE_URL=stub.url)
    assert (code, "API_ADMIN_EMAIL is not set" in err) == (78, True)
    code, _, err = tidegate(root, "sweep", **{**env, "API_BASE_URL": f"http://127.0.0.1:{free_port()}"})
    assert (code, "next: nothing is reached at 127.0.0.1:" in err, "refused for" in err) == (69, True, False)
    code, _, err = tidegate(root, "sweep", **{**env, "API_BASE_URL": "http://-ü-"})
    assert (code, "the base URL 'http://-ü-' is not usable: Invalid IDNA hostname" in err) == (78, True)
    (root / "pyproject.toml").write_text("[tool.tidegate]\n")
    code, _, err = tidegate(root, "sweep", **env)
    assert (code, err) == (
        64,
        "tidegate: nothing to sweep: no [tool.tidegate.resources.<name>] is declared in pyproject.toml\n",
    )


def test_waiting_loads_no_http_library(root: Path) -> None:
    code = "import sys\nfrom tidegate.cli import main\ntry: main(['wait', 'http://127.0.0.1:9', '--timeout', '0.1'])\n"
    code += "finally: print([name for name in ('httpx', 'filelock', 'pytest') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n"
