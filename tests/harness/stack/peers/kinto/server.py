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
        """A record, a bucket and a collection in it."""
        self.client.post(RECORDS, json={"data": {"email": marker}}).raise_for_status()
        for folder in (f"/buckets/{marker}", f"/buckets/{marker}/collections/kept"):
            self.client.put(folder).raise_for_status()

    def markers(self) -> set[str]:
        found = {record["email"] for record in self._listed(RECORDS)}
        for bucket in self._listed("/buckets"):
            path = f"/buckets/{bucket['id']}/collections"
            found |= {path, *(f"{path}/{inside['id']}" for inside in self._listed(path))}
        return found

    def _listed(self, path: str) -> list[dict[str, str]]:
        listed: list[dict[str, str]] = self.client.get(path).raise_for_status().json()["data"]
        return listed
