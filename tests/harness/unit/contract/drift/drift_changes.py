"""Changes by name: those that break clients, those that break nobody, and those that change nothing."""

from __future__ import annotations

from unit.contract.drift.drift_document import MEDIA, Change, all_of, at, body, put, ref, required, swap

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
