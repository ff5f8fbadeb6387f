"""How far one attempt came, and on what connection: told by the transport, asked by the retries."""

from __future__ import annotations

from typing import Any


class AttemptTrace:
    """The way of one attempt; a request carries it as its extension `trace`, where httpcore's transports call it."""

    __slots__ = ("_stream", "answered", "connected", "sent")

    def __init__(self) -> None:
        self.connected = self.sent = self.answered = False
        self._stream: Any = None

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Hear of an event of httpcore."""
        if event == "connection.connect_tcp.started":
            self.connected = True
        elif event == "connection.connect_tcp.complete":
            self._stream = info["return_value"]
        elif event == "connection.start_tls.failed":
            # httpcore closes a connection whose handshake failed, but not one whose handshake was cancelled.
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
        """Whether a connection that an earlier request had left open was sent on and never answered."""
        return self.sent and not self.connected and not self.answered
