"""Deviations of the bodies of answers."""
# ruff: noqa: E501  a row of a table is a line

from __future__ import annotations

from typing import Any

from planted.rows import OK, PART, PERSON, THING, Deviation, Reply, a_page, a_thing, get, said

ONE, LIST = get("/things/7"), get("/things")
RAW = (("Content-Type", "application/json"),)


def field(name: str, kind: str, where: str, /, **changed: Any) -> Deviation:
    """A deviation in one record."""
    return Deviation(name, ONE, a_thing(), a_thing(**changed), kind, f"200 body {where}")


def wrong(name: str, where: str, /, **changed: Any) -> Deviation:
    return field(name, "invalid-body", where, **changed)


def shape(name: str, path: str, good: Any, bad: Any, where: str, kind: str = "invalid-body", **more: Any) -> Deviation:
    """A deviation of a schema with a path of its own."""
    place = f"200 body {where}".rstrip()
    return Deviation(name, get(f"/shapes/{path}"), said(200, good), said(200, bad), kind, place, **more)


TYPES = [
    wrong("text for number", "/id", id="7"),
    wrong("number for text", "/name", name=7),
    wrong("fraction for integer", "/id", id=7.5),
    wrong("text for boolean", "/active", active="true"),
    wrong("null", "/mail", mail=None),
    wrong("object for list", "/tags", tags={}),
    wrong("list for object", "/size", size=[]),
    wrong("enum", "/kind", kind="huge"),
    wrong("enum case", "/kind", kind="Big"),
    wrong("exclusive", "/price", price=0),
    wrong("multiple", "/share", share=0.3),
    wrong("maximum", "/share", share=1.5),
    wrong("too long", "/name", name="x" * 21),
    wrong("empty", "/name", name=""),
    wrong("pattern", "/code", code="eur"),
    wrong("date-time", "/made", made="2026-01-02 03:04"),
    wrong("date", "/day", day="2026-13-02"),
    wrong("uuid", "/ref", ref="7"),
    wrong("email", "/mail", mail="nobody"),
    wrong("uri", "/link", link="not a link"),
    wrong("unique", "/tags", tags=["a", "a"]),
    wrong("many", "/tags", tags=["a", "b", "c", "d"]),
    wrong("item", "/tags/*", tags=["a", 2]),
    wrong("nested", "/size/width", size={"width": "1"}),
    wrong("nested missing", "/size/width", size={"height": 1}),
    wrong("in a nullable", "/owner/name", owner={"id": 1}),
    wrong("escaped", "/a~1b/c~0d", **{"a/b": {"c~d": "x"}}),
    wrong("through two lists", "/parts/*/number", parts=[PART, {"number": "x"}]),
    wrong("int64", "/id", id=2**63),
    Deviation("in a list", LIST, a_page(), a_page(*[THING | {"id": "x"}] * 1000), "invalid-body", "200 body /items/*/id"),
    Deviation("no list", LIST, a_page(), said(200, [THING], X_Total="1"), "invalid-body", "200 body"),
    Deviation("missing", ONE, a_thing(), said(200, {k: v for k, v in THING.items() if k != "name"}), "invalid-body", "200 body /name"),
    Deviation("page missing", LIST, a_page(), said(200, {"next": None}, X_Total="1"), "invalid-body", "200 body /items"),
    Deviation("bare list", get("/things/found"), said(200, [PERSON]), said(200, {"items": []}), "invalid-body", "200 body"),
]  # fmt: skip

