"""Pure: what went wrong, as one of our errors, with nothing of the client's key in it."""

from __future__ import annotations

import ast
import contextlib
import json
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from ..exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BadGatewayError,
    BadRequestError,
    BudgetExceededError,
    ConflictError,
    ContentFilterError,
    ContextWindowExceededError,
    DatabaseRequiredError,
    GatewayTimeoutError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestTimeoutError,
    ResponseTooLargeError,
    ServiceUnavailableError,
    StreamError,
    UnauthorizedError,
    UnprocessableEntityError,
)
from .redact import Redactor

if TYPE_CHECKING:
    import httpx

    from ..types._lenient import Json
    from .operation import Kind

E = TypeVar("E", bound=LiteLLMProxyError)

MAX_MESSAGE = 2000
# A message that is longer than this is not the repr of one of the server's small dictionaries.
MAX_LITERAL = 10_000
MAX_DEPTH = 8
MAX_PARTS = 20

_BY_STATUS: dict[int, type[APIStatusError]] = {
    kind.status_code: kind
    for kind in (
        BadRequestError,
        UnauthorizedError,
        PermissionDeniedError,
        NotFoundError,
        RequestTimeoutError,
        ConflictError,
        UnprocessableEntityError,
        RateLimitError,
        BadGatewayError,
        ServiceUnavailableError,
        GatewayTimeoutError,
    )
}
# The only types that are more to be relied on than the status (`ProxyErrorTypes` in proxy/_types.py).
_BUDGET = "budget_exceeded"
_NO_DATABASE = "no_db_connection"
_MODEL_DENIED = frozenset(
    f"{owner}_model_access_denied" for owner in ("key", "team", "user", "customer", "org", "project", "agent")
)
_CLASS_NAMES = re.compile(r"(?:(?:litellm\.)?[A-Z][A-Za-z]+(?:: |$))+")
_MISSING = re.compile(r"\b(?:not found|does not exist)\b", re.IGNORECASE)
_EXISTING = re.compile(r"\balready exists\b", re.IGNORECASE)
_SPENT = re.compile(r"Current cost: ([\d.eE+-]+), Max budget: ([\d.eE+-]+)")
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)\b[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def error_of_response(
    response: httpx.Response, *, kind: Kind, auth_header: str, secrets: Sequence[str]
) -> APIStatusError:
    """The error of an answer, read to its end, whose status is not 2xx."""
    redactor = Redactor(response.request, auth_header, secrets)
    told = ErrorBody(redactor.body(response.content), redactor)
    status = response.status_code
    if 300 <= status < 400:
        error: APIStatusError = RedirectError(f"the proxy redirects to {_target(response, redactor)}")
        error.status_code = status
    else:
        phrase = f"{status} {response.reason_phrase}".rstrip()
        error = status_error(status, told.type, told.message or f"the proxy answered {phrase} and nothing more", kind)
    return attach_response(error, response, redactor, told)


def error_of_event(
    frame: object, response: httpx.Response, *, kind: Kind, auth_header: str, secrets: Sequence[str]
) -> APIStatusError | StreamError:
    """The error in an event of a stream: its class is that of its code, since the answer's status is mostly 200.

    Args:
        frame: The event's data, parsed where it is JSON.
        response: The answer that the stream belongs to.
        kind: The kind of the call.
        auth_header: The name of the header that holds the client's key.
        secrets: What may not be in an error.
    """
    redactor = Redactor(response.request, auth_header, secrets)
    try:
        told = ErrorBody(redactor.value(frame), redactor)
    except ValueError:
        told = ErrorBody(None, redactor)
    message = told.message or "the stream broke, and the proxy does not say why"
    if told.status is None:
        return attach_response(StreamError(message), response, redactor, told)
    return attach_response(status_error(told.status, told.type, message, kind), response, redactor, told)


def invalid_response_error(
    response: httpx.Response, reason: str, *, auth_header: str, secrets: Sequence[str]
) -> InvalidResponseError | APIStatusError:
    """The error of an answer that has a good status and yet is none: null, a web page, or an error.

    Args:
        response: The answer, read to its end.
        reason: Why it cannot be used.
        auth_header: The name of the header that holds the client's key.
        secrets: What may not be in an error.
    """
    redactor = Redactor(response.request, auth_header, secrets)
    told = ErrorBody(redactor.body(response.content), redactor)
    is_error = isinstance(told.body, dict) and bool(told.body.get("error")) and "choices" not in told.body
    if is_error and told.message and told.status is not None:
        return attach_response(
            status_error(told.status, told.type, told.message, "completion"), response, redactor, told
        )
    found = f"an error: {told.message}" if is_error else f"no answer: {reason}"
    error = InvalidResponseError(
        _readable(redactor.text(f"the proxy answered {response.status_code}, but sent {found}"))
    )
    return attach_response(error, response, redactor, told)


def too_large_error(
    response: httpx.Response, most: int, *, auth_header: str, secrets: Sequence[str]
) -> ResponseTooLargeError:
    """The error of an answer of which no more was read."""
    redactor = Redactor(response.request, auth_header, secrets)
    text = f"the answer ({response.status_code}) is larger than {most:,} bytes (max_response_bytes)"
    return attach_response(ResponseTooLargeError(text), response, redactor, ErrorBody(None, redactor))


def stream_error(
    kind: type[E], message: str, response: httpx.Response, *, auth_header: str, secrets: Sequence[str]
) -> E:
    """The error of a stream that broke without an error event."""
    redactor = Redactor(response.request, auth_header, secrets)
    return attach_response(kind(_readable(redactor.text(message))), response, redactor, ErrorBody(None, redactor))


def connection_error(
    failure: Exception, request: httpx.Request, *, auth_header: str, secrets: Sequence[str]
) -> LiteLLMProxyError:
    """The error of an exchange that broke off.

    The failure must not become the cause or context of the error (raise it `from None`): it refers to the request, key
    and body included. All that it says is in the message.
    """
    import httpx

    redactor = Redactor(request, auth_header, secrets)
    origin, reason = _origin(request.url), _reason(failure)
    error: LiteLLMProxyError
    if isinstance(failure, httpx.PoolTimeout):
        error = APITimeoutError(f"no connection to {origin} became free: calls and open streams held all of them")
        error.never_sent = True
    elif isinstance(failure, httpx.ConnectTimeout):
        error = APITimeoutError(f"no connection to {origin} could be made in time")
        error.never_sent = True
    elif isinstance(failure, httpx.TimeoutException):
        error = APITimeoutError(f"{origin} did not answer in time ({reason})")
    elif isinstance(failure, (httpx.ConnectError, httpx.ProxyError)):
        error = APIConnectionError(f"no connection to {origin} could be made ({reason})")
        error.never_sent = True
    elif isinstance(failure, httpx.DecodingError):
        error = InvalidResponseError(f"the answer of {origin} cannot be decompressed ({reason})")
    elif isinstance(failure, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        error = APIConnectionError(f"the request to {origin} could not be sent ({reason})")
    else:
        error = APIConnectionError(f"the connection to {origin} broke before the answer was complete ({reason})")
    return attach_request(error, request, redactor)


def deadline_error(
    request: httpx.Request, *, seconds: float, attempts: int, sent: bool, auth_header: str, secrets: Sequence[str]
) -> APITimeoutError:
    """The error of a call whose time is over."""
    tries = "" if attempts == 1 else f" and {attempts} attempts"
    failed = "did not answer" if sent else "could not be reached, or all connections to it were taken,"
    error = APITimeoutError(f"{_origin(request.url)} {failed} within {seconds:g} s{tries} (timeout)")
    error.never_sent = attempts == 1 and not sent
    return attach_request(error, request, Redactor(request, auth_header, secrets))


def status_error(status: int, type_: str | None, message: str, kind: Kind) -> APIStatusError:
    error: APIStatusError
    if type_ == _BUDGET:
        error = _over_budget(message)
    elif type_ == _NO_DATABASE and kind == "admin" and status != 503:
        error = DatabaseRequiredError(
            "the proxy runs without a database, which all keys but its master key, and most of the administration, "
            f"need: {message}"
        )
    elif type_ == _NO_DATABASE and status == 400:
        error = UnauthorizedError(
            f"the key is wrong, or it is a virtual key and the proxy runs without the database of those: {message}"
        )
    else:
        error = _class(status, type_, message, kind)(message)
    error.status_code = status
    return error


def _class(status: int, type_: str | None, message: str, kind: Kind) -> type[APIStatusError]:
    if type_ in _MODEL_DENIED:
        return PermissionDeniedError
    if status == 400:
        names = _CLASS_NAMES.match(message)
        if names and "ContextWindowExceededError" in names[0]:
            return ContextWindowExceededError
        if names and "ContentPolicyViolationError" in names[0]:
            return ContentFilterError
        if kind == "admin" and _MISSING.search(message):
            return NotFoundError
        if kind == "admin" and _EXISTING.search(message):
            return ConflictError
    return _BY_STATUS.get(status) or (InternalServerError if status >= 500 else APIStatusError)


def _over_budget(message: str) -> BudgetExceededError:
    error = BudgetExceededError(message)
    if numbers := _SPENT.search(message):
        with contextlib.suppress(ValueError):
            error.spend, error.max_budget = float(numbers[1]), float(numbers[2].rstrip("."))
    return error


class ErrorBody:
    """What a body says went wrong, whichever of the proxy's shapes it has."""

    def __init__(self, body: Json, redactor: Redactor) -> None:
        self.body = body
        text = _text_of(body)
        # Once more redacted: reading a repr undoes escapes. Before it is cut: half a key is no key to the redactor.
        self.message = None if text is None else _readable(redactor.text(text))
        self._source = _source(body)
        self.type = self._word("type")
        self.param = self._word("param")
        self.code = self._word("code")
        self.call_id = self._word("litellm_call_id")

    @property
    def status(self) -> int | None:
        """The code as the status of an error."""
        return int(self.code) if self.code and re.fullmatch("[45][0-9][0-9]", self.code) else None

    def _word(self, name: str) -> str | None:
        value = self._source.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return _readable(value) if isinstance(value, str) and value not in ("", "None") else None


def _source(body: Json) -> dict[str, Json]:
    """The part of a body that holds type and code: for a validation error the first finding."""
    for _ in range(MAX_DEPTH):
        if isinstance(body, list):
            finding = body[0] if body else None
            return {**finding, "param": ".".join(_place(finding)[1:])} if isinstance(finding, dict) else {}
        if not isinstance(body, dict):
            break
        inner = body.get("error") or body.get("detail")
        if not isinstance(inner, (dict, list)):
            return body
        body = inner
    return {}


def _text_of(value: Json, depth: int = 0) -> str | None:
    """The text in a body, from the innermost of the places where the proxy puts it."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        literal = _literal(value)
        return (_text_of(literal, depth + 1) if literal else None) or (None if value in ("", "None") else value)
    if isinstance(value, list):
        return "; ".join(text for part in value[:MAX_PARTS] if (text := _text_of(part, depth + 1))) or None
    if not isinstance(value, dict):
        return None
    if isinstance(finding := value.get("msg"), str):
        return f"{'.'.join(_place(value)) or 'request'}: {finding}"
    for name in ("error", "detail", "message", "title"):
        if text := _text_of(value.get(name), depth + 1):
            return text
    return json.dumps(value) if value and not depth else None


def _place(finding: dict[str, Json]) -> list[str]:
    place = finding.get("loc")
    return [str(part) for part in place] if isinstance(place, list) else []


def _literal(text: str) -> dict[str, Json] | None:
    """The dictionary whose repr, or JSON, a text is: that is how the proxy sends the details of many an error."""
    if not text.startswith("{") or len(text) > MAX_LITERAL:
        return None
    for parse in (ast.literal_eval, json.loads):
        try:
            value: object = parse(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(value, dict):
            return cast("dict[str, Json]", value)
    return None


def _readable(text: str) -> str:
    """A text fit for a message: a web page's title, no control characters, no more than can be read."""
    if _PAGE.match(text):
        title = _TITLE.search(text)
        text = f"a web page, {title[2].strip()!r}" if title else "a web page"
    text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.strip())
    return text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]}... ({len(text)} characters)"


