"""Pure: turn responses, error events and network failures into exceptions that do not contain the client's key."""

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
    from .operation import ErrorRules


E = TypeVar("E", bound=LiteLLMProxyError)

MAX_MESSAGE = 2000
# A longer message is not parsed: it is not the repr of one of the proxy's small dictionaries, and parsing takes time.
MAX_LITERAL = 10_000
MAX_DEPTH = 8
MAX_PARTS = 20

_BY_STATUS: dict[int, type[APIStatusError]] = {
    error_class.status_code: error_class
    for error_class in (
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
# The only values of `type` that are more reliable than the status (`ProxyErrorTypes` in proxy/_types.py).
_BUDGET_EXCEEDED = "budget_exceeded"
_NO_DATABASE = "no_db_connection"
_MODEL_DENIED = frozenset(
    f"{owner}_model_access_denied" for owner in ("key", "team", "user", "customer", "org", "project", "agent")
)
# LiteLLM puts the names of its exception classes before a message; the prompt, which may follow, is not searched.
_CLASS_NAMES = re.compile(r"(?:(?:litellm\.)?[A-Z][A-Za-z]+(?:: |$))+")
# Many administration routes return 400 for these two cases, and only the message tells them apart.
_NOT_FOUND = re.compile(r"\b(?:not found|does not exist)\b", re.IGNORECASE)
_ALREADY_EXISTS = re.compile(r"\balready exists\b", re.IGNORECASE)
_SPEND = re.compile(r"Current cost: ([\d.eE+-]+), Max budget: ([\d.eE+-]+)")
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body)\b", re.IGNORECASE)
# Bounded quantifiers keep the search linear in a hostile page.
_TITLE = re.compile(r"<(title|h1)\b[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def error_of_response(
    response: httpx.Response, *, rules: ErrorRules, auth_header: str, secrets: Sequence[str]
) -> APIStatusError:
    """Build the error of a response with a status that is not 2xx. The response must have been read."""
    redactor = Redactor(response.request, auth_header, secrets)
    body = ErrorBody(redactor.body(response.content), redactor)
    status = response.status_code
    if 300 <= status < 400:
        target = _redirect_target(response, redactor)
        error: APIStatusError = RedirectError(f"the proxy redirects to {target}, which is not followed: check base_url")
        error.status_code = status  # any 3xx, not only the 307 of the class
    else:
        phrase = f"{status} {response.reason_phrase}".rstrip()
        message = body.message or f"the proxy returned {phrase} with an empty body"
        error = status_error(status, body.type, message, rules)
    return attach_response(error, response, redactor, body)


def error_of_event(
    event: object, response: httpx.Response, *, rules: ErrorRules, auth_header: str, secrets: Sequence[str]
) -> APIStatusError | StreamError:
    """Build the error of an error event in a stream.

    Its code determines the class, since the status of the response is usually 200.

    Args:
        event: The event's data, parsed if it is JSON.
        response: The response with the stream.
        rules: The error rules of the operation.
        auth_header: The name of the header with the client's key.
        secrets: The credentials that must not appear in the error.
    """
    redactor = Redactor(response.request, auth_header, secrets)
    try:
        body = ErrorBody(redactor.value(event), redactor)
    except ValueError:  # nested too deeply
        body = ErrorBody(None, redactor)
    message = body.message or "the stream failed and the proxy gave no reason"
    if body.status is None:
        return attach_response(StreamError(message), response, redactor, body)
    return attach_response(status_error(body.status, body.type, message, rules), response, redactor, body)


def invalid_response_error(
    response: httpx.Response, reason: str, *, rules: ErrorRules, auth_header: str, secrets: Sequence[str]
) -> InvalidResponseError | APIStatusError:
    """Build the error of a response with status 2xx and an invalid body: null, a web page, or an error.

    Args:
        response: The response, which must have been read.
        reason: The reason why its body is invalid.
        rules: The error rules of the operation.
        auth_header: The name of the header with the client's key.
        secrets: The credentials that must not appear in the error.
    """
    redactor = Redactor(response.request, auth_header, secrets)
    body = ErrorBody(redactor.body(response.content), redactor)
    is_error = isinstance(body.content, dict) and bool(body.content.get("error"))
    if is_error and body.message and body.status is not None:
        return attach_response(status_error(body.status, body.type, body.message, rules), response, redactor, body)
    problem = f"an error: {body.message}" if is_error else f"an invalid body: {reason}"
    message = redactor.text(f"the proxy returned {response.status_code} with {problem}")
    error = InvalidResponseError(_readable(message))
    return attach_response(error, response, redactor, body)


def too_large_error(
    response: httpx.Response, limit: int, *, auth_header: str, secrets: Sequence[str]
) -> ResponseTooLargeError:
    """Build the error of a response that exceeds `max_response_bytes` and was not read further."""
    redactor = Redactor(response.request, auth_header, secrets)
    message = f"the response ({response.status_code}) is larger than {limit:,} bytes (max_response_bytes)"
    return attach_response(ResponseTooLargeError(message), response, redactor, ErrorBody(None, redactor))


def stream_error(
    error_class: type[E], message: str, response: httpx.Response, *, auth_header: str, secrets: Sequence[str]
) -> E:
    """Build the error of a stream that broke without an error event."""
    redactor = Redactor(response.request, auth_header, secrets)
    error = error_class(_readable(redactor.text(message)))
    return attach_response(error, response, redactor, ErrorBody(None, redactor))


def connection_error(
    failure: Exception, request: httpx.Request, *, auth_header: str, secrets: Sequence[str]
) -> LiteLLMProxyError:
    """Build the error of a request that failed without a complete response.

    Raise it `from None`: the failure must not become its cause or context, because it refers to the request with key
    and body. The message contains the failure's whole text.
    """
    import httpx

    redactor = Redactor(request, auth_header, secrets)
    origin, reason = _origin(request.url), _reason(failure)
    error: LiteLLMProxyError
    if isinstance(failure, httpx.PoolTimeout):
        error = APITimeoutError(
            f"connection pool exhausted: requests and open streams are using every connection to {origin}"
        )
        error.never_sent = True  # so it is retried even if the operation must not be processed twice
    elif isinstance(failure, httpx.ConnectTimeout):
        error = APITimeoutError(f"connecting to {origin} timed out (connect_timeout)")
        error.never_sent = True
    elif isinstance(failure, httpx.TimeoutException):
        error = APITimeoutError(f"{origin} did not respond in time ({reason})")
    elif isinstance(failure, (httpx.ConnectError, httpx.ProxyError)):
        error = APIConnectionError(f"could not connect to {origin} ({reason})")
        error.never_sent = True
    elif isinstance(failure, httpx.DecodingError):
        error = InvalidResponseError(f"the response from {origin} cannot be decompressed ({reason})")
    elif isinstance(failure, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        error = APIConnectionError(f"the request to {origin} could not be sent ({reason})")
    else:
        error = APIConnectionError(f"the connection to {origin} broke before the response was complete ({reason})")
    return attach_request(error, redactor)


def deadline_error(
    request: httpx.Request, *, seconds: float, attempts: int, sent: bool, auth_header: str, secrets: Sequence[str]
) -> APITimeoutError:
    """Build the error of a call that exceeded its deadline."""
    origin = _origin(request.url)
    limit = f"{seconds:g} s" if attempts == 1 else f"{seconds:g} s in {attempts} attempts"
    if sent:
        message = f"{origin} did not respond within {limit} (timeout)"
    else:
        message = f"no connection to {origin} within {limit}: unreachable, or connection pool exhausted (timeout)"
    error = APITimeoutError(message)
    error.never_sent = attempts == 1 and not sent  # an earlier attempt may have been sent
    return attach_request(error, Redactor(request, auth_header, secrets))


def status_error(status: int, type_: str | None, message: str, rules: ErrorRules) -> APIStatusError:
    """Build the error of a status, or of the code of an error event."""
    error: APIStatusError
    if type_ == _BUDGET_EXCEEDED:
        error = _budget_exceeded_error(message)
    elif type_ == _NO_DATABASE and rules.needs_database and status != 503:
        error = DatabaseRequiredError(
            "the proxy runs without a database, which every key except the master key and most administration routes "
            f"need: {message}"
        )
    # Without a database, the proxy rejects every key except its master key with 400, whatever the operation.
    elif type_ == _NO_DATABASE and status == 400:
        error = UnauthorizedError(
            f"the key is wrong, or it is a virtual key, which a proxy without a database does not know: {message}"
        )
    else:
        error = _status_error_class(status, type_, message, rules)(message)
    error.status_code = status
    return error


def _status_error_class(status: int, type_: str | None, message: str, rules: ErrorRules) -> type[APIStatusError]:
    if type_ in _MODEL_DENIED:
        return PermissionDeniedError
    if status == 400:
        names = _CLASS_NAMES.match(message)
        if names and "ContextWindowExceededError" in names[0]:
            return ContextWindowExceededError
        if names and "ContentPolicyViolationError" in names[0]:
            return ContentFilterError
        if rules.text_decides and _NOT_FOUND.search(message):
            return NotFoundError
        if rules.text_decides and _ALREADY_EXISTS.search(message):
            return ConflictError
    return _BY_STATUS.get(status) or (InternalServerError if status >= 500 else APIStatusError)


def _budget_exceeded_error(message: str) -> BudgetExceededError:
    error = BudgetExceededError(message)
    if match := _SPEND.search(message):
        with contextlib.suppress(ValueError):
            # The pattern also matches a full stop after the number.
            error.spend, error.max_budget = float(match[1]), float(match[2].rstrip("."))
    return error


class ErrorBody:
    """The error information in a response body or event, in any of the shapes that the proxy uses."""

    def __init__(self, content: Json, redactor: Redactor) -> None:
        self.content = content
        text = _text_of(content)
        # Redact again, because parsing a repr removes escapes that could hide a key. Do it before `_readable` shortens
        # the text, since the redactor does not recognize part of a key.
        self.message = None if text is None else _readable(redactor.text(text))
        self._details = _details(content)
        self.type = self._detail("type")
        self.param = self._detail("param")
        self.code = self._detail("code")
        self.call_id = self._detail("litellm_call_id")

    @property
    def status(self) -> int | None:
        """The code, if it is an HTTP error status."""
        return int(self.code) if self.code and re.fullmatch("[45][0-9][0-9]", self.code) else None

    def _detail(self, name: str) -> str | None:
        value = self._details.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        # The proxy writes missing values as the string "None".
        return _readable(value) if isinstance(value, str) and value not in ("", "None") else None


def _details(body: Json) -> dict[str, Json]:
    """Return the part of a body that contains type and code: for a validation error, its first problem."""
    for _ in range(MAX_DEPTH):
        if isinstance(body, list):
            problem = body[0] if body else None
            # The first part of the location is `body` or `query`, not a parameter.
            return {**problem, "param": ".".join(_location(problem)[1:])} if isinstance(problem, dict) else {}
        if not isinstance(body, dict):
            break
        inner = body.get("error") or body.get("detail")
        if not isinstance(inner, (dict, list)):
            return body
        body = inner
    return {}


def _text_of(value: Json, depth: int = 0) -> str | None:
    """Return the message in a body, from the innermost of the fields in which the proxy puts it."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        literal = _parse_dict(value)
        return (_text_of(literal, depth + 1) if literal else None) or (None if value in ("", "None") else value)
    if isinstance(value, list):
        return "; ".join(text for part in value[:MAX_PARTS] if (text := _text_of(part, depth + 1))) or None
    if not isinstance(value, dict):
        return None
    if isinstance(problem := value.get("msg"), str):  # one problem of a validation error
        return f"{'.'.join(_location(value)) or 'request'}: {problem}"
    for name in ("error", "detail", "message", "title"):
        if text := _text_of(value.get(name), depth + 1):
            return text
    return json.dumps(value) if value and not depth else None


def _location(problem: dict[str, Json]) -> list[str]:
    location = problem.get("loc")
    return [str(part) for part in location] if isinstance(location, list) else []


def _parse_dict(text: str) -> dict[str, Json] | None:
    """Parse a dictionary written as its repr or as JSON: the proxy sends the details of many errors in this form."""
    if not text.startswith("{") or len(text) > MAX_LITERAL:
        return None
    # literal_eval evaluates only literals, so the proxy cannot execute code here; hostile text may exhaust the parser.
    for parse in (ast.literal_eval, json.loads):
        try:
            value: object = parse(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(value, dict):
            return cast("dict[str, Json]", value)
    return None


def _readable(text: str) -> str:
    """Make a text fit for a message: shortened, without control characters, and only the title of a web page."""
    if _WEB_PAGE.match(text):
        title = _TITLE.search(text)
        text = f"a web page, {title[2].strip()!r}" if title else "a web page"
    text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.strip())
    return text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]}... ({len(text)} characters)"


def _reason(failure: Exception) -> str:
    """Return an exception's text and the text of the operating system's error that caused it."""
    # httpx and aiohttp raise their own exceptions from an OSError, and only the OSError names the reason.
    cause: BaseException = failure
    for _ in range(MAX_DEPTH):
        cause = cause.__cause__ or cause.__context__ or cause
    text = f"{type(failure).__name__}: {failure}".removesuffix(": ")
    system = str(cause) if isinstance(cause, OSError) else ""
    return _readable(text if system in text else f"{text}: {system}")


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"


def _redirect_target(response: httpx.Response, redactor: Redactor) -> str:
    """Return the origin of a redirect's target, without path and query, which may contain secrets of their own."""
    import httpx

    try:
        target = response.request.url.join(response.headers["location"])
    except (KeyError, ValueError, httpx.InvalidURL):
        return "an invalid address"
    return redactor.text(_origin(target))


def attach_response(error: E, response: httpx.Response, redactor: Redactor, body: ErrorBody) -> E:
    """Add the information of a response, and of its request, to an error and return the error."""
    from .._headers import retry_after
    from ..types.proxy import ProxyInfo

    attach_request(error, redactor)
    copy = redactor.response(response)
    error.response = copy
    if error.status_code is None:
        error.status_code = copy.status_code
    error.proxy = ProxyInfo(copy.headers)
    error.retry_after = retry_after(copy.headers, time.time())
    error.body, error.type, error.param, error.code = body.content, body.type, body.param, body.code
    error.call_id = error.proxy.call_id or body.call_id or error.call_id
    return error


def attach_request(error: E, redactor: Redactor) -> E:
    """Add the information of a request to an error and return the error."""
    error.message = redactor.text(error.message)
    error.args = (error.message,)  # tracebacks show args, and pickles contain them
    error.request = redactor.request
    # The client chooses the call id, and the proxy adopts it.
    error.call_id = redactor.request.headers.get("x-litellm-call-id")
    return error
