"""An API's OpenAPI document, read and ready to be held against exchanges."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tidegate.contract.document.bundle import Bundle
from tidegate.contract.document.files import Fetch, Files
from tidegate.contract.document.operations import Reader, methods
from tidegate.contract.document.paths import Match, Paths, named
from tidegate.contract.document.servers import Prefix, ordered, prefixes, stripped
from tidegate.contract.document.swagger import converted
from tidegate.contract.document.trouble import broken, shown, wrong_type
from tidegate.contract.model import Bound, Operation, Scheme


class Document:
    """What an API promises.

    `version` is that of the specification by which it was written, `plain` all of it in one piece.
    """

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        info = plain.get("info")
        self.title = str((info.get("title") if isinstance(info, Mapping) else "") or "")
        self.version = str(plain.get("x-swagger") or plain.get("openapi") or "")
        self._reader = Reader(plain)
        self.operations: tuple[Operation, ...] = tuple(self._reader.operations())
        self.schemes: Mapping[str, Scheme] = self._reader.schemes()
        self._by_name = {(each.path, each.method): each for each in self.operations}
        self._items: Mapping[str, Any] = plain.get("paths") or {}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Document:
        """The document of a self-contained one that was read before, such as a lock."""
        return read_plain(_nowhere, "", plain)

    @cached_property
    def _paths(self) -> Paths:
        return Paths(path for path in self._items if not path.startswith("x-"))

    @cached_property
    def _own_prefixes(self) -> Mapping[str, tuple[Prefix, ...]]:
        """The prefixes of the paths that have servers of their own, or whose operations have."""
        found: dict[str, tuple[Prefix, ...]] = {}
        for path, item in self._items.items():
            nodes = [item, *(operation for _, operation in methods(item))] if isinstance(item, Mapping) else []
            own = [prefixes(node["servers"]) for node in nodes if node.get("servers")]
            if own:
                shared = () if isinstance(item, Mapping) and item.get("servers") else self._prefixes
                found[path] = tuple(dict.fromkeys([*(each for group in own for each in group), *shared]))
        return found

    @cached_property
    def _prefixes(self) -> tuple[Prefix, ...]:
        return ordered(prefixes(self.plain.get("servers")) or ("",))

    @cached_property
    def _all_prefixes(self) -> tuple[Prefix, ...]:
        return ordered([*self._prefixes, *(each for group in self._own_prefixes.values() for each in group)])

    def bind(self, method: str, url: str, base_url: str = "") -> Bound:
        """The operation that a request is a call of; the path alone where it has no such method, else nothing.

        What is looked up is the path below one of the document's servers, else below `base_url`, else the whole: the
        path that the servers have may be added by a proxy.
        """
        path, query = _parts(url)
        wanted = method.upper()
        found: Match | None = None
        for match in self._candidates(path, query, base_url):
            operation = self._operation(match, wanted)
            if operation:
                return Bound(operation, match.entry.text, named(match, query))
            found = found or match
        return Bound(None, found.entry.text, named(found, query)) if found else Bound()

    def _operation(self, match: Match, method: str) -> Operation | None:
        found = self._by_name.get((match.entry.text, method))
        return self._by_name.get((match.entry.text, "GET")) if found is None and method == "HEAD" else found

    def _candidates(self, path: str, query: str, base_url: str) -> list[Match]:
        """The paths of the document that fit, under the prefix that leaves the most literal one."""
        below, groups = False, []
        for prefix in self._all_prefixes:
            rest = stripped(path, prefix)
            if rest is None:
                continue
            below = below or prefix != ""
            found = self._paths.matches(rest or "/", query)
            if self._own_prefixes:
                found = [each for each in found if prefix in self._own_prefixes.get(each.entry.text, self._prefixes)]
            groups += [found] if found else []
        if groups:
            return max(groups, key=lambda found: sum(found[0].entry.rank))
        if base_url and (base := _parts(base_url)[0].rstrip("/")):
            rest = stripped(path, base)
            if rest is not None:
                return self._below_base(rest, query)
        found = self._paths.matches(path, query)
        return [each for each in found if any(each.entry.rank)] if below else found

    def _below_base(self, rest: str, query: str) -> list[Match]:
        for prefix in self._all_prefixes:
            inner = stripped(rest, prefix)
            if inner is not None and (found := self._paths.matches(inner or "/", query)):
                return found
        return self._paths.matches(rest or "/", query)


def _nowhere(_: str) -> bytes:
    raise FileNotFoundError("nothing but the document itself is known")


def _parts(url: str) -> tuple[str, str]:
    """The path and query of a URL."""
    whole = url.partition("#")[0]
    path, _, query = whole.partition("?")
    _, scheme, rest = path.partition("://")
    if scheme and not path.startswith("/"):
        path = "".join(rest.partition("/")[1:])
    return path or "/", query


def read_document(fetch: Fetch, source: str) -> Document:
    """The document at `source`, a path or URL; `fetch` gets its content, and that of the files that it refers to.

    DocumentError where it cannot be had or used. What `fetch` raises is told as the reason.
    """
    files = Files(fetch)
    return _read(files, source, files.load(source))


def read_plain(fetch: Fetch, source: str, plain: Mapping[str, Any]) -> Document:
    """The document of plain data that `source` held."""
    files = Files(fetch)
    files.add(source, plain)
    return _read(files, source, plain)


def _read(files: Files, source: str, content: Any) -> Document:
    if not isinstance(content, Mapping):
        seen = f"{source} holds {shown(content)}"
        raise broken(
            "The API's document is no OpenAPI document.", seen, "Set contract.document to where the document is"
        )
    version = str(content.get("openapi", content.get("swagger", "")))
    if not version.startswith(("3.", "2")):
        seen = f"{source} has the keys {', '.join(map(str, list(content)[:8]))}" + (
            f", version {version}" if version else ""
        )
        then = "Set contract.document to a document of OpenAPI 3 or Swagger 2.0"
        raise broken("The API's document says neither `openapi: 3.…` nor `swagger: 2.0`.", seen, then)
    if content.get("paths") is not None and not isinstance(content["paths"], Mapping):
        raise wrong_type("#/paths", "an object", content["paths"])
    try:
        plain = Bundle(files, source, content).made()
    except RecursionError:
        raise broken("The API's document is nested too deeply.", source) from None
    return Document(converted(plain) if "swagger" in plain else plain)
