"""Which objects of an OpenAPI document stand where (OpenAPI 3.0, 3.1 and 3.2, 4.8; Swagger 2.0)."""

from __future__ import annotations

from collections.abc import Mapping

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Of a path item; `query` since 3.2."""

ONE, LIST, MAP = "one", "list", "map"

_SCHEMA = {
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "definitions", "$defs"), (MAP, "schema")),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (LIST, "schema")),
    **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames", "contentSchema"), (ONE, "schema")),
    **dict.fromkeys(("additionalProperties", "unevaluatedItems", "unevaluatedProperties"), (ONE, "schema")),
    "items": (ONE, "schema"),
}
_VALUE = {"schema": (ONE, "schema"), "content": (MAP, "media"), "examples": (MAP, "example")}

GRAMMAR: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "document": {
        "paths": (MAP, "path"),
        "webhooks": (MAP, "path"),
        "components": (ONE, "components"),
    },
    "components": {
        "schemas": (MAP, "schema"),
        "responses": (MAP, "response"),
        "parameters": (MAP, "parameter"),
        "examples": (MAP, "example"),
        "requestBodies": (MAP, "body"),
        "headers": (MAP, "header"),
        "securitySchemes": (MAP, "scheme"),
        "links": (MAP, "link"),
        "callbacks": (MAP, "callback"),
        "pathItems": (MAP, "path"),
        "mediaTypes": (MAP, "media"),
    },
    "path": {
        **dict.fromkeys(METHODS, (ONE, "operation")),
        "additionalOperations": (MAP, "operation"),
        "parameters": (LIST, "parameter"),
    },
    "operation": {
        "parameters": (LIST, "parameter"),
        "requestBody": (ONE, "body"),
        "responses": (MAP, "response"),
        "callbacks": (MAP, "callback"),
    },
    "parameter": {**_VALUE, "items": (ONE, "schema")},
    "header": {**_VALUE, "items": (ONE, "schema")},
    "body": {"content": (MAP, "media")},
    "response": {
        "headers": (MAP, "header"),
        "content": (MAP, "media"),
        "links": (MAP, "link"),
        "schema": (ONE, "schema"),
    },
    "media": {
        "schema": (ONE, "schema"),
        "itemSchema": (ONE, "schema"),
        "examples": (MAP, "example"),
        "encoding": (MAP, "encoding"),
    },
    "encoding": {"headers": (MAP, "header")},
    "callback": {"*": (ONE, "path")},
    "scheme": {},
    "link": {},
    "example": {},
    "schema": _SCHEMA,
}

SECTIONS = {kind: section for section, (_, kind) in GRAMMAR["components"].items()}
"""The section of `components` in which an object of a kind is kept for all."""

SWAGGER = {
    "paths": (MAP, "path"),
    "definitions": (MAP, "schema"),
    "parameters": (MAP, "parameter"),
    "responses": (MAP, "response"),
}
"""What stands at the root of a document of version 2.0."""

SWAGGER_SECTIONS = {"schema": "definitions", "parameter": "parameters", "response": "responses"}
