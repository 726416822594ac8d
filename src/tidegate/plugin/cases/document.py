"""The document that cases are made from, while tests are collected: no network is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from tidegate.errors import UsageError
from tidegate.plugin.state import STATE

if TYPE_CHECKING:
    from tidegate.contract.document import Document
    from tidegate.settings import Resource, Settings

_DOCUMENT = pytest.StashKey["Document"]()
LOCK = "openapi.lock.json"


def document_of(config: pytest.Config) -> Document:
    """The locked document, else the file that the settings name, read once a process; no network is asked.

    Raises UsageError when there is neither.
    """
    if _DOCUMENT not in config.stash:
        config.stash[_DOCUMENT] = _read(settings_of(config))
    return config.stash[_DOCUMENT]


def _read(settings: Settings) -> Document:
    from tidegate.contract.document import Document, read_document
    from tidegate.contract.lock import read_lock

    path = settings.root / settings.contract.folder / LOCK
    if (locked := read_lock(path)) is not None:
        return Document.of(locked)
    named = settings.contract.document
    if named and named != "auto" and "://" not in named and (settings.root / named).is_file():
        return read_document(lambda source: (settings.root / source).read_bytes(), named)
    raise UsageError(
        "There is no document of the API to make cases from.\n"
        f"  seen: no {path}, and contract.document is {named or 'not set'!r}\n"
        "  next: run the suite once against the API, then tidegate contract accept"
    )


def settings_of(config: pytest.Config) -> Settings:
    """The settings, also while tests are collected."""
    from tidegate.plugin.options import load_settings

    return config.stash[STATE].settings or load_settings(config)


def placing(document: Document, base_url: str, resources: Iterable[Resource]) -> Callable[[str], str]:
    """Gives the path below the base URL of each path of the document, some of which may have servers of their own."""
    from urllib.parse import urlsplit

    from tidegate.contract.cases.paths import below

    base, known = urlsplit(base_url).path, tuple(resources)
    items = {operation.path: document.plain["paths"].get(operation.path) or {} for operation in document.operations}
    shared = [path for path, item in items.items() if not item.get("servers")]
    usual = below(base, _servers(document.plain), shared, known)
    own = {path: below(base, _servers(item), [path], ()) for path, item in items.items() if item.get("servers")}
    return lambda path: own.get(path, usual)(path)


def _servers(node: Mapping[str, Any]) -> list[str]:
    from tidegate.contract.lock import server_path

    return [server_path(server) for server in node.get("servers") or () if isinstance(server, Mapping)]
