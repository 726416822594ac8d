"""What makes a server take a request for another one than its method, path and host say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes

from tidegate.session.http import httpx
from tidegate.session.sent import sent_values
from tidegate.settings.template import PLACEHOLDER, as_text

# As headers and in a query; some servers take "_" for "-".
OVERRIDES = frozenset(
    {
        *("x-http-method-override", "x-http-method", "x-method-override", "x-method", "x-original-method"),
        *("x-original-url", "x-rewrite-url"),
    }
)
FIELDS = OVERRIDES | {"-method", "-httpmethod"}
ENCODED = 3  # times that a path is decoded: by a proxy, by a server, by a framework


def is_disguised(request: httpx.Request) -> bool:
    """Whether a server may take the request for one of another method, path or host than its own."""
    host, netloc = request.headers.get("Host", "").lower(), request.url.netloc.decode("ascii").lower()
    return is_overridden(request) or host not in ("", netloc, request.url.raw_host.decode("ascii").lower())


def is_overridden(request: httpx.Request) -> bool:
    """Whether it carries what makes another method or path of it."""
    if "target" in request.extensions or not OVERRIDES.isdisjoint(map(_dashed, request.headers)):
        return True
    query = request.url.query
    if b"method" in unquote_to_bytes(query).lower() and any(map(_is_field, _names(query))):
        return True
    with_body = {"content-length", "transfer-encoding"} & request.headers.keys()
    return bool(with_body) and any(_is_field(name) for name, _value in sent_values(request))


def is_override(header: str) -> bool:
    """Whether a header is one that makes another method or path of a request."""
    return _dashed(header) in OVERRIDES


def _dashed(name: str) -> str:
    return name.lower().replace("_", "-")


def _is_field(name: str) -> bool:
    return _dashed(name.removesuffix("[]")) in FIELDS


def _names(query: bytes) -> list[str]:
    return [unquote(pair.partition("=")[0]) for pair in re.split("[&;]", query.decode("ascii"))]


def spelled_out(path: str) -> str:
    """The path as a server reads it that decodes it before it looks for slashes and dots."""
    for _ in range(ENCODED):
        path = unquote(path)
    steps: list[str] = []
    for step in path.replace("\\", "/").split("/"):
        if step == "..":
            steps[-1:] = []
        elif step not in ("", "."):
            steps.append(step)
    return "/" + quote("/".join(steps), safe="/:@!$'()*+,;=~")


def says(template: Mapping[str, Any], request: httpx.Request) -> bool:
    """Whether the body says what stands in the template beside placeholders."""
    if not _fixed(template):
        return True
    try:
        raw = request.content
    except httpx.RequestNotRead:
        return False
    try:
        return _matches(template, json.loads(raw))
    except (ValueError, RecursionError):
        pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
        # Of a field that is sent twice, nobody knows which one counts.
        return len(dict(pairs)) == len(pairs) and _matches(template, dict(pairs))


def _fixed(template: Any) -> bool:
    """Whether there is anything in it that no placeholder stands for."""
    if isinstance(template, Mapping):
        return any(map(_fixed, template.values()))
    if isinstance(template, (list, tuple)):
        return any(map(_fixed, template))
    return not (isinstance(template, str) and PLACEHOLDER.fullmatch(template))


def _matches(template: Any, sent: Any) -> bool:
    if not _fixed(template):
        return True
    if isinstance(template, Mapping):
        return isinstance(sent, Mapping) and all(_matches(inner, sent.get(key)) for key, inner in template.items())
    if isinstance(template, (list, tuple)):
        return isinstance(sent, list) and len(sent) == len(template) and all(map(_matches, template, sent))
    parts = PLACEHOLDER.split(as_text(template))[::2]  # what stands between the names
    return re.fullmatch(".*".join(map(re.escape, parts)), as_text(sent), re.DOTALL) is not None
