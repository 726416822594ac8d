"""`tidegate sweep`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tidegate.cli.notes import noting
from tidegate.errors import LeftoversRemain, UsageError, WriteRefused

if TYPE_CHECKING:
    from tidegate.records import CleanUp
    from tidegate.session.guard import Guard
    from tidegate.settings import Settings

SHOWN = 20


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Removes what dead runs left behind."""
    from tidegate.adopt.docker import located
    from tidegate.session.cleanup import clean_dead_runs, ledgers_of_others, sweep_leftovers
    from tidegate.session.scene import open_scene

    age = None if args.all else _age(args.older_than)
    if not settings.resources:
        raise UsageError("nothing to sweep: no [tool.tidegate.resources.<name>] is declared in pyproject.toml")
    settings = located(settings)
    folder = settings.artifacts_dir / "ledger"
    guard = _guard(settings)
    scene = open_scene(
        settings,
        settings.base_url,
        settings.resources,
        tick=_once_a_second(),
        guard=guard.around,
        report=noting(settings),
    )
    with scene.client:
        done = clean_dead_runs(scene, folder, settings.base_url)
        done.add(sweep_leftovers(scene, folder, older_than=age))
    done.notes += [
        f"a killed run against {target} left {path}: sweep that server, or delete the file when it is no more"
        for path, target in ledgers_of_others(folder, settings.base_url)
    ]
    return _report(done, settings, everything=args.verbose)


def _guard(settings: Settings) -> Guard:
    """A guard that lets the sweep delete; raises WriteRefused where it must not."""
    from tidegate.session.credentials import check_credentials
    from tidegate.session.guard import Guard

    guard = Guard(settings, settings.base_url, settings.resources)
    if not guard.may_write:
        raise WriteRefused(
            f"nothing was swept: {guard.target} is a shared target\n"
            "  seen: it is neither loopback (localhost, 127.0.0.1, [::1]) nor listed in target.disposable\n"
            f"  next: `tidegate sweep --allow-writes={guard.target}` sweeps it all the same"
        )
    check_credentials(settings, settings.base_url)
    guard.spares_others = False  # the sweep itself tells which of them are dead
    return guard


def _report(done: CleanUp, settings: Settings, *, everything: bool) -> int:
    from tidegate.redact import mask

    for resource in settings.resources:
        count = sum(item.resource == resource.name for item in done.removed)
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
