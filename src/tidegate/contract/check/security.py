"""Whether a request that showed nothing of what is asked for was answered all the same."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from tidegate.contract.check.subject import Subject
from tidegate.contract.model import Scheme
from tidegate.records import Finding, Message


def unenforced(subject: Subject) -> Iterator[Finding]:
    """Security that is declared and was not enforced: no set of schemes is complete, and the answer is a success."""
    sets = subject.operation.security
    if not sets or not 200 <= subject.status < 300:
        return
    schemes = subject.document.schemes
    if any(all(name not in schemes or _carried(schemes[name], subject) for name in each) for each in sets):
        return
    promised = " or ".join(" and ".join(sorted(each)) for each in sets)
    yield subject.finding("unenforced-security", "request security", promised, f"{subject.status} without it")


def _carried(scheme: Scheme, subject: Subject) -> bool:
    """Whether the request carries what the scheme asks for; where that is left open, any credentials count."""
    asked = subject.exchange.request
    if scheme.kind == "mutualTLS":
        return True
    if scheme.kind != "apiKey":
        return bool(_word(asked) or asked.header("Cookie") or asked.header("Proxy-Authorization"))
    if scheme.place == "query":
        query = urlsplit(subject.exchange.url).query
        return any(name == scheme.key and value for name, value in parse_qsl(query))
    if scheme.place == "cookie":
        return bool(_cookies(asked).get(scheme.key))
    return bool((asked.header(scheme.key) or "").strip())


def _word(asked: Message) -> str:
    """The credentials in the Authorization header; a word such as Bearer alone is none."""
    first, _, rest = (asked.header("Authorization") or "").strip().partition(" ")
    return rest.strip() or ("" if first.lower() in ("bearer", "basic", "digest", "token") else first)


def _cookies(asked: Message) -> dict[str, str]:
    """The cookies that a request carries."""
    found: dict[str, str] = {}
    for name, value in asked.headers:
        if name.lower() == "cookie":
            pairs = (part.strip().partition("=") for part in value.split(";"))
            found |= {key: text.strip('"') for key, _, text in pairs}
    return found
