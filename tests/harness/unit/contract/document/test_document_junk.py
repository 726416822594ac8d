"""Documents that nobody would write: a message, or something to work with, and never anything else."""

from __future__ import annotations

import json
from typing import Any

from document_makers import answered, read, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.contract.document.grammar import GRAMMAR
from tidegate.contract.document.keywords import PLAIN
from tidegate.contract.document.parameters import read_values
from tidegate.errors import DocumentError
from tidegate.records import Exchange, Message

KEYS = [
    *sorted({key for rules in GRAMMAR.values() for key in rules} | set(PLAIN)),
    *(
        "$ref",
        "name",
        "in",
        "type",
        "format",
        "pattern",
        "nullable",
        "discriminator",
        "propertyName",
        "mapping",
        "style",
    ),
    *(
        "explode",
        "security",
        "servers",
        "url",
        "tags",
        "200",
        "default",
        "/a",
        "/a/{b}",
        "schema",
        "content",
        "required",
    ),
]
TEXTS = ["string", "array", "int32", "query", "path", "(", "#/components/schemas/A", "#/paths", "/{v}", "true", ""]
PLAINS = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(TEXTS), st.text(max_size=3))
JUNK = st.recursive(
    PLAINS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=25,
)


def used(text: str) -> None:
    """All that is done with a document."""
    document = read(text)
    for url in ("/a", "/a/b?c=1", "/v/a"):
        for method in ("GET", "POST"):
            bound = document.bind(method, url, "http://h/v")
            read_values(bound, Exchange(1, "t", "call", "", method, url, Message(headers=(("Cookie", "a=1"),))))
    for operation in document.operations:
        media = [*(operation.body.media if operation.body else ())]
        media += [each for answer in operation.answers for each in answer.media]
        for each in media:
            if each.schema:
                list(each.schema.breaches({"a": [1]}))


def refused_well(error: DocumentError) -> bool:
    return [line[:8] for line in str(error).splitlines()[1:]] == ["  seen: ", "  next: "]


@settings(max_examples=100, deadline=None)
@given(JUNK, JUNK, JUNK, JUNK)
def test_any_document_is_used_or_refused_with_a_message(item: Any, schemas: Any, servers: Any, security: Any) -> None:
    parts = {"components": {"schemas": schemas}, "servers": servers, "security": security}
    for text in (
        json.dumps(whole({"/a/{b}": item}, **parts)),
        json.dumps({**whole({"/a": {"get": item}}, "3.1.0"), **parts}),
        json.dumps({"swagger": "2.0", "paths": {"/a": {"get": item}}, "definitions": schemas, "host": servers}),
    ):
        try:
            used(text)
        except DocumentError as error:
            assert refused_well(error)  # noqa: PT017  most of them are no error


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=5), JUNK)
def test_any_schema_is_used_or_refused_with_a_message(schema: Any, value: Any) -> None:
    try:
        made = answered(schema, "3.1.0", {"A": {"type": "integer"}})
        list(made.breaches(value))
    except DocumentError as error:
        assert refused_well(error)  # noqa: PT017  most of them are no error
