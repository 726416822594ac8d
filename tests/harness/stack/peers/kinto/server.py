"""Kinto: records in collections, Python, HTTP Basic."""

from __future__ import annotations

from pathlib import Path

from stack.peers.server import PEERS, Server

RECORDS = "/buckets/lab/collections/members/records"


class Kinto(Server):
    name = "kinto"
    root = "/v1"
    ready = "/__lbheartbeat__"

    def command(self) -> list[str | Path]:
        ini = PEERS / self.name / "server.ini"
        return [self.installed / "bin" / "kinto", "start", "--ini", ini, "--port", str(self.port)]

    def settle(self) -> None:
        who, password = self.values["API_ADMIN_EMAIL"], self.values["API_ADMIN_PASSWORD"]
        self.client.put(f"/accounts/{who}", json={"data": {"password": password}}).raise_for_status()
        self.client.auth = (who, password)
        for folder in ("/buckets/lab", "/buckets/lab/collections/members"):
            self.client.put(folder).raise_for_status()

    def add(self, marker: str) -> None:
        self.client.post(RECORDS, json={"data": {"email": marker}}).raise_for_status()

    def markers(self) -> set[str]:
        return {record["email"] for record in self.client.get(RECORDS).raise_for_status().json()["data"]}
