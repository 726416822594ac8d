"""Drift: each change is noticed, with whether it breaks clients; what changes nothing is none."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.contract.drift import compare
from tidegate.contract.lock import lock_text

Plain = dict[str, Any]
Change = Callable[[Plain], None]
MEDIA = "application/json"


def body(schema: Plain) -> Plain:
    return {"content": {MEDIA: {"schema": schema}}}


def ref(name: str) -> Plain:
    return {"$ref": f"#/components/schemas/{name}"}


def thing() -> Plain:
    """A schema of every kind of field."""
    return {
        "type": "object",
        "required": ["id", "name", "state"],
        "properties": {
            "id": {"type": "integer", "readOnly": True, "format": "int32"},
            "name": {"type": "string", "maxLength": 50, "minLength": 1, "pattern": "^[a-z]+$"},
            "state": {"type": "string", "enum": ["open", "closed"]},
            "note": {"type": ["string", "null"]},
            "made": {"type": "string", "format": "date-time"},
            "size": {"type": "number", "minimum": 0, "maximum": 10},
            "pass": {"type": "string", "writeOnly": True},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "parent": ref("Thing"),
            "parts": {"type": "array", "items": {"oneOf": [ref("Bolt"), ref("Nut")]}, "maxItems": 5},
            "maker": {"allOf": [ref("Maker"), {"properties": {"since": {"type": "integer"}}}]},
        },
    }


def item() -> Plain:
    """The operations of one path, with every kind of input and answer."""
    return {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "get": {
            "operationId": "readThing",
            "parameters": [
                {"name": "full", "in": "query", "schema": {"type": "boolean"}},
                {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}},
            ],
            "responses": {
                "200": {**body(ref("Thing")), "headers": {"ETag": {"required": True, "schema": {"type": "string"}}}},
                "404": body(ref("Problem")),
            },
            "security": [{"bearer": []}, {"oauth": ["read"]}],
        },
        "put": {
            "requestBody": {**body(ref("Thing")), "required": False},
            "responses": {"200": body(ref("Thing")), "204": {"description": "as it was"}},
        },
        "delete": {"responses": {"204": {"description": "gone"}}},
    }


def document() -> Plain:
    """Every kind of thing that a document says."""
    schemas = {
        "Thing": thing(),
        "Bolt": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "bolt"}}},
        "Nut": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "nut"}}},
        "Maker": {"type": "object", "properties": {"country": {"type": "string"}}},
        "Problem": {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}},
    }
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "oauth": {"type": "oauth2", "flows": {"implicit": {"scopes": {"read": "Read", "write": "Write"}}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://example.com/api"}],
        "paths": {"/things/{id}": item()},
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def at(plain: Plain, path: str) -> Any:
    """The object at a path whose steps are divided by blanks."""
    short = {"thing": "components schemas Thing properties", "item": "paths /things/{id}"}
    first, _, rest = path.partition(" ")
    for step in f"{short.get(first, first)} {rest}".split():
        plain = plain[int(step) if isinstance(plain, list) else step]
    return plain


def put(path: str, **words: Any) -> Change:
    """A change that sets words of the object at a path; None removes one."""

    def change(plain: Plain) -> None:
        target = at(plain, path)
        for word, value in words.items():
            word = word.rstrip("_")
            target.pop(word, None) if value is None else target.__setitem__(word, value)

    return change


def swap(path: str, old: str, new: str) -> Change:
    """A change that renames a key of the object at a path."""

    def change(plain: Plain) -> None:
        target = at(plain, path)
        target[new] = target.pop(old)

    return change


def required(*names: str) -> Change:
    return put("components schemas Thing", required=list(names))


def all_of(*changes: Change) -> Change:
    def change(plain: Plain) -> None:
        for each in changes:
            each(plain)

    return change


BREAKING: dict[str, tuple[Change, str, str]] = {
    "operation removed": (put("item", delete=None), "DELETE /things/{id}", "operation removed"),
    "path renamed": (
        swap("paths", "/things/{id}", "/stuff/{id}"),
        "GET /things/{id}",
        "operation removed; renamed to GET /stuff/{id}?",
    ),
    "success status removed": (put("item put responses", **{"204": None}), "204", "no longer answered"),
    "status renamed": (swap("item get responses", "200", "201"), "GET /things/{id} 200", "no longer answered"),
    "answer media removed": (
        swap("item get responses 200 content", MEDIA, "application/xml"),
        "200 body",
        "application/json no longer answered",
    ),
    "answer body removed": (put("item get responses 404", content=None), "404 body", "no longer answered"),
    "answer header removed": (put("item get responses 200 headers", ETag=None), "200 header ETag", "no longer have it"),
    "answer header optional": (
        put("item get responses 200 headers ETag", required=False),
        "200 header ETag",
        "no longer always there",
    ),
    "field removed": (put("thing", made=None), "200 body /made", "answers no longer have it"),
    "field renamed": (swap("thing", "made", "created"), "200 body /made", "renamed to created?"),
    "field optional in answers": (required("id", "state"), "200 body /name", "no longer always there"),
    "field newly required in requests": (
        required("id", "name", "state", "note"),
        "request body /note",
        "newly required",
    ),
    "type changed": (put("thing made", type="integer", format=None), "200 body /made", "from string to integer"),
    "type changed for requests": (put("thing made", type="integer", format=None), "request body /made", "type changed"),
    "format removed": (put("thing made", format=None), "200 body /made", "format changed from date-time to none"),
    "format added": (put("thing note", format="email"), "request body /note", "format changed from none to email"),
    "null in answers": (put("thing made", type=["string", "null"]), "200 body /made", "null is newly allowed"),
    "null by anyOf in answers": (
        put("thing", made={"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
        "200 body /made",
        "null is newly allowed",
    ),
    "null no longer taken": (put("thing note", type="string"), "request body /note", "null is no longer allowed"),
    "enum widened in answers": (put("thing state", enum=["open", "closed", "lost"]), "200 body /state", '"lost" newly'),
    "enum narrowed in requests": (put("thing state", enum=["open"]), "request body /state", '"closed" no longer'),
    "integer becomes number in answers": (put("thing id", type="number"), "200 body /id", "type changed"),
    "id wider in answers": (put("thing id", format="int64"), "200 body /id", "format changed from int32 to int64"),
    "length narrowed": (put("thing name", maxLength=40), "request body /name", "maxLength changed from 50 to 40"),
    "length newly bounded": (put("thing note", maxLength=9), "request body /note", "maxLength changed from none to 9"),
    "least length raised": (put("thing name", minLength=2), "request body /name", "minLength changed from 1 to 2"),
    "least length lowered in answers": (put("thing name", minLength=0), "200 body /name", "minLength"),
    "least raised": (put("thing size", minimum=1), "request body /size", "minimum changed from 0 to 1"),
    "least itself excluded": (
        put("thing size", minimum=None, exclusiveMinimum=0),
        "request body /size",
        "minimum changed from 0 to 0 itself excluded",
    ),
    "most lowered": (put("thing size", maximum=9), "request body /size", "maximum changed from 10 to 9"),
    "most raised in answers": (put("thing size", maximum=11), "200 body /size", "maximum changed from 10 to 11"),
    "pattern changed": (put("thing name", pattern="^[a-f]+$"), "request body /name", "pattern changed"),
    "items fewer": (put("thing parts", maxItems=4), "request body /parts", "maxItems changed from 5 to 4"),
    "variant removed": (put("thing parts items", oneOf=[ref("Bolt")]), "request body /parts/*", "no longer Nut"),
    "variant added": (
        put("thing parts items", oneOf=[ref("Bolt"), ref("Nut"), ref("Maker")]),
        "200 body /parts/*",
        "newly also Maker",
    ),
    "inside a variant": (put("components schemas Nut properties kind", const="nuts"), "/parts/*/kind", '"nuts"'),
    "inside allOf": (put("components schemas Maker properties country", type="integer"), "/maker/country", "type"),
    "beside allOf": (put("thing maker allOf 1 properties", since=None), "200 body /maker/since", "no longer have it"),
    "map's values": (put("thing labels", additionalProperties={"type": "integer"}), "200 body /labels/*", "type"),
    "map closed": (put("thing labels", additionalProperties=False), "200 body /labels/*", "no further fields"),
    "request closed": (
        put("components schemas Thing", additionalProperties=False),
        "request body /*",
        "no further fields allowed",
    ),
    "error's field renamed": (
        all_of(
            swap("components schemas Problem properties", "detail", "message"),
            put("components schemas Problem", required=["message"]),
        ),
        "404 body /detail",
        "renamed to message?",
    ),
    "body required": (put("item put requestBody", required=True), "request body", "newly required"),
    "body removed": (put("item put", requestBody=None), "request body", "removed"),
    "request media removed": (
        swap("item put requestBody content", MEDIA, "application/xml"),
        "request body",
        "application/json no longer taken",
    ),
    "parameter removed": (lambda plain: at(plain, "item get parameters").pop(0), "request query full", "removed"),
    "parameter added": (
        lambda plain: at(plain, "item get parameters").append({"name": "q", "in": "query", "required": True}),
        "request query q",
        "newly required",
    ),
    "parameter required": (put("item get parameters 0", required=True), "request query full", "newly required"),
    "parameter narrowed": (put("item get parameters 1 schema", maxItems=3), "request query tags", "maxItems"),
    "parameter's style": (put("item get parameters 1", explode=False), "request query tags", "form changed"),
    "path parameter's type": (put("item parameters 0", schema={"type": "string", "format": "uuid"}), "path id", "type"),
    "security demanded": (put("item put", security=[{"bearer": []}]), "security", "newly demanded: bearer"),
    "security for all": (lambda plain: plain.update(security=[{"bearer": []}]), "security", "newly demanded"),
    "one way in removed": (
        put("item get", security=[{"bearer": []}]),
        "security",
        "oauth (oauth2: read) no longer enough",
    ),
    "scope demanded": (
        put("item get", security=[{"bearer": []}, {"oauth": ["read", "write"]}]),
        "security",
        "no longer enough",
    ),
    "scheme changed": (put("components securitySchemes bearer", scheme="basic"), "security", "no longer enough"),
    "base path": (lambda plain: plain.update(servers=[{"url": "/v2"}]), "base path", "from /api to /v2"),
}

HARMLESS: dict[str, tuple[Change, str]] = {
    "operation added": (put("item", patch={"responses": {"200": {"description": "new"}}}), "new operation"),
    "field added": (put("thing", colour={"type": "string"}), "/colour: new"),
    "field no longer required in requests": (put("item put requestBody", required=False), ""),
    "optional parameter added": (
        lambda plain: at(plain, "item get parameters").append({"name": "q", "in": "query"}),
        "query q: new",
    ),
    "error added": (put("item get responses", **{"429": {"description": "later"}}), "429: new"),
    "error removed": (put("item get responses", **{"404": None}), "404: no longer answered"),
    "media added": (put("item get responses 200 content", **{"text/csv": {}}), "text/csv is new"),
    "header optional": (put("item get parameters 2", required=False), "no longer required"),
    "header added": (put("item get responses 200 headers", Age={"schema": {"type": "integer"}}), "header Age: new"),
    "deprecated": (put("item delete", deprecated=True), "deprecated"),
    "field deprecated": (put("thing note", deprecated=True), "/note: deprecated"),
    "a class of statuses instead of one": (swap("item get responses", "200", "2XX"), "2XX: new"),
    "number where whole ones were taken": (
        put("item parameters 0", schema={"type": "number"}),
        "request path id: type changed from integer to number",
    ),
    "way in added": (
        put("item get", security=[{"bearer": []}, {"oauth": ["read"]}, {}]),
        "now enough",
    ),
    "server added": (
        lambda plain: plain["servers"].append({"url": "/beta"}),
        "base path changed",
    ),
}

NOTHING: dict[str, Change] = {
    "words": all_of(
        put("item get", summary="Reads", description="Reads a thing", externalDocs={"url": "x"}),
        put("thing name", description="A name", title="Name", example="ab"),
        put("components schemas Thing", **{"x-table": "things"}),
        lambda plain: plain["info"].update(description="Things", version="2"),
    ),
    "path parameter renamed": all_of(
        put("item parameters 0", name="thing_id"), swap("paths", "/things/{id}", "/things/{thing_id}")
    ),
    "host": lambda plain: plain.update(servers=[{"url": "http://127.0.0.1:41234/api/"}]),
    "operationId": put("item get", operationId="getThing"),
    "order of an enum": put("thing state", enum=["closed", "open"]),
    "order of required": required("state", "name", "id"),
    "order of variants": put("thing parts items", oneOf=[ref("Nut"), ref("Bolt")]),
    "order of parameters": lambda plain: at(plain, "item get parameters").reverse(),
    "order of ways in": put("item get", security=[{"oauth": ["read"]}, {"bearer": []}]),
    "scheme renamed": all_of(
        swap("components securitySchemes", "bearer", "token"),
        put("item get", security=[{"token": []}, {"oauth": ["read"]}]),
    ),
    "schema renamed": all_of(
        swap("components schemas", "Problem", "Error"), put("item get responses", **{"404": body(ref("Error"))})
    ),
    "parameter moved to the components": all_of(
        put("components", parameters={"Full": {"name": "full", "in": "query", "schema": {"type": "boolean"}}}),
        lambda plain: at(plain, "item get parameters").__setitem__(0, {"$ref": "#/components/parameters/Full"}),
    ),
    "another way to say null": put("thing", note={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    "yet another": put("thing", note={"type": "string", "nullable": True}),
    "another way to say one value": put("components schemas Nut properties", kind={"type": "string", "enum": ["nut"]}),
    "media with a parameter": swap("item get responses 200 content", MEDIA, "Application/JSON; charset=utf-8"),
}


def changed(change: Change) -> Plain:
    plain = document()
    change(plain)
    return plain


@pytest.mark.parametrize(("change", "where", "said"), BREAKING.values(), ids=list(BREAKING))
def test_a_change_that_breaks_clients_is_named_and_said_to_break_them(change: Change, where: str, said: str) -> None:
    found = compare(document(), changed(change))
    hits = [each for each in found if where in f"{each.operation} {each.where}" and said in each.text]
    assert hits, [str(each) for each in found]
    assert hits[0].breaking
    assert found[0].breaking


@pytest.mark.parametrize(("change", "said"), HARMLESS.values(), ids=list(HARMLESS))
def test_a_change_that_breaks_nobody_is_noted(change: Change, said: str) -> None:
    found = compare(document(), changed(change))
    assert not [str(each) for each in found if each.breaking]
    assert not said or any(said in str(each) for each in found), [str(each) for each in found]


@pytest.mark.parametrize("change", NOTHING.values(), ids=list(NOTHING))
def test_what_says_the_same_in_another_way_is_no_change(change: Change) -> None:
    assert [str(each) for each in compare(document(), changed(change))] == []


@pytest.mark.parametrize(("change", "where", "said"), BREAKING.values(), ids=list(BREAKING))
def test_a_change_is_noticed_against_the_lock_as_against_the_document(change: Change, where: str, said: str) -> None:
    locked = json.loads(lock_text(document()))
    assert compare(locked, document()) == []
    assert compare(locked, changed(change)) == compare(document(), changed(change))


def test_a_change_of_a_shared_schema_is_told_once_with_all_that_use_it() -> None:
    found = compare(document(), changed(put("thing", made=None)))
    answers = [each for each in found if each.where == "200 body /made"]
    assert [(each.operation, each.also) for each in answers] == [("GET /things/{id}", ("PUT /things/{id}",))]
    assert "also PUT /things/{id}" in str(answers[0])


def test_a_wider_format_breaks_those_who_read_it_alone() -> None:
    one, other = (changed(put("item parameters 0", schema={"type": "integer", "format": f"int{n}"})) for n in (32, 64))
    assert {each.breaking for each in compare(one, other)} == {False}
    assert {each.breaking for each in compare(other, one)} == {True}


def test_another_value_of_a_discriminator_breaks_whoever_tells_by_it() -> None:
    def with_values(**mapping: str) -> Plain:
        found = document()
        parts = found["components"]["schemas"]["Thing"]["properties"]["parts"]["items"]
        parts["discriminator"] = {"propertyName": "kind", "mapping": mapping}
        return found

    one = with_values(bolt="#/components/schemas/Bolt", nut="#/components/schemas/Nut")
    other = with_values(screw="#/components/schemas/Bolt", nut="#/components/schemas/Nut")
    changes = {each for each in compare(json.loads(lock_text(one)), other) if each.breaking}
    assert {each.text for each in changes} == {"what stands for Bolt changed from bolt to screw"}
    assert compare(one, json.loads(lock_text(one))) == []


def test_single_statuses_instead_of_their_class_break_nobody() -> None:
    one = changed(swap("item get responses", "200", "2XX"))
    assert not [each for each in compare(one, document()) if each.breaking]
    removed = copy.deepcopy(one)
    del at(removed, "item get responses")["2XX"]
    assert [each.breaking for each in compare(one, removed)] == [True]


def test_an_answer_is_compared_with_that_of_its_class() -> None:
    other = changed(all_of(swap("item get responses", "200", "2XX"), put("thing", made=None)))
    assert "200 body /made" in {each.where for each in compare(document(), other) if each.operation.startswith("GET")}


def test_fields_that_go_one_way_alone_are_compared_on_that_way_alone() -> None:
    only_read = compare(document(), changed(put("thing id", type="string", format=None)))
    assert {each.where for each in only_read} == {"200 body /id"}
    only_written = compare(document(), changed(put("thing pass", type="integer")))
    assert {each.where for each in only_written} == {"request body /pass"}


def inlined(plain: Any, root: Plain, depth: int) -> Any:
    """The same with its references replaced by what they lead to, as far down as asked."""
    if isinstance(plain, list):
        return [inlined(each, root, depth) for each in plain]
    if not isinstance(plain, dict):
        return plain
    if "$ref" in plain and depth:
        target: Any = root
        for step in plain["$ref"].split("/")[1:]:
            target = target[step]
        return inlined(target, root, depth - 1)
    return {key: inlined(each, root, depth) for key, each in plain.items()}


def shuffled(plain: Any, order: random.Random) -> Any:
    if isinstance(plain, list):
        return [shuffled(each, order) for each in plain]
    if not isinstance(plain, dict):
        return plain
    keys = order.sample(list(plain), len(plain))
    return {key: shuffled(plain[key], order) for key in keys}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999).map(random.Random), st.integers(0, 3))
def test_the_order_of_keys_and_references_instead_of_their_targets_change_nothing(
    order: random.Random, depth: int
) -> None:
    plain = document()
    other = shuffled(plain | {"paths": inlined(plain["paths"], plain, depth)}, order)
    assert [str(each) for each in compare(plain, other)] == []
    assert [str(each) for each in compare(other, plain)] == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(BREAKING)), st.integers(0, 999).map(random.Random), st.integers(0, 2))
def test_a_change_is_noticed_through_references_as_without_them(name: str, order: random.Random, depth: int) -> None:
    change, where, _ = BREAKING[name]
    plain, other = document(), changed(change)
    other = shuffled(other | {"paths": inlined(other["paths"], other, depth)}, order)
    found = compare(plain, other)
    hits = [each for each in found if where.partition(" ")[2] in f"{each.operation} {each.where}" and each.breaking]
    assert hits, [str(each) for each in found]


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            {},
            {"type": "string"},
            {"type": "integer", "minimum": 0},
            {"type": ["number", "null"]},
            {"enum": ["a", "b", None]},
            {"$ref": "#/components/schemas/A"},
            {"$ref": "#/components/schemas/B"},
            {"$ref": "#/components/schemas/Missing"},
            {"type": "string", "format": "date", "pattern": "x"},
        ]
    ),
    lambda inner: (
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("pqrs"), inner, max_size=3)},
            optional={"required": st.just(["p"]), "additionalProperties": inner | st.booleans()},
        )
        | st.fixed_dictionaries({"type": st.just("array"), "items": inner})
        | st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3), "nullable": st.booleans()})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=6,
)


def with_schemas(one: Plain, other: Plain) -> Plain:
    operation = {"requestBody": body(ref("A")), "responses": {"200": body(ref("B"))}}
    components = {"schemas": {"A": one, "B": other}}
    return {"openapi": "3.1.0", "paths": {"/x": {"post": operation}}, "components": components}


@settings(max_examples=40, deadline=None)
@given(SCHEMAS, SCHEMAS, SCHEMAS, SCHEMAS)
def test_any_two_documents_can_be_compared_whatever_refers_to_whatever(
    one: Plain, other: Plain, new: Plain, last: Plain
) -> None:
    old, now = with_schemas(one, other), with_schemas(new, last)
    before = copy.deepcopy(old)
    assert compare(old, old) == []
    assert compare(old, now) == compare(old, now)
    assert old == before


def test_a_chain_of_thousands_of_schemas_is_followed_to_its_end() -> None:
    count = 3_000
    chain = {f"S{at}": {"properties": {"next": ref(f"S{at + 1}")}} for at in range(count)}
    operation = {"responses": {"200": body(ref("S0"))}}
    old = {"openapi": "3.1.0", "paths": {"/x": {"get": operation}}}
    ends = [{f"S{count}": {"type": kind}} for kind in ("string", "integer")]
    one, other = ({**old, "components": {"schemas": {**chain, **end}}} for end in ends)
    assert [each.text for each in compare(one, other)] == ["type changed from string to integer"]
