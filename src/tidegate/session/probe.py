"""One question to the health path, and what came back told apart."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from tidegate.session.judgement import is_accepted, objection
from tidegate.session.question import Pass, Question

BODY_LIMIT = 1_048_576
ASKING = {"Accept": "application/json, */*;q=0.5"}


class Kind(Enum):
    """What one try met."""

    READY = "ready"
    NAME_NOT_RESOLVED = "name not resolved"
    REFUSED = "connection refused"
    TLS = "TLS error"
    TIMED_OUT = "timed out"
    NO_ANSWER = "no answer"
    STATUS = "HTTP status"
    BODY = "wrong body"
    UNUSABLE = "unusable URL"
    LOGIN = "no login"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one try met, in words, with the body when there was one; `setting` is what would make it a yes."""

    kind: Kind
    detail: str
    status: int | None = None
    body: bytes = b""
    location: str | None = None
    setting: str = ""


def ask(question: Question, timeout: float, admitted: Pass | None = None) -> Answer:
    """One try within about `timeout` seconds, without redirects; never raises for what the network does.

    `admitted` is what it carries of a login.
    """
    try:
        if question.health.kind == "tcp":
            return _connect(urlsplit(question.url), timeout)
        return _judge(*_get(question, timeout, admitted or Pass({})), question)
    except socket.gaierror as error:
        return Answer(Kind.NAME_NOT_RESOLVED, f"name not resolved: {_asked_first(question)} ({error.strerror})")
    except ConnectionRefusedError:
        return Answer(Kind.REFUSED, "connection refused: nothing listens there")
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):  # as a port forwarder does before the server behind it listens
        return Answer(Kind.NO_ANSWER, "no answer: the connection was closed during the TLS handshake")
    except ssl.SSLError as error:
        return Answer(Kind.TLS, f"TLS error: {getattr(error, 'verify_message', '') or error.reason or error}")
    except TimeoutError:
        return Answer(Kind.TIMED_OUT, f"timed out: no complete answer within {timeout:.3g} s")
    except (UnicodeError, http.client.InvalidURL) as error:
        return Answer(Kind.UNUSABLE, f"unusable URL: {error}")
    except http.client.RemoteDisconnected:
        return Answer(Kind.NO_ANSWER, "no answer: the connection was closed before one came")
    except http.client.HTTPException as error:
        return Answer(Kind.NO_ANSWER, f"no answer in HTTP: {type(error).__name__} {error}"[:200])
    except OSError as error:
        return Answer(Kind.NO_ANSWER, f"no answer: {error.strerror or error}")


def _asked_first(question: Question) -> str | None:
    """The host whose name is looked up: a proxy's, where there is one."""
    return urlsplit(question.client.proxy or question.url).hostname


def _connect(parts: SplitResult, timeout: float) -> Answer:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    socket.create_connection((parts.hostname or "", port), timeout).close()
    return Answer(Kind.READY, "takes connections")


def _get(question: Question, timeout: float, admitted: Pass) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(question.url)
    query = "&".join(filter(None, (parts.query, admitted.query)))
    target = (parts.path or "/") + (f"?{query}" if query else "")
    connection, begin = _connection(parts, question, timeout)
    end = monotonic() + timeout
    try:
        connection.request("GET", begin + target, headers=_headers(question, admitted))
        response = connection.getresponse()
        return response, _read(response, end)
    finally:
        connection.close()


def _headers(question: Question, admitted: Pass) -> Mapping[str, str]:
    # A name in another case would be sent twice.
    named = {name.lower(): (name, value) for headers in (ASKING, question.client.headers, admitted.headers)
             for name, value in headers.items()}  # fmt: skip
    return {**dict(named.values()), "Connection": "close"}


def _connection(parts: SplitResult, question: Question, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """A connection, and what a target begins with on it: a proxy for plain HTTP wants to see the whole URL."""
    host, port = parts.hostname or "", parts.port
    proxy = urlsplit(question.client.proxy) if question.client.proxy else None
    if parts.scheme == "https":
        from tidegate.session.tls import trust

        first, first_port = (proxy.hostname or "", proxy.port or 80) if proxy else (host, port)
        secure = http.client.HTTPSConnection(first, first_port, timeout=timeout, context=trust(question.client))
        if proxy:
            secure.set_tunnel(host, port or 443)
        return secure, ""
    if proxy:
        return http.client.HTTPConnection(proxy.hostname or "", proxy.port or 80, timeout=timeout), (
            f"http://{parts.netloc}"
        )
    return http.client.HTTPConnection(host, port, timeout=timeout), ""


def _read(response: http.client.HTTPResponse, end: float) -> bytes:
    """The body up to a limit; a server that sends a byte now and then does not hold us past `end`."""
    body = b""
    while len(body) < BODY_LIMIT and (chunk := response.read1(BODY_LIMIT - len(body))):
        body += chunk
        if monotonic() > end:
            raise TimeoutError
    if response.length and len(body) < BODY_LIMIT:
        raise http.client.IncompleteRead(body, response.length)
    return body


def _judge(response: http.client.HTTPResponse, body: bytes, question: Question) -> Answer:
    status = response.status
    if not is_accepted(status, question.health):
        location = response.headers.get("Location")
        detail = f"HTTP {status} {response.reason}".rstrip() + (f", Location: {location}" if location else "")
        return Answer(Kind.STATUS, detail, status, body, location)
    if found := objection(body, question.health):
        return Answer(Kind.BODY, f"wrong body: {found[0]}", status, body, setting=found[1])
    return Answer(Kind.READY, f"answered {status}", status, body)
