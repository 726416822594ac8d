"""Node-RED: flows, JavaScript, OAuth2's password grant."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from stack.peers.server import Server

HASH = "console.log(require('bcryptjs').hashSync(process.argv[1], 4))"


class NodeRed(Server):
    name = "nodered"
    ready = "/auth/login"

    def command(self) -> list[str | Path]:
        user = {"username": self.values["API_ADMIN_EMAIL"], "password": self._hashed(), "permissions": "*"}
        settings = {
            "uiHost": "127.0.0.1",
            "uiPort": self.port,
            "adminAuth": {"type": "credentials", "users": [user]},
            "telemetry": {"enabled": False},
            "externalModules": {"autoInstall": False},
        }
        (self.data / "settings.js").write_text(f"module.exports = {json.dumps(settings)}")
        red = self.installed / "node_modules" / "node-red" / "red.js"
        return ["node", red, "--userDir", self.data, "--settings", self.data / "settings.js"]

    def _hashed(self) -> str:
        command = ["node", "-e", HASH, self.values["API_ADMIN_PASSWORD"]]
        return subprocess.check_output(command, cwd=self.installed, text=True).strip()

    def settle(self) -> None:
        grant = {
            "client_id": "node-red-admin",
            "grant_type": "password",
            "scope": "*",
            "username": self.values["API_ADMIN_EMAIL"],
            "password": self.values["API_ADMIN_PASSWORD"],
        }
        token = self.client.post("/auth/token", data=grant).raise_for_status().json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"

    def add(self, marker: str) -> None:
        self.client.post("/flow", json={"label": marker, "nodes": []}).raise_for_status()

    def markers(self) -> set[str]:
        return {node["label"] for node in self.client.get("/flows").raise_for_status().json() if node["type"] == "tab"}
