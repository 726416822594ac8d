"""The stack of compose.yaml, on a real engine."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from stack.checkout import IMAGES, ROOT, Checkout, copy

pytestmark = pytest.mark.docker

REPORTS_ITSELF = """
import pathlib

def test_reports_itself():
    pathlib.Path("artifacts/status").write_text(pathlib.Path("/proc/self/status").read_text())
    for place in ("/suite/tests", "/etc", "/usr/local"):
        try:
            pathlib.Path(place, "written").write_text("")
        except OSError:
            continue
        assert False, place
"""

# An API that is not the example: other port, other paths, no migrations.
STUB_ELSEWHERE = """
import signal, stub_api

class Everywhere(stub_api._Server):
    def __init__(self, address, handler):
        super().__init__(("", address[1]), handler)

stub_api._Server = Everywhere
paths = stub_api.Variant(base_path="/v1", health_path="/v1/up", login_path="/token")
with stub_api.StubApi(paths, port=9000):
    signal.pause()
"""

NEVER_READY = """
import http.server

class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b"waiting for the tide")

http.server.ThreadingHTTPServer(("", 8000), Api).serve_forever()
"""

IMPATIENT = """
services:
  api:
    healthcheck: {start_period: 1s, interval: 1s, retries: 1}
"""

OtherApi = Callable[..., Checkout]


@pytest.fixture(scope="module")
def up(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout whose stack has been started by a bare `up --wait`."""
    checkout = copy(tmp_path_factory.mktemp("up") / "checkout", "tidegate-up")
    try:
        started = checkout.compose("up", "--detach", "--wait")
        assert started.returncode == 0, started.stderr
        yield checkout
    finally:
        checkout.take_down()


@pytest.fixture
def checkout(images: None, tmp_path: Path) -> Iterator[Checkout]:
    """A checkout of which nothing runs yet."""
    checkout = copy(tmp_path / "checkout", "tidegate-fresh")
    yield checkout
    checkout.take_down()


@pytest.fixture
def other_api(checkout: Checkout) -> Iterator[OtherApi]:
    """Makes a Python program the API of a checkout, with these variables; the stub's modules lie beside it."""
    image = f"{checkout.project}-other"

    def build(program: str, **variables: str) -> Checkout:
        for stub in (ROOT / "tests/harness").glob("stub_*.py"):
            checkout.write(f"other/{stub.name}", stub.read_text())
        checkout.write("other/api.py", program)
        checkout.write(
            "other/Dockerfile", 'FROM python:3.13-slim-trixie\nCOPY . /\nUSER 1234\nCMD ["python", "/api.py"]\n'
        )
        assert checkout.run("docker", "build", "--quiet", "--tag", image, "other").returncode == 0
        assert checkout.run("docker", "tag", f"{IMAGES}-tests", f"{checkout.project}-tests").returncode == 0
        own = {"API_IMAGE": image, "STACK_IMAGES": checkout.project, "MIGRATE_COMMAND": "true"}
        checkout.variables |= own | variables
        return checkout

    yield build
    checkout.take_down()
    checkout.run("docker", "rmi", "--force", image, f"{checkout.project}-api", f"{checkout.project}-tests")


def services(checkout: Checkout) -> dict[str, str]:
    lines = checkout.compose("ps", "--all", "--format", "{{.Service}} {{.State}}").stdout.splitlines()
    return dict(line.split() for line in lines)


def inspect(checkout: Checkout, service: str) -> dict[str, Any]:
    container = checkout.compose("ps", "--all", "--quiet", service).stdout.strip()
    found: list[dict[str, Any]] = json.loads(checkout.run("docker", "inspect", container).stdout)
    return found[0]


def test_a_bare_up_gives_a_running_api_on_loopback_and_starts_no_tests(up: Checkout) -> None:
    assert services(up) == {"db": "running", "migrate": "exited", "api": "running"}
    address = up.compose("port", "api", "8000").stdout.strip()
    assert address.startswith("127.0.0.1:")
    assert httpx.get(f"http://{address}/health").json()["status"] == "ok"


