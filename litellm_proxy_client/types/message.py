"""Chat messages: those of requests, and that of responses, which can be sent in the next request as it is."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import Field

from ._base import BaseModel


class _Tagged(BaseModel):
    """The base class of models for requests: unset fields are not sent, except for the tag."""

    _tag: ClassVar[str] = "type"

    def model_post_init(self, context: Any, /) -> None:
        self.__pydantic_fields_set__.add(self._tag)


class _Message(_Tagged):
    _tag: ClassVar[str] = "role"


MessageContent: TypeAlias = "str | Sequence[Mapping[str, object]]"
"""A text, or parts: `{"type": "text", "text": ...}`, `{"type": "image_url", "image_url": {"url": ...}}`,
`{"type": "input_audio", "input_audio": {"data": ..., "format": "wav"}}`, `{"type": "file", "file": {...}}`."""


class SystemMessage(_Message):
    """Instructions to the model that take precedence over those of the user."""

    role: Literal["system"] = "system"
    content: MessageContent
    name: str | None = None


class DeveloperMessage(_Message):
    """The replacement of the system message for newer OpenAI models."""

    role: Literal["developer"] = "developer"
    content: MessageContent
    name: str | None = None


class UserMessage(_Message):
    """A message of the user."""

    role: Literal["user"] = "user"
    content: MessageContent
    name: str | None = None


class ToolMessage(_Message):
    """The result of a tool that the model called."""

    role: Literal["tool"] = "tool"
    content: MessageContent
    tool_call_id: str
    """The `id` of the call in the assistant's message."""


class FunctionCall(BaseModel):
    """A function that a model wants to call."""

    name: str = ""
    arguments: str = ""
    """JSON as the model wrote it: it may be invalid, or not match the function's parameters."""


class CustomToolInput(BaseModel):
    """A custom tool that a model wants to call."""

    name: str = ""
    input: str = ""


class ChatCompletionMessageToolCall(_Tagged):
    """A tool call that the model requests. Respond to it with a `ToolMessage`."""

    id: str = ""
    type: str = "function"
    function: FunctionCall = Field(default_factory=FunctionCall)
    """Empty if the type is `"custom"`."""
    custom: CustomToolInput | None = None


class ThinkingBlock(_Tagged):
    """A step of a model's reasoning, signed by the provider, which needs it unchanged in the next request."""

    type: str = "thinking"
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None
    """The encrypted reasoning of a block of type `"redacted_thinking"`."""


class AnnotationURLCitation(BaseModel):
    """The page that a part of the text is based on."""

    url: str | None = None
    title: str | None = None
    start_index: int | None = None
    end_index: int | None = None


class Annotation(BaseModel):
    """An annotation of a part of the text."""

    type: str | None = None
    url_citation: AnnotationURLCitation | None = None


class ChatCompletionAudio(BaseModel):
    """The response of the model as audio."""

    id: str | None = None
    data: str | None = None
    """Base64, in the format that was requested."""
    transcript: str | None = None
    expires_at: int | None = None
    """The time from which the `id` can no longer be used in a request, in Unix seconds."""


class ImageURL(BaseModel):
    """The location of an image."""

    url: str | None = None
    """A URL, or the image itself as a `data:` URL."""
    detail: str | None = None


class ChatCompletionImage(BaseModel):
    """An image that the model generated."""

    type: str | None = None
    index: int | None = None
    image_url: ImageURL | None = None


class ChatCompletionMessage(_Message):
    """A message of the model: the message in a completion, which can be sent in the next request as it is."""

    role: str = "assistant"
    content: str | None = None
    name: str | None = None
    refusal: str | None = None
    """The reason why the model refused, copied from `provider_specific_fields`: LiteLLM sends it only there."""
    reasoning_content: str | None = None
    reasoning: str | None = None
    """The name that some providers use for `reasoning_content`."""
    thinking_blocks: list[ThinkingBlock] | None = None
    tool_calls: list[ChatCompletionMessageToolCall] | None = None
    function_call: FunctionCall | None = None
    """The predecessor of `tool_calls`."""
    annotations: list[Annotation] | None = None
    audio: ChatCompletionAudio | None = None
    images: list[ChatCompletionImage] | None = None
    provider_specific_fields: dict[str, Any] | None = None

    def model_post_init(self, context: Any, /) -> None:
        """Copy the refusal from `provider_specific_fields`."""
        super().model_post_init(context)
        fields: object = self.provider_specific_fields
        if self.refusal is None and isinstance(fields, dict) and isinstance(refusal := fields.get("refusal"), str):
            self.refusal = refusal


Message: TypeAlias = SystemMessage | DeveloperMessage | UserMessage | ChatCompletionMessage | ToolMessage
"""A message as a model."""

MessageParam: TypeAlias = Message | Mapping[str, object]
"""A message as the parameter `messages` accepts it: a model, or a dict as in OpenAI's API."""
