"""The stub with one more resource, `things` and their `parts`, in any of the shapes that APIs give to such things.

with ShapedApi(Shape(ids="uuid", paging="link")) as stub:
    stub.table()      # the settings that fit it
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any
from urllib.parse import quote, unquote

from projects import Answer, Bent, Call
from stub_pages import PAGING, Shape, page

Row = dict[str, Any]
STRANGE = "a/b {}?ä%2F"


FILTERS = {
    "prefix": "q={prefix}",
    "contains": "q={prefix}",
    "ignored": "ignored={prefix}",
    "all": "*",
    "nested": "filter[email][_starts_with]={prefix}",
    "json": 'filter={"where":{"email":{"prefix":"{prefix}"}}}',
}


class ShapedApi(Bent):
    """The stub with things of that shape; the admin may do everything, others may only read."""

    def __init__(self, shape: Shape | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = shape or Shape()
        self.things: dict[str, Row] = {}
        self.parts: dict[str, Row] = {}
        self._last = 0

    def table(self) -> dict[str, Row]:
        """The settings of the resources `things` and `parts`."""
        shape = self.shape
        thing: Row = {"path": shape.path, "marker": shape.marker, "page_size": 5, **PAGING[shape.paging]}
        if shape.filter != "none" and shape.lists == "GET":
            thing["filter"] = FILTERS[shape.filter]
        thing |= {key: value for key, value in (("record", shape.record),) if value}
        thing |= {"items": shape.items} if "." in shape.items else {}
        thing |= {"id": "url"} if shape.ids == "url" else {}
        thing |= {"missing": [shape.missing]} if shape.missing == 403 else {}
        own = {thing.get("id", "id"): "{unique}"} if (shape.answers, shape.create) == ("empty", "POST") else {}
        thing["body"] = self._wrap({"name": "{name}", "size": 7, **own} | self.marked("{email}"))
        thing["change"] = self._wrap({"name": "changed"})
        create, update = {"PUT": "PUT", "POST id": f"POST {shape.one}"}, {"PUT": "PUT", "POST": "POST " + self._edit()}
        delete = {"force": f"DELETE {shape.one}?force=true", "archive": "POST /api/things/{id}/archive"}
        for key, wanted in (
            ("create", create.get(shape.create)),
            ("update", update.get(shape.update)),
            ("delete", delete.get(shape.delete)),
        ):
            thing |= {key: wanted} if wanted else {}
        thing |= {"gone": "deleted_at"} if shape.delete == "soft" else {}
        thing |= {"gone": "state=archived"} if shape.delete == "archive" else {}
        thing |= self._list()
        return {"things": thing, "parts": self._part()}

    def pyproject(self) -> str:
        """The settings as a pyproject.toml."""
        tables = [
            f"[tool.tidegate.resources.{name}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())
            for name, table in self.table().items()
        ]
        return "\n".join(tables)

    def _list(self) -> Row:
        if self.shape.lists == "GET":
            return {}
        where: Row = {"where": {"email": {"prefix": "{prefix}"}}}
        if self.shape.lists == "POST places":
            name = self.shape.paging.split(" ")[0]
            where["paging"] = {"size": "{limit}"} | (
                {"from": f"{{{name}}}"} if name in ("offset", "page", "cursor") else {}
            )
        return {"list": "POST /api/things/search", "list_body": where}

    def _part(self) -> Row:
        part: Row = {"parent": "things"}
        if self.shape.parts == "nested":
            return part | {"path": "/api/things/{parent.id}/parts", "body": {"kind": "x"}}
        part |= {"path": "/api/parts", "parent_field": "thing.id", "body": {"thing": {"id": "{parent.id}"}}}
        return part | ({"filter": "thing={parent.id}"} if self.shape.parts == "field" else {})

    def _edit(self) -> str:
        return "/api/things/{id}/edit"

    def marked(self, value: str) -> Row:
        return {"email": value} if self.shape.marker == "email" else {"attributes": {"email": value}}

    def _wrap(self, row: Row) -> Row:
        if not self.shape.wrapped:
            return row
        for step in reversed(self.shape.record.split(".") if self.shape.record else []):
            row = {step: row}
        return row

    # --- what is stored ---

    def seed(self, *emails: str) -> list[str]:
        """Stores things directly and returns their ids."""
        return [self._add({"name": "seeded"} | self.marked(email)) for email in emails]

    def seed_part(self, thing: str) -> str:
        """Stores a part of a thing and returns its id."""
        self._last += 1
        self.parts[str(self._last)] = {"id": self._last, "thing": {"id": self.shown_id(thing)}}
        return str(self._last)

    def marks(self) -> list[str]:
        """The e-mails of the things that are there, those that count as deleted left out."""
        return sorted(self._mark(row) for row in self.things.values() if not self._is_gone(row))

    def _mark(self, row: Row) -> str:
        return str(row.get("attributes", row).get("email"))

    def _is_gone(self, row: Row) -> bool:
        return bool(row.get("deleted_at")) or row.get("state") == "archived"

    def _add(self, row: Row, key: str | None = None) -> str:
        self._last += 1
        made = {"int": str(self._last), "url": str(self._last), "uuid": str(uuid.uuid4())}
        key = key or made.get(self.shape.ids, STRANGE.format(self._last))
        row.pop("id", None)
        row[("url" if self.shape.ids == "url" else "id")] = self.shown_id(key)
        self.things[key] = row
        return key

    def shown_id(self, key: str) -> Any:
        if self.shape.ids == "url":
            return f"{self.origin}/api/things/{quote(key, safe='')}{'/' * self.shape.slash}"
        return int(key) if self.shape.ids == "int" and key.isdecimal() else key

    # --- what is answered ---

    def answer(self, call: Call) -> Answer:
        if not call.path.startswith("/api/") or self.bend:
            return super().answer(call)
        with self._lock:
            return self.usual(call)

    def usual(self, call: Call) -> Answer:
        """The answer to a request for things and parts."""
        if not call.headers.get("authorization"):
            return Answer(401, {"detail": "a valid token is needed"})
        if found := re.fullmatch(r"/api/(?:things/([^/]+)/)?parts(?:/([^/]+))?", call.path):
            return self._part_answer(call, found[1] and unquote(found[1]), found[2])
        if call.path == self.shape.path:
            if call.method == "GET" and self.shape.lists == "GET":
                return page(self.shape, call, self._matching(call.query), call.query, self.origin)
            return self._create(call, None) if (call.method, self.shape.create) == ("POST", "POST") else Answer(405)
        if (call.method, call.path) == ("POST", "/api/things/search"):
            sent = json.loads(call.raw)
            rows = self._matching({"q": sent["where"]["email"]["prefix"]})
            return page(self.shape, call, rows, sent.get("paging", sent), self.origin)
        slash = "/" if self.shape.slash else ""
        found = re.fullmatch(rf"/api/things/([^/]+)(?:{slash}|/(edit|archive))", call.path)
        return self._one(call, unquote(found[1]), found[2]) if found else Answer(404, {"detail": "no route"})

    def _one(self, call: Call, key: str, action: str | None) -> Answer:
        row = self.things.get(key)
        chosen = {"PUT": "PUT", "POST id": "POST"}.get(self.shape.create)
        if row is None and call.method == chosen and not action:
            return self._create(call, key)
        if row is None or (self._is_gone(row) and self.shape.delete == "force"):
            return Answer(self.shape.missing, {"detail": "no such thing"})
        if call.method == "GET":
            return Answer(200, self._shown(row))
        if (call.method, action) == ("POST", "archive") and self.shape.delete == "archive":
            row["state"] = "archived"
            return Answer(200, self._shown(row))
        if call.method == "DELETE":
            return self._delete(call, key, row)
        edits = {"PATCH": ("PATCH", None), "PUT": ("PUT", None), "POST": ("POST", "edit")}[self.shape.update]
        if (call.method, action) != edits:
            return Answer(405)
        row.update(self._sent(call))
        return Answer(204) if self.shape.answers in ("nothing", "empty") else Answer(200, self._shown(row))

    def _create(self, call: Call, key: str | None) -> Answer:
        sent = self._sent(call)
        key = self._add(sent, key or (sent.get("id") or sent.get("url") if self.shape.answers == "empty" else None))
        headers = {"Location": f"/api/things/{quote(key, safe='')}{'/' * self.shape.slash}"}
        row = self.things[key]
        match self.shape.answers:
            case "location":
                return Answer(201, None, headers)
            case "nothing":
                return Answer(204) if self.shape.create != "POST" else Answer(201, None, headers)
            case "empty":
                return Answer(200)
            case "id":
                return Answer(201, self._shown({name: row[name] for name in ("id", "url") if name in row}))
        return Answer(201, self._shown(row))

    def _delete(self, call: Call, key: str, row: Row) -> Answer:
        if self.shape.delete == "archive":
            return Answer(405)
        if self.shape.delete == "soft" or (self.shape.delete == "force" and call.query.get("force") != "true"):
            row["deleted_at"] = "2026-01-01"
        elif self.shape.delete != "lie":
            del self.things[key]
            shown = self.shown_id(key)
            self.parts = {made: part for made, part in self.parts.items() if part["thing"]["id"] != shown}
        return Answer(204)

    def _sent(self, call: Call) -> Row:
        sent: Row = json.loads(call.raw)
        for step in self.shape.record.split(".") if self.shape.wrapped and self.shape.record else []:
            sent = sent[step]
        return sent

    def _shown(self, row: Row) -> Any:
        shown: Any = dict(row)
        for step in reversed(self.shape.record.split(".") if self.shape.record else []):
            shown = {step: shown, "meta": {}}
        return shown

    def _matching(self, query: dict[str, str]) -> list[Row]:
        rows = [row for row in self.things.values() if not (self._is_gone(row) and self.shape.delete == "force")]
        where = json.loads(query["filter"])["where"]["email"]["prefix"] if "filter" in query else ""
        text = query.get("q", query.get("filter[email][_starts_with]", where))
        if self.shape.filter == "contains":
            return [row for row in rows if text.lower() in self._mark(row).lower()]
        return [row for row in rows if self._mark(row).startswith(text)]

    def _part_answer(self, call: Call, thing: str | None, key: str | None) -> Answer:
        if (thing is not None) != (self.shape.parts == "nested") or (thing is not None and thing not in self.things):
            return Answer(404)
        if call.method == "POST":
            owner = thing or str(json.loads(call.raw)["thing"]["id"])
            made = self.seed_part(owner)
            return Answer(201, self.parts[made] if thing is None else {"id": int(made)})
        if key is None:
            asked = thing or call.query.get("thing")
            found = [
                part for part in self.parts.values() if asked is None or part["thing"]["id"] == self.shown_id(asked)
            ]
            page = found[int(call.query["offset"]) :][: int(call.query["limit"])]
            return Answer(200, page if thing is None else [{"id": part["id"]} for part in page])
        part = self.parts.get(key)
        if part is None or (thing is not None and part["thing"]["id"] != self.shown_id(thing)):
            return Answer(404)
        if call.method == "DELETE":
            del self.parts[key]
            return Answer(204)
        return Answer(200, part if thing is None else {"id": part["id"]})


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)
