"""What the Docker engine of this machine says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

LIMIT = 20.0


def engine() -> tuple[bool, str]:
    """Whether an engine with Compose answers, and its versions or the reason."""
    try:
        server = _said("docker", "version", "--format", "{{.Server.Version}}")
        return True, f"Docker {server}, Compose {_said('docker', 'compose', 'version', '--short')}"
    except FileNotFoundError:
        return False, "docker is not installed"
    except subprocess.CalledProcessError as error:
        return False, str(error.stderr).strip().rpartition("\n")[2] or "docker does not answer"
    except subprocess.TimeoutExpired:
        return False, f"docker did not answer within {LIMIT:g} s"


def published(root: Path, file: str, service: str, port: int) -> str | None:
    """Address and port on this machine of a service of the running stack; None without one."""
    # Compose finds a file of a usual name by itself, and with it what overrides it.
    named = () if re.fullmatch(r"(docker-)?compose\.ya?ml", file) else ("-f", file)
    try:
        found = _said("docker", "compose", *named, "port", service, str(port), cwd=root)
    except (OSError, subprocess.SubprocessError):
        return None
    address, _, number = found.rpartition(":")
    return f"{'127.0.0.1' if address in ('0.0.0.0', '[::]') else address}:{number}" if number.isdecimal() else None


def _said(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, timeout=LIMIT)
    return done.stdout.strip()
