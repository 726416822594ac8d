"""No request body may fill the memory."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 100_000  # bytes; an order of 100 lines has about 12,000


class BodyLimit:
    """Stops reading a body that is too large. Bytes are counted: a chunked body doesn't say its size."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request unless reading it has to stop, which the operation sees as a 413."""
        size = 0

        async def receive_counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > LARGEST_BODY:
                raise HTTPException(413, f"The body has more than {LARGEST_BODY} bytes.")
            return message

        await self.app(scope, receive_counted, send)
