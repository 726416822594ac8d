"""Whether an answer is the refusal that a case asks for, and whether anything changed all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tidegate.contract.cases.case import Case
from tidegate.contract.model import Media

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


class Refusal(NamedTuple):
    """An answer as far as it matters here."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def flaws(case: Case, answer: Refusal, error: str = "") -> Iterator[str]:
    """What is wrong with an answer; `error` is a key that refusals of which the document says nothing must have."""
    if answer.status not in case.statuses:
        yield f"expected {' or '.join(map(str, case.statuses))}, and the API answered {answer.status}"
        return
    if answer.status == 405:
        yield from _of_allow(case, answer.headers)
    yield from _of_body(case, answer, error)


def _of_allow(case: Case, headers: Mapping[str, str]) -> Iterator[str]:
    """RFC 9110, 15.5.6: a 405 must have Allow; 10.2.1: it lists the methods that the resource supports."""
    allow = next((value for name, value in headers.items() if name.lower() == "allow"), None)
    sent = case.method or case.operation.method
    if allow is None:
        yield "a 405 must have an Allow header, and this one has none"
    elif sent in {name.strip().upper() for name in allow.split(",")}:
        yield f"Allow is {allow!r}, although {sent} was refused"


def _of_body(case: Case, answer: Refusal, error: str) -> Iterator[str]:
    promised = None if case.method else case.operation.answer(answer.status)
    kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    is_json = re.match(r"application/([\w.+-]+\+)?json\b", kind, re.IGNORECASE) is not None
    try:
        body = json.loads(answer.content) if is_json and answer.content else None
    except ValueError:
        yield f"its body says {kind}, and is no JSON"
        return
    if promised is None:
        if error and not (isinstance(body, dict) and body.get(error)):
            yield f"an error must say {error!r} in a JSON body, and this one does not"
        return
    media = _media(promised.media, kind)
    if promised.media and media is None:
        ranges = ", ".join(each.range for each in promised.media)
        yield f"the document promises a body of {ranges} with {answer.status}, and {kind or 'no body'} came"
    elif media and media.schema and is_json:
        for breach in media.schema.breaches(body):
            yield f"its body is not of the documented shape at {breach.pointer or 'the top'}: {breach.promised}"
            return


def _media(declared: tuple[Media, ...], kind: str) -> Media | None:
    asked = kind.partition(";")[0].strip().lower()
    whole = asked.partition("/")[0]
    for wanted in (asked, f"{whole}/*", "*/*"):
        for media in declared:
            if media.range.partition(";")[0].strip().lower() == wanted:
                return media
    return None


def changes(before: Any, after: Any, later: Any) -> list[str]:
    """The fields of a record that a refused request has changed.

    Not those that go on changing by themselves, as between `after` and `later`, nor times that moved on, such as when
    somebody was last seen.
    """
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [] if before == after else ["the record"]
    steady = later if isinstance(later, Mapping) else after
    names = sorted({*before, *after})
    return [
        name
        for name in names
        if before.get(name) != after.get(name)
        and after.get(name) == steady.get(name)
        and not (_is_time(before.get(name)) and _is_time(after.get(name)))
    ]


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None
