"""Chat completions, whole and in chunks."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ._base import AlwaysSent, BaseModel, ResponseModel
from .message import Annotation, ChatCompletionAudio, ChatCompletionImage, ChatCompletionMessage, ThinkingBlock


class TopLogprob(BaseModel):
    """A token that was possible in a position, with its probability."""

    token: str = ""
    bytes: list[int] | None = None
    """The token in UTF-8: a character may be split over several tokens."""
    logprob: AlwaysSent[float]
    """The natural logarithm of the probability."""


class ChatCompletionTokenLogprob(TopLogprob):
    """A token of the response, with its probability."""

    top_logprobs: list[TopLogprob] | None = None
    """The most likely tokens in this position, as many as `top_logprobs` requested."""


class ChoiceLogprobs(BaseModel):
    """The probability of each token."""

    content: list[ChatCompletionTokenLogprob] | None = None
    refusal: list[ChatCompletionTokenLogprob] | None = None


class PromptTokensDetails(BaseModel):
    """The kinds of tokens in the prompt."""

    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_creation_tokens: int | None = None
    """Anthropic's name for `cache_write_tokens`."""
    text_tokens: int | None = None
    audio_tokens: int | None = None
    image_tokens: int | None = None
    video_tokens: int | None = None
    web_search_requests: int | None = None


class CompletionTokensDetails(BaseModel):
    """The kinds of tokens in the completion."""

    reasoning_tokens: int | None = None
    text_tokens: int | None = None
    audio_tokens: int | None = None
    image_tokens: int | None = None
    video_tokens: int | None = None
    accepted_prediction_tokens: int | None = None
    rejected_prediction_tokens: int | None = None


class CompletionUsage(BaseModel):
    """The number of tokens in a prompt and its completion. The proxy sends 0 for a count that the provider omits."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    prompt_tokens_details: PromptTokensDetails | None = None
    completion_tokens_details: CompletionTokensDetails | None = None
    cost: float | None = None
    """Cost in USD. Only at the end of a stream, and only if the model has a price."""
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class Choice(BaseModel):
    """One of the alternative completions."""

    index: int = 0
    message: ChatCompletionMessage = Field(default_factory=ChatCompletionMessage)
    finish_reason: str | None = None
    """The reason why the model stopped: `stop`, `length`, `tool_calls`, `content_filter`, `function_call`."""
    logprobs: ChoiceLogprobs | None = None
    provider_specific_fields: dict[str, Any] | None = None


class CompletionFailure(BaseModel):
    """The error of one of the models of `create_many`. All fields are empty if the proxy does not send the reason."""

    status_code: int | None = None
    message: str = ""
    model: str | None = None
    llm_provider: str | None = None


class ChatCompletion(ResponseModel):
    """A model's response to a conversation."""

    id: AlwaysSent[str]
    choices: list[Choice] = Field(default_factory=list[Choice])
    created: AlwaysSent[int]
    """Unix seconds."""
    model: AlwaysSent[str]
    """The requested model, or its fallback; from `create_many` the provider's own name of the model."""
    object: AlwaysSent[str]
    usage: CompletionUsage | None = None
    service_tier: str | None = None
    system_fingerprint: str | None = None

    @property
    def cost(self) -> float | None:
        """The cost in USD, from the response headers or from the usage; `None` for a model without a price."""
        # In a list of completions, the headers have the cost of one of them and do not name its model.
        proxy = self.proxy
        if proxy.cost is not None and proxy.model_id is not None:
            return proxy.cost
        return self.usage.cost if isinstance(self.usage, CompletionUsage) else None

    @property
    def failure(self) -> CompletionFailure | None:
        """The error if this is not a completion: a model of `create_many` failed, and its error took the place."""
        if self.get("id") is not None or self.choices:
            return None
        sent = {name: self.get(name) for name in CompletionFailure.model_fields if name in self}
        return CompletionFailure.model_construct(set(sent), **sent)


# The proxy sends `null` (for a provider's 422) or `{}` for an error that it cannot serialize.
CompletionOrFailure = Annotated[ChatCompletion, BeforeValidator(lambda sent: {} if sent is None else sent)]


class ChoiceDeltaToolCallFunction(BaseModel):
    """A part of a function call."""

    name: str | None = None
    arguments: str | None = None


class ChoiceDeltaToolCallCustom(BaseModel):
    """A part of a custom tool call."""

    name: str | None = None
    input: str | None = None


class ChoiceDeltaToolCall(BaseModel):
    """A part of a tool call: parts with the same `index` belong together, and only the first has `id` and name."""

    index: int = 0
    id: str | None = None
    type: str | None = None
    function: ChoiceDeltaToolCallFunction | None = None
    custom: ChoiceDeltaToolCallCustom | None = None


class ChoiceDelta(BaseModel):
    """The part of the message that a chunk adds."""

    role: str | None = None
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[ChoiceDeltaToolCall] | None = None
    function_call: ChoiceDeltaToolCallFunction | None = None
    thinking_blocks: list[ThinkingBlock] | None = None
    annotations: list[Annotation] | None = None
    audio: ChatCompletionAudio | None = None
    images: list[ChatCompletionImage] | None = None
    provider_specific_fields: dict[str, Any] | None = None


class ChunkChoice(BaseModel):
    """The part of one of the alternative completions that a chunk adds."""

    index: int = 0
    delta: ChoiceDelta = Field(default_factory=ChoiceDelta)
    finish_reason: str | None = None
    """The reason why the model stopped, in the last chunk of this choice; see `Choice.finish_reason`."""
    logprobs: ChoiceLogprobs | None = None


class ChatCompletionChunk(BaseModel):
    """A part of a streamed completion."""

    id: AlwaysSent[str]
    choices: list[ChunkChoice] = Field(default_factory=list[ChunkChoice])
    created: int | None = None
    model: str | None = None
    object: str | None = None
    usage: CompletionUsage | None = None
    """Only in the last chunk, and not if `stream_options` turn off `include_usage`."""
