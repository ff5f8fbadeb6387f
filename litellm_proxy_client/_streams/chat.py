"""Pure: the protocol of chat completion streams, and the accumulation of chunks into a completion."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from .._wire.protocol import StreamProtocol
from ..types._base import BaseModel
from ..types._lenient import build
from ..types.chat import ChatCompletion, ChatCompletionChunk, ChoiceDelta, ChunkChoice

# The id of a chunk with the models before a fallback, which the proxy sends if its operator enables it.
FALLBACK_METADATA = "litellm-fallback-metadata"
# Fields whose strings are sent complete, so the last one is the value; all other strings are sent in pieces.
COMPLETE_FIELDS = {"role", "id", "type", "name", "format", "signature"}


class Accumulator:
    """Accumulates the chunks of a stream into a completion.

    Adding a chunk takes constant time, however many came before; pieces are joined when the completion is read.
    Chunks with parts that do not match their types are accepted, too: no method raises.
    """

    __slots__ = ("_choices", "_fields", "_usage")

    def __init__(self) -> None:
        self._fields: dict[str, object] = {}
        self._choices: dict[int, _Choice] = {}
        self._usage: object = None

    @property
    def finished(self) -> bool:
        """True if at least one choice has arrived, and all that have arrived have a finish reason."""
        return bool(self._choices) and all(choice.finish_reason is not None for choice in self._choices.values())

    def add(self, chunk: ChatCompletionChunk) -> None:
        """Add the next chunk."""
        if chunk.id == FALLBACK_METADATA:
            return
        if not self._fields:
            self._fields = {"id": chunk.id, "created": chunk.created, "object": "chat.completion"}
        if chunk.model is not None:
            # After a fallback in the middle of a stream, the chunks have the name of the other model.
            self._fields["model"] = chunk.model
        if chunk.model_extra:
            self._fields.update({name: value for name, value in chunk.model_extra.items() if value is not None})
        if chunk.usage is not None:
            self._usage = chunk.usage
        # A value that does not match its annotation is kept as it was sent, so the types must be checked here.
        choices = cast("object", chunk.choices)
        for choice in cast("list[object]", choices) if isinstance(choices, list) else ():
            if isinstance(choice, ChunkChoice):
                sent_index = cast("object", choice.index)
                index = sent_index if isinstance(sent_index, int) else 0
                if (accumulated := self._choices.get(index)) is None:
                    accumulated = self._choices[index] = _Choice()
                accumulated.add(choice)

    def completion(self) -> ChatCompletion:
        """Build the partial completion, which is complete after the last chunk."""
        fields: dict[str, Any] = {**self._fields}
        if self._usage is not None:
            fields["usage"] = self._usage
        fields["choices"] = [{"index": index, **choice.to_json()} for index, choice in sorted(self._choices.items())]
        return cast("ChatCompletion", build(ChatCompletion, fields))


class ChatCompletionProtocol(StreamProtocol[ChatCompletionChunk]):
    """The stream of a chat completion: chunks, then `[DONE]`."""

    incomplete = "the stream ended without [DONE] before every choice had a finish reason"

    def __init__(self) -> None:
        super().__init__(ChatCompletionChunk)
        self._accumulator = Accumulator()

    def is_error(self, event: dict[str, Any]) -> bool:
        """Return True for an error, which has no choices."""
        return bool(event.get("error")) and not event.get("choices")

    def add(self, events: Sequence[ChatCompletionChunk]) -> None:
        """Add chunks to the completion."""
        for chunk in events:
            self._accumulator.add(chunk)

    @property
    def finished(self) -> bool:
        """True if every choice has a finish reason."""
        return self._accumulator.finished

    @property
    def value(self) -> ChatCompletion:
        """The partial completion."""
        return self._accumulator.completion()


class _Choice:
    """One choice of a streamed completion."""

    __slots__ = ("_logprobs", "_pieces", "finish_reason")

    def __init__(self) -> None:
        self.finish_reason: object = None
        self._pieces: dict[str, list[Any]] = {}
        self._logprobs: dict[str, list[object]] = {}

    def add(self, choice: ChunkChoice) -> None:
        if choice.finish_reason is not None:
            self.finish_reason = choice.finish_reason
        delta = cast("object", choice.delta)
        for name, value in _fields(delta) if isinstance(delta, ChoiceDelta) else ():
            if value is not None:
                piece = value if value.__class__ is str else _to_json(value)
                if (pieces := self._pieces.get(name)) is None:
                    self._pieces[name] = [piece]
                else:
                    pieces.append(piece)
        logprobs = cast("object", choice.logprobs)
        for name, tokens in _fields(logprobs) if isinstance(logprobs, BaseModel) else ():
            if isinstance(tokens, list):
                self._logprobs.setdefault(name, []).extend(cast("list[object]", tokens))

    def to_json(self) -> dict[str, Any]:
        """Return the partial choice as JSON."""
        message: dict[str, Any] = {"role": "assistant", "content": None}
        for name, pieces in self._pieces.items():
            message[name] = _join(name, pieces)
            # Keep the joined value as the only piece, so the next reading joins only what is new.
            self._pieces[name] = [message[name]]
        if isinstance(calls := message.get("tool_calls"), list):
            message["tool_calls"] = [_without_index(call) for call in cast("list[object]", calls)]
        # The proxy begins every stream with an empty text; without streaming, a message with tool calls has null.
        if calls or message.get("function_call"):
            message["content"] = message["content"] or None
        choice = {"message": message, "finish_reason": self.finish_reason}
        if self._logprobs:
            choice["logprobs"] = {name: [*tokens] for name, tokens in self._logprobs.items()}
        return choice


def _fields(model: BaseModel) -> list[tuple[str, Any]]:
    """Return the fields that were sent, including those that the model does not declare."""
    values = {**vars(model), **model.model_extra} if model.model_extra else vars(model)
    return [(name, values[name]) for name in model.model_fields_set if name in values]


def _to_json(value: object) -> Any:
    """Convert models to dictionaries. They occur only in models and in lists of models."""
    if isinstance(value, BaseModel):
        return {name: _to_json(part) for name, part in _fields(value)}
    if isinstance(value, list):
        return [_to_json(part) if isinstance(part, BaseModel) else part for part in cast("list[object]", value)]
    return value


def _join(name: str, pieces: list[Any]) -> Any:
    """Join the pieces of a field; return the last one if they cannot be joined."""
    types: set[type] = {type(piece) for piece in pieces}
    if types == {str}:
        return _join_text(name, pieces)
    if types == {list}:
        return _join_list(name, [item for piece in pieces for item in piece])
    if types != {dict} or len(pieces) == 1:
        return pieces[-1]
    fields: dict[str, list[Any]] = {}
    for piece in pieces:
        for key, value in piece.items():
            if value is not None:
                fields.setdefault(key, []).append(value)
    if name == "provider_specific_fields":
        return {key: values[-1] for key, values in fields.items()}
    return {key: _join(key, values) for key, values in fields.items()}


def _join_text(name: str, pieces: list[str]) -> str:
    if name in COMPLETE_FIELDS:
        return next((piece for piece in reversed(pieces) if piece), "")
    if name == "data" and any(piece.endswith("=") for piece in pieces[:-1]):
        # Audio: padding before the end shows that each piece was encoded in base64 separately.
        with suppress(ValueError):
            return b64encode(b"".join(map(b64decode, pieces))).decode()
    return "".join(pieces)


def _join_list(name: str, items: list[Any]) -> list[Any]:
    """Join the items with the same `index`, such as the pieces of one tool call; without indexes, keep all items."""
    if name == "thinking_blocks":
        return _join_thinking_blocks(items)
    groups: dict[int, list[Any]] = {}
    for item in items:
        if not isinstance(item, dict) or not isinstance(index := cast("dict[str, object]", item).get("index"), int):
            return items
        groups.setdefault(index, []).append(item)
    return [_join("", group) for _, group in sorted(groups.items())]


def _join_thinking_blocks(items: list[Any]) -> list[Any]:
    """Join thinking blocks, which have no index: a block continues until its signature arrives."""
    groups: list[list[Any]] = []
    is_open = False
    for item in items:
        fields = cast("dict[str, object]", item) if isinstance(item, dict) else {}
        if is_open and ("thinking" in fields or "signature" in fields):
            groups[-1].append(item)
        else:
            groups.append([item])
        is_open = "thinking" in fields and not fields.get("signature")
    return [_join("", group) for group in groups]


def _without_index(call: object) -> object:
    if not isinstance(call, dict):
        return call
    return {name: value for name, value in cast("dict[str, object]", call).items() if name != "index"}
