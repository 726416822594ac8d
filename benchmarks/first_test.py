"""From `docker compose run` to the first test, images built: with nothing running, and with the stack up."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from pathlib import Path

from figures import show

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
PROJECT = f"tidegate-bench-{os.getpid()}"


def docker(*arguments: str, **environment: str) -> str:
    """What a docker command prints."""
    env = {**os.environ, "COMPOSE_PROJECT_NAME": PROJECT, **environment}
    return subprocess.run(["docker", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


def to_first_test(artifacts: Path) -> float:
    """Seconds from the command to the moment at which pytest's session began."""
    begun = time.time()
    docker("compose", "run", "--rm", "-T", "tests", "-k", "health", ARTIFACTS=str(artifacts))
    suite = ElementTree.parse(artifacts / "junit.xml").find("testsuite")
    assert suite is not None
    return datetime.fromisoformat(suite.attrib["timestamp"]).timestamp() - begun


def container() -> float:
    """Seconds for a container that does nothing."""
    begun = time.time()
    docker("run", "--rm", "--entrypoint", "true", f"{PROJECT}-tests")
    return time.time() - begun


def main() -> None:
    """The floor is a container of the same image that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        docker("compose", "--profile", "*", "build")
        try:
            floor = [container() for _ in range(RUNS)]
            warm, cold = [], []
            for _ in range(RUNS):
                docker("compose", "down", "--volumes")
                cold.append(to_first_test(Path(folder)))
                warm.append(to_first_test(Path(folder)))
        finally:
            docker("compose", "--profile", "*", "down", "--volumes", "--rmi", "local")
    show("an empty container", floor)
    show("docker compose run -> first test, nothing up", cold, floor)
    show("docker compose run -> first test, stack up", warm, floor)


if __name__ == "__main__":
    main()
