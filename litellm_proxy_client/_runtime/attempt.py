"""The trace of one attempt, written by the transport and read by the retries."""

from __future__ import annotations

from typing import Any


class AttemptTrace:
    """The progress of one attempt and the age of its connection.

    A request has it as its extension `trace`: httpcore's transports call it with each of their events.
    """

    __slots__ = ("_stream", "answered", "connected", "sent")

    def __init__(self) -> None:
        self.connected = self.sent = self.answered = False
        self._stream: Any = None

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Record an event of httpcore."""
        if event == "connection.connect_tcp.started":
            self.connected = True
        elif event == "connection.connect_tcp.complete":
            self._stream = info["return_value"]
        elif event == "connection.start_tls.failed":
            # httpcore closes a connection after a failed TLS handshake, but not after a cancelled TLS handshake.
            import anyio

            with anyio.CancelScope(shield=True):
                await self._stream.aclose()
        elif event.endswith("send_request_headers.started"):
            self.sent = True
            self._stream = None
        elif event.endswith("receive_response_headers.complete"):
            self.answered = True

    @property
    def stale(self) -> bool:
        """True if the request was sent on a keep-alive connection of an earlier request and got no response."""
        return self.sent and not self.connected and not self.answered
