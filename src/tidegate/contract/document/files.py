"""The files of a document, and where a `$ref` in one of them leads (OpenAPI 3.1, 4.6)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin

from tidegate.contract.document import identifiers, pointers
from tidegate.contract.document.parse import parsed
from tidegate.contract.document.trouble import broken
from tidegate.errors import DocumentError, TidegateError

_WEB = ("http://", "https://")
Fetch = Callable[[str], bytes]


class Place(NamedTuple):
    """A node of a file: which, by which pointer, and what stands there."""

    url: str
    pointer: str
    node: Any


class Files:
    """Each file of a document, read once."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._read: dict[str, Any] = {}
        self._within: dict[str, str] = {}  # the files of schemas that have an address of their own

    def add(self, url: str, content: Any) -> None:
        """Takes the content of a file as known."""
        self._read[url] = content

    def knows(self, url: str) -> bool:
        """Whether a schema has that address of its own."""
        return url in self._within

    def load(self, url: str, because: str = "") -> Any:
        """The content of a file."""
        if url not in self._read:
            content = self._bytes(url, because)
            self._read[url] = parsed(content, url)
            if b"$id" in content:
                for name, node in identifiers.identified(self._read[url]):
                    own = absolute(url, name)
                    self._read.setdefault(own, node)
                    self._within[own] = url
        return self._read[url]

    def _bytes(self, url: str, because: str) -> bytes:
        try:
            return self._fetch(url)
        except DocumentError:
            raise
        except TidegateError:
            raise
        except Exception as error:
            seen = f"{url}: {type(error).__name__}: {error}" + (f", for {because}" if because else "")
            then = "Check contract.document, and that the file can be had from here"
            raise broken("The API's document cannot be had.", seen, then) from error

    def follow(self, ref: str, url: str, because: str) -> Place:
        """Where a `$ref` that stands in the file `url` leads, past further `$ref`s."""
        seen: list[str] = []
        while True:
            place = self._one(ref, url, because)
            name = f"{place.url}#{place.pointer}"
            if name in seen:
                raise broken(
                    "A $ref of the API's document leads back to itself.", f"{because}: {' -> '.join([*seen, name])}"
                )
            seen.append(name)
            if not (isinstance(place.node, Mapping) and isinstance(place.node.get("$ref"), str)):
                return place
            ref, url = place.node["$ref"], place.url

    def place(self, ref: str, url: str, because: str) -> Place:
        """Where a `$ref` leads, be it to another one; checks that there is something at the end."""
        self.follow(ref, url, because)
        return self._one(ref, url, because)

    def _one(self, ref: str, url: str, because: str) -> Place:
        file, _, fragment = ref.partition("#")
        target = absolute(url, file) if file else url
        if file and not target:
            raise broken("A $ref of the API's document names a file that is not its own.", f"{because}: {ref}")
        try:
            return self._at(target, fragment, f"{because}: {ref}")
        except DocumentError:
            if file or url not in self._within:
                raise
        return self._at(self._within[url], fragment, f"{because}: {ref}")  # an $id that nobody meant

    def _at(self, url: str, fragment: str, because: str) -> Place:
        whole = self.load(url, because)
        if not fragment or fragment.startswith("/"):
            return self._walk(whole, url, pointers.split(fragment), because)
        found = identifiers.anchored(whole, fragment)
        if found is None:
            raise broken("A $ref of the API's document leads to nothing.", because)
        return Place(url, *found)

    def _walk(self, node: Any, url: str, tokens: list[str], because: str) -> Place:
        """Steps through a file; over a `$ref` on the way too, which RFC 6901 does not know and documents use."""
        at: list[str] = []
        for token in tokens:
            if isinstance(node, Mapping) and token not in node and isinstance(node.get("$ref"), str):
                url, pointer, node = self.follow(node["$ref"], url, because)
                at = pointers.split(pointer)
            try:
                node = pointers.step(node, token)
            except KeyError:
                raise broken("A $ref of the API's document leads to nothing.", because) from None
            at.append(token)
        return Place(url, pointers.join(at), node)


def absolute(url: str, file: str) -> str:
    """The address of a file that is named in the file `url`; empty where one of the net names one of this machine."""
    if file.startswith(_WEB):
        return file
    if url.startswith(_WEB):
        try:
            found = urljoin(url, file)
        except ValueError:
            found = ""
        return found if found.startswith(_WEB) else ""
    path = unquote(file.removeprefix("file://"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(url), path))
