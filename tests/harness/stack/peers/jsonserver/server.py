"""json-server with json-server-auth: JavaScript, a JSON login that gives a JWT."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from stack.peers.server import Server

HASH = "console.log(require('bcryptjs').hashSync(process.argv[1], 10))"


class JsonServer(Server):
    name = "jsonserver"

    def command(self) -> list[str | Path]:
        user = {"id": 1, "email": self.values["API_ADMIN_EMAIL"], "password": self._hashed()}
        (self.data / "db.json").write_text(json.dumps({"users": [user], "members": []}))
        (self.data / "routes.json").write_text(json.dumps({"users": 600, "members": 660}))  # as in 0600 and 0660
        program = self.installed / "node_modules" / "json-server-auth" / "dist" / "bin.js"
        where = ["--host", "127.0.0.1", "--port", str(self.port)]
        return ["node", program, "db.json", "--routes", "routes.json", "--quiet", *where]

    def _hashed(self) -> str:
        command = ["node", "-e", HASH, self.values["API_ADMIN_PASSWORD"]]
        return subprocess.check_output(command, cwd=self.installed, text=True).strip()

    def settle(self) -> None:
        credentials = {"email": self.values["API_ADMIN_EMAIL"], "password": self.values["API_ADMIN_PASSWORD"]}
        token = self.client.post("/login", json=credentials).raise_for_status().json()["accessToken"]
        self.client.headers["Authorization"] = f"Bearer {token}"

    def add(self, marker: str) -> None:
        self.client.post("/members", json={"email": marker}).raise_for_status()

    def markers(self) -> set[str]:
        return {member["email"] for member in self.client.get("/members").raise_for_status().json()}
