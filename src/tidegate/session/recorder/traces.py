"""The trace that requests carry: Trace Context, W3C Recommendation, 3.2."""

from __future__ import annotations

import secrets

from tidegate.session.http import httpx

HEADER = "traceparent"


class Traces:
    """Gives all requests of a test one trace, and each a span of its own."""

    def __init__(self) -> None:
        self._of, self._id = "", ""

    def put_on(self, request: httpx.Request, test: str) -> None:
        """Lets the request carry a `traceparent`, unless it has one."""
        if HEADER in request.headers:
            return
        if self._of != test or not self._id:
            self._of, self._id = test, secrets.token_hex(16)
        request.headers[HEADER] = f"00-{self._id}-{secrets.token_hex(8)}-01"
