"""The resources that these tests declare, answers of a server, and what the ledger holds."""

from __future__ import annotations

from typing import Any

from wire import http

from tidegate.session.ledger import Ledger
from tidegate.settings import Resource

RUN = "6742a1b3c0de"
OURS = f"test-{RUN}-0123456789"
RESOURCES = (
    Resource(name="parts", path="/parts", parent="things", parent_field="thing.id"),
    Resource(name="things", path="/things", marker="email", filter="q={prefix}", id="id"),
    Resource(name="deep", path="/deep", marker="data.email", record="answer", create="PUT /deep/{id}", update="PUT"),
    Resource(name="plain", path="/plain"),
    Resource(name="kept", path="/kept", marker="email", delete="DELETE /kept/{id}?force=true"),
    Resource(name="below", path="/things/{parent.id}/below", parent="things"),
    Resource(name="pieces", path="/pieces", parent="parts", parent_field="part"),
)
Made = tuple[str, str, str | None, str | None]


def entered(ledger: Ledger) -> list[Made]:
    return [(made.resource, made.id, made.marker, made.parent) for made in ledger.outstanding()]


def answer(status: int, body: Any, **headers: str) -> bytes:
    return http(status, body, Connection="close", **headers)
