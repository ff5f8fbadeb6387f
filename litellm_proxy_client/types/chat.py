"""Chat completions, whole and in chunks."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ._base import Model, ResponseModel
from .message import Annotation, AssistantMessage, AudioAnswer, ImageAnswer, ThinkingBlock


class TopLogprob(Model):
    """A token that could have stood in a place, and how likely it was."""

    token: str = ""
    bytes: list[int] | None = None
    """The token in UTF-8: a character may be spread over several tokens."""
    logprob: float | None = None
    """The natural logarithm of the probability."""


class TokenLogprob(TopLogprob):
    """A token of the answer, and how likely it was."""

    top_logprobs: list[TopLogprob] | None = None
    """The likeliest tokens for this place, as many as `top_logprobs` asked for."""


class Logprobs(Model):
    """How likely each token was."""

    content: list[TokenLogprob] | None = None
    refusal: list[TokenLogprob] | None = None


class PromptTokensDetails(Model):
    """What the tokens of the request were."""

    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_creation_tokens: int | None = None
    """`cache_write_tokens` under the name that Anthropic gives it."""
    text_tokens: int | None = None
    audio_tokens: int | None = None
    image_tokens: int | None = None
    video_tokens: int | None = None
    web_search_requests: int | None = None


class CompletionTokensDetails(Model):
    """What the tokens of the answer were."""

    reasoning_tokens: int | None = None
    text_tokens: int | None = None
    audio_tokens: int | None = None
    image_tokens: int | None = None
    video_tokens: int | None = None
    accepted_prediction_tokens: int | None = None
    rejected_prediction_tokens: int | None = None


class Usage(Model):
    """The tokens that a request and its answer took. The proxy makes a count that it was not told 0."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    prompt_tokens_details: PromptTokensDetails | None = None
    completion_tokens_details: CompletionTokensDetails | None = None
    cost: float | None = None
    """US dollars. Only streams have it, at their end, and only where the model has a price."""
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class Choice(Model):
    """One of the answers."""

    index: int = 0
    message: AssistantMessage = Field(default_factory=AssistantMessage)
    finish_reason: str | None = None
    """Why the model stopped: `stop`, `length`, `tool_calls`, `content_filter`, `function_call`."""
    logprobs: Logprobs | None = None
    provider_specific_fields: dict[str, Any] | None = None


class CompletionFailure(Model):
    """Why one of the models of `create_many` gave no completion; all empty where the proxy does not say it."""

    status_code: int | None = None
    message: str = ""
    model: str | None = None
    llm_provider: str | None = None


class ChatCompletion(ResponseModel):
    """A model's answer to a conversation."""

    id: str | None = None
    choices: list[Choice] = Field(default_factory=list[Choice])
    created: int | None = None
    """Unix seconds."""
    model: str | None = None
    """The model asked for, or the one that it fell back to; of `create_many` the provider's own name for it."""
    object: str | None = None
    usage: Usage | None = None
    service_tier: str | None = None
    system_fingerprint: str | None = None

    @property
    def cost(self) -> float | None:
        """US dollars, from the response's head or from the usage; `None` for a model without a price."""
        # Of several completions in a list the head tells the cost of one, and names no model.
        if self.proxy is not None and self.proxy.cost is not None and self.proxy.model_id is not None:
            return self.proxy.cost
        return self.usage.cost if isinstance(self.usage, Usage) else None

    @property
    def failure(self) -> CompletionFailure | None:
        """Why this is none: a model of `create_many` failed, and the proxy put its error in the completion's place."""
        if self.id is not None or self.choices:
            return None
        sent = {name: self.get(name) for name in CompletionFailure.model_fields if name in self}
        return CompletionFailure.model_construct(set(sent), **sent)


# A failure that the proxy cannot put into words is `null` (a provider's 422) or `{}`.
CompletionOrFailure = Annotated[ChatCompletion, BeforeValidator(lambda sent: {} if sent is None else sent)]


class FunctionCallDelta(Model):
    """A piece of a function call."""

    name: str | None = None
    arguments: str | None = None


class CustomToolInputDelta(Model):
    """A piece of a custom tool call."""

    name: str | None = None
    input: str | None = None


class ToolCallDelta(Model):
    """A piece of a tool call: pieces with the same `index` belong together, and only the first has `id` and name."""

    index: int = 0
    id: str | None = None
    type: str | None = None
    function: FunctionCallDelta | None = None
    custom: CustomToolInputDelta | None = None


class Delta(Model):
    """What a chunk adds to the message."""

    role: str | None = None
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[ToolCallDelta] | None = None
    function_call: FunctionCallDelta | None = None
    thinking_blocks: list[ThinkingBlock] | None = None
    annotations: list[Annotation] | None = None
    audio: AudioAnswer | None = None
    images: list[ImageAnswer] | None = None
    provider_specific_fields: dict[str, Any] | None = None


class ChunkChoice(Model):
    """What a chunk adds to one of the answers."""

    index: int = 0
    delta: Delta = Field(default_factory=Delta)
    finish_reason: str | None = None
    """Why the model stopped, in the last chunk that adds to this answer; see `Choice.finish_reason`."""
    logprobs: Logprobs | None = None


class ChatCompletionChunk(Model):
    """A piece of a streamed completion."""

    id: str | None = None
    choices: list[ChunkChoice] = Field(default_factory=list[ChunkChoice])
    created: int | None = None
    model: str | None = None
    object: str | None = None
    usage: Usage | None = None
    """In the last chunk only; not if `stream_options` left out `include_usage`."""
