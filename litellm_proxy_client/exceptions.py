"""Everything that this client raises.

LiteLLMProxyError
├── UsageError                         the call itself is wrong; nothing was sent (also a ValueError)
│   ├── UsageTypeError                 ... by the type of an argument (also a TypeError)
│   └── AmbiguousNameError             ... by a name that several things bear
├── APIConnectionError                 the proxy could not be reached, or the connection broke
│   └── APITimeoutError                ... in the time there was
├── APIStatusError                     the proxy refused, or failed
│   ├── RedirectError                  3xx
│   ├── BadRequestError                400
│   │   ├── ContextWindowExceededError     the prompt is too long for the model
│   │   └── ContentFilterError             the provider's content policy
│   ├── UnauthorizedError              401
│   ├── PermissionDeniedError          403
│   ├── NotFoundError                  404
│   ├── RequestTimeoutError            408, the provider's time is over
│   ├── ConflictError                  409
│   ├── UnprocessableEntityError       422
│   ├── RateLimitError                 429
│   ├── InternalServerError            500 and every other 5xx
│   │   ├── BadGatewayError            502
│   │   ├── ServiceUnavailableError    503
│   │   └── GatewayTimeoutError        504
│   ├── BudgetExceededError            any status
│   └── DatabaseRequiredError          any status, on administration
├── InvalidResponseError               an answer that cannot be read
│   └── ResponseTooLargeError          ... for its size (max_response_bytes)
├── StreamError                        a stream broke
│   └── StreamTruncatedError           ... by ending too early
├── ListChangedError                   a list changed each time that it was read
└── PartialChangeError                 a change of several steps is half done
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
    """Anything that this client raises. It can be pickled, and holds nothing of the client's key.

    Attributes:
        message: What went wrong, without the details that `str()` adds.
        status_code: The HTTP status, or in a stream the code of the error event; `None` without an answer.
        type: The proxy's word for the kind of error. It is often wrong: rely on the class.
        param: The parameter that the proxy objects to.
        code: The proxy's code for the error, which is mostly the status as a string.
        body: The answer as parsed JSON, or its text.
        call_id: The proxy's id for the call, as its logs show it.
        retry_after: After how many seconds the proxy suggests to try again.
        proxy: What the headers of the answer said; `None` without an answer.
        request: A copy of the request without credentials and without its body, which can hold some.
        response: A copy of the answer without credentials; its `request` is the copy above.
        partial: The completion as far as it had come when its stream broke.
        chunks: How many chunks had come.
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
    """The call itself is wrong; nothing was sent."""


class UsageTypeError(UsageError, TypeError):
    """An argument is of a type that cannot be used here; nothing was sent."""


class AmbiguousNameError(UsageError):
    """Several things bear the name; nothing was changed.

    Attributes:
        ids: The ids of the things that bear the name: name one of them by its id.
    """

    def __init__(self, message: str = "", *, ids: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.ids = list(ids)


class APIConnectionError(LiteLLMProxyError):
    """The proxy could not be reached, or the connection to it broke before the answer was complete.

    Attributes:
        never_sent: Whether no connection was made, so that the proxy cannot have seen anything of the request.
    """

    never_sent: bool = False


class APITimeoutError(APIConnectionError):
    """The call, or the silence of a stream, took longer than it may.

    The proxy does not notice: it carries the request out and bills it.
    """


class APIStatusError(LiteLLMProxyError):
    """The proxy answered with a status that is not 2xx, or with an error event in a stream."""

    status_code: int = 0  # pyright: ignore[reportIncompatibleVariableOverride]
    if TYPE_CHECKING:
        request: httpx.Request  # pyright: ignore[reportIncompatibleVariableOverride]
        response: httpx.Response  # pyright: ignore[reportIncompatibleVariableOverride]


class RedirectError(APIStatusError):
    """3xx: the proxy is somewhere else. Redirects are not followed, since they would take the key along."""

    status_code = 307


class BadRequestError(APIStatusError):
    """400: the proxy, or the model's provider, cannot work with the request."""

    status_code = 400


class ContextWindowExceededError(BadRequestError):
    """400: the prompt is too long for the model."""


class ContentFilterError(BadRequestError):
    """400: the provider's content policy forbids the request."""


class UnauthorizedError(APIStatusError):
    """401: no key, an unknown, expired or blocked one; or the proxy's own key is refused by the provider."""

    status_code = 401


class PermissionDeniedError(APIStatusError):
    """403: the key is good, but not for this model or route."""

    status_code = 403


class NotFoundError(APIStatusError):
    """404, or a 400 of the administration that says so: there is no such thing, or no such route."""

    status_code = 404


class RequestTimeoutError(APIStatusError):
    """408: the model's provider did not answer in the time that the proxy gave it."""

    status_code = 408


class ConflictError(APIStatusError):
    """409, or a 400 of the administration that says so: it exists already, or was changed meanwhile."""

    status_code = 409


class UnprocessableEntityError(APIStatusError):
    """422: a parameter is missing or of the wrong type."""

    status_code = 422


class RateLimitError(APIStatusError):
    """429: too many requests or tokens, for the key or for the provider; see `retry_after`."""

    status_code = 429


class InternalServerError(APIStatusError):
    """500 and every other 5xx: the proxy failed, or could not get an answer from the provider."""

    status_code = 500


class BadGatewayError(InternalServerError):
    """502: the provider's gateway failed."""

    status_code = 502


class ServiceUnavailableError(InternalServerError):
    """503: the provider, or the proxy's database, is down or overloaded."""

    status_code = 503


class GatewayTimeoutError(InternalServerError):
    """504: the provider's gateway got no answer in time."""

    status_code = 504


class BudgetExceededError(APIStatusError):
    """The budget of a key, user, team or other owner is used up, whatever the status. Never retried.

    Attributes:
        spend: US dollars spent, where the proxy says it.
        max_budget: The budget in US dollars, where the proxy says it.
    """

    status_code = 422
    spend: float | None = None
    max_budget: float | None = None


class DatabaseRequiredError(APIStatusError):
    """The proxy runs without a database, which this part of the administration needs."""

    status_code = 400


class InvalidResponseError(LiteLLMProxyError):
    """The proxy answered with success, but its answer cannot be read: null, an error, a web page."""


class ResponseTooLargeError(InvalidResponseError):
    """The answer is larger than `max_response_bytes`; the rest of it was not read."""


class StreamError(LiteLLMProxyError):
    """A stream broke; what had come is in `partial`."""


class StreamTruncatedError(StreamError):
    """A stream ended although its completion was not complete."""


class ListChangedError(LiteLLMProxyError):
    """A list changed each time that it was read, so that rows of it may have been missed.

    Attributes:
        items: The rows that were read.
    """

    def __init__(self, message: str = "", *, items: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.items = items


class PartialChangeError(LiteLLMProxyError):
    """A change of several steps failed, and what it had done could not all be taken back.

    Its `__cause__` is the error of the step that failed.

    Attributes:
        done: What was done and is still there, in words.
        not_done: What was not done, or may not have been done, in words.
    """

    def __init__(self, message: str = "", *, done: Sequence[str] = (), not_done: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.done = list(done)
        self.not_done = list(not_done)