FIELDS = [
    field("field", "undocumented-field", "/extra", extra=1),
    field("field that is null", "undocumented-field", "/extra", extra=None),
    field("field like another", "undocumented-field", "/Name", Name="x"),
    field("deep field", "undocumented-field", "/size/depth", size={"width": 1, "depth": 2}),
    field("field in a nullable", "undocumented-field", "/owner/mail", owner={**PERSON, "mail": "x"}),
    field("field in a list", "undocumented-field", "/parts/*/weight", parts=[PART, {**PART, "weight": 1}]),
    field("escaped field", "undocumented-field", "/a~1b/x~1y", **{"a/b": {"x/y": 1}}),
    field("write only", "write-only-field", "/secret", secret="hidden"),
    Deviation("write only in a list", LIST, a_page(), a_page({**THING, "secret": "s"}), "write-only-field", "200 body /items/*/secret"),
    Deviation("field of a page", LIST, a_page(), a_page(total=1), "undocumented-field", "200 body /total"),
    shape("field of allOf", "car", {"wheels": 4, "doors": 2}, {"wheels": 4, "doors": 2, "wings": 1}, "/wings", "undocumented-field"),
    shape("field of anyOf", "contact", {"mail": "a"}, {"mail": "a", "fax": "b"}, "/fax", "undocumented-field"),
    shape("field of another branch", "shape", {"side": 1}, {"side": 1, "colour": "red"}, "/colour", "undocumented-field"),
    shape("field of a tree", "tree", {"value": 1}, {"value": 1, "children": [{"value": 2, "x": 1}]}, "/children/*/x", "undocumented-field"),
    shape("forbidden field", "closed", {"a": 1}, {"a": 1, "b": 2}, "/b", "undocumented-field"),
    shape("forbidden inside", "strict", {"a": 1}, {"a": 1, "inner": {"b": 1, "c": 2}}, "/inner/c", "undocumented-field"),
    shape("field in a map", "prices", {"eur": {"amount": 1}}, {"eur": {"amount": 1, "rate": 2}}, "/*/rate", "undocumented-field"),
    shape("field of the other animal", "pet", {"type": "cat", "lives": 9}, {"type": "cat", "bark": "loud"}, "/bark", "undocumented-field"),
    shape("field of no condition", "event", {"kind": "free", "reason": "x"}, {"kind": "free", "price": 1}, "/price", "undocumented-field"),
]  # fmt: skip

BRANCHES = [
    shape("no branch", "shape", {"side": 1}, {"side": "x"}, "/side"),
    shape("two branches", "shape", {"side": 1}, {"side": 1, "radius": 1}, ""),
    shape("neither of any", "contact", {"mail": "a"}, {"mail": 1}, "/mail"),
    shape("part of allOf", "car", {"wheels": 4, "doors": 2}, {"wheels": 1, "doors": 2}, "/wheels"),
    shape("own part", "car", {"wheels": 4, "doors": 2}, {"wheels": 4}, "/doors"),
    shape("tag", "pet", {"type": "cat"}, {"type": "fish"}, "/type"),
    shape("no tag", "pet", {"type": "cat"}, {"lives": 9}, "/type"),
    shape("tagged for another", "pet", {"type": "dog", "bark": "loud"}, {"type": "dog", "age": 2}, "/bark"),
    shape("tag of a parent", "animal", {"species": "bird", "wings": 2}, {"species": "bird", "name": "a"}, "/wings"),
    shape("deep in a tree", "tree", {"value": 1}, {"value": 1, "children": [{"value": 1, "children": [{}]}]}, "/children/*/children/*/value"),
    shape("condition", "event", {"kind": "paid", "price": 1}, {"kind": "paid"}, "/price"),
    shape("value of a map", "prices", {"eur": {"amount": 1}}, {"eur": {"amount": "1"}}, "/*/amount"),
    shape("by place", "row", [1, PERSON], [1, {"id": 1}], "/*/name", versions=("3.1.0",)),
    shape("a place too many", "row", [1, PERSON], [1, PERSON, 2], "", versions=("3.0.3",)),
]  # fmt: skip

OPEN = "/guarded/open"
RAWS = [
    Deviation(name, get(OPEN, {}), OK, Reply(200, body, RAW), "invalid-body", "200 body")
    for name, body in {
        "cut": b'{"id": 1, "name": "A',
        "html as json": b"<html></html>",
        "two values": b'{"id": 1, "name": "a"}{"id": 2}',
        "single quotes": b"{'id': 1}",
        "latin": '{"id": 1, "name": "Zoë"}'.encode("latin-1"),
        "twice": b'{"id": 1, "id": 1, "name": "a"}',
        "NaN": b'{"id": NaN, "name": "a"}',
        "text of json": b'"{}"',
        "blank": b"  ",
    }.items()
]

BODIES = [*TYPES, *FIELDS, *BRANCHES, *RAWS]
