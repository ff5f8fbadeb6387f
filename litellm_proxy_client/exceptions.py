"""The exceptions that this client raises.

LiteLLMProxyError
├── UsageError                         the call is invalid; nothing was sent (also a ValueError)
│   ├── UsageTypeError                 ... an argument has the wrong type (also a TypeError)
│   └── AmbiguousNameError             ... several objects have the name
├── APIConnectionError                 the proxy could not be reached, or the connection broke
│   └── APITimeoutError                ... because a timeout or the deadline passed
├── APIStatusError                     the proxy returned an error status, or an error event in a stream
│   ├── RedirectError                  3xx
│   ├── BadRequestError                400
│   │   ├── ContextWindowExceededError     the prompt is too long for the model
│   │   └── ContentFilterError             the provider's content policy
│   ├── UnauthorizedError              401
│   ├── PermissionDeniedError          403
│   ├── NotFoundError                  404
│   ├── RequestTimeoutError            408, the provider timed out
│   ├── ConflictError                  409
│   ├── UnprocessableEntityError       422
│   ├── RateLimitError                 429
│   ├── InternalServerError            500 and every other 5xx
│   │   ├── BadGatewayError            502
│   │   ├── ServiceUnavailableError    503
│   │   └── GatewayTimeoutError        504
│   ├── BudgetExceededError            any status
│   └── DatabaseRequiredError          any status, on administration routes
├── InvalidResponseError               a response that cannot be read
│   └── ResponseTooLargeError          ... because it exceeds max_response_bytes
├── StreamError                        a stream broke
│   └── StreamTruncatedError           ... because it ended too early
├── ListChangedError                   a list changed each time it was read
└── PartialChangeError                 a change of several steps is partly done
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from .types._lenient import Json
    from .types.chat import ChatCompletion
    from .types.proxy import ProxyInfo


class LiteLLMProxyError(Exception):
    """The base class of all exceptions of this client. It can be pickled and never contains the client's key.

    Attributes:
        message: The error message, without the details that `str()` adds.
        status_code: The HTTP status, or the code of an error event in a stream; `None` without a response.
        type: The proxy's name for the kind of error. It is often wrong: rely on the class.
        param: The parameter that the proxy rejects.
        code: The proxy's error code, usually the status as a string.
        body: The response body as parsed JSON, or its text.
        call_id: The proxy's id of the call, as shown in its logs.
        retry_after: Seconds after which the proxy suggests a retry.
        proxy: The information in the response headers; `None` without a response.
        request: A copy of the request without credentials and without the body, which can contain credentials.
        response: A copy of the response without credentials; its `request` is the copy above.
        partial: The partial value, such as the completion, of a stream that broke.
        chunks: Number of chunks that arrived before the error.
    """

    status_code: int | None = None
    type: str | None = None
    param: str | None = None
    code: str | None = None
    body: Json = None
    call_id: str | None = None
    retry_after: float | None = None
    proxy: ProxyInfo | None = None
    request: httpx.Request | None = None
    response: httpx.Response | None = None
    partial: ChatCompletion | None = None
    chunks: int = 0

    # Unpickling calls the class with `args`, which is the message alone, and then restores `__dict__`:
    # in every subclass, all other parameters need defaults.
    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        details = {
            "status": self.status_code,
            "type": self.type,
            "param": self.param,
            "retry after": None if self.retry_after is None else f"{self.retry_after:g} s",
            "chunks": self.chunks or None,
            "call id": self.call_id,
        }
        shown = ", ".join(f"{name} {value}" for name, value in details.items() if value is not None)
        return f"{self.message} ({shown})" if shown else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class UsageError(LiteLLMProxyError, ValueError):
    """The call is invalid; nothing was sent."""


class UsageTypeError(UsageError, TypeError):
    """An argument has a type that is not supported here; nothing was sent."""


class AmbiguousNameError(UsageError):
    """Several objects have the given name; nothing was changed.

    Attributes:
        ids: The ids of the objects with that name. Pass one of them instead of the name.
    """

    def __init__(self, message: str = "", *, ids: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.ids: list[str] = list(ids)


class APIConnectionError(LiteLLMProxyError):
    """The proxy could not be reached, or the connection broke before the response was complete.

    Attributes:
        never_sent: True if no connection was made, so the proxy cannot have received any part of the request.
    """

    never_sent: bool = False


class APITimeoutError(APIConnectionError):
    """A call exceeded its timeout, or a stream its idle timeout.

    Your timeout does not stop the proxy: it does not notice, finishes the request and bills it.
    """


class APIStatusError(LiteLLMProxyError):
    """The proxy returned a status that is not 2xx, or an error event in a stream."""

    status_code: int = 0  # pyright: ignore[reportIncompatibleVariableOverride]
    # Never None here, because the error is built from a response: users need no check.
    if TYPE_CHECKING:
        request: httpx.Request  # pyright: ignore[reportIncompatibleVariableOverride]
        response: httpx.Response  # pyright: ignore[reportIncompatibleVariableOverride]


class RedirectError(APIStatusError):
    """3xx: the proxy has another address. Redirects are not followed, since they would pass the key on."""

    status_code = 307


class BadRequestError(APIStatusError):
    """400: the proxy or the model's provider rejects the request as invalid."""

    status_code = 400


