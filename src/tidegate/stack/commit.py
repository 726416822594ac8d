"""What a run was made from: the commit, and what has changed since, as a patch."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from tidegate.settings.sources import environment
from tidegate.stack.commands import run

LARGEST = 1 << 20  # of a patch, in characters


@dataclass(frozen=True, slots=True)
class Commit:
    """`patch` holds what is not committed, files that git does not know yet included; `note` says why there is none."""

    commit: str
    branch: str
    dirty: bool = False
    patch: str = ""
    patch_sha256: str | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it stands in run.json, where the patch itself is a file."""
        return asdict(self) | {"patch": "patch.diff" if self.patch else None}


def commit_of(folder: Path, *, but: Path) -> Commit | None:
    """The commit that is checked out around the folder; None where there is no git. `but` is not looked into."""
    try:
        told = _git(folder, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal")
    except OSError:
        return None
    if told.returncode:
        return None
    lines = told.stdout.split("\0")
    head = {key: value for line in lines if line.startswith("# ") for key, _, value in [line[2:].partition(" ")]}
    commit, branch = head.get("branch.oid", ""), head.get("branch.head", "")
    if commit == "(initial)":
        return Commit("", branch, dirty=True, note="nothing is committed yet")
    if all(not line or line.startswith("# ") for line in lines):
        return Commit(commit, branch)
    return _with_patch(Commit(commit, branch, dirty=True), folder, but)


def _with_patch(found: Commit, folder: Path, but: Path) -> Commit:
    with tempfile.TemporaryDirectory(prefix="tidegate-") as place:
        index = Path(place, "index")  # so that nobody's own is changed
        with suppress(OSError):
            shutil.copy(folder / _git(folder, "rev-parse", "--git-path", "index").stdout.strip(), index)
        env, words = {**environment(), "GIT_INDEX_FILE": str(index)}, ["add", "--all", "--", ":/"]
        words += [f":(top,exclude,glob)**/.venv{below}" for below in ("", "/**")]  # never an input, and large
        words += [f":(exclude){but.relative_to(folder)}"] if but.is_relative_to(folder) else []
        _git(folder, *words, env=env)
        made = _git(folder, "diff", "--cached", "--binary", "--no-ext-diff", "--no-textconv", "HEAD", env=env)
    text = made.stdout
    if made.returncode or not text:
        return Commit(found.commit, found.branch, dirty=bool(made.returncode), note=made.stderr.strip()[:200])
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    why = "is larger than 1 MB" if len(text) > LARGEST else "holds text that is not UTF-8" if "\ufffd" in text else ""
    note = f"the patch {why}, and was left out" if why else ""
    return Commit(found.commit, found.branch, True, "" if why else text, digest, note)


def _git(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> CompletedProcess[str]:
    return run(["git", "-C", str(folder), *words], folder=folder, env=env)