def _reason(failure: Exception) -> str:
    """What an exception says, and what the operating system had said."""
    cause: BaseException = failure
    for _ in range(MAX_DEPTH):
        cause = cause.__cause__ or cause.__context__ or cause
    text = f"{type(failure).__name__}: {failure}".removesuffix(": ")
    system = str(cause) if isinstance(cause, OSError) else ""
    return _readable(text if system in text else f"{text}: {system}")


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"


def _target(response: httpx.Response, redactor: Redactor) -> str:
    """Where a redirect leads, without path and query, which may hold secrets of their own."""
    import httpx

    try:
        target = response.request.url.join(response.headers["location"])
    except (KeyError, ValueError, httpx.InvalidURL):
        return "an address that cannot be read"
    return redactor.text(_origin(target))


def attach_response(error: E, response: httpx.Response, redactor: Redactor, told: ErrorBody) -> E:
    """An error with all that its answer tells."""
    from .._headers import retry_after
    from ..types.proxy import ProxyInfo

    attach_request(error, response.request, redactor)
    copy = redactor.response(response)
    error.response = copy
    if error.status_code is None:
        error.status_code = copy.status_code
    error.proxy = ProxyInfo(copy.headers)
    error.retry_after = retry_after(copy.headers, time.time())
    error.body, error.type, error.param, error.code = told.body, told.type, told.param, told.code
    error.call_id = error.proxy.call_id or told.call_id or error.call_id
    return error


def attach_request(error: E, request: httpx.Request, redactor: Redactor) -> E:
    """An error with all that its request tells; the proxy takes over the id that a request brings."""
    error.message = redactor.text(error.message)
    error.args = (error.message,)
    error.request = redactor.request
    error.call_id = redactor.request.headers.get("x-litellm-call-id")
    return error
