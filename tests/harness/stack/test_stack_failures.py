"""A stack that does not start: each cause is named with its stage, and nothing is left."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from stack.small import PYTHON_IMAGE, SERVE, Small

pytestmark = pytest.mark.docker

Arrange = Callable[[Small], object]

NEEDS_MIGRATION = "    depends_on: {migrate: {condition: service_completed_successfully}}\n"


def migrate(program: str) -> str:
    return f"  migrate:\n    image: {PYTHON_IMAGE}\n    command: [python, -c, {program!r}]\n"


def crash(small: Small) -> None:
    small.write("api.py", "print('password=a-secret-of-the-tide')\nraise SystemExit('no database in sight')")
    small.compose()


def crash_loop(small: Small) -> None:
    small.write("api.py", "raise SystemExit('no database in sight')")
    small.compose(api="    restart: always")


def ends_with_success(small: Small) -> None:
    small.write("api.py", "print('nothing to do')")
    small.compose()


def unknown_image(small: Small) -> None:
    small.compose(api="    image: no-such-registry.invalid/api:1")


def unbuildable_image(small: Small) -> None:
    small.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nRUN python -c 'raise SystemExit(\"no compiler\")'\n")
    small.compose(api="    image: tidegate-unbuildable\n    build: .")


def unknown_command(small: Small) -> None:
    small.compose(api="    init: false\n    command: [no-such-program]")


def failed_migration(small: Small) -> None:
    program = "raise SystemExit('relation tides does not exist')"
    small.compose(migrate(program), api=NEEDS_MIGRATION)


def wrong_port(small: Small) -> None:
    small.compose(api="    environment: {PORT: 9000}")


def loopback_only(small: Small) -> None:
    small.compose(api="    environment: {HOST: 127.0.0.1}")


def unpublished_port(small: Small) -> None:
    small.variables["API_PORT"] = "9000"
    small.compose()


def taken_port(small: Small) -> None:
    small.compose(api=f'    ports: ["127.0.0.1:{small.variables["TAKEN"]}:8000"]')


def unhealthy(small: Small) -> None:
    check = "{test: [CMD-SHELL, echo no tide today; exit 1], interval: 100ms, retries: 2}"
    small.write("api.py", "import time; time.sleep(60)")
    small.compose(api=f"    healthcheck: {check}")


def other_service(small: Small) -> None:
    small.compose()
    small.write("pyproject.toml", '[tool.tidegate.stack]\nservice = "web"\n')


def broken_file(small: Small) -> None:
    small.write("compose.yaml", "services: [api]\n")


def dies_before_it_is_healthy(small: Small) -> None:
    program = (
        "import socket; socket.create_server(('', 8000)).accept()[0].recv(9); raise SystemExit('the tide took me')"
    )
    small.write("api.py", program)
    small.compose()


CASES: dict[Arrange, list[str]] = {
    crash: ["container: 'api' ended with exit code 1", "password=***", "no database in sight"],
    crash_loop: ["container: 'api' crashes again and again", "no database in sight", "service_healthy"],
    ends_with_success: ["container: 'api' ended with exit code 0", "nothing to do"],
    unknown_image: ["image: there is no image no-such-registry.invalid/api:1"],
    unbuildable_image: ["image: an image could not be built", "no compiler"],
    unknown_command: ["container: 'api' could not be started", "no-such-program"],
    failed_migration: ["migration: 'migrate' ended with exit code 1", "relation tides does not exist"],
    wrong_port: ["port: 'api' listens on 9000 in its container, not on 8000", "Set API_PORT=9000"],
    loopback_only: ["port: 'api' listens on port 8000 of 127.0.0.1 in its container", "0.0.0.0"],
    unpublished_port: ["port: port 9000 of 'api' is not published; published: 8000"],
    taken_port: ["port: 'api' wants a port of this machine that is taken"],
    unhealthy: ["health: 'api' runs, but its health check fails", "no tide today"],
    other_service: ["settings: there is no service 'web': the compose file has api"],
    broken_file: ["settings: compose.yaml cannot be used", "services must be a mapping"],
    dies_before_it_is_healthy: ["container: 'api' ended with exit code 1", "the tide took me"],
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Arrange, tuple[Small, int, str]]]:
    """How a run ended in each case; side by side, since most of it is waiting."""
    folder = tmp_path_factory.mktemp("failures")

    def run(arrange: Arrange) -> tuple[Small, int, str]:
        small = Small(folder / arrange.__name__, {"TAKEN": str(server.getsockname()[1])})
        arrange(small)
        return (small, *small.pytest())

    with closing(socket.create_server(("127.0.0.1", 0))) as server, ThreadPoolExecutor(4) as pool:
        found = dict(zip(CASES, pool.map(run, CASES), strict=True))
    yield found
    for small, _code, _output in found.values():
        small.remove()


@pytest.mark.parametrize("arrange", CASES, ids=lambda arrange: arrange.__name__)
def test_a_failed_start_names_its_stage_and_leaves_nothing(
    arrange: Arrange, outcomes: dict[Arrange, tuple[Small, int, str]]
) -> None:
    small, code, output = outcomes[arrange]
    assert code == 69, output
    assert output.count("the stack did not start: ") == 1, output
    for said in CASES[arrange]:
        assert said in output
    assert "a-secret-of-the-tide" not in output + "".join(path.read_text() for path in small.folder.rglob("*.log"))
    assert re.search(r"\n  next: \S", output)
    assert small.left() == []


def test_a_one_shot_that_ended_well_is_no_failure(tmp_path: Path) -> None:
    small = Small(tmp_path / "one-shot")
    small.compose(migrate("print('nothing to migrate')"), api=NEEDS_MIGRATION)
    code, output = small.pytest()
    assert (code, small.left()) == (0, []), output
    assert (small.folder / "artifacts/logs/migrate.log").read_text().endswith("Z nothing to migrate\n")


def test_a_refused_login_shows_what_the_api_said_about_it(tmp_path: Path) -> None:
    small = Small(tmp_path / "login")
    refuses = "    def do_POST(self):\n        self.send_error(401, 'relation tides does not exist')\n"
    small.write("api.py", SERVE.replace("    def do_GET", refuses + "    def do_GET"))
    small.write("test_it.py", "def test_it(admin): pass")
    small.compose()
    code, output = small.pytest()
    assert (code, small.left()) == (77, []), output
    assert re.search(r"the API's last lines:\n(    .*\n)*    .*POST /auth/login.*401", output), output


def test_a_health_url_with_the_name_of_the_service_is_reached_from_outside(tmp_path: Path) -> None:
    small = Small(tmp_path / "health", {"API_HEALTH_PATH": "http://api:8000/up"})
    small.compose()
    code, output = small.pytest()
    assert (code, small.left()) == (0, []), output
    assert "GET /up" in (small.folder / "artifacts/logs/api.log").read_text()


def test_an_api_that_opens_another_port_first_gets_its_time(tmp_path: Path) -> None:
    small = Small(tmp_path / "other-port", {"TIDEGATE_STACK_PORT_PATIENCE": "30"})
    small.write("api.py", f"import socket, time\nother = socket.create_server(('', 9000))\ntime.sleep(3)\n{SERVE}")
    small.compose()
    code, output = small.pytest()
    assert (code, small.left()) == (0, []), output
