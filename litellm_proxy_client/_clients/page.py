"""Pages of lists, and iteration over all their rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar, cast, overload

from .._runtime import background_loop
from .._wire.operation import PageOperation
from ..exceptions import ListChangedError, UsageError
from ..types.proxy import ProxyInfo

T = TypeVar("T")

# Maximum number of times that a list is read again from its first page because it changed.
MAX_RESTARTS = 20


class _PageBase(Generic[T]):
    """The base class of sync and async pages, without the requests for further pages."""

    def __init__(
        self, operation: PageOperation[T], response: Any, fetch: Callable[[PageOperation[T]], Coroutine[Any, Any, Any]]
    ) -> None:
        self.source = operation
        self._fetch = fetch
        self.answer: Any = response
        """The complete response, with fields that a page does not have."""
        rows = response if operation.items is None else _field(response, operation.items)
        self.items: list[T] = list(rows or ())
        """The rows of this page."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.page} of {self.total_pages}: {len(self)} of {self.total} items>"

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    @property
    def page(self) -> int:
        """The number of this page, from 1."""
        if self.source.page is None:
            return 1
        number = (self.source.operation.query or {}).get(self.source.page)
        return number if isinstance(number, int) else 1

    @property
    def total(self) -> int | None:
        """The number of rows on all pages; `None` if the proxy does not report it."""
        if self.source.page is None:
            return len(self)
        return _count(self.answer, self.source.total)

    @property
    def total_pages(self) -> int | None:
        """The number of pages; `None` if the proxy does not report it."""
        return 1 if self.source.page is None else _count(self.answer, self.source.total_pages)

    @property
    def has_next_page(self) -> bool:
        """True if there is a page after this one."""
        if self.source.page is None or not self.items:
            return False
        # Without a number of pages, only an empty page shows the end.
        return self.total_pages is None or self.page < self.total_pages

    @property
    def proxy(self) -> ProxyInfo:
        """The information in the response headers. Empty if the response body is a bare list."""
        return getattr(self.answer, "proxy", None) or ProxyInfo({})

    def _next_operation(self) -> PageOperation[T]:
        if not self.has_next_page:
            raise UsageError("this is the last page: check has_next_page first")
        return self.source.with_page(self.page + 1)


class AsyncPage(_PageBase[T]):
    """One page of a list. `async for` also requests all following pages; `for` yields only the rows of this page."""

    async def get_next_page(self) -> AsyncPage[T]:
        """Get the page after this one.

        Raises:
            UsageError: This is the last page.
        """
        return await self._get(self._next_operation())

    async def __aiter__(self) -> AsyncIterator[T]:
        traversal = _Traversal(self)
        while traversal.page is not None:
            for item in traversal.new_items():
                yield item
            operation = traversal.next_operation()
            traversal.page = None if operation is None else await self._get(operation)

    async def _get(self, operation: PageOperation[T]) -> AsyncPage[T]:
        return AsyncPage(operation, await self._fetch(operation), self._fetch)


class Page(_PageBase[T]):
    """One page of a list. `for` also requests all following pages; `page.items` are the rows of this page."""

    def get_next_page(self) -> Page[T]:
        """Get the page after this one.

        Raises:
            UsageError: This is the last page.
        """
        return self._get(self._next_operation())

    def __iter__(self) -> Iterator[T]:
        traversal = _Traversal(self)
        while traversal.page is not None:
            yield from traversal.new_items()
            operation = traversal.next_operation()
            traversal.page = None if operation is None else self._get(operation)

    def _get(self, operation: PageOperation[T]) -> Page[T]:
        return Page(operation, background_loop.run(lambda: self._fetch(operation)), self._fetch)


class _Traversal(Generic[T]):
    """A traversal of all pages of a list that may change meanwhile.

    The proxy has no cursor: if rows are deleted, later rows move to an earlier page, and the traversal would miss them.
    So if the total falls, it starts again at the first page and skips the rows that it has already yielded.
    """

    def __init__(self, page: _PageBase[T]) -> None:
        self.page: _PageBase[T] | None = page
        self._seen: dict[object, T] = {}
        self._total = page.total
        self._restarts = 0
        self._seen_at_restart = 0
        self._from_first_page = page.page == 1

    def new_items(self) -> Iterator[T]:
        """Yield the rows of the current page that were not yielded before."""
        assert self.page is not None
        if self.page.source.page is None:
            yield from self.page.items
            return
        identity = self.page.source.identity
        for item in self.page.items:
            key = item if identity is None else _field(item, identity)
            if key is None or key not in self._seen:
                # The dict keeps the item alive, so its id cannot be reused for another one.
                self._seen[id(item) if key is None else key] = item
                yield item

    def next_operation(self) -> PageOperation[T] | None:
        """Return the operation for the next page; `None` after the last one.

        Raises:
            ListChangedError: The list changed each time it was read.
        """
        page = self.page
        assert page is not None
        if page.source.page is None:
            return None
        fell = self._total is not None and page.total is not None and page.total < self._total
        self._total = page.total
        # Only a falling total matters: new rows move others to later pages, which are read next.
        if not fell and page.has_next_page:
            return page.source.with_page(page.page + 1)
        # Fewer rows than the total means that some were missed. But if the last restart found no new ones, the server
        # counts rows that it does not list, and another restart would not help.
        missing = self._from_first_page and self._seen_at_restart < len(self._seen) < (page.total or 0)
        if not (fell or missing) or (page.page == 1 and not page.has_next_page):
            return None
        # A list that changes all the time would be read endlessly.
        if self._restarts == MAX_RESTARTS:
            raise ListChangedError(
                f"the list changed each of the {MAX_RESTARTS + 1} times it was read; "
                f"{len(self._seen)} rows were read, some may be missing",
                items=list(self._seen.values()),
            )
        self._restarts += 1
        self._seen_at_restart = len(self._seen)
        return page.source.with_page(1)


def _field(value: Any, name: str) -> Any:
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else getattr(value, name, None)


def _count(response: Any, name: str | None) -> int | None:
    value = None if name is None else _field(response, name)
    return value if isinstance(value, int) else None
