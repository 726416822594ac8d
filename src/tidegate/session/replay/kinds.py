"""What is another value each time although nothing is different, by its name and its form."""

from __future__ import annotations

import re
from typing import Any

_ID = re.compile(
    r"(?:^|[_-])(?:id|uuid|guid|key|ref|slug|etag|cursor|token|nonce|trace)s?$|[a-z](?:Id|ID|Uuid|Key|Ref|Token)s?$",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"[a-z](?:Id|ID|Uuid|Key|Ref|Token|At|Time|Date)s?$")
_TIME = re.compile(
    r"(?:^|_)(?:at|on|time|date|timestamp|ts|age|ttl|exp|iat|expires(?:_in)?|duration|elapsed|uptime|latency|ms|seconds"
    r"|created|updated|modified|last_\w+)$|(?:time|date|stamp)$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?:^|_)(?:total|count|size|pages?|length)$|(?:Total|Count)$", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?|\w{3}, \d\d \w{3} \d{4} .*")
_OPAQUE = re.compile(r"(?=\S*\d)[\w.~+/=:-]{12,}|[0-9a-f]{8,}", re.IGNORECASE)


def is_id(name: str) -> bool:
    """Whether a field of that name says which record it is."""
    return bool(_ID.search(name) or _CAMEL.search(name))


def is_opaque(value: object) -> bool:
    """Whether a text says nothing to people, as ids and cursors do."""
    return isinstance(value, str) and bool(_OPAQUE.fullmatch(value))


def is_count(name: str) -> bool:
    """Whether a field of that name says how many there are, which depends on what others have left."""
    return bool(_COUNT.search(name))


def is_volatile(name: str, then: Any, now: Any) -> bool:
    """Whether two different values of a field are no difference that anybody looks for."""
    if isinstance(then, str) and isinstance(now, str):
        moments = _MOMENT.fullmatch(then) and _MOMENT.fullmatch(now)
        return bool(moments or (is_opaque(then) and is_opaque(now)) or is_id(name) or _is_time(name))
    return is_number(then) and is_number(now) and (is_id(name) or _is_time(name))


def is_number(value: object) -> bool:
    """Whether it is a number, which true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_time(name: str) -> bool:
    return bool(_TIME.search(name) or _CAMEL.search(name))