def test_arguments_go_to_pytest_and_its_exit_code_comes_back(up: Checkout) -> None:
    assert up.tests("tests/test_health.py").returncode == 0
    assert up.tests("-k", "nothing_has_this_name").returncode == 5
    up.write("tests/test_wrong.py", "def test_wrong() -> None:\n    assert 1 == 2\n")
    wrong = up.tests("tests/test_wrong.py")
    assert wrong.returncode == 1, "a new test file is run without a new image"
    assert "assert 1 == 2" in wrong.stdout


@pytest.mark.parametrize("owner", [0, 1000, 4242])
def test_the_tests_run_as_the_owner_of_the_artifacts_and_without_capabilities(up: Checkout, owner: int) -> None:
    artifacts = up.folder / "artifacts"
    if os.getuid() != 0 and owner != os.getuid():
        pytest.skip("only root can give the folder to somebody else")
    for path in (artifacts, *artifacts.rglob("*")):
        os.chown(path, owner, owner)
    up.write("tests/test_itself.py", REPORTS_ITSELF)
    answer = up.tests("tests/test_itself.py")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert (artifacts / "junit.xml").stat().st_uid == owner
    status = dict(line.split(":\t", 1) for line in (artifacts / "status").read_text().splitlines())
    assert status["Uid"].split() == [str(owner)] * 4
    assert {int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == "1"


def test_artifacts_that_cannot_be_written_are_said_before_anything_runs(up: Checkout) -> None:
    answer = up.tests("tests/test_health.py", options=("--user", "4343:4343"))
    assert answer.returncode == 73
    assert "the artifacts folder cannot be written by uid 4343" in answer.stderr


def test_a_gate_that_does_not_open_ends_with_69_and_no_test_runs(up: Checkout) -> None:
    (up.folder / "artifacts/junit.xml").unlink(missing_ok=True)
    answer = up.tests(options=("-e", "API_BASE_URL=http://db:1", "-e", "TIDEGATE_HEALTH_TIMEOUT=0.5"))
    assert answer.returncode == 69
    assert "connection refused" in answer.stderr
    assert not (up.folder / "artifacts/junit.xml").exists()


@pytest.mark.parametrize("service", ["db", "migrate", "api"])
def test_a_container_can_do_no_more_than_its_work_needs(up: Checkout, service: str) -> None:
    container = inspect(up, service)
    host = container["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Init"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert not host["Binds"]
    assert container["Config"]["User"].split(":")[0] not in ("", "0", "root")
    bindings = [binding for bound in (host["PortBindings"] or {}).values() for binding in bound]
    assert {binding["HostIp"] for binding in bindings} <= {"127.0.0.1"}


def test_the_test_container_may_only_become_another_user_and_write_artifacts(checkout: Checkout) -> None:
    tests = checkout.config()["tests"]
    assert tests["read_only"]
    assert tests["cap_drop"] == ["ALL"]
    assert sorted(tests["cap_add"]) == ["SETGID", "SETUID"]
    assert tests["security_opt"] == ["no-new-privileges:true"]
    assert [mount["target"] for mount in tests["volumes"] if not mount.get("read_only")] == [
        "/suite/contract",
        "/suite/artifacts",
    ]
    assert all("docker.sock" not in mount["source"] for mount in tests["volumes"])


def test_a_missing_variable_is_named_before_anything_starts(checkout: Checkout) -> None:
    lines = (checkout.folder / ".env.test").read_text().splitlines()
    checkout.write(".env.test", "\n".join(line for line in lines if "API_ADMIN_EMAIL" not in line))
    answer = checkout.compose("run", "--rm", "tests")
    assert answer.returncode != 0
    assert "API_ADMIN_EMAIL is missing a value: set it in .env.test" in answer.stderr
    assert not checkout.containers()


def test_a_real_variable_wins_over_the_file(checkout: Checkout) -> None:
    checkout.variables["API_ADMIN_EMAIL"] = "somebody.else@example.com"
    for service in ("migrate", "tests"):
        assert checkout.config()[service]["environment"]["API_ADMIN_EMAIL"] == "somebody.else@example.com"


def test_a_file_for_the_api_adds_variables_and_replaces_none_that_the_stack_sets(checkout: Checkout) -> None:
    """As the comment in docker/stack.yaml and docs/stack.md say; what the stack sets is a variable of .env.test."""
    checkout.write(".env.api", "MAIL_URL=smtp://mail\nPORT=1\nDATABASE_URL=none\n")
    api = checkout.config()["api"]["environment"]
    assert (api["MAIL_URL"], api["PORT"]) == ("smtp://mail", "8000")
    assert api["DATABASE_URL"].startswith("postgresql")
    checkout.variables["DATABASE_URL"] = "postgresql://elsewhere"
    assert checkout.config()["api"]["environment"]["DATABASE_URL"] == "postgresql://elsewhere"


def test_a_setting_of_the_caller_reaches_the_tests_and_the_others_stay_unset(checkout: Checkout) -> None:
    checkout.variables["TIDEGATE_PREFIX"] = "mine-"
    seen = checkout.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "env", "tests").stdout.splitlines()
    assert sorted(line for line in seen if line.startswith("TIDEGATE_")) == [
        "TIDEGATE_DISPOSABLE=api",
        "TIDEGATE_PREFIX=mine-",
    ]
    assert not [line for line in seen if line.startswith("API_PROMISES")]


def test_a_second_project_runs_beside_the_first(up: Checkout, checkout: Checkout) -> None:
    assert checkout.compose("up", "--detach", "--wait").returncode == 0
    ports = {one.compose("port", "api", "8000").stdout for one in (up, checkout)}
    assert len(ports) == 2
    assert services(up)["api"] == services(checkout)["api"] == "running"


def test_another_api_fits_by_variables_alone(other_api: OtherApi) -> None:
    """Health, login and both resources, on an API with other paths, another port and no migrations."""
    checkout = other_api(
        STUB_ELSEWHERE,
        API_PORT="9000",
        API_BASE_PATH="/v1",
        API_HEALTH_PATH="/up",
        API_LOGIN_PATH="/token",
        TIDEGATE_CONTRACT_MODE="off",  # it has no document, and other answers than the example
        API_HEALTHCHECK="python -c 'import urllib.request as u; u.urlopen(\"http://127.0.0.1:9000/v1/up\")'",
    )
    parts = ("health", "login", "users", "orders")
    answer = checkout.compose("run", "--rm", "-T", "tests", *(f"tests/test_{part}.py" for part in parts))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    report = ElementTree.parse(checkout.folder / "artifacts/junit.xml")
    ran = {case.get("classname") for case in report.iter("testcase") if case.find("skipped") is None}
    assert {f"tests.test_{part}" for part in parts} == ran


def test_an_api_that_is_never_ready_is_told_by_what_it_answers(other_api: OtherApi) -> None:
    checkout = other_api(NEVER_READY, TIDEGATE_HEALTH_TIMEOUT="1")
    answer = checkout.compose("run", "--rm", "-T", "tests")
    assert answer.returncode == 69, answer.stderr
    assert "body: waiting for the tide" in answer.stderr
    assert "tests: what the API itself says: docker compose logs" in answer.stderr


def test_a_script_that_gives_up_quotes_the_last_health_check(other_api: OtherApi) -> None:
    checkout = other_api(NEVER_READY, API_HEALTHCHECK="echo no tide today; exit 1", TIDEGATE_STACK="compose")
    checkout.write("compose.override.yaml", IMPATIENT)
    answer = checkout.run("scripts/test")
    assert answer.returncode == 69, answer.stderr
    assert "test: its last health check said: no tide today" in answer.stderr
    assert checkout.containers() == []
