"""Jupyter Server: files, Python, a cookie session with CSRF."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from stack.peers.server import Server

HASH = "import sys; from jupyter_server.auth import passwd; print(passwd(sys.argv[1]))"


class Jupyter(Server):
    name = "jupyter"
    ready = "/api"

    def command(self) -> list[str | Path]:
        python = self.installed / "bin" / "python"
        hashed = subprocess.check_output([python, "-c", HASH, self.values["API_ADMIN_PASSWORD"]], text=True).strip()
        (self.data / "files").mkdir()
        where = ["--ip=127.0.0.1", f"--port={self.port}", "--port-retries=0", f"--ServerApp.root_dir={self.data}/files"]
        login = [f"--PasswordIdentityProvider.hashed_password={hashed}", "--IdentityProvider.token="]
        return [python, "-m", "jupyter_server", "--allow-root", "--no-browser", *where, *login]

    def settle(self) -> None:
        shown = re.search(r'name="_xsrf" value="([^"]+)"', self.client.get("/login").text)
        assert shown
        form = {"_xsrf": shown[1], "password": self.values["API_ADMIN_PASSWORD"]}
        assert self.client.post("/login", data=form).status_code == 302
        self.client.headers["X-XSRFToken"] = shown[1]

    def add(self, marker: str) -> None:
        file = {"type": "file", "format": "text", "content": "not made by a test"}
        self.client.put(f"/api/contents/{marker}", json=file).raise_for_status()

    def markers(self) -> set[str]:
        return {file["name"] for file in self.client.get("/api/contents").raise_for_status().json()["content"]}
