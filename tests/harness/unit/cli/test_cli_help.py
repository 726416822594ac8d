"""What the command line says of itself and of its settings, and what it makes of wrong words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from unit.cli.command_line import environment, tidegate

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


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["shwo"], "; did you mean show?\n  next: tidegate --help\n"),
        (["settings", "--markdwon"], "--markdwon; did you mean --markdown?\n  next: tidegate settings --help\n"),
        (["reproduce", "--tires", "3", "x"], "--tires x; did you mean --tries?\n  next: tidegate reproduce --help\n"),
        (["reproduce", "a", "--kepe=1"], "--kepe=1; did you mean --keep?\n  next: tidegate reproduce --help\n"),
        (["reproduce", "a", "b"], "unrecognized arguments: b\n  next: tidegate reproduce --help\n"),
        (["contract", "shwo"], "; did you mean show?\n  next: tidegate contract --help\n"),
        (["reproduce", "a", "--tries", "0"], "--tries is 0: expected a number above 0\n  next: leave it out"),
        (["diff"], "required: BUNDLE\n  next: tidegate diff --help\n"),
    ],
)
def test_of_a_slip_the_word_that_was_meant_and_the_commands_own_help_are_named(
    root: Path, args: list[str], said: str
) -> None:
    code, _, err = tidegate(root, *args)
    assert code == 64
    assert said in err
    assert "collect" not in err


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


def test_output_that_nobody_reads_is_no_error(root: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "tidegate", "settings"]
    done = subprocess.run(
        command, cwd=root, env=environment(), stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
