"""A small project of an adopter with a compose file of its own, tested by a plain `pytest` on the host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from stack.checkout import LIMIT, OURS

PYTHON_IMAGE = "python:3.13-slim-trixie"
INI = (
    "[pytest]\naddopts = -q -p no:anyio -p no:randomly -p no:hypothesispytest -p no:schemathesis -p no:cacheprovider\n"
)
ENV = "API_ADMIN_EMAIL=admin@example.com\nAPI_ADMIN_PASSWORD=a-secret-of-the-tide\n"
SERVE = """
import http.server, os
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "ok"}')
address = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", 8000))
http.server.ThreadingHTTPServer(address, Api).serve_forever()
"""
TEST = "def test_it(gate, base_url, stack):\n    open('seen', 'a').write(f'{base_url} {stack.running.project}\\n')\n"


@dataclass
class Small:
    """The project, and what its `pytest` says."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, text in {"pytest.ini": INI, ".env.test": ENV, "api.py": SERVE, "test_it.py": TEST}.items():
            self.write(name, text)
        self.write("pyproject.toml", "[tool.tidegate]\n")

    def write(self, name: str, text: str) -> None:
        """A file of the project."""
        (self.folder / name).write_text(text)

    def compose(self, more: str = "", *, api: str = "") -> None:
        """A compose file with a service `api`, with these further lines of it and further services."""
        lines = [
            *("services:", "  api:", f"    image: {PYTHON_IMAGE}", "    init: true", "    stop_grace_period: 0s"),
            *("    command: [python, -u, /api.py]", '    volumes: ["./api.py:/api.py:ro"]'),
            '    ports: ["127.0.0.1::8000"]',
        ]
        taken = {line.split(":")[0] for line in api.splitlines()}
        kept = [line for line in lines if line.split(":")[0] not in taken]
        self.write("compose.yaml", "\n".join([*kept, api, more]) + "\n")

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment without settings of ours."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return outside | self.variables

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`pytest`, begun in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def pytest(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of a finished `pytest`."""
        with self.start(*arguments) as process:
            output, _ = process.communicate(timeout=LIMIT)
            return process.returncode, output

    def seen(self) -> list[str]:
        """Base URL and project that each test has seen."""
        path = self.folder / "seen"
        return path.read_text().splitlines() if path.exists() else []

    def left(self) -> list[str]:
        """What is left of any stack of this checkout: containers, networks, volumes."""
        return left_of(self.folder)

    def remove(self) -> None:
        """Takes away whatever a failed test has left."""
        for kind, name in (line.split() for line in self.left()):
            subprocess.run(["docker", kind, "rm", "--force", name], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def left_of(folder: Path) -> list[str]:
    """The containers, networks and volumes of every project of the checkout, as `kind name`."""
    from tidegate.stack.project import checkout_name

    found = []
    for kind, of_name in {"container": "{{.Names}}", "network": "{{.Name}}", "volume": "{{.Name}}"}.items():
        every = ["--all"] if kind == "container" else []
        command = ["docker", kind, "ls", *every, "--filter", f"name={checkout_name(folder)}-", "--format", of_name]
        names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        found += [f"{kind} {name}" for name in names]
    return found
