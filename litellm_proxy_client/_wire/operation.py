"""One exchange with the proxy as a value: what to send, and how to read the answer.

Endpoints return these values and do no I/O; the transport sends them. See `docs/contributing.md`.
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


class Null(Enum):
    """The type of `NULL`."""

    NULL = None

    def __repr__(self) -> str:
        return "NULL"


NULL: Literal[Null.NULL] = Null.NULL
"""Sends an explicit JSON `null`, which takes a value back; `None` means "left out"."""

QueryValue: TypeAlias = "str | int | float | bool | Sequence[str] | None"
Kind: TypeAlias = 'Literal["admin", "completion"]'


@dataclass(slots=True)
class Operation(Generic[T]):
    """One HTTP exchange.

    Attributes:
        method: The HTTP method, in capitals.
        path: The path below the base URL, already encoded (see `path_of`), with a leading slash.
        answer: The type of the answer: a model, or anything pydantic can validate JSON to.
        query: Query parameters; `None` values are left out.
        json: The body. In a mapping, top-level `None` values are left out and `NULL` is sent as null.
        headers: Headers of this call, besides the client's.
        kind: Completions have another default timeout, and a completion that timed out is never sent again.
        repeatable: Whether it may be sent again although an earlier attempt may have been carried out.
        request: A prepared request to send as it is, instead of all of the above.
        options: Options of httpx's `build_request` for the low-level `http` resource (`data`, `files`, ...).
    """

    method: str
    path: str
    response_type: type[T]
    query: Mapping[str, QueryValue] | None = None
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    kind: Kind = "admin"
    repeatable: bool = False
    request: httpx.Request | None = None
    options: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(slots=True)
class StreamOperation(Generic[T]):
    """An `Operation` whose answer is a stream of server-sent events, each of them one `T`."""

    operation: Operation[T]


@dataclass(slots=True)
class PageOperation(Generic[T]):
    """An `Operation` that answers with one page of a list.

    Attributes:
        operation: The exchange for the page asked for.
        item: The type of a row.
        items: The field of the answer that holds the rows; `None` where the answer is the bare list.
        identity: The field that tells one row from another; `None` where a row is its own identity.
        page: The query parameter that numbers the pages; `None` for a list that comes whole.
        total: The field of the answer that counts the rows of all pages.
        total_pages: The field of the answer that counts the pages.
    """

    operation: Operation[Any]
    item: type[T]
    items: str | None
    identity: str | None
    page: str | None = None
    total: str | None = None
    total_pages: str | None = None

    def with_page(self, page: int) -> PageOperation[T]:
        """The same list, at another page."""
        assert self.page is not None
        return replace(self, operation=replace(self.operation, query={**(self.operation.query or {}), self.page: page}))


class Send(Protocol):
    """What an endpoint that makes several requests is given to send them with."""

    async def __call__(self, call: Operation[A], /) -> A:
        """Send a call and return its answer; all calls share the deadline of the logical call."""
        ...

    async def undo(self, calls: Sequence[Operation[Any]], /) -> list[Exception]:
        """Send calls that take back earlier ones, whatever happens, and return what failed."""
        ...


@dataclass(slots=True)
class MultiStepOperation(Generic[T]):
    """Several exchanges that make one operation.

    Attributes:
        operations: What is sent when all goes well; `return_request=True` answers with these requests.
        run: Sends them, takes back what was done when one fails, and puts the answer together.
    """

    operations: Sequence[Operation[Any]]
    run: Callable[[Send], Awaitable[T]]


def encode_path(template: str, *parts: str) -> str:
    """Fill a path's `{}` places with percent-encoded parts, none of which can leave its place.

    Raises:
        UsageError: A part is empty, `.` or `..`, or holds a control character.
    """
    for part in parts:
        if not isinstance(part, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageError(f"a name in a path must be a string, not {type(part).__name__}")
        if part in ("", ".", "..") or any(ord(character) < 32 or character == "\x7f" for character in part):
            raise UsageError(
                f"{part!r} cannot stand in a path: it must not be empty, '.', '..' or hold control characters"
            )
    try:
        return template.format(*(quote(part, safe="") for part in parts))
    except UnicodeEncodeError:
        raise UsageError("a name in a path holds half a surrogate pair, which UTF-8 cannot express") from None


def get(path: str, response_type: type[T], *, query: Mapping[str, QueryValue] | None = None) -> Operation[T]:
    """A read: it changes nothing, so it may always be sent again."""
    return Operation("GET", path, response_type, query, repeatable=True)


def post(
    path: str,
    response_type: type[T],
    *,
    json: Any = None,
    query: Mapping[str, QueryValue] | None = None,
    repeatable: bool = False,
) -> Operation[T]:
    """A write by `POST`; `repeatable` where the caller gave a unique id, so that it cannot be made twice."""
    return Operation("POST", path, response_type, query, json, repeatable=repeatable)


def patch(
    path: str, response_type: type[T], *, json: Any = None, query: Mapping[str, QueryValue] | None = None
) -> Operation[T]:
    """A write by `PATCH`."""
    return Operation("PATCH", path, response_type, query, json)


def delete(
    path: str, response_type: type[T], *, json: Any = None, query: Mapping[str, QueryValue] | None = None
) -> Operation[T]:
    """A write by `DELETE`."""
    return Operation("DELETE", path, response_type, query, json)
