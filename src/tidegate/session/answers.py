"""What an answer says about records: one, a page of them, or that there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig, identity
from tidegate.settings import Resource
from tidegate.settings.template import as_text

ENVELOPES = ("items", "data", "results")
SHOWN = 300


class NotUnderstood(Exception):  # noqa: N818  said by the name
    """An answer is not what the resource's settings say."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the API showed it: `.id` as it writes it, `.path`, `.body`; `record["field"]` is `.body["field"]`."""

    id: int | str
    path: str
    body: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.body[field]


def parsed(content: bytes) -> Any:
    """The JSON in a body; None when there is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def record_in(body: Any, resource: Resource) -> dict[str, Any] | None:
    """The record in an answer: where the settings say, else bare or under `data`. None when there is none."""
    if resource.record:
        found = dig(body, resource.record)
    elif isinstance(body, dict) and identity(dig(body, resource.id)) is None and isinstance(body.get("data"), dict):
        found = body["data"]
    else:
        found = body
    return found if isinstance(found, dict) else None


def sent_record(body: Any, resource: Resource) -> Any:
    """The record in what is sent, out of the envelope that answers have where it has that as well."""
    return record_in(body, resource) or body


def records_in(body: Any, resource: Resource) -> list[dict[str, Any]] | None:
    """The records of a list answer, where the settings say, else bare or in an envelope; None when there is no list."""
    if resource.items:
        body = dig(body, resource.items)
    elif isinstance(body, dict):
        body = next((body[key] for key in (*ENVELOPES, resource.name) if isinstance(body.get(key), list)), None)
    if not isinstance(body, list):
        return None
    return [record for record in body if isinstance(record, dict)]


def made_id(answered: Any, sent: Any, resource: Resource, response: httpx.Response) -> int | str | None:
    """The id of a record that was just made: from the answer, else Location (RFC 9110, 10.2.2), else what was sent."""
    found = identity(dig(answered, resource.id))
    if found is None:
        found = _last_segment(response.headers.get("Location"))
    return identity(dig(sent, resource.id)) if found is None else found


def _last_segment(location: str | None) -> int | str | None:
    found = re.search(r"/([^/?#]+)/?(?:[?#].*)?$", location or "")
    return identity(unquote(found[1])) if found else None


def is_missing(response: httpx.Response, resource: Resource) -> bool:
    """Whether the status says that there is no such record."""
    status = response.status_code
    return str(status) in resource.missing or f"{status // 100}xx" in resource.missing


def is_gone(record: Mapping[str, Any], resource: Resource) -> bool:
    """Whether a record that can still be read counts as deleted."""
    if not resource.gone:
        return False
    field, _, value = resource.gone.partition("=")
    found = dig(record, field)
    return found is not None and as_text(found) == value if value else bool(found)


def good(response: httpx.Response) -> httpx.Response:
    """The answer when it is a success; else raises httpx.HTTPStatusError that shows what was asked and answered."""
    __tracebackhide__ = True  # a reader of a report wants the line of the test
    if response.is_success:
        return response
    request = response.request
    said = " ".join(response.text.split())[:SHOWN]
    path = request.url.raw_path.decode("ascii").partition("?")[0]  # a query may carry a token
    asked = f"{request.method} {path}"
    raise httpx.HTTPStatusError(f"{asked} answered {response.status_code} {said}", request=request, response=response)
