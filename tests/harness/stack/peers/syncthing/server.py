"""Syncthing: shared folders, Go, a fixed key in a header."""

from __future__ import annotations

import re
import subprocess
import uuid
from pathlib import Path

from stack.peers.server import Server

# It talks to nobody: no discovery, no relays, no port mapping, no reports; its peers' port is on loopback.
ALONE = {
    r"<listenAddress>default": "<listenAddress>tcp://127.0.0.1:0",
    r"<((?:global|local)AnnounceEnabled|relaysEnabled|natEnabled|crashReportingEnabled)>true": r"<\1>false",
    r"<urAccepted>0": "<urAccepted>-1",
}


class Syncthing(Server):
    name = "syncthing"
    root = "/rest"
    ready = "/system/ping"

    def command(self) -> list[str | Path]:
        program = self.installed / "usr" / "bin" / "syncthing"
        home = self.data / "home"
        generate: list[str | Path] = [program, "generate", "--home", home, "--no-default-folder"]
        subprocess.run(generate, check=True, capture_output=True)
        config = home / "config.xml"
        text = config.read_text()
        for pattern, replacement in ALONE.items():
            text, changed = re.subn(pattern, replacement, text)
            assert changed, pattern
        config.write_text(text)
        address = [f"--gui-address=127.0.0.1:{self.port}", f"--gui-apikey={self.values['API_TOKEN']}"]
        return [program, "serve", "--home", home, *address, "--no-browser", "--no-upgrade", "--no-restart"]

    def settle(self) -> None:
        self.client.headers["X-API-Key"] = self.values["API_TOKEN"]

    def add(self, marker: str) -> None:
        folder = {"id": uuid.uuid4().hex, "label": marker, "path": "folders/foreign", "paused": True}
        self.client.post("/config/folders", json=folder).raise_for_status()

    def markers(self) -> set[str]:
        return {folder["label"] for folder in self.client.get("/config/folders").raise_for_status().json()}
