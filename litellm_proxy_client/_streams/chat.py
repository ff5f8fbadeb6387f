"""The chunks of a stream, put together to the completion that they are pieces of."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any, cast

from ..types._base import BaseModel
from ..types._lenient import build
from ..types.chat import ChatCompletion, ChatCompletionChunk, ChoiceDelta, ChunkChoice

# The id of a chunk that tells which models the proxy fell back from, where its operator has it do so.
FALLBACK_METADATA = "litellm-fallback-metadata"
# Strings that come whole, so that of several the last one counts; all others come in pieces.
WHOLE = {"role", "id", "type", "name", "format", "signature"}


class Accumulator:
    """Puts a completion together while its chunks come.

    Adding a chunk costs the same however many came before it; pieces are joined when the completion is asked for.
    Chunks of which parts do not fit their types are taken as well: nothing here raises.
    """

    __slots__ = ("_choices", "_head", "_usage")

    def __init__(self) -> None:
        self._head: dict[str, object] = {}
        self._choices: dict[int, _Choice] = {}
        self._usage: object = None

    @property
    def finished(self) -> bool:
        """Whether a choice has come, and every choice that has come has its finish reason."""
        return bool(self._choices) and all(choice.finish_reason is not None for choice in self._choices.values())

    def add(self, chunk: ChatCompletionChunk) -> None:
        """Take the next chunk."""
        if chunk.id == FALLBACK_METADATA:
            return
        if not self._head:
            self._head = {"id": chunk.id, "created": chunk.created, "object": "chat.completion"}
        if chunk.model is not None:
            # After a fallback in the middle of a stream, the chunks bear the other model's name.
            self._head["model"] = chunk.model
        if chunk.model_extra:
            self._head.update({name: value for name, value in chunk.model_extra.items() if value is not None})
        if chunk.usage is not None:
            self._usage = chunk.usage
        # What did not fit its type is there all the same, as it was sent.
        choices = cast("object", chunk.choices)
        for choice in cast("list[object]", choices) if isinstance(choices, list) else ():
            if isinstance(choice, ChunkChoice):
                sent = cast("object", choice.index)
                index = sent if isinstance(sent, int) else 0
                if (known := self._choices.get(index)) is None:
                    known = self._choices[index] = _Choice()
                known.add(choice)

    def completion(self) -> ChatCompletion:
        """The completion as far as it has come."""
        fields: dict[str, Any] = {**self._head}
        if self._usage is not None:
            fields["usage"] = self._usage
        fields["choices"] = [{"index": index, **choice.joined()} for index, choice in sorted(self._choices.items())]
        return cast("ChatCompletion", build(ChatCompletion, fields))


class _Choice:
    """One of a stream's answers."""

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
                piece = value if value.__class__ is str else _plain(value)
                if (pieces := self._pieces.get(name)) is None:
                    self._pieces[name] = [piece]
                else:
                    pieces.append(piece)
        logprobs = cast("object", choice.logprobs)
        for name, tokens in _fields(logprobs) if isinstance(logprobs, BaseModel) else ():
            if isinstance(tokens, list):
                self._logprobs.setdefault(name, []).extend(cast("list[object]", tokens))

    def joined(self) -> dict[str, Any]:
        """The choice as far as it has come. Joined pieces are kept joined, for the next time."""
        message: dict[str, Any] = {"role": "assistant", "content": None}
        for name, pieces in self._pieces.items():
            message[name] = _joined(name, pieces)
            self._pieces[name] = [message[name]]
        if isinstance(calls := message.get("tool_calls"), list):
            message["tool_calls"] = [_without_index(call) for call in cast("list[object]", calls)]
        # The proxy begins every stream with an empty text; beside calls, a whole answer has none.
        if calls or message.get("function_call"):
            message["content"] = message["content"] or None
        choice = {"message": message, "finish_reason": self.finish_reason}
        if self._logprobs:
            choice["logprobs"] = {name: [*tokens] for name, tokens in self._logprobs.items()}
        return choice


def _fields(model: BaseModel) -> list[tuple[str, Any]]:
    """The fields that were sent, also those that the model does not know."""
    values = {**vars(model), **model.model_extra} if model.model_extra else vars(model)
    return [(name, values[name]) for name in model.model_fields_set if name in values]


def _plain(value: object) -> Any:
    """A value as JSON has it; models are nowhere but in models and their lists."""
    if isinstance(value, BaseModel):
        return {name: _plain(part) for name, part in _fields(value)}
    if isinstance(value, list):
        return [_plain(part) if isinstance(part, BaseModel) else part for part in cast("list[object]", value)]
    return value


def _joined(name: str, pieces: list[Any]) -> Any:
    """A field's value out of its pieces; where they cannot be joined, the last of them."""
    kinds: set[type] = {type(piece) for piece in pieces}
    if kinds == {str}:
        return _joined_text(name, pieces)
    if kinds == {list}:
        return _joined_list(name, [item for piece in pieces for item in piece])
    if kinds != {dict} or len(pieces) == 1:
        return pieces[-1]
    fields: dict[str, list[Any]] = {}
    for piece in pieces:
        for key, value in piece.items():
            if value is not None:
                fields.setdefault(key, []).append(value)
    if name == "provider_specific_fields":
        return {key: values[-1] for key, values in fields.items()}
    return {key: _joined(key, values) for key, values in fields.items()}


def _joined_text(name: str, pieces: list[str]) -> str:
    if name in WHOLE:
        return next((piece for piece in reversed(pieces) if piece), "")
    if name == "data" and any(piece.endswith("=") for piece in pieces[:-1]):
        # Sound in base64, of which every piece was encoded for itself.
        with suppress(ValueError):
            return b64encode(b"".join(map(b64decode, pieces))).decode()
    return "".join(pieces)


def _joined_list(name: str, items: list[Any]) -> list[Any]:
    if name == "thinking_blocks":
        return _joined_thinking(items)
    groups: dict[int, list[Any]] = {}
    for item in items:
        if not isinstance(item, dict) or not isinstance(index := cast("dict[str, object]", item).get("index"), int):
            return items
        groups.setdefault(index, []).append(item)
    return [_joined("", group) for _, group in sorted(groups.items())]


def _joined_thinking(items: list[Any]) -> list[Any]:
    """A block takes in the texts that follow it until its signature has come."""
    groups: list[list[Any]] = []
    is_open = False
    for item in items:
        fields = cast("dict[str, object]", item) if isinstance(item, dict) else {}
        if is_open and ("thinking" in fields or "signature" in fields):
            groups[-1].append(item)
        else:
            groups.append([item])
        is_open = "thinking" in fields and not fields.get("signature")
    return [_joined("", group) for group in groups]


def _without_index(call: object) -> object:
    if not isinstance(call, dict):
        return call
    return {name: value for name, value in cast("dict[str, object]", call).items() if name != "index"}
