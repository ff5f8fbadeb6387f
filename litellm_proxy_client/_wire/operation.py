"""Pure: operations, values that describe a request to the proxy and how to read the response.

Endpoints return operations and do no I/O; the request executor sends them. See `docs/contributing.md`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

from ..exceptions import UsageError

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
A = TypeVar("A")


# An enum with one member: type checkers can narrow it, and it stays one object when copied or unpickled.
class Null(Enum):
    """The type of `NULL`."""

    NULL = None

    def __repr__(self) -> str:
        return "NULL"


NULL: Literal[Null.NULL] = Null.NULL
"""An explicit JSON `null`, which clears a value; `None` means "omitted"."""

QueryValue: TypeAlias = "str | int | float | bool | Sequence[str] | None"
Kind: TypeAlias = 'Literal["admin", "completion"]'


@dataclass(slots=True)
class Operation(Generic[T]):
    """One HTTP request and the type of its response.

    Attributes:
        method: The HTTP method in upper case.
        path: The path below the base URL, already encoded (see `encode_path`), with a leading slash.
        response_type: The type of the response: a model, or any type that pydantic can validate JSON as.
        query: Query parameters; `None` values are omitted.
        json: The body. In a mapping, top-level `None` values are omitted and `NULL` is sent as null.
        headers: Headers of this request, in addition to the client's.
        kind: The kind of work. A completion has a longer default timeout, and is never sent again after a timeout.
        repeatable: True if the request may be sent again although the proxy may have processed an earlier attempt.
        request: A prepared request to send unchanged, instead of all of the above.
        options: Options of httpx's `build_request` for the low-level `http` resource (`data`, `files`, ...).
    """

    method: str
    path: str
    response_type: type[T]
    query: Mapping[str, QueryValue] | None = None
    # The body, headers and options may contain credentials, so the repr omits them.
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    kind: Kind = "admin"
    repeatable: bool = False
    request: httpx.Request | None = None
    options: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(slots=True)
class StreamOperation(Generic[T]):
    """An `Operation` whose response is a stream of server-sent events, each of them one `T`."""

    operation: Operation[T]


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
    return Operation("GET", path, response_type, query, repeatable=True)


def post(
    path: str,
    response_type: type[T],
    *,
    json: Any = None,
    query: Mapping[str, QueryValue] | None = None,
    repeatable: bool = False,
) -> Operation[T]:
    """Build a write by `POST`; `repeatable` if the caller passed a unique id, which prevents a duplicate."""
    return Operation("POST", path, response_type, query, json, repeatable=repeatable)


def patch(
    path: str, response_type: type[T], *, json: Any = None, query: Mapping[str, QueryValue] | None = None
) -> Operation[T]:
    """Build a write by `PATCH`."""
    return Operation("PATCH", path, response_type, query, json)


def delete(
    path: str, response_type: type[T], *, json: Any = None, query: Mapping[str, QueryValue] | None = None
) -> Operation[T]:
    """Build a write by `DELETE`."""
    return Operation("DELETE", path, response_type, query, json)