class ContextWindowExceededError(BadRequestError):
    """400: the prompt is too long for the model."""


class ContentFilterError(BadRequestError):
    """400: the request violates the provider's content policy."""


class UnauthorizedError(APIStatusError):
    """401: the key is missing, unknown, expired or blocked; or the provider rejects the proxy's own key."""

    status_code = 401


class PermissionDeniedError(APIStatusError):
    """403: the key is valid, but not allowed to use this model or route."""

    status_code = 403


class NotFoundError(APIStatusError):
    """404, or a 400 of an administration route with that meaning: the object or route does not exist."""

    status_code = 404


class RequestTimeoutError(APIStatusError):
    """408: the model's provider did not respond within the proxy's timeout."""

    status_code = 408


class ConflictError(APIStatusError):
    """409, or a 400 of an administration route with that meaning: the object exists already, or changed meanwhile."""

    status_code = 409


class UnprocessableEntityError(APIStatusError):
    """422: a parameter is missing or has the wrong type."""

    status_code = 422


class RateLimitError(APIStatusError):
    """429: a rate limit for requests or tokens, of the key or of the provider; see `retry_after`."""

    status_code = 429


class InternalServerError(APIStatusError):
    """500 and every other 5xx: the proxy failed, or could not get a response from the provider."""

    status_code = 500


class BadGatewayError(InternalServerError):
    """502: the provider's gateway failed."""

    status_code = 502


class ServiceUnavailableError(InternalServerError):
    """503: the provider, or the proxy's database, is down or overloaded."""

    status_code = 503


class GatewayTimeoutError(InternalServerError):
    """504: the provider's gateway got no response in time."""

    status_code = 504


class BudgetExceededError(APIStatusError):
    """The budget of a key, user, team or other owner is exceeded, with any status. Never retried.

    Attributes:
        spend: The spend in USD, if the proxy reports it.
        max_budget: The budget in USD, if the proxy reports it.
    """

    status_code = 422
    spend: float | None = None
    max_budget: float | None = None


class DatabaseRequiredError(APIStatusError):
    """The proxy runs without a database, which this administration route needs."""

    status_code = 400


class InvalidResponseError(LiteLLMProxyError):
    """The proxy reported success with a response that cannot be read: null, an error, a web page."""


class ResponseTooLargeError(InvalidResponseError):
    """The response is larger than `max_response_bytes`; the rest of it was not read."""


class StreamError(LiteLLMProxyError):
    """A stream broke; `partial` is the partial value, such as the completion."""


class StreamTruncatedError(StreamError):
    """A stream ended before its value was complete."""


class ListChangedError(LiteLLMProxyError):
    """A list changed each time it was read, so rows may have been missed.

    Attributes:
        items: The rows that were read.
    """

    def __init__(self, message: str = "", *, items: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.items = items


class PartialChangeError(LiteLLMProxyError):
    """A change of several steps failed, and not all completed steps could be rolled back.

    Its `__cause__` is the error of the step that failed.

    Attributes:
        done: Descriptions of the completed steps that are still in effect.
        not_done: Descriptions of the steps that were not done, or may not have been done.
    """

    def __init__(self, message: str = "", *, done: Sequence[str] = (), not_done: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.done: list[str] = list(done)
        self.not_done: list[str] = list(not_done)
