"""The schemas of the planted API's document."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]
TEXT: Plain = {"type": "string"}
NUMBER: Plain = {"type": "integer"}


def schemas(version: str) -> Plain:
    """All of them, by name."""
    return {**plain(version), **branched(version), **closed()}


def ref(name: str) -> Plain:
    return {"$ref": f"#/{name}"}


def thing(fields: Plain, *required: str, **more: Any) -> Plain:
    return {"type": "object", "properties": fields, **({"required": list(required)} if required else {}), **more}


def nullable(version: str, node: Plain) -> Plain:
    """The schema or null, as each version says it."""
    if version.startswith("3.1"):
        return {"anyOf": [node, {"type": "null"}]} if "$ref" in node else {**node, "type": [node["type"], "null"]}
    return {"allOf": [node], "nullable": True} if "$ref" in node else {**node, "nullable": True}


def above(version: str, limit: int) -> Plain:
    return {"exclusiveMinimum": limit} if version.startswith("3.1") else {"minimum": limit, "exclusiveMinimum": True}


def plain(version: str) -> Plain:
    fields: Plain = {
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "kind": {"type": "string", "enum": ["big", "small"]},
        "price": {"type": "number", **above(version, 0)},
        "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "tags": {"type": "array", "items": TEXT, "uniqueItems": True, "maxItems": 3},
        "note": nullable(version, TEXT),
    }
    only_sent = {"secret": {"type": "string", "writeOnly": True}}
    only_got: Plain = {
        "id": {"type": "integer", "format": "int64", "readOnly": True},
        "made": {"type": "string", "format": "date-time", "readOnly": True},
    }
    answered: Plain = {
        "day": {"type": "string", "format": "date"},
        "ref": {"type": "string", "format": "uuid"},
        "mail": {"type": "string", "format": "email"},
        "link": {"type": "string", "format": "uri"},
        "share": {"type": "number", "multipleOf": 0.5, "maximum": 1},
        "active": {"type": "boolean"},
        "owner": nullable(version, ref("Person")),
        "size": thing({"width": NUMBER, "height": NUMBER}, "width"),
        "a/b": thing({"c~d": NUMBER}),
        "parts": {"type": "array", "items": ref("Part")},
    }
    return {
        "Thing": thing({**only_got, **fields, **only_sent, **answered}, "id", "name", "kind", "secret"),
        "NewThing": thing({**only_got, **fields, **only_sent}, "id", "name", "kind"),
        "Change": thing(fields),
        "Person": thing({"id": NUMBER, "name": TEXT}, "id", "name"),
        "Part": thing({"number": NUMBER, "label": TEXT}, "number"),
        "Page": thing({"items": {"type": "array", "items": ref("Thing")}, "next": nullable(version, TEXT)}, "items"),
        "Error": thing({"detail": TEXT}, "detail"),
        "Problem": thing({"title": TEXT, "status": NUMBER, "errors": {"type": "array", "items": TEXT}}, "title"),
        "Upload": thing({"file": {"type": "string", "format": "binary"}, "size": NUMBER, "about": ref("Part")}, "file"),
        "Form": thing({"mail": TEXT, "age": {"type": "integer", "minimum": 18}, "likes": fields["tags"]}, "mail"),
    }


def branched(version: str) -> Plain:
    tag = {"type": "string"}
    hinted = {"propertyName": "type", "mapping": {"cat": "#/Cat", "dog": "#/Dog"}}
    return {
        "Cat": thing({"type": tag, "lives": NUMBER}, "type"),
        "Dog": thing({"type": tag, "bark": TEXT, "age": NUMBER}, "type", "bark"),
        "Pet": {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": hinted},
        "Animal": thing(
            {"species": TEXT, "name": TEXT},
            "species",
            discriminator={"propertyName": "species", "mapping": {"bird": "#/Bird"}},
        ),
        "Bird": {"allOf": [ref("Animal"), thing({"wings": NUMBER}, "wings")]},
        "Contact": {"anyOf": [thing({"mail": TEXT}, "mail"), thing({"phone": TEXT}, "phone")]},
        "Shape": {"oneOf": [thing({"radius": NUMBER}, "radius"), thing({"side": NUMBER}, "side")]},
        "Vehicle": thing({"wheels": {"type": "integer", "minimum": 2}}, "wheels"),
        "Car": {"allOf": [ref("Vehicle"), thing({"doors": NUMBER}, "doors")]},
        "Tree": thing({"value": NUMBER, "children": {"type": "array", "items": ref("Tree")}}, "value"),
        "Event": event(version),
        "Row": row(version),
    }


def event(version: str) -> Plain:
    """A schema that depends on a value: in 3.1 by `if`, in 3.0 by what can be said there."""
    if version.startswith("3.1"):
        return {
            **thing({"kind": {"enum": ["paid", "free"]}}, "kind"),
            "if": {"properties": {"kind": {"const": "paid"}}},
            "then": thing({"price": NUMBER}, "price"),
            "else": thing({"reason": TEXT}),
        }
    paid = thing({"kind": {"type": "string", "enum": ["paid"]}, "price": NUMBER}, "kind", "price")
    free = thing({"kind": {"type": "string", "enum": ["free"]}, "reason": TEXT}, "kind")
    return {"oneOf": [paid, free]}


def row(version: str) -> Plain:
    """A list by place in 3.1, a list of lists in 3.0."""
    person = ref("Person")
    if version.startswith("3.1"):
        return {"type": "array", "prefixItems": [NUMBER, person], "items": False, "minItems": 2}
    return {"type": "array", "items": {"anyOf": [NUMBER, person]}, "minItems": 2, "maxItems": 2}


def closed() -> Plain:
    return {
        "Strict": thing({"a": NUMBER, "inner": thing({"b": NUMBER}, additionalProperties=False)}, "a"),
        "Closed": thing({"a": NUMBER}, "a", additionalProperties=False),
        "Prices": {"type": "object", "additionalProperties": thing({"amount": NUMBER, "unit": TEXT}, "amount")},
        "Free": thing({"any": {"type": "object"}, "open": thing({"a": NUMBER}, additionalProperties=True)}),
    }
