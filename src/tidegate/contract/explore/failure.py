"""When an API has failed, whatever its document says of that."""

from __future__ import annotations

from tidegate.records import Exchange, Finding

KIND = "server-error"
# 501 says that it cannot, 503 that it cannot now: neither that it has failed (RFC 9110, 15.6).
NO_FAILURES = frozenset({501, 503})


def failure_of(exchange: Exchange) -> Finding | None:
    """The finding of a request by which the API failed; of one that belongs to no operation, none."""
    if not exchange.operation:
        return None
    if exchange.status is None:
        lost = exchange.error.startswith(("RemoteProtocolError", "ReadError"))
        return _finding(exchange, "no answer", exchange.error.partition(":")[0]) if lost else None
    if exchange.status < 500 or exchange.status in NO_FAILURES:
        return None
    return _finding(exchange, str(exchange.status), str(exchange.status))


def _finding(exchange: Exchange, where: str, came: str) -> Finding:
    return Finding(KIND, exchange.operation, where, "no request makes the API fail", came)
