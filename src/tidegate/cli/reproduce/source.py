"""The bundle that a person names: a folder, a zip, or a run of GitHub Actions."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tidegate.cli.reproduce.progress import Progress
from tidegate.cli.reproduce.target import red
from tidegate.errors import BundleError, UsageError
from tidegate.evidence.bundle import Bundle, open_bundle

_RUN = re.compile(r"/(?P<repository>[\w.-]+/[\w.-]+)/actions/runs/(?P<id>\d{1,20})(?:/.*)?")
_PART = re.compile(r"[\w.-]+")


@contextmanager
def bundle_of(source: str, said: Progress, artifact: str = "") -> Iterator[Bundle]:
    """The bundle; raises UsageError or BundleError. What was fetched goes at the end."""
    found = _run_of(source)
    if not found or Path(source).exists():
        yield open_bundle(Path(source))
        return
    folder = Path(tempfile.mkdtemp(prefix="tidegate-run-"))
    try:
        _download(*found, folder, said, artifact)
        yield _red_one(folder, said)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_of(source: str) -> tuple[str, str] | None:
    """The repository as `gh` takes it, empty for the one around us, and the id of the run; None for anything else."""
    if source.isdecimal() and len(source) <= 20:
        return "", source
    parts = urlsplit(source)
    found = _RUN.fullmatch(parts.path)
    if parts.scheme != "https" or not found or not _PART.fullmatch(parts.netloc):
        if parts.scheme in ("http", "https"):
            raise UsageError(
                f"{source} is not the address of a run\n"
                "  next: give https://HOST/OWNER/REPOSITORY/actions/runs/NUMBER, or the zip of its artifact"
            )
        return None
    return f"{parts.netloc}/{found['repository']}", found["id"]


def _download(repository: str, number: str, folder: Path, said: Progress, artifact: str) -> None:
    page = f"https://{repository}/actions/runs/{number}" if repository else f"run {number}"
    by_hand = f"download the artifact from {page}, and give the zip"
    if not shutil.which("gh"):
        raise UsageError(f"a run is fetched by gh, which is not installed\n  next: install gh, or {by_hand}")
    words = ["gh", "run", "download", number, f"--dir={folder}"]
    words += [f"--repo={repository}"] * bool(repository) + [f"--name={artifact}"] * bool(artifact)
    done = said.during(f"downloading the artifacts of {page}", words, folder=Path.cwd())
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise UsageError(f"gh could not download {page}\n  seen: {lines[-1]}\n  next: gh auth login; or {by_hand}")


def _red_one(folder: Path, said: Progress) -> Bundle:
    """The first red bundle among the artifacts of a run; the others are said."""
    found: dict[str, Bundle] = {}
    for place in [folder, *sorted(folder.iterdir())]:
        try:
            bundle = open_bundle(place)
            red(bundle)
        except (BundleError, UsageError, NotADirectoryError):
            continue
        found[place.name] = bundle
    if not found:
        raise BundleError(
            "no artifact of that run is a bundle of a red run\n"
            f"  seen: {', '.join(sorted(each.name for each in folder.iterdir())) or 'no artifacts'}\n"
            "  next: was it kept long enough, and uploaded at all? See the workflow's upload step"
        )
    first, *others = found
    if others:
        said(f"taking {first}; also red: {', '.join(others)} (--artifact NAME takes one)")
    return found[first]
