"""Where the paths of a document lie below the base URL, servers of single paths among them."""

from __future__ import annotations

from tidegate.contract.document import Document
from tidegate.plugin.cases.document import placing
from tidegate.settings import Resource

ANSWER = {"get": {"responses": {"200": {"description": ""}}}}
DOCUMENT = Document.of(
    {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://x.example/api"}],
        "paths": {
            "/things": ANSWER,
            "/login": {**ANSWER, "servers": [{"url": "/auth"}]},
            "/health": {**ANSWER, "servers": [{"url": "/"}]},
        },
    }
)


def test_a_path_with_servers_of_its_own_lies_below_those() -> None:
    place = placing(DOCUMENT, "http://localhost:1", ())
    assert (place("/things"), place("/login"), place("/health")) == ("/api/things", "/auth/login", "/health")


def test_what_the_settings_call_a_resource_decides_where_both_would_do() -> None:
    assert placing(DOCUMENT, "http://localhost:1", [Resource(name="things", path="/things")])("/things") == "/things"
