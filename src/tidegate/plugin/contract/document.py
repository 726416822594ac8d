"""Getting the API's document: from the API itself, the way tests ask it, from a file or from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tidegate.errors import DocumentError

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.document import Document
    from tidegate.session.guard import Guard
    from tidegate.settings import Settings

AUTO = "auto"
ACCEPT = {"Accept": "application/json, application/yaml;q=0.9, */*;q=0.5"}
Report = Callable[[str], None]


class _AbsentError(DocumentError):
    """The API says that there is none."""


def read(settings: Settings, base_url: str, guard: Guard, report: Report) -> Document | None:
    """The document that the settings name; None when `auto` finds none. Raises DocumentError for one that is no use."""
    from tidegate.contract.document import read_document

    source = settings.contract.document
    if _is_file(source, settings.root):
        where = str(settings.root / source)
        with _asking(settings, base_url, guard, report) as ask:
            return read_document(lambda url: ask(url) if _is_url(url) else Path(url).read_bytes(), where)
    with _asking(settings, base_url, guard, report) as ask:
        found = _found(ask, settings) if source == AUTO else source
        return read_document(ask, found) if found else None


def _is_url(source: str) -> bool:
    return urlsplit(source).scheme in ("http", "https")


def _is_file(source: str, root: Path) -> bool:
    """A path that begins with a slash is the API's, unless there is such a file."""
    return source != AUTO and not _is_url(source) and (not source.startswith("/") or (root / source).is_file())


@contextmanager
def _asking(settings: Settings, base_url: str, guard: Guard, report: Report) -> Iterator[Callable[[str], bytes]]:
    """A way to get what is at a path of the API, or at a URL; such requests are neither recorded nor counted."""
    from tidegate.session.client import new_client
    from tidegate.session.login import Identity, Sessions
    from tidegate.session.wire import open_wire

    wire = open_wire(settings, base_url, guard=guard.around, report=report)
    with ExitStack() as clients:
        anybody = clients.enter_context(new_client(base_url, settings.client, transport=wire))
        identity = Identity(settings, base_url, Sessions(settings, anybody).open_admin)
        admin = new_client(base_url, settings.client, transport=wire, auth=identity)  # closed with the other's wire

        def ask(url: str) -> bytes:
            answer = _get(anybody, url, base_url)
            if answer.status_code in (401, 403) and not _is_url(url):  # shown to who is logged in alone
                answer = _get(admin, url, base_url)
            return _content(answer)

        yield ask


def _get(client: httpx.Client, url: str, base_url: str) -> httpx.Response:
    from tidegate.session.http import httpx

    if _is_url(url):
        home = urlsplit(url)[:2] == urlsplit(base_url)[:2]
        # Headers of the settings may hold a key, which is the API's alone.
        return client.get(url, headers=ACCEPT, follow_redirects=True) if home else _abroad(client, url)
    if not url.startswith("/"):
        raise DocumentError(
            f"a $ref of the API's document leads out of the API\n  seen: {url}\n"
            "  next: name the document as a file in contract.document, if its parts are files"
        )
    answer = client.get(url, headers=ACCEPT, follow_redirects=True)
    origin = httpx.URL(base_url).copy_with(path="/", query=None)
    if answer.status_code == 404 and httpx.URL(base_url).path.strip("/"):
        return client.get(origin.join(url), headers=ACCEPT, follow_redirects=True)
    return answer


def _abroad(client: httpx.Client, url: str) -> httpx.Response:
    request = client.build_request("GET", url)
    request.headers = type(request.headers)({"Host": request.headers["Host"], **ACCEPT})
    return client.send(request, follow_redirects=True)


def _content(answer: httpx.Response) -> bytes:
    if answer.is_success:
        return answer.content
    kind = _AbsentError if answer.is_client_error else DocumentError
    raise kind(
        f"the API's document cannot be had\n  seen: GET {answer.url} answered {answer.status_code}\n"
        "  next: set contract.document (--contract-document) to where it is; without one, leave it out"
    )


def _found(ask: Callable[[str], bytes], settings: Settings) -> str:
    """The usual place where the API shows its document; empty where none does and none was locked."""
    from tidegate.adopt.live import DOCUMENTS, Answer, document
    from tidegate.contract.lock import NAME

    def fetch(path: str) -> Answer:
        try:
            return Answer(200, ask(path).decode("utf-8", "replace"))
        except _AbsentError:
            return Answer(404, "")

    found = document(fetch)
    if found is None and (settings.root / settings.contract.folder / NAME).exists():
        raise DocumentError(
            f"the API shows no document any more, and one is locked in {settings.contract.folder}\n"
            f"  seen: nothing at {', '.join(DOCUMENTS)}\n  next: set contract.document to where it is"
        )
    return found[0] if found else ""
