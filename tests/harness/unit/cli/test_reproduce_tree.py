"""The files of a recorded run come back in a folder of their own, or it is said why they do not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tidegate.cli.reproduce.progress import Progress
from tidegate.cli.reproduce.source import bundle_of
from tidegate.cli.reproduce.tree import opened
from tidegate.errors import BundleError, Impossible, UsageError
from tidegate.evidence.bundle import Bundle

AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *AUTHOR, "-C", folder, *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init")
    (folder / ".env.test").touch()
    (folder / "code.py").write_text("one = 1\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "One")
    return folder


def bundle(tmp_path: Path, patch: str = "", **told: Any) -> Bundle:
    folder = tmp_path / "bundle"
    folder.mkdir(exist_ok=True)
    if patch:
        (folder / "patch.diff").write_text(patch)
        digest = hashlib.sha256(patch.encode()).hexdigest()
        told = {"dirty": True, "patch": "patch.diff", "patch_sha256": digest} | told
    (folder / "run.json").write_text(json.dumps({"format": 1, "git": told}))
    return Bundle(folder)


def said() -> Progress:
    return Progress(lambda _line: None)


def never(why: str) -> bool:
    raise AssertionError(why)


def head(clone: Path) -> str:
    return git(clone, "rev-parse", "HEAD").strip()


def test_a_commit_of_ours_is_checked_out_beside_and_goes_again(clone: Path, tmp_path: Path) -> None:
    commit = head(clone)
    (clone / "code.py").write_text("two = 2\n")
    with opened(bundle(tmp_path, commit=commit), said(), here=False, allow=never, start=clone) as tree:
        assert (tree.root / "code.py").read_text() == "one = 1\n"
        assert not tree.root.is_relative_to(clone)
        place = tree.place
    assert not place.exists()
    assert git(clone, "worktree", "list").count("\n") == 1
    assert (clone / "code.py").read_text() == "two = 2\n"


PATCH = """\
diff --git a/code.py b/code.py
--- a/code.py
+++ b/code.py
@@ -1 +1 @@
-one = 1
+one = 3
"""


def test_a_patch_is_applied_only_after_a_yes(clone: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    def yes(why: str) -> bool:
        asked.append(why)
        return True

    found = bundle(tmp_path, PATCH, commit=head(clone))
    with opened(found, said(), here=False, allow=yes, start=clone) as tree:
        assert (tree.root / "code.py").read_text() == "one = 3\n"
    assert asked == ["the bundle brings a patch"]
    with (
        pytest.raises(
            UsageError, match=r"not run: the bundle brings a patch\n  next: look at it first \(patch.diff of the"
        ),
        opened(found, said(), here=False, allow=lambda _why: False, start=clone),
    ):
        pass


def test_a_commit_of_no_branch_is_asked_for(clone: Path, tmp_path: Path) -> None:
    commit = git(clone, "commit-tree", "HEAD^{tree}", "-m", "Foreign").strip()
    with (
        pytest.raises(UsageError, match="in no branch that you have"),
        opened(bundle(tmp_path, commit=commit), said(), here=False, allow=lambda _why: False, start=clone),
    ):
        pass


@pytest.mark.parametrize(
    ("patch", "told", "words"),
    [
        ("", {"commit": "0" * 40}, "not in this clone"),
        ("", {"commit": "--upload-pack=evil"}, "does not say which commit"),
        ("", {"commit": None}, "does not say which commit"),
        ("", {"dirty": True, "note": "larger than 1 MB"}, "larger than 1 MB"),
        (PATCH.replace("one = 1", "six = 6"), {}, "does not fit"),
        (PATCH.replace("code.py", "../../evil.py"), {}, "does not fit"),
        (PATCH.replace("code.py", ".git/config"), {}, "does not fit"),
    ],
)
def test_what_cannot_be_had_is_said(patch: str, told: dict[str, Any], words: str, clone: Path, tmp_path: Path) -> None:
    found = bundle(tmp_path, patch, **{"commit": head(clone)} | told)
    with (
        pytest.raises(Impossible, match=words),
        opened(found, said(), here=False, allow=lambda _why: True, start=clone),
    ):
        pass
    assert not [*tmp_path.rglob("evil.py")]
    assert git(clone, "worktree", "list").count("\n") == 1


def test_a_patch_that_was_exchanged_is_refused(clone: Path, tmp_path: Path) -> None:
    found = bundle(tmp_path, PATCH, commit=head(clone))
    (found.folder / "patch.diff").write_text(PATCH.replace("one = 3", "import evil"))
    with (
        pytest.raises(BundleError, match="not the one of the run"),
        opened(found, said(), here=False, allow=lambda _why: True, start=clone),
    ):
        pass


def test_here_says_which_files_differ(clone: Path, tmp_path: Path) -> None:
    (clone / "code.py").write_text("two = 2\n")
    lines: list[str] = []
    found = bundle(tmp_path, commit=head(clone))
    with opened(found, Progress(lines.append), here=True, allow=never, start=clone) as tree:
        assert tree.root == clone
    assert "1 differ" in lines[0]
    assert "code.py" in lines[0]


def test_here_says_that_the_patch_of_that_run_is_left_out(clone: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    found = bundle(tmp_path, PATCH, commit=head(clone))
    with opened(found, Progress(lines.append), here=True, allow=never, start=clone):
        assert (clone / "code.py").read_text() == "one = 1\n"
    assert "changes beyond its commit" in lines[1]


GH = """#!/bin/sh
[ "$1 $2 $3" = "run download 77" ] || exit 9
folder=${4#--dir=}
mkdir "$folder/green" "$folder/red-2" "$folder/other"
echo '{"format": 1, "exit_code": 0}' >"$folder/green/run.json"
echo '{"format": 1, "exit_code": 75, "stopped": {"text": "left over", "code": 75}}' >"$folder/red-2/run.json"
echo "$*" >"$ARGUMENTS"
"""


@pytest.mark.parametrize(
    "source", ["77", "https://github.com/o/r/actions/runs/77/attempts/2", "https://gh.example/o/r/actions/runs/77"]
)
def test_a_run_of_github_is_fetched_and_the_red_bundle_taken(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh = tmp_path / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("ARGUMENTS", str(tmp_path / "arguments"))
    with bundle_of(source, said()) as found:
        assert found.folder.name == "red-2"
        folder = found.folder
    assert not folder.exists()
    repository = source.removeprefix("https://").partition("/actions")[0] if "/" in source else ""
    assert (tmp_path / "arguments").read_text().endswith(f"--repo={repository}\n" if repository else "\n")


def test_without_gh_it_is_said_how_to_get_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    address = "https://github.com/o/r/actions/runs/77"
    with pytest.raises(UsageError, match=f"install gh, or download .* {address}"), bundle_of(address, said()):
        pass


@pytest.mark.parametrize(
    "source", ["https://github.com/o/r", "http://github.com/o/r/actions/runs/7", "https://x/--a/b;c/actions/runs/7"]
)
def test_no_other_address_is_taken(source: str) -> None:
    with pytest.raises(UsageError, match="is not the address of a run"), bundle_of(source, said()):
        pass
