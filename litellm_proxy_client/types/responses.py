"""Responses of the Responses API, whole and in events."""

from pydantic import Field

from ._base import AlwaysSent, BaseModel, ResponseModel


class ResponseFailure(BaseModel):
    """The reason why a response failed."""

    code: str | None = None
    message: str | None = None


class IncompleteDetails(BaseModel):
    """The reason why a response is incomplete."""

    reason: str | None = None
    """Such as `max_output_tokens` or `content_filter`."""


class ResponseContent(BaseModel):
    """A part of the content of a message."""

    type: str | None = None
    text: str | None = None
    refusal: str | None = None


class ResponseItem(BaseModel):
    """An item of the output: a message, a function call, reasoning, or another kind that `type` names."""

    id: str | None = None
    type: str | None = None
    status: str | None = None
    role: str | None = None
    content: list[ResponseContent] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    """The arguments of a function call as JSON."""


class Response(ResponseModel):
    """A response to an input."""

    id: AlwaysSent[str]
    created_at: int | None = None
    model: str | None = None
    status: str | None = None
    output: list[ResponseItem] = Field(default_factory=list[ResponseItem])
    error: ResponseFailure | None = None
    incomplete_details: IncompleteDetails | None = None

    @property
    def output_text(self) -> str:
        """The text of all messages in the output."""
        contents = (part for item in self.output if item.type == "message" for part in item.content or ())
        return "".join(part.text for part in contents if part.type == "output_text" and part.text is not None)


class ResponseStreamEvent(BaseModel):
    """An event of a streamed response. `type` names its kind; the fields that its kind does not have are `None`."""

    type: str | None = None
    sequence_number: int | None = None
    """The position of the event; omitted by most events of providers that only have chat completions."""
    response: Response | None = None
    output_index: int | None = None
    content_index: int | None = None
    item_id: str | None = None
    item: ResponseItem | None = None
    delta: str | None = None
    """The next piece of a text, a refusal or the arguments of a function call."""
