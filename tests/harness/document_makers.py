"""Small documents, and files that are not on any disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tidegate.contract.document import Document, read_document
from tidegate.contract.schema import Schema


def fetching(files: Mapping[str, str]) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        if url not in files:
            raise FileNotFoundError(f"no {url}")
        return files[url].encode()

    return fetch


def read(files: Mapping[str, str] | str, source: str = "api.yaml") -> Document:
    return read_document(fetching({source: files} if isinstance(files, str) else files), source)


def whole(paths: Mapping[str, Any] | None = None, version: str = "3.0.3", **parts: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": paths or {}, **parts}


def answered(schema: Any, version: str = "3.0.3", schemas: Mapping[str, Any] | None = None) -> Schema:
    """The schema of an answer of a document that promises it."""
    content = {"application/json": {"schema": schema}}
    paths = {"/x": {"get": {"responses": {"200": {"description": "", "content": content}}}}}
    document = Document.of(whole(paths, version, components={"schemas": schemas or {}}))
    made = document.operations[0].answers[0].media[0].schema
    assert made is not None
    return made


def asked(schema: Any, version: str = "3.0.3", schemas: Mapping[str, Any] | None = None) -> Schema:
    """The schema of a request's body of a document that promises it."""
    body = {"content": {"application/json": {"schema": schema}}}
    paths = {"/x": {"post": {"requestBody": body, "responses": {}}}}
    document = Document.of(whole(paths, version, components={"schemas": schemas or {}}))
    assert document.operations[0].body
    made = document.operations[0].body.media[0].schema
    assert made is not None
    return made


def found(schema: Schema, value: Any) -> list[tuple[str, str]]:
    """Where the breaches are, and by which keyword."""
    return [(breach.pointer, breach.keyword) for breach in schema.breaches(value)]


def paths_of(texts: Iterable[str], **parts: Any) -> Document:
    return Document.of(whole({text: {"get": {"responses": {}}} for text in texts}, **parts))
