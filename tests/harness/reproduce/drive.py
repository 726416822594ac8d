"""Plants each failure, makes it red in one folder, moves what it left, and has it made red again in another.

    python tests/harness/reproduce/drive.py [FOLDER] [NAME ...] [--red-only | --again]

--again: from the bundles that are in FOLDER already.

Needs a Docker engine. Prints a row for each failure: the verdict, whether it is right, and how long it took.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parents[1]))

from reproduce.canaries import left
from reproduce.catalogue import ALL, Failure
from stack.checkout import OURS, copy

ROOT = Path(__file__).resolve().parents[3]
TIDEGATE = ROOT / ".venv" / "bin" / "tidegate"
AUTHOR = ("-c", "user.name=Suite", "-c", "user.email=suite@example.com", "-c", "init.defaultBranch=main")


@dataclass(frozen=True)
class Told:
    """How a command ended, what it said, and after how many seconds."""

    code: int
    text: str
    seconds: float


def run(folder: Path, *command: str, **variables: str) -> Told:
    """The command in that folder, with no setting of this process."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "TZ"))}
    begun = monotonic()
    done = subprocess.run(
        command,
        cwd=folder,
        env=outside | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return Told(done.returncode, done.stdout + done.stderr, monotonic() - begun)


def git(folder: Path, *arguments: str) -> None:
    """A git command that has to work."""
    subprocess.run(["git", *AUTHOR, *arguments], cwd=folder, check=True, capture_output=True)


def make_red(failure: Failure, folder: Path) -> Told:
    """Runs the planted failure in a folder of its own: leaves its `bundle`, and a clone of its commit in `laptop`."""
    ci = copy(folder / "ci", "planted").folder
    shutil.copy(ROOT / ".gitignore", ci)
    (ci / "artifacts" / ".gitignore").write_text("*\n!.gitignore\n")
    failure.plant(ci)
    git(ci, "init")
    git(ci, "add", "--all")
    git(ci, "commit", "--message", "Plant a failure")
    failure.set_up(ci)
    for _ in range(failure.patience):
        red = run(ci, "scripts/test", *failure.arguments, TIDEGATE_STACK="compose", **failure.variables)
        if red.code:
            break
    git(folder, "clone", "--quiet", str(ci), "laptop")
    shutil.move(ci / "artifacts", folder / "bundle")
    shutil.move(ci, folder / "gone")
    return red


def main(arguments: list[str]) -> int:
    """Prints the table; 1 when a verdict is wrong."""
    names = [name for name in arguments if name in ALL] or list(ALL)
    folders = [name for name in arguments if name not in ALL and not name.startswith("--")]
    base = Path(folders[0] if folders else tempfile.mkdtemp(prefix="planted-"))
    wrong = 0
    for name in names:
        folder, row = base / name, f"{name:15}"
        if "--again" not in arguments:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            red = make_red(ALL[name], folder)
            (folder / "red.txt").write_text(red.text)
            page = html.unescape((folder / "bundle" / "report.html").read_text())
            wrong += red.code == 0 or ALL[name].page not in page
            row += f" exit code {red.code:3}  {red.seconds:5.1f} s"
            if found := left(folder / "bundle") + left(folder / "red.txt") if ALL[name].canaries else []:
                wrong, row = wrong + 1, f"{row}   WRONG: {len(found)} secrets are left: {found[:5]}"
            row += "" if ALL[name].page in page else f"   WRONG: the report does not say {ALL[name].page}"
        if "--red-only" not in arguments:
            again = run(folder / "laptop", str(TIDEGATE), "reproduce", str(folder / "bundle"), "--yes")
            (folder / "again.txt").write_text(again.text)
            said = missed(ALL[name], again)
            if ALL[name].canaries and (found := left(folder / "again.txt")):
                said = f"WRONG: it says {found}"
            wrong += bool(said)
            row += f"   verdict {again.code:3}  {again.seconds:5.1f} s   {said or 'right'}"
        print(row, flush=True)
    return min(wrong, 1)


def missed(failure: Failure, again: Told) -> str:
    """What is wrong with a verdict; nothing when it is right."""
    if again.code not in failure.verdicts:
        return f"WRONG: expected {' or '.join(map(str, failure.verdicts))}"
    if absent := [name for name in failure.names if name not in again.text]:
        return f"WRONG: does not name {', '.join(absent)}"
    verdict = again.text[again.text.rfind("reproduced") :]
    return ", ".join(f"WRONG: accuses {name}" for name in failure.accused if name in verdict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
