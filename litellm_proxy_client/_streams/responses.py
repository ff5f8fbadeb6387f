"""Pure: the protocol of streams of the Responses API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from .._wire.protocol import StreamProtocol
from ..types._lenient import build
from ..types.responses import Response, ResponseItem, ResponseStreamEvent

# The events that end a response. `response.failed` is raised as an error.
TERMINAL = {"response.completed", "response.incomplete", "response.failed"}
# The events with pieces of a content part: the type of the part, and its field.
CONTENT_DELTAS = {
    "response.output_text.delta": ("output_text", "text"),
    "response.refusal.delta": ("refusal", "refusal"),
}


class ResponseProtocol(StreamProtocol[ResponseStreamEvent]):
    """The stream of a response: events, of which a terminal one is the last, then `[DONE]`."""

    incomplete = "the stream ended without a terminal event such as response.completed"

    def __init__(self) -> None:
        super().__init__(ResponseStreamEvent)
        self._response: Response | None = None
        self._items: dict[int, _Item] = {}
        self._finished = False

    def find_error(self, data: bytes) -> dict[str, Any] | None:
        """Return the error of a failed response, in the form of the proxy's other errors."""
        event = super().find_error(data)
        if event is None:
            return None
        if event.get("type") == "response.failed":
            self.keep(data)  # its status and reason belong to the partial response
            response = event.get("response")
            error = cast("dict[str, Any]", response).get("error") if isinstance(response, dict) else None
            return {"error": error}
        return {"error": event} if event.get("type") == "error" else event

    def is_error(self, event: dict[str, Any]) -> bool:
        """Return True for a failed response and for an error without a response."""
        return event.get("type") in ("response.failed", "error") or super().is_error(event)

    def add(self, events: Sequence[ResponseStreamEvent]) -> None:
        """Add events to the response. Fields of unexpected types are ignored: no event raises."""
        for event in events:
            self._finished = self._finished or event.type in TERMINAL
            if isinstance(event.response, Response):
                self._response = event.response
            if not isinstance(event.output_index, int):
                continue
            item = self._items.setdefault(event.output_index, _Item())
            if isinstance(event.item, ResponseItem):
                item.sent, item.is_done = event.item, event.type == "response.output_item.done"
            elif isinstance(cast("object", event.delta), str):
                item.add(event)

    @property
    def finished(self) -> bool:
        """True if a terminal event has arrived."""
        return self._finished

    @property
    def value(self) -> Response:
        """The partial response. Its output is made from the pieces until an event has the whole output."""
        response = self._response
        fields: dict[str, Any] = {} if response is None else response.model_dump(mode="json", exclude_unset=True)
        if not fields.get("output"):
            fields["output"] = [item.to_json() for _, item in sorted(self._items.items())]
        return cast("Response", build(Response, fields))


class _Item:
    """One item of the output, as far as it has arrived."""

    __slots__ = ("_arguments", "_parts", "is_done", "sent")

    def __init__(self) -> None:
        self.sent: ResponseItem | None = None
        self.is_done = False
        self._parts: dict[int, tuple[str, str, list[str]]] = {}
        self._arguments: list[str] = []

    def add(self, event: ResponseStreamEvent) -> None:
        """Add a piece."""
        kind = event.type or ""
        delta = cast("str", event.delta)
        if kind == "response.function_call_arguments.delta":
            self._arguments.append(delta)
        elif kind in CONTENT_DELTAS:
            index = event.content_index if isinstance(event.content_index, int) else 0
            self._parts.setdefault(index, (*CONTENT_DELTAS[kind], []))[2].append(delta)

    def to_json(self) -> dict[str, Any]:
        """Return the item as JSON: as it was sent when it is done, else with the pieces so far."""
        fields: dict[str, Any] = {} if self.sent is None else self.sent.model_dump(mode="json", exclude_unset=True)
        if self.is_done:
            return fields
        if self._parts:
            parts = [part for _, part in sorted(self._parts.items())]
            fields["content"] = [{"type": kind, name: "".join(pieces)} for kind, name, pieces in parts]
            fields.setdefault("type", "message")
        if self._arguments:
            fields["arguments"] = "".join(self._arguments)
        return fields
