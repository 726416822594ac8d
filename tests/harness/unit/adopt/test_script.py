"""scripts/test as an adopter gets it: which compose file it takes, and what it says where there is no Docker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[4] / "scripts"
SHELL = "#!/bin/sh\n"
RUNS = """\
case "$*" in
  "compose version --short") echo 2.26.1 ;;
  "compose run "*) echo "ran: $*" >&2 ;;
esac
"""
# Compose tells the file that it was asked for, and cannot use it.
DOCKER = """\
case "$*" in
  "compose version --short") echo 2.26.1 ;;
  *" config --format json "*) echo "asked for ${COMPOSE_FILE-what it finds}" >&2; exit 15 ;;
  run\\ *) exit 125 ;; # there is no image
esac
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a Docker of ours, and the scripts that init writes."""
    for folder in ("scripts", "bin", "artifacts", "tmp"):
        (tmp_path / folder).mkdir()
    for name in ("test", "stack-compose", "evidence"):
        shutil.copy(SCRIPTS / name, tmp_path / "scripts")
    (tmp_path / "bin/docker").write_text(SHELL + DOCKER)
    (tmp_path / "bin/docker").chmod(0o755)
    return tmp_path


def run(root: Path, **variables: str) -> tuple[int, str]:
    """The exit code, and what it says."""
    env = {"PATH": f"{root / 'bin'}:{os.environ['PATH']}", "TMPDIR": str(root / "tmp"), **variables}
    done = subprocess.run([root / "scripts/test"], cwd=root.parent, env=env, capture_output=True, text=True)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("settings", "taken"),
    [
        ('[tool.tidegate.stack]\ncompose_file = "compose.tests.yaml"\n', "compose.tests.yaml"),
        (
            "[tool.tidegate]\n[tool.tidegate.stack]\nport = 1\ncompose_file='deploy/stack.yml' # ours\n",
            "deploy/stack.yml",
        ),
        ('[tool.tidegate]\nstack.compose_file = "a.yaml"\n[tool.other]\ncompose_file = "b.yaml"\n', "a.yaml"),
        ('[tool.tidegate]\nstack = { port = 80, compose_file = "a.yaml" }\n', "a.yaml"),
        ('[tool.tidegate.stack]\ncompose_file = "docker-compose.yml"\n', "what it finds"),
        ('[tool.tidegate.stack]\n# compose_file = "a.yaml"\n[tool.other]\ncompose_file = "b.yaml"\n', "what it finds"),
        ("", "what it finds"),
    ],
)
def test_the_compose_file_of_the_settings_is_taken(root: Path, settings: str, taken: str) -> None:
    (root / "pyproject.toml").write_text(settings)
    code, said = run(root)
    assert code == 69, said
    assert f"asked for {taken}\n" in said


def test_a_compose_file_of_the_environment_wins(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.tidegate.stack]\ncompose_file = "a.yaml"\n')
    assert "asked for b.yaml\n" in run(root, COMPOSE_FILE="b.yaml")[1]
    assert "asked for c.yaml\n" in run(root, TIDEGATE_STACK_COMPOSE_FILE="c.yaml")[1]


def test_without_docker_one_line_says_what_is_missing(root: Path) -> None:
    (root / "bin/docker").write_text(f"{SHELL}exit 1\n")
    said = "test: this needs Docker with Compose 2.24 or newer: the docker compose plugin is not installed\n"
    assert run(root) == (69, said)


def test_a_process_is_asked_for_in_vain_where_nothing_says_how_to_start_one(root: Path) -> None:
    said = "test: TIDEGATE_STACK is 'process', and there is no scripts/stack-process\n"
    assert run(root, TIDEGATE_STACK="process") == (64, said)


def test_a_stack_without_a_database_is_tested_as_well(root: Path) -> None:
    (root / "bin/docker").write_text(SHELL + RUNS)
    code, said = run(root)
    assert code == 0, said
    assert re.search("^ran: compose run --rm --no-deps .* tests$", said, re.MULTILINE)


def test_what_it_could_not_mask_is_gone_and_what_it_was_is_kept(root: Path) -> None:
    assert run(root)[0] == 69
    assert not [*(root / "tmp").iterdir()]
    assert '"verdict": "not started"' in (root / "artifacts/run.json").read_text()
