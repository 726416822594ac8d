"""The command line: what the word after `tidegate` does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from tidegate import __version__
from tidegate.cli import (
    again_arguments,
    collect,
    contract_arguments,
    explore_arguments,
    report_arguments,
    reproduce_arguments,
)
from tidegate.cli.parser import Parser
from tidegate.errors import TidegateError

if TYPE_CHECKING:
    from tidegate.settings import Settings

INTERRUPTED = 130

EXAMPLES = """\
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


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.command(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads on, as after `| head`; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TidegateError as error:
        from tidegate.redact import mask

        print(f"tidegate: {mask(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("tidegate: interrupted", file=sys.stderr)
        return INTERRUPTED
    return code


def _command(name: str, *, needs_settings: bool = True) -> Callable[[argparse.Namespace], int]:
    """The command's own module, loaded when it runs."""

    def run(args: argparse.Namespace) -> int:
        command = import_module(f"tidegate.cli.{name}").run
        code: int = command(args, _settings(args)) if needs_settings else command(args)
        return code

    return run


def _parser() -> argparse.ArgumentParser:
    shared = Parser(add_help=False)
    shared.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="set one setting; repeatable")
    shared.add_argument("--env-file", metavar="PATH", help="read this file instead of .env.test")
    parser = Parser(
        prog="tidegate",
        description="A test harness for JSON REST APIs.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tidegate {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    wait = commands.add_parser("wait", parents=[shared], help="wait until the API is healthy", description=WAIT)
    wait.epilog = "example: tidegate wait http://localhost:9000 --timeout 60"
    wait.add_argument("url", nargs="?", metavar="URL", help="base URL of the API (default: API_BASE_URL)")
    wait.add_argument("--timeout", metavar="SECONDS", help="give up after so long (default: health.timeout, 30)")
    wait.set_defaults(command=_command("wait"))
    sweep = commands.add_parser("sweep", parents=[shared], help="remove what dead runs left behind", description=SWEEP)
    sweep.epilog = "example: tidegate sweep --older-than 1d --verbose"
    sweep.add_argument(
        "--all",
        action="store_true",
        help="whatever its age; records of live runs stay all the same",
    )
    sweep.add_argument("--older-than", metavar="AGE", default="1h", help="such as 30m, 1h or 2d (default: 1h)")
    sweep.add_argument("--allow-writes", metavar="HOST", help="sweep HOST although it is a shared target")
    sweep.add_argument("-v", "--verbose", action="store_true", help="name every record")
    sweep.set_defaults(command=_command("sweep"))
    settings = commands.add_parser("settings", parents=[shared], help="show each setting and where it came from")
    settings.add_argument("--markdown", action="store_true", help="the page that describes them all, docs/settings.md")
    settings.set_defaults(command=_command("settings"))
    init = commands.add_parser("init", help="write a first suite for the API of this repository", description=INIT)
    init.epilog = "example: tidegate init --api-url http://localhost:8000"
    init.add_argument("-y", "--yes", action="store_true", help="take every default; files that differ are kept")
    init.add_argument("--api-url", metavar="URL", help="look at an API that runs, by reading alone")
    init.set_defaults(command=_command("init", needs_settings=False))
    doctor = commands.add_parser(
        "doctor", parents=[shared], help="check the settings against the API", description=DOCTOR
    )
    doctor.epilog = "example: tidegate doctor --set base_url=http://localhost:9000"
    doctor.set_defaults(command=_command("doctor"))
    contract_arguments.add(commands, shared).set_defaults(command=_command("contract"))
    report_arguments.add(commands, _command("report", needs_settings=False), _command("show", needs_settings=False))
    explore_arguments.add(commands, shared).set_defaults(command=_command("explore"))
    again_arguments.add(commands, shared, _command)
    collect.add(commands).set_defaults(command=_command("collect", needs_settings=False))
    reproduce_arguments.add(commands).set_defaults(command=_command("reproduce", needs_settings=False))
    return parser


WAIT = "Polls the API's health path. Ends with 0 and 'API is up', or with 69 and what it last saw."
INIT = (
    "Looks for a compose file, a Dockerfile, an OpenAPI document and routes, asks at most five questions, and writes"
    " settings, a first suite, the test container and a workflow. A file that differs is shown as a diff and only"
    " overwritten after a yes. Run it again whenever you like."
)
DOCTOR = (
    "Checks settings, engine, port, health, login, a round trip of each resource and the OpenAPI document: one line"
    " each, with what to change. Removes what it makes; makes nothing on a shared target."
)
SWEEP = (
    "Deletes records whose own marker field starts with the prefix (test-): those of runs that were killed, and all"
    " that are older than the limit. On a shared target what has no run id stays, unless --all is given. A record of a"
    " live run, or without the prefix, is never touched."
)


def _settings(args: argparse.Namespace) -> Settings:
    from tidegate.settings import load, overrides

    chosen = overrides(args.set)
    if getattr(args, "url", None) is not None:
        chosen["base_url"] = args.url
    if getattr(args, "timeout", None) is not None:
        chosen["health.timeout"] = args.timeout
    if getattr(args, "allow_writes", None) is not None:
        chosen["target.allow_writes"] = args.allow_writes
    found = load(env_path=args.env_file, overrides=chosen)
    for doubt in found.doubts:
        print(f"tidegate: note: {doubt}", file=sys.stderr)
    return found
