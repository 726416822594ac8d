"""Whatever an OpenAPI document says, the settings that come of it can be used."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tidegate.adopt import openapi
from tidegate.adopt.answers import Answers
from tidegate.adopt.meaning import health_path, login_table
from tidegate.adopt.planned import declared, tables
from tidegate.adopt.suite import suite_files
from tidegate.adopt.things import resources
from tidegate.adopt.toml import with_tables
from tidegate.settings import load

WORDS = st.sampled_from(["name", "email", "title", "note_id", "pen_id", "id", "size", "a b", "größe", "{x}", "x.y", ""])
GIVEN = st.one_of(
    WORDS, st.integers(-5, 5), st.booleans(), st.none(), st.dates(), st.just({"a": None}), st.just([None, 1])
)
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "boolean", "number", ["string", "null"]]),
        "format": st.sampled_from(["email", "date", "uuid", "binary"]),
        "enum": st.lists(GIVEN, min_size=1, max_size=2),
        "example": GIVEN,
        "default": GIVEN,
        "maxLength": st.integers(0, 300),
        "pattern": st.sampled_from(["^.*$", "^[A-Z]$", "("]),
        "minimum": st.integers(-3, 3),
    },
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda fields, required: {"type": "object", "properties": fields, "required": required},
            st.dictionaries(WORDS, inner, max_size=4),
            st.lists(WORDS, max_size=3),
        ),
        st.builds(lambda item: {"type": "array", "items": item, "minItems": 1}, inner),
        st.builds(lambda part: {"allOf": [part, {"$ref": "#/components/schemas/Any"}]}, inner),
    ),
    max_leaves=6,
)
BODIES = st.one_of(
    st.just({}),
    st.builds(
        lambda kind, schema: {"requestBody": {"content": {kind: {"schema": schema}}}},
        st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain"]),
        SCHEMAS,
    ),
)
OPERATIONS = st.builds(
    lambda body, answer, query: {
        **body,
        "responses": {"200": {"content": {"application/json": {"schema": answer}}}},
        "parameters": [{"in": "query", "name": name} for name in query],
    },
    BODIES,
    SCHEMAS,
    st.lists(
        st.sampled_from(["limit", "offset", "page", "per_page", "cursor", "q", "note_id", "name_prefix"]), max_size=3
    ),
)
RECORDS = st.builds(
    lambda path, create, read, update, delete, listing, method: {
        path: {"post": create, "get": listing},
        f"{path.rstrip('/')}/{{id}}{'/' * path.endswith('/')}": {"get": read, method: update, "delete": delete},
    },
    st.sampled_from(["/notes", "/pens/", "/a-b/C", "/naïve", "/7", "/x y", "/settings", "/class", "/{v}/client"]),
    *[OPERATIONS] * 5,
    st.sampled_from(["put", "patch"]),
)
DOCUMENTS = st.builds(
    lambda parts, others, schema, scheme: {
        "openapi": "3.1.0",
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {path: item for part in (others, *parts) for path, item in part.items()},
        "components": {"schemas": {"Any": schema}, "securitySchemes": scheme},
    },
    st.lists(RECORDS, min_size=1, max_size=2),
    st.dictionaries(
        st.sampled_from(["/login", "/up", "/x/{y}/z"]), st.dictionaries(st.sampled_from(["get", "post"]), OPERATIONS)
    ),
    SCHEMAS,
    st.dictionaries(
        st.just("it"),
        st.sampled_from(
            [{"type": "http", "scheme": "basic"}, {"type": "apiKey", "in": "query", "name": "k"}, {"type": "oauth2"}]
        ),
    ),
)


# A busy machine is no fault, and a smaller document says little more than the first that fails.
@settings(max_examples=60, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(DOCUMENTS)
def test_the_settings_of_any_document_load(document: dict[str, Any]) -> None:
    offered = openapi.offer(document, "openapi.json")
    path = health_path(offered)
    answers = Answers(
        base_path=offered.base_path,
        health={"path": path} if path else {},
        login=login_table(offered) or {},
        resources=resources(offered),
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_text(with_tables("", tables(answers)), encoding="utf-8")
        loaded = load(Path(folder), env={"API_TOKEN": "x"})
    assert {resource.name for resource in loaded.resources} == answers.resources.keys()
    json.dumps(declared(answers))
    for _path, text in suite_files(answers):
        compile(text, "test", "exec")
