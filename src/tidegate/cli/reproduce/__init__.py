"""`tidegate reproduce`: makes a red run red again."""

from __future__ import annotations

import argparse
import re
import signal
import sys
from typing import TYPE_CHECKING

from tidegate.errors import UsageError

if TYPE_CHECKING:
    from tidegate.cli.reproduce.attempt import Runner
    from tidegate.cli.reproduce.progress import Progress
    from tidegate.cli.reproduce.target import Red
    from tidegate.cli.reproduce.tree import Tree
    from tidegate.cli.reproduce.verdict import Verdict
    from tidegate.evidence.bundle import Bundle


# What differs since it is we who run it: chosen tests, names of images, a zone that was known, what was not kept again.
OURS = re.compile(
    r"^pytest's arguments|^(?:baseline|code): known there|^engine: known here"
    r"|^variable (?:TZ|TIDEGATE_ARTIFACTS)\b|[-\w]:there\b"
)


def run(args: argparse.Namespace) -> int:
    """Prints the verdict, and gives its exit code."""
    from tidegate.cli.reproduce.progress import Progress
    from tidegate.cli.reproduce.source import bundle_of
    from tidegate.cli.reproduce.target import red
    from tidegate.cli.reproduce.tree import opened
    from tidegate.redact import mask

    if args.tries < 1:
        raise UsageError(f"--tries is {args.tries}: expected a number above 0\n  next: leave it out, or --tries 20")
    if args.pdb and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--pdb needs a terminal\n  next: run it in one, or use --keep")
    signal.signal(signal.SIGTERM, _interrupted)  # so that whatever was begun is ended
    signal.signal(signal.SIGHUP, _interrupted)
    said = Progress()
    with bundle_of(args.source, said, args.artifact or "") as bundle:
        wanted = red(bundle)
        wanted = wanted.only(args.test) if args.test else wanted
        for line in bundle.missing:
            said(f"the bundle is not whole: {line}")
        with opened(bundle, said, here=args.here, allow=lambda why: _allowed(why, yes=args.yes)) as tree:
            verdict = _verdict(args, bundle, wanted, tree, said)
    print(mask(str(verdict)))
    return verdict.code


def _verdict(args: argparse.Namespace, bundle: Bundle, wanted: Red, tree: Tree, said: Progress) -> Verdict:
    from tidegate.cli.reproduce.attempt import NotStarted
    from tidegate.cli.reproduce.search import Search, of_the_start
    from tidegate.errors import Impossible
    from tidegate.evidence.fingerprint import differences

    runner = _runner(bundle, tree, said)
    kept = False
    try:
        if wanted.of_the_start:
            verdict = of_the_start(wanted, runner.begin)
            kept = args.keep and _kept(runner.looked_at())
            return verdict
        runner.begin()
        search = Search(bundle, wanted, runner.run, said, args.tries, runner.replay)
        verdict = search.verdict()
        if search.last:
            for line in differences(bundle, runner.describe(search.last)):
                if not OURS.search(line):
                    said(f"differs: {line}")
        if (args.keep or args.pdb) and search.found:
            found = search.found.ending_with(wanted.tests) if args.pdb else search.found
            kept = _kept(runner.stand(found, pdb=args.pdb)) and not args.pdb
        return verdict
    except NotStarted as fallen:
        raise Impossible(
            f"the stack does not start, which it did there\n  seen: {fallen}",
            "mend that first; what is set in CI alone has to be set here too",
        ) from None
    finally:
        if not kept:
            runner.end()


def _runner(bundle: Bundle, tree: Tree, said: Progress) -> Runner:
    if bundle.run.get("place") == "host":
        from tidegate.cli.reproduce.host import Host

        return Host(tree, bundle, said)
    from tidegate.cli.reproduce.container import Compose

    return Compose(tree, bundle, said)


def _kept(lines: list[str]) -> bool:
    for line in lines:
        print(f"  {line}")
    return bool(lines)


def _allowed(why: str, *, yes: bool) -> bool:
    if yes or not sys.stdin.isatty():
        return yes
    print(f"reproduce: {why}. Its code would run on this machine. Run it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
