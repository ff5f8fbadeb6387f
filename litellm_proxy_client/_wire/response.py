"""Pure: readers, which say how the response of an operation becomes its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from ..types._base import ResponseModel
from ..types._lenient import parse
from ..types.proxy import ProxyInfo

if TYPE_CHECKING:
    import httpx

    from .protocol import StreamProtocol

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P = TypeVar("P", bound="StreamProtocol[Any]")

EVENT_STREAM = "text/event-stream"


class ResponseReader(Generic[T_co]):
    """The base class of readers. The executor reads the body; a reader decodes it.

    Attributes:
        accept: The media type to request.
        checks_status: True if a status other than 2xx is an error.
    """

    __slots__ = ()
    accept = "application/json"
    checks_status = True

    def read(self, response: httpx.Response, *, strict: bool) -> T_co:
        """Decode a response whose body was read.

        Raises:
            ValueError: The body is invalid.
        """
        raise NotImplementedError


class JsonReader(ResponseReader[T]):
    """Reads JSON as a model, or as any type that pydantic can validate JSON as.

    Args:
        response_type: The type.
        required: A field without which a model is not a valid response.
    """

    __slots__ = ("required", "response_type")

    def __init__(self, response_type: type[T], *, required: str | None = None) -> None:
        self.response_type = response_type
        self.required = required

    def read(self, response: httpx.Response, *, strict: bool) -> T:
        """Parse the body and attach the information in the headers."""
        result = parse(self.response_type, response.content, strict=strict)
        value: object = result
        if isinstance(value, ResponseModel):
            if self.required is not None and self.required not in value:
                raise ValueError(f"it has no {self.required}")
            models: list[object] = [value]
        else:
            models = cast("list[object]", value) if isinstance(value, list) else []
        for model in models:
            if isinstance(model, ResponseModel):
                object.__setattr__(model, "_proxy", ProxyInfo(response.headers))
        return result


class JsonOrTextReader(ResponseReader[Any]):
    """Reads a response of unknown type: JSON, else text; `None` for an empty body."""

    __slots__ = ()

    def read(self, response: httpx.Response, *, strict: bool) -> object:
        """Parse the body if it is JSON."""
        if not response.content:
            return None
        try:
            value: object = response.json()
        except (ValueError, RecursionError):
            return response.text
        return value


class RawReader(ResponseReader["httpx.Response"]):
    """Returns the response itself, whatever its status."""

    __slots__ = ()
    checks_status = False

    def read(self, response: httpx.Response, *, strict: bool) -> httpx.Response:
        """Return the response."""
        return response


class EventReader(ResponseReader[P]):
    """Opens a stream of server-sent events.

    Args:
        protocol: Creates the protocol of one stream, which says what its events mean.
    """

    __slots__ = ("protocol",)
    accept = EVENT_STREAM

    def __init__(self, protocol: Callable[[], P]) -> None:
        self.protocol = protocol
