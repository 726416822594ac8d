"""One question to the health path, and what came back told apart."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from urllib.parse import urlsplit

BODY_LIMIT = 1_048_576


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What one try met, in words, with the body when there was one."""

    kind: Kind
    detail: str
    status: int | None = None
    body: bytes = b""
    location: str | None = None


def ask(url: str, words: tuple[str, ...], timeout: float) -> Answer:
    """One GET of `url` within about `timeout` seconds, without redirects; never raises for what the network does."""
    try:
        return _judge(*_get(url, timeout), words)
    except socket.gaierror as error:
        return Answer(Kind.NAME_NOT_RESOLVED, f"name not resolved: {urlsplit(url).hostname} ({error.strerror})")
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


def _get(url: str, timeout: float) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    assert parts.hostname
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname, parts.port, timeout=timeout)
    end = monotonic() + timeout
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Accept": "application/json, */*;q=0.5", "Connection": "close"})
        response = connection.getresponse()
        return response, _read(response, end)
    finally:
        connection.close()


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


def _judge(response: http.client.HTTPResponse, body: bytes, words: tuple[str, ...]) -> Answer:
    if not 200 <= response.status < 300:
        location = response.headers.get("Location")
        detail = f"HTTP {response.status} {response.reason}".rstrip() + (f", Location: {location}" if location else "")
        return Answer(Kind.STATUS, detail, response.status, body, location)
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict) and "status" in parsed:
        status = parsed["status"]
        if not isinstance(status, str) or status.casefold() not in {word.casefold() for word in words}:
            expected = " / ".join(words)
            return Answer(Kind.BODY, f"wrong body: status is {status!r:.60}, not {expected}", response.status, body)
    return Answer(Kind.READY, f"answered {response.status}", response.status, body)
