"""Repositories to start from, what is in one, and somebody who answers at a terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[3] / "stack" / "samples"


def sample(name: str, root: Path) -> None:
    shutil.copytree(SAMPLES / name, root, dirs_exist_ok=True)


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Terminal:
    """Somebody who answers, the default where nothing is left to say; what was asked is kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked: list[str] = []
        self.answers = list(answers)
        monkeypatch.setattr("builtins.input", self.type)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    def type(self, prompt: str) -> str:
        self.asked.append(prompt)
        return self.answers.pop(0) if self.answers else ""
