"""A request that was drawn from the document."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tidegate.records import Headers

# What the client that sends it says of itself, and what it adds for whom it is logged in as.
NOT_SENT = frozenset(
    {"accept-encoding", "authorization", "connection", "content-length", "cookie", "host", "user-agent"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The request as it is to be sent."""

    method: str
    url: str
    headers: Headers
    content: bytes


class Drawn:
    """A request that may still be changed where it names records."""

    def __init__(self, case: Any, *, legal: bool, own: bool = True) -> None:
        self._case = case
        self.legal = legal
        """Whether it was drawn as one that the document allows."""
        self.own = own
        """Whether a read names a record that there is, and not an id that was drawn."""

    @property
    def body(self) -> dict[str, Any] | None:
        """The body where it is an object; changes of it are sent."""
        return self._case.body if isinstance(self._case.body, dict) else None

    def name(self, records: Mapping[str, object]) -> None:
        """Sets parameters of the path."""
        self._case.path_parameters.update({name: quote(str(value), safe="") for name, value in records.items()})

    def keep(self, queries: Container[str], headers: Container[str]) -> None:
        """Takes out parameters that the document does not know: to pass over those is no flaw of an API."""
        self._case.query = {name: value for name, value in self._case.query.items() if name in queries}
        self._case.headers = {name: value for name, value in self._case.headers.items() if name.lower() in headers}

    def asked(self, base_url: str) -> Asked:
        """The request below `base_url`; raises ValueError where its values cannot be sent over HTTP."""
        import requests

        wanted = self._case.as_transport_kwargs(base_url=base_url)
        known = ("method", "url", "headers", "params", "data", "files", "json", "cookies")
        try:
            made = requests.Request(**{name: wanted[name] for name in known if name in wanted}).prepare()
        except requests.RequestException as error:
            raise ValueError(str(error)) from None
        body = made.body or b""
        content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        if not isinstance(content, bytes):
            raise ValueError("its body is a stream")
        headers = ((str(name), _text(value)) for name, value in made.headers.items())
        return Asked(made.method or "", made.url or "", tuple(each for each in headers if _is_sent(*each)), content)


def _is_sent(name: str, value: str) -> bool:
    name = name.lower()
    return name not in NOT_SENT and not name.startswith("x-schemathesis-") and (name, value) != ("accept", "*/*")


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
