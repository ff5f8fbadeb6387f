"""Chat messages: those that are sent, and the one that comes back, which can be sent again as it is."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import Field

from ._base import Model


class _Tagged(Model):
    """A model that a request can hold: it is sent without its unset fields, but never without its tag."""

    _tag: ClassVar[str] = "type"

    def model_post_init(self, context: Any, /) -> None:
        self.__pydantic_fields_set__.add(self._tag)


class _Message(_Tagged):
    _tag = "role"


Content: TypeAlias = "str | Sequence[Mapping[str, object]]"
"""A text, or parts: `{"type": "text", "text": ...}`, `{"type": "image_url", "image_url": {"url": ...}}`,
`{"type": "input_audio", "input_audio": {"data": ..., "format": "wav"}}`, `{"type": "file", "file": {...}}`."""


class SystemMessage(_Message):
    """Instructions to the model that go before those of the user."""

    role: Literal["system"] = "system"
    content: Content
    name: str | None = None


class DeveloperMessage(_Message):
    """What newer OpenAI models take in place of a system message."""

    role: Literal["developer"] = "developer"
    content: Content
    name: str | None = None


class UserMessage(_Message):
    """What a user says."""

    role: Literal["user"] = "user"
    content: Content
    name: str | None = None


class ToolMessage(_Message):
    """What a tool that the model called gave back."""

    role: Literal["tool"] = "tool"
    content: Content
    tool_call_id: str
    """The `id` of the call in the assistant's message."""


class FunctionCall(Model):
    """The function that a model wants to call."""

    name: str = ""
    arguments: str = ""
    """JSON as the model wrote it: it may be invalid, or not fit the function's parameters."""


class CustomToolInput(Model):
    """The custom tool that a model wants to call."""

    name: str = ""
    input: str = ""


class ToolCall(_Tagged):
    """A call that the model wants made, to be answered with a `ToolMessage`."""

    id: str = ""
    type: str = "function"
    function: FunctionCall = Field(default_factory=FunctionCall)
    """Empty where the type is `"custom"`."""
    custom: CustomToolInput | None = None


class ThinkingBlock(_Tagged):
    """A step of a model's reasoning, signed by its provider, who wants it back unchanged in the next request."""

    type: str = "thinking"
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None
    """The encrypted reasoning of a block of type `"redacted_thinking"`."""


class UrlCitation(Model):
    """The page that a part of the text is taken from."""

    url: str | None = None
    title: str | None = None
    start_index: int | None = None
    end_index: int | None = None


class Annotation(Model):
    """A remark on a part of the text."""

    type: str | None = None
    url_citation: UrlCitation | None = None


class AudioAnswer(Model):
    """What the model said, as sound."""

    id: str | None = None
    data: str | None = None
    """Base64, in the format that the request asked for."""
    transcript: str | None = None
    expires_at: int | None = None
    """When the `id` can no longer be used in a request, in Unix seconds."""


class ImageUrl(Model):
    """Where an image is."""

    url: str | None = None
    """An address, or the image itself in a `data:` address."""
    detail: str | None = None


class ImageAnswer(Model):
    """An image that the model made."""

    type: str | None = None
    index: int | None = None
    image_url: ImageUrl | None = None


class AssistantMessage(_Message):
    """What a model says; the message in a completion, which can be sent in the next request as it is."""

    role: str = "assistant"
    content: str | None = None
    name: str | None = None
    refusal: str | None = None
    """Why the model refused. LiteLLM has it in `provider_specific_fields` only; it is read from there."""
    reasoning_content: str | None = None
    reasoning: str | None = None
    """`reasoning_content` under the name that some providers give it."""
    thinking_blocks: list[ThinkingBlock] | None = None
    tool_calls: list[ToolCall] | None = None
    function_call: FunctionCall | None = None
    """What `tool_calls` replaced."""
    annotations: list[Annotation] | None = None
    audio: AudioAnswer | None = None
    images: list[ImageAnswer] | None = None
    provider_specific_fields: dict[str, Any] | None = None

    def model_post_init(self, context: Any, /) -> None:
        """Find the refusal where LiteLLM has hidden it."""
        super().model_post_init(context)
        fields: object = self.provider_specific_fields
        if self.refusal is None and isinstance(fields, dict) and isinstance(refusal := fields.get("refusal"), str):
            self.refusal = refusal


Message: TypeAlias = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage
"""A message as a model."""

MessageParam: TypeAlias = Message | Mapping[str, object]
"""A message as the parameter `messages` takes it: a model, or a dict as in OpenAI's API."""
