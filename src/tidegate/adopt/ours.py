"""The files of this repository that an adopter's are made of, wherever tidegate is installed."""

from __future__ import annotations

from pathlib import Path

from tidegate.errors import UsageError

PACKED = Path(__file__).parent / "ours"  # src/hatch_build.py puts them there
REPOSITORY = Path(__file__).parents[3]
STARTER = Path(__file__).parent / "starter"


def ours(path: str) -> str:
    """The text of a file of this repository; a path below `starter/` is one that exists for adopters alone."""
    return place(path).read_text(encoding="utf-8")


def place(path: str) -> Path:
    """Where that file is: in the installed package, or in the checkout of an editable install."""
    inside = path.removeprefix("starter/")
    candidates = (STARTER / inside,) if inside != path else (PACKED / path, REPOSITORY / path)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise UsageError(
        f"this installation of tidegate holds no {path} to generate from\n"
        "  next: run init where tidegate was installed by pip, or from a whole checkout"
    )
