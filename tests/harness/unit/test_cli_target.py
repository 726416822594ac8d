"""`tidegate sweep` against a shared target: the stub, on an address of loopback that the settings call shared."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from projects import PYPROJECT, Bent, environment_of
from stub_api import ADMIN_EMAIL

SECRET = "a-password-of-staging"
LEFT = "test-5b0427ab5421-0@example.com"


def sweep(folder: Path, stub: Bent, *args: str, **env: str) -> tuple[int, str]:
    """Exit code, and everything that was said."""
    (folder / "pyproject.toml").write_text(PYPROJECT)
    given = {"PATH": os.environ["PATH"], **environment_of(stub), "TIDEGATE_SHARED": "127.0.0.1", **env}
    command = [sys.executable, "-m", "tidegate", "sweep", *args]
    run = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=60, check=False)
    return run.returncode, run.stdout + run.stderr


def test_a_shared_target_is_swept_only_where_its_host_is_named(tmp_path: Path, stub: Bent) -> None:
    stub.set_password(ADMIN_EMAIL, SECRET)
    stub.seed_users(LEFT, "somebody@example.com")
    place = stub.url.removeprefix("http://")
    code, said = sweep(tmp_path, stub, API_ADMIN_PASSWORD=SECRET)
    assert (code, stub.requests) == (76, [])
    assert said.startswith(f"tidegate: nothing was swept: {place} is a shared target\n  seen: ")
    assert f"`tidegate sweep --allow-writes={place}`" in said
    code, said = sweep(tmp_path, stub, "--allow-writes=staging.example.com", API_ADMIN_PASSWORD=SECRET)
    assert (code, stub.requests) == (76, [])
    code, said = sweep(tmp_path, stub, "--all", f"--allow-writes={place}", API_ADMIN_PASSWORD=SECRET)
    assert (code, stub.emails()) == (0, {"somebody@example.com"}), said


@pytest.mark.parametrize("password", ["tide-and-gate-2026", "changeme"])
def test_a_shared_target_is_not_swept_with_a_password_that_everybody_knows(
    tmp_path: Path, stub: Bent, password: str
) -> None:
    code, said = sweep(tmp_path, stub, "--allow-writes=127.0.0.1", API_ADMIN_PASSWORD=password)
    assert (code, stub.requests) == (78, [])
    assert "API_ADMIN_PASSWORD is one of the passwords that everybody tries first" in said
    assert password not in said
