"""Rules about tidegate's own text that no linter holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import tidegate
from tidegate import errors

PACKAGE = Path(tidegate.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
BANNED = {"manager", "helper", "helpers", "utils", "util", "common", "core", "base", "engine", "handler"}


def names() -> list[str]:
    return [str(path.relative_to(PACKAGE)) for path in MODULES]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", MODULES, ids=names())
def test_the_words_of_the_example_occur_nowhere(path: Path) -> None:
    text = path.read_text().replace("user_properties", "").replace("POSTGRES_USER", "")  # words of others
    assert re.findall(r"(?i)users?_|_users?\b|\busers\b|\borders?_|\borders\b|\bshop\b", text) == []


@pytest.mark.parametrize("path", MODULES, ids=names())
def test_modules_and_functions_keep_their_budget(path: Path) -> None:
    assert lines(path) <= 300
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 50] == []


@pytest.mark.parametrize("path", MODULES, ids=names())
def test_no_name_says_nothing(path: Path) -> None:
    assert path.stem not in BANNED
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node.name.lower() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if name in BANNED or name.endswith(("manager", "helper", "handler"))] == []


def test_the_median_module_is_short() -> None:
    assert median(count for path in MODULES if (count := lines(path)) >= 4) < 120


def test_every_error_has_its_own_documented_exit_code() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.TidegateError)
    ]
    codes = [kind.exit_code for kind in errors.TidegateError.__subclasses__()]
    assert len(set(codes)) == len(codes)
    assert all(code >= 64 for code in codes)
    assert all(
        "exit_code" not in vars(below)
        for kind in errors.TidegateError.__subclasses__()
        for below in kind.__subclasses__()
    )
    for kind in kinds:
        assert kind.__name__ in tidegate.__all__
        assert re.search(rf"{kind.__name__}\s+({kind.exit_code}|what happened)", errors.__doc__ or "")


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("tidegate", ["httpx", "filelock", "http.client", "dotenv", "pytest", "tidegate.settings", "argparse"]),
        ("tidegate.plugin", ["httpx", "filelock", "http.client", "dotenv", "tomllib", "tidegate.session", "ssl"]),
        ("tidegate.cli", ["httpx", "filelock", "http.client", "dotenv", "pytest", "ssl", "tidegate.session"]),
        ("tidegate.session.gate", ["httpx", "filelock", "dotenv", "pytest"]),
        ("tidegate.redact", ["httpx", "http.client", "ssl"]),
    ],
)
def test_an_import_loads_no_more_than_it_needs(module: str, unwanted: list[str]) -> None:
    # What pytest itself loads is not the plugin's cost.
    code = (
        f"import sys\n{'import pytest' if module == 'tidegate.plugin' else ''}\nbefore = set(sys.modules)\n"
        f"import {module}\nprint([name for name in {unwanted} if name in sys.modules and name not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
