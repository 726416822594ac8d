"""The command of .github/workflows/staging.yml, as a runner runs it, against the stub as a shared server."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from stub_api import ADMIN_EMAIL, StubApi
from suite import ROOT

SECRET = "a-password-of-staging"


def run_step(stub: StubApi, artifacts: Path, allow_writes: str) -> subprocess.CompletedProcess[str]:
    """The step that tests, with what the expressions in it stand for."""
    workflow = YAML(typ="safe").load(ROOT / ".github/workflows/staging.yml")
    [step] = [step for step in workflow["jobs"]["staging"]["steps"] if step.get("name") == "Test"]
    meant = {
        "${{ inputs.base-url }}": stub.url,
        "${{ inputs.allow-writes }}": allow_writes,
        "${{ secrets.API_ADMIN_EMAIL }}": ADMIN_EMAIL,
        "${{ secrets.API_ADMIN_PASSWORD }}": SECRET,
    }
    env = {name: meant.get(value, value) for name, value in step["env"].items()}
    assert not [value for value in env.values() if "${{" in value]
    outside = {"PATH": os.environ["PATH"], "TIDEGATE_SHARED": "127.0.0.1", "TIDEGATE_ARTIFACTS": str(artifacts)}
    outside["TIDEGATE_CONTRACT_MODE"] = "off"  # the stub has no document
    command = step["run"].replace("artifacts/", f"{artifacts}/") + " -p no:cacheprovider -p no:schemathesis"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=ROOT,
        env=outside | env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("writing", [False, True], ids=["read-only", "with the host named"])
def test_the_workflow_for_staging_writes_only_where_the_host_is_named(tmp_path: Path, writing: bool) -> None:
    with StubApi(admin=(ADMIN_EMAIL, SECRET)) as stub:
        before = stub.rows()
        run = run_step(stub, tmp_path, stub.origin.removeprefix("http://") if writing else "")
        assert run.returncode == 0, run.stdout + run.stderr
        sent = {line for line in stub.requests if not line.startswith("GET ") and line != "POST /auth/login"}
        assert bool(sent) == writing
        assert ("only tests marked readonly run" in run.stdout) != writing
        assert stub.rows() == before
    assert (tmp_path / "junit.xml").exists()
