"""The forms a setting's value may have: each takes what a source holds and returns the value, or says the form."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def text(raw: object) -> str:
    """A text that is not empty."""
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a text that is not empty")
    return raw


def seconds(raw: object) -> float:
    """Seconds as a number above 0."""
    try:
        value = float(raw) if isinstance(raw, (str, int, float)) and not isinstance(raw, bool) else -1.0
    except (ValueError, OverflowError):
        value = -1.0
    if not 0 < value < 86_400:
        raise ValueError("seconds above 0 and below a day, such as 30 or 0.5")
    return value


def count(raw: object) -> int:
    """A whole number above 0."""
    if isinstance(raw, str) and re.fullmatch(r"\s*\d{1,9}\s*", raw):
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 1:
        raise ValueError("a whole number above 0, such as 100")
    return raw


def words(raw: object) -> tuple[str, ...]:
    """Words: a list of texts, or one text with commas."""
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list) or not items or not all(isinstance(item, str) and item.strip() for item in items):
        raise ValueError('a list of words such as ["ok", "up"], or ok,up in the environment')
    return tuple(item.strip() for item in items)


def names(raw: object) -> tuple[str, ...]:
    """Names of resources: a list that may be empty."""
    return () if raw == [] else words(raw)


def url_path(raw: object) -> str:
    """A path on the API, with a leading slash."""
    if not isinstance(raw, str) or not re.fullmatch(r"/[\x21-\x7e]*", raw) or raw.startswith("//"):
        raise ValueError("a path that starts with one slash and has no blanks, such as /health")
    return raw


def path_or_url(raw: object) -> str:
    """A path below the base URL, or a URL of its own."""
    if isinstance(raw, str) and raw.startswith("http"):
        return base_url(raw)
    return url_path(raw)


def base_url(raw: object) -> str:
    """Scheme, host and perhaps port and path, without a trailing slash."""
    form = "http:// or https:// with a host, and perhaps a port and a path, such as http://localhost:8000"
    if not isinstance(raw, str) or re.search(r"[\s\x00-\x1f\\]", raw.strip()):
        raise ValueError(form)
    try:
        parts = urlsplit(raw.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable or parts.query or parts.fragment:
        raise ValueError(form)
    if parts.username is not None:
        raise ValueError(form + "; credentials belong into API_ADMIN_EMAIL and API_ADMIN_PASSWORD")
    return raw.strip().rstrip("/")


def prefix(raw: object) -> str:
    """What every marked value starts with; long and plain enough that it cannot match by accident."""
    if not isinstance(raw, str) or not re.fullmatch(r"[a-z][a-z0-9_]{2,}-", raw):
        raise ValueError("at least three small letters or digits and a closing hyphen, such as test-")
    return raw


def filter_template(raw: object) -> str:
    """A query string with {prefix} or {parent.id} in it."""
    if not isinstance(raw, str) or not re.search(r"=.*\{(prefix|parent\.id)\}", raw):
        raise ValueError("a query with a placeholder, such as email_prefix={prefix} or owner_id={parent.id}")
    return raw
