"""The wheel that brings tidegate into an adopter's test image."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import tidegate
from tidegate.adopt import wheel


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(wheel.build()))


def test_it_holds_the_package_and_nothing_that_python_has_made(archive: zipfile.ZipFile) -> None:
    package = Path(tidegate.__file__).parent
    modules = {f"tidegate/{path.relative_to(package).as_posix()}" for path in package.rglob("*.py")}
    assert modules <= set(archive.namelist())
    assert not [name for name in archive.namelist() if name.endswith(".pyc")]


def test_its_record_is_right(archive: zipfile.ZipFile) -> None:
    folder = f"tidegate-{tidegate.__version__}.dist-info"
    rows = list(csv.reader(archive.read(f"{folder}/RECORD").decode().splitlines()))
    assert [row[0] for row in rows] == archive.namelist()
    for name, digest, size in rows[:-1]:
        data = archive.read(name)
        expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        assert (digest, int(size)) == (f"sha256={expected}", len(data))


def test_the_same_package_makes_the_same_bytes() -> None:
    assert wheel.build() == wheel.build()


def test_pip_installs_it_with_its_command_and_its_plugin(tmp_path: Path) -> None:
    path = tmp_path / wheel.NAME
    path.write_bytes(wheel.build())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--no-deps", "--no-index", "--no-compile", "--target", str(tmp_path / "site"), str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    points = next((tmp_path / "site").glob("*.dist-info/entry_points.txt")).read_text()
    assert "tidegate = tidegate.cli:main" in points
    assert "tidegate = tidegate.plugin" in points
    run = [sys.executable, "-c", "import tidegate; print(tidegate.__file__)"]
    where = subprocess.run(run, env={"PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(tmp_path / "site"))


@pytest.mark.parametrize(("origin", "known"), [(None, True), ('{"url": "file:///x", "dir_info": {}}', False)])
def test_an_installation_from_elsewhere_cannot_be_had_by_name(
    monkeypatch: pytest.MonkeyPatch, origin: str | None, known: bool
) -> None:
    class Installed:
        def read_text(self, _name: str) -> str | None:
            return origin

    monkeypatch.setattr(wheel, "distribution", lambda _name: Installed())
    assert wheel.from_index() is known


def test_a_checkout_that_is_not_installed_cannot_be_had_by_name_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(wheel, "distribution", missing)
    assert not wheel.from_index()
    assert b"Name: tidegate" in zipfile.ZipFile(io.BytesIO(wheel.build())).read(
        f"tidegate-{tidegate.__version__}.dist-info/METADATA"
    )
