"""The files that a run was made from: its commit and patch in a folder of their own, or the tree as it is."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tidegate.cli.reproduce.progress import Progress
from tidegate.errors import BundleError, Impossible, UsageError
from tidegate.evidence.bundle import Bundle
from tidegate.settings.sources import find_root
from tidegate.stack.commands import Finished, dismiss, outside, postponed, undisturbed, when_gone

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Nothing of the repository's own configuration runs, and nobody is asked for a password.
_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "submodule.recurse=false")
_GONE = 'rm -rf "$1"; git -C "$2" worktree prune'


@dataclass(slots=True)
class Tree:
    """`root` is the project in it, `place` a private folder that goes when all is over."""

    root: Path
    place: Path
    here: bool
    count: int = 0

    def new_folder(self, name: str) -> Path:
        """A new empty folder for a run."""
        self.count += 1
        folder = self.place / f"{name}-{self.count}"
        folder.mkdir(mode=0o755 if name == "artifacts" else 0o700)
        return folder


class Checkout:
    """The repository around us, asked for a commit of it."""

    def __init__(self, start: Path, said: Progress) -> None:
        self.said = said
        self.project = find_root(start)
        told = self.git("rev-parse", "--show-toplevel", folder=start)
        self.top = Path(told.stdout.strip()) if told.returncode == 0 else None

    def git(self, *words: str, folder: Path | None = None, doing: str = "asking git") -> Finished:
        """A finished git command."""
        env = {**outside(), "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
        command = ["git", *_QUIET, "-C", str(folder or self.top), *words]
        return self.said.during(doing, command, env=env)

    def has(self, commit: str) -> bool:
        """Whether the commit is here."""
        return self.git("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0

    def is_known(self, commit: str) -> bool:
        """Whether a branch of ours, or of a remote as it was last fetched, holds the commit."""
        told = self.git("for-each-ref", "--count=1", "--contains", commit, "refs/heads", "refs/remotes")
        return bool(told.stdout.strip())


@contextmanager
def opened(
    bundle: Bundle, said: Progress, *, here: bool, allow: Callable[[str], bool], start: Path | None = None
) -> Iterator[Tree]:
    """The tree; raises Impossible, or UsageError when what is foreign may not be run."""
    checkout = Checkout(start or Path.cwd(), said)
    place = Path(tempfile.mkdtemp(prefix="tidegate-again-"))
    top = str(checkout.top or place)
    heir = 0
    try:
        with postponed():
            heir = when_gone(os.getpid(), ["sh", "-c", _GONE, "sh", str(place), top])
        if here:
            _say_what_differs(bundle, checkout, said)
            yield Tree(checkout.project, place, here)
        else:
            yield Tree(_worktree(bundle, checkout, place / "tree", allow), place, here)
    finally:
        with undisturbed():
            shutil.rmtree(place, ignore_errors=True)
            if checkout.top:
                checkout.git("worktree", "prune")
        dismiss(heir)


def _worktree(bundle: Bundle, checkout: Checkout, folder: Path, allow: Callable[[str], bool]) -> Path:
    commit = commit_of(bundle)
    top = checkout.top
    if top is None:
        raise Impossible("this is no git repository", "run it in a clone of the repository, or use --here")
    fetched = not checkout.has(commit)
    if fetched:
        told = checkout.git(
            "fetch", "--no-tags", "--no-write-fetch-head", "--depth=1", "origin", commit, doing="fetching"
        )
        if told.returncode or not checkout.has(commit):
            raise Impossible(
                f"commit {commit[:12]} is not in this clone, and origin does not give it",
                "git fetch the branch or fork that has it; or --here runs what failed in the files as they are",
            )
    patch = _patch(bundle)
    why = _foreign(commit, patch, known=not fetched and checkout.is_known(commit))
    if why and not allow(why):
        places = ([f"git show {commit[:12]}"] if "commit" in why else []) + (
            ["patch.diff of the bundle"] if patch else []
        )
        raise UsageError(f"not run: {why}\n  next: look at it first ({', '.join(places)}); --yes then runs it")
    checkout.said(f"commit {commit[:12]}{' and its patch' if patch else ''}, in a folder of its own")
    made = checkout.git("worktree", "add", "--detach", "--force", str(folder), commit, doing="checking out")
    if made.returncode:
        raise Impossible(f"git cannot check out {commit[:12]}: {made.stderr.strip()}", "git worktree list; or --here")
    if patch:
        applied = checkout.git("apply", "--whitespace=nowarn", str(patch.resolve()), folder=folder)
        if applied.returncode:
            raise Impossible(
                f"its patch does not fit its commit: {applied.stderr.strip()}", "--here, without the patch"
            )
    project = checkout.project.resolve()
    return folder / project.relative_to(top.resolve()) if project.is_relative_to(top.resolve()) else folder


def commit_of(bundle: Bundle) -> str:
    """The commit of that run; raises Impossible when it does not say one."""
    git = bundle.run.get("git")
    commit = git.get("commit") if isinstance(git, dict) else None
    if not isinstance(commit, str) or not _SHA.fullmatch(commit):
        raise Impossible(
            "that run does not say which commit it ran", "--here runs what failed in the files as they are"
        )
    return commit


def _patch(bundle: Bundle) -> Path | None:
    """The patch of that run; raises Impossible when it was left out, BundleError when it is not the one it says."""
    git: dict[str, Any] = bundle.run.get("git") or {}
    if not git.get("dirty"):
        return None
    path = bundle.folder / "patch.diff"
    if not git.get("patch") or not path.is_file():
        raise Impossible(
            f"that run had changes that are in no commit and not in the bundle: {git.get('note') or 'no reason'}",
            "commit and run it again; or --here, in the tree that has them",
        )
    digest = git.get("patch_sha256")
    if digest and not git.get("note") and sha256(path.read_bytes()).hexdigest() != digest:
        raise BundleError(
            "the patch in the bundle is not the one of the run\n  seen: another SHA-256\n"
            "  next: take the bundle from where the run put it"
        )
    return path


def _foreign(commit: str, patch: Path | None, *, known: bool) -> str:
    """Why running it is running what nobody here has seen; empty when it is not."""
    why = [] if known else [f"commit {commit[:12]} is in no branch that you have"]
    why += ["the bundle brings a patch"] if patch else []
    return " and ".join(why)


def _say_what_differs(bundle: Bundle, checkout: Checkout, said: Progress) -> None:
    git = bundle.run.get("git")
    commit = str(git.get("commit") if isinstance(git, dict) else "")
    if not _SHA.fullmatch(commit) or not checkout.top or not checkout.has(commit):
        said("the files as they are here; what that run had cannot be compared with them")
        return
    files = checkout.git("diff", "--name-only", commit, "--").stdout.split("\n")[:-1]
    shown = f": {', '.join(files[:5])}{', ...' if len(files) > 5 else ''}" if files else ""
    said(f"the files as they are here: {len(files) or 'none'} differ from {commit[:12]}{shown}")
    if isinstance(git, dict) and git.get("dirty"):
        said("that run had changes beyond its commit, in patch.diff of the bundle: they are not applied here")
