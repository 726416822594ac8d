"""Operations that the source of an API shows, for want of a document: routes, and fields where they are plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tidegate.adopt.documents import text_of, walk
from tidegate.adopt.operations import Offer, Operation, Schema

SUFFIXES = {".js", ".mjs", ".cjs", ".ts", ".py", ".go", ".rb", ".php"}
MOST_FILES = 400
# app.post("/notes/:id" of Express and its like, @app.post("/notes/{id}") of FastAPI, r.Post("/notes/{id}" of chi
CALL = re.compile(r"""\.(get|post|put|patch|delete)\(\s*["'`](/[^"'`\s]*)["'`]""", re.IGNORECASE)
# path("notes/<int:pk>/", view) of Django, router.register("notes", …) of Django REST framework
DJANGO = re.compile(r"""\bpath\(\s*r?["']([^"'\s]*)["']\s*,\s*(?!include)""")
REGISTERED = re.compile(r"""\.register\(\s*r?["']([^"'\s]+)["']""")
INCLUDED = re.compile(r"""\bpath\(\s*r?["']([^"'\s]*)["']\s*,\s*include\(\s*\w*router\.urls""")
# const { title, text } = req.body
TAKEN = re.compile(r"\{([\w\s,=\"']+)\}\s*=\s*(?:await\s+)?(?:req|request|ctx\.request)\.body")
# class Note(models.Model): title = models.CharField(…)
MODEL = re.compile(r"^class (\w+)\(models\.Model\):\n((?:[ \t]+.*\n|\n)+)", re.MULTILINE)
FIELD = re.compile(r"^\s+(\w+) = models\.(\w+?)(?:Field|Key)\((.*)\)\s*$", re.MULTILINE)
KINDS = {"Integer": "integer", "PositiveInteger": "integer", "Float": "number", "Boolean": "boolean"}


def offer(root: Path) -> Offer:
    """What the source files of a repository seem to offer."""
    sources = [path for path in walk(root) if path.suffix in SUFFIXES][:MOST_FILES]
    texts = [text_of(path) for path in sources]
    found: dict[tuple[str, str], Operation] = {}
    for text in texts:
        for operation in (*_calls(text), *_django(text)):
            found.setdefault((operation.method, operation.path), operation)
    models = {name.lower(): fields for text in texts for name, fields in _models(text)}
    return Offer(operations=tuple(_with_fields(op, models) for op in found.values()), source="the source")


def _calls(text: str) -> Iterator[Operation]:
    found = [(match.start(), match[1].upper(), match[2]) for match in CALL.finditer(text)]
    ends = [*(start for start, _, _ in found[1:]), len(text)] if found else []
    for (start, method, path), end in zip(found, ends, strict=True):
        fields = _taken(text[start:end]) if method in ("POST", "PUT", "PATCH") else {}
        required = tuple(fields) if method == "POST" else ()
        yield Operation(method=method, path=_plain(path), fields=fields, required=required)


def _taken(handling: str) -> dict[str, Schema]:
    """The fields that a request's handling takes out of its body; those with a default are not required."""
    names = TAKEN.search(handling)
    parts = [part.strip() for part in names[1].split(",")] if names else []
    return {part: {} for part in parts if re.fullmatch(r"\w+", part)}


def _django(text: str) -> Iterator[Operation]:
    for match in DJANGO.finditer(text):
        # Which methods a view takes is not in its route.
        methods = ("GET", "PUT", "PATCH", "DELETE") if "<" in match[1] else ("GET", "POST")
        yield from (Operation(method=method, path=_plain(f"/{match[1]}")) for method in methods)
    included = INCLUDED.search(text)
    for match in REGISTERED.finditer(text) if "router" in text.lower() else ():
        base = f"/{included[1] if included else ''}{match[1].strip('/')}/"
        yield from (Operation(method=method, path=base) for method in ("GET", "POST"))
        yield from (Operation(method=method, path=f"{base}{{id}}/") for method in ("GET", "PUT", "PATCH", "DELETE"))


def _plain(path: str) -> str:
    """The path with its parameters as OpenAPI writes them."""
    return re.sub(r"<(?:\w+:)?(\w+)>|:(\w+)", lambda found: f"{{{found[1] or found[2]}}}", path)


def _models(text: str) -> Iterator[tuple[str, dict[str, Schema]]]:
    for model in MODEL.finditer(text):
        fields: dict[str, Schema] = {}
        for name, kind, options in FIELD.findall(model[2]):
            optional = re.search(r"default=|blank=True|null=True|auto_now|primary_key", options)
            if not optional and kind in ("Char", "Text", "Slug", "Email", *KINDS):
                email: Schema = {"format": "email"} if kind == "Email" else {}
                fields[name] = {"type": KINDS.get(kind, "string"), **email}
        yield model[1], fields


def _with_fields(operation: Operation, models: dict[str, dict[str, Schema]]) -> Operation:
    """The operation with the fields of the model that its path is named after, where nothing better is known."""
    last = operation.path.rstrip("/").rpartition("/")[2].lower().replace("_", "").replace("-", "")
    singular = next((name for name in (last, last.removesuffix("s"), re.sub(r"ies$", "y", last)) if name in models), "")
    if operation.fields or operation.method != "POST" or not singular:
        return operation
    fields = models[singular]
    return Operation(method="POST", path=operation.path, fields=fields, required=tuple(fields))
