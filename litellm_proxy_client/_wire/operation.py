"""Pure: operations, values that describe a request to the proxy and how to read the response.

Endpoints return operations and do no I/O; the request executor sends them. See `docs/contributing.md`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

from ..exceptions import UsageError
from .parameters import QueryValue
from .response import JsonReader, ResponseReader

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
A = TypeVar("A")


RetryClass: TypeAlias = 'Literal["read", "repeatable", "billed", "change"]'
"""When a request is sent again: `read` and `repeatable` after any temporary failure, `billed` only if the proxy refused
it (429, 503) or never received it, and `change` only if the proxy never received it."""
TimeoutClass: TypeAlias = 'Literal["short", "long"]'
"""The default timeout of a call, by the kind of work: 30 s or 600 s."""


@dataclass(frozen=True, slots=True)
class ErrorRules:
    """Rules by which the body of an error determines its class, besides the status.

    Attributes:
        text_decides: True if the message of a 400 tells an unknown object from one that already exists.
        needs_database: True if the operation cannot work on a proxy without a database.
    """

    text_decides: bool = False
    needs_database: bool = False


MANAGEMENT = ErrorRules(text_decides=True, needs_database=True)
INFERENCE = ErrorRules()


@dataclass(slots=True)
class Operation(Generic[T]):
    """One HTTP request and the type of its response.

    Attributes:
        method: The HTTP method in upper case.
        path: The path below the base URL, already encoded (see `encode_path`), with a leading slash.
        response: How the response is read, see `_wire/response.py`.
        query: Query parameters; `None` values are omitted.
        json: The body. In a mapping, top-level `None` values are omitted and `NULL` is sent as null.
        headers: Headers of this request, in addition to the client's.
        retry: When the request is sent again after a failure.
        timeout: The class of the default timeout.
        errors: How the body of an error determines its class.
        request: A prepared request to send unchanged, instead of all of the above.
        options: Options of httpx's `build_request` for the low-level `http` resource (`data`, `files`, ...).
    """

    method: str
    path: str
    response: ResponseReader[T]
    query: Mapping[str, QueryValue] | None = None
    # The body, headers and options may contain credentials, so the repr omits them.
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    retry: RetryClass = "change"
    timeout: TimeoutClass = "short"
    errors: ErrorRules = MANAGEMENT
    request: httpx.Request | None = None
    options: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(slots=True)
class PageOperation(Generic[T]):
    """An `Operation` whose response is one page of a list.

    Attributes:
        operation: The operation that requests this page.
        item: The type of a row.
        items: The field of the response that contains the rows; `None` if the response is the bare list.
        identity: The field that identifies a row; `None` if a row is its own identity.
        page: The query parameter for the page number; `None` for a list that is not paged.
        total: The field of the response with the number of rows on all pages.
        total_pages: The field of the response with the number of pages.
    """

    operation: Operation[Any]
    item: type[T]
    items: str | None
    identity: str | None
    page: str | None = None
    total: str | None = None
    total_pages: str | None = None

    def with_page(self, page: int) -> PageOperation[T]:
        """Return the operation for another page of the same list."""
        assert self.page is not None
        return replace(self, operation=replace(self.operation, query={**(self.operation.query or {}), self.page: page}))


class Send(Protocol):
    """A function that sends operations, passed to endpoints that make several requests."""

    async def __call__(self, operation: Operation[A], /) -> A:
        """Send an operation and return its response. All requests share the deadline of the method call."""
        ...

    async def undo(self, operations: Sequence[Operation[Any]], /) -> list[Exception]:
        """Send operations that revert earlier ones, even after a failure or cancellation, and return the errors."""
        ...


@dataclass(slots=True)
class MultiStepOperation(Generic[T]):
    """Several requests that together make one operation.

    Attributes:
        operations: The operations sent when none fails; with `return_request=True`, their requests are the result.
        run: A coroutine function that sends them, reverts the completed ones if one fails, and builds the result.
    """

    operations: Sequence[Operation[Any]]
    run: Callable[[Send], Awaitable[T]]


def encode_path(template: str, *parts: str) -> str:
    """Replace each `{}` of a path template by a percent-encoded parameter, which stays one path segment.

    Raises:
        UsageError: A parameter is empty, `.` or `..`, or contains a control character.
    """
    for part in parts:
        if not isinstance(part, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageError(f"a path parameter must be a string, got {type(part).__name__}")
        # `quote` leaves dots as they are, and `.` and `..` would change the path: servers resolve them.
        if part in ("", ".", "..") or any(ord(character) < 32 or character == "\x7f" for character in part):
            raise UsageError(
                f"{part!r} is not a valid path parameter: it must not be empty, '.', '..' or contain control characters"
            )
    try:
        return template.format(*(quote(part, safe="") for part in parts))
    except UnicodeEncodeError:
        raise UsageError("a path parameter contains a lone surrogate, which is not valid UTF-8") from None


def get(path: str, response_type: type[T], *, query: Mapping[str, QueryValue] | None = None) -> Operation[T]:
    """Build a read, which changes nothing and may always be repeated."""
    return Operation("GET", path, JsonReader(response_type), query, retry="read")


def post(
    path: str,
    response_type: type[T],
    *,
    json: Any = None,
    query: Mapping[str, QueryValue] | None = None,
    retry: RetryClass = "change",
) -> Operation[T]:
    """Build a write by `POST`; `repeatable` if the caller passed a unique id, which prevents a duplicate."""
    return Operation("POST", path, JsonReader(response_type), query, json, retry=retry)


def patch(
    path: str, response_type: type[T], *, json: Any = None, query: Mapping[str, QueryValue] | None = None
) -> Operation[T]:
    """Build a write by `PATCH`."""
    return Operation("PATCH", path, JsonReader(response_type), query, json)


def delete(
    path: str, response_type: type[T], *, json: Any = None, query: Mapping[str, QueryValue] | None = None
) -> Operation[T]:
    """Build a write by `DELETE`."""
    return Operation("DELETE", path, JsonReader(response_type), query, json)
