"""The command line: `tidegate wait | sweep | settings`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tidegate import __version__
from tidegate.errors import LeftoversRemain, TidegateError, UsageError

if TYPE_CHECKING:
    from tidegate.records import CleanUp
    from tidegate.settings import Settings

SHOWN = 20
INTERRUPTED = 130

EXAMPLES = """\
examples:
  tidegate wait                                wait until the API of API_BASE_URL is healthy
  tidegate wait http://localhost:9000 --timeout 60
  tidegate sweep                               remove what killed runs left, and what is older than an hour
  tidegate sweep --all                         ... whatever its age
  tidegate settings                            every setting, its value and where it came from

exit codes:
  0 done   64 usage   69 the API never became healthy   74 ledger not writable
  75 leftovers that could not be removed   77 login refused   78 bad settings   130 interrupted
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    args = _parser().parse_args(argv)
    try:
        code = int(args.command(args, _settings(args)))
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]  # argparse exits here, and so do we
        self.print_usage(sys.stderr)
        print(f"tidegate: {message}\n  next: tidegate --help", file=sys.stderr)
        raise SystemExit(UsageError.exit_code)


def _parser() -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="set one setting; repeatable")
    shared.add_argument("--env-file", metavar="PATH", help="read this file instead of .env.test")
    parser = _Parser(
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
    wait.set_defaults(command=_wait)
    sweep = commands.add_parser("sweep", parents=[shared], help="remove what dead runs left behind", description=SWEEP)
    sweep.epilog = "example: tidegate sweep --older-than 1d --verbose"
    sweep.add_argument("--all", action="store_true", help="whatever its age; records of live runs stay all the same")
    sweep.add_argument("--older-than", metavar="AGE", default="1h", help="such as 30m, 1h or 2d (default: 1h)")
    sweep.add_argument("-v", "--verbose", action="store_true", help="name every record")
    sweep.set_defaults(command=_sweep)
    settings = commands.add_parser("settings", parents=[shared], help="show each setting and where it came from")
    settings.add_argument("--markdown", action="store_true", help="the page that describes them all, docs/settings.md")
    settings.set_defaults(command=_show_settings)
    return parser


WAIT = "Polls the API's health path. Ends with 0 and 'API is up', or with 69 and what it last saw."
SWEEP = (
    "Deletes records whose own marker field starts with the prefix (test-): those of runs that were killed, and all"
    " that are older than the limit. A record of a live run, or without the prefix, is never touched."
)


def _settings(args: argparse.Namespace) -> Settings:
    from tidegate.settings import load, overrides

    chosen = overrides(args.set)
    if getattr(args, "url", None) is not None:
        chosen["base_url"] = args.url
    if getattr(args, "timeout", None) is not None:
        chosen["health.timeout"] = args.timeout
    return load(env_path=args.env_file, overrides=chosen)


def _wait(_args: argparse.Namespace, settings: Settings) -> int:
    from tidegate.session.gate import wait

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    health = settings.health
    url = settings.base_url if settings.base_url.endswith(health.path) else settings.health_url(settings.base_url)
    opened = wait(
        url,
        words=health.words,
        timeout=health.timeout,
        try_timeout=health.try_timeout,
        progress=lambda line: print(f"tidegate: {line}", file=sys.stderr, flush=True),
    )
    print(opened, flush=True)
    return 0


def _sweep(args: argparse.Namespace, settings: Settings) -> int:
    from tidegate.session.cleanup import clean_dead_runs, ledgers_of_others, sweep_leftovers
    from tidegate.session.scene import open_scene

    age = None if args.all else _age(args.older_than)
    if not settings.resources:
        raise UsageError("nothing to sweep: no [tool.tidegate.resources.<name>] is declared in pyproject.toml")
    folder = settings.artifacts_dir / "ledger"
    scene = open_scene(settings, settings.base_url, settings.resources, tick=_once_a_second())
    with scene.client:
        done = clean_dead_runs(scene, folder, settings.base_url)
        done.add(sweep_leftovers(scene, folder, older_than=age))
    done.notes += [
        f"a killed run against {target} left {path}: sweep that server, or delete the file when it is no more"
        for path, target in ledgers_of_others(folder, settings.base_url)
    ]
    return _report(done, settings, everything=args.verbose)


def _report(done: CleanUp, settings: Settings, *, everything: bool) -> int:
    from tidegate.redact import mask

    for resource in settings.resources:
        count = sum(item.path.startswith(f"{resource.path}/") for item in done.removed)
        print(f"{resource.name}: {count} removed")
    _list("removed", [item.path for item in done.removed], everything=everything)
    for reason, count in done.kept.items():
        print(f"kept {count}: {reason}")
    for note in done.notes:
        print(f"note: {note}")
    _list(
        "COULD NOT REMOVE",
        [f"{s.path}: {mask(s.reason, settings.secrets)[:300]}" for s in done.stuck],
        everything=everything,
    )
    return LeftoversRemain.exit_code if done.stuck else 0


def _list(what: str, lines: list[str], *, everything: bool) -> None:
    shown = lines if everything else lines[:SHOWN]
    for line in shown:
        print(f"  {what} {line}")
    if len(lines) > len(shown):
        print(f"  {what} … and {len(lines) - len(shown)} more (-v names them)")


def _age(text: str) -> float:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdecimal():
        raise UsageError(f"--older-than is {text!r}: expected a number and s, m, h or d, such as 30m or 2d")
    return float(number) * units[unit]


def _once_a_second() -> Callable[[str], None]:
    shown = [time.monotonic()]

    def tick(doing: str) -> None:
        if time.monotonic() >= shown[0] + 1:
            shown[0] = time.monotonic()
            print(f"tidegate: sweeping: {doing}", file=sys.stderr, flush=True)

    return tick


def _show_settings(args: argparse.Namespace, settings: Settings) -> int:
    from tidegate.settings import described, markdown

    if args.markdown:
        print(markdown(), end="")
        return 0
    rows = described(settings)
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, value, origin in rows:
        print(f"{key:<{widths[0]}}  {value:<{widths[1]}}  {origin}")
    return 0
