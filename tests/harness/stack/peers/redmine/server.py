"""Redmine: accounts, Ruby on Rails, a fixed key in the query."""

from __future__ import annotations

import subprocess
from pathlib import Path

from api.processes import DEADLINE
from stack.peers.server import Server

IMAGE = "tidegate-peer-redmine"


class Redmine(Server):
    name = "redmine"
    ready = "/login"

    def command(self) -> list[str | Path]:
        publish = f"127.0.0.1:{self.port}:3000"
        return ["docker", "run", "--rm", "--init", "--name", self._container, "--publish", publish, IMAGE]

    @property
    def _container(self) -> str:
        return f"{IMAGE}-{self.port}"

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Not by a signal alone: Puma waits for connections that the proxy in front of it keeps open."""
        subprocess.run(["docker", "rm", "--force", self._container], capture_output=True, check=True)
        process.wait(DEADLINE)

    def settle(self) -> None:
        self.client.headers["X-Redmine-API-Key"] = self.values["API_TOKEN"]

    def add(self, marker: str) -> None:
        user = {"login": marker, "mail": f"{marker}@example.com", "firstname": "A", "lastname": "B"}
        self.client.post("/users.json", json={"user": user | {"password": "long-enough-for-it"}}).raise_for_status()

    def markers(self) -> set[str]:
        listed = self.client.get("/users.json", params={"limit": 100}).raise_for_status().json()
        assert listed["total_count"] <= 100
        return {user["login"] for user in listed["users"]}
