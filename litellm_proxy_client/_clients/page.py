"""Lists: one page at a time, or all rows by iterating over a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar, cast, overload

from .._runtime import background_loop
from .._wire.operation import PageOperation
from ..exceptions import ListChangedError, UsageError
from ..types.proxy import ProxyInfo

T = TypeVar("T")

# How often a list whose total falls while it is read is read again from its first page.
MAX_RESTARTS = 20


class _PageBase(Generic[T]):
    """What both faces of a page share: all but the reading of further pages."""

    def __init__(
        self, call: PageOperation[T], answer: Any, fetch: Callable[[PageOperation[T]], Coroutine[Any, Any, Any]]
    ) -> None:
        self.source = call
        self._fetch = fetch
        self.answer: Any = answer
        """The proxy's answer as it came, with fields that a page does not name."""
        self.items: list[T] = list((answer if call.items is None else _field(answer, call.items)) or ())
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
        """How many rows there are on all pages; `None` where the proxy does not say."""
        if self.source.page is None:
            return len(self)
        return _count(self.answer, self.source.total)

    @property
    def total_pages(self) -> int | None:
        """How many pages there are; `None` where the proxy does not say."""
        return 1 if self.source.page is None else _count(self.answer, self.source.total_pages)

    @property
    def has_next_page(self) -> bool:
        """Whether there is a page after this one."""
        if self.source.page is None or not self.items:
            return False
        return self.total_pages is None or self.page < self.total_pages

    @property
    def proxy(self) -> ProxyInfo:
        """The response headers of the proxy. Empty for a list that the proxy sends bare."""
        return getattr(self.answer, "proxy", None) or ProxyInfo({})

    def _next_call(self) -> PageOperation[T]:
        if not self.has_next_page:
            raise UsageError("there is no page after this one; ask has_next_page first")
        return self.source.with_page(self.page + 1)


class AsyncPage(_PageBase[T]):
    """One page of a list. `async for` goes on through all following pages; `for` stays on this one."""

    async def get_next_page(self) -> AsyncPage[T]:
        """Read the page after this one.

        Raises:
            UsageError: There is none.
        """
        call = self._next_call()
        return AsyncPage(call, await self._fetch(call), self._fetch)

    async def __aiter__(self) -> AsyncIterator[T]:
        walk = _Walk(self)
        while walk.page is not None:
            for item in walk.fresh():
                yield item
            call = walk.following()
            walk.page = None if call is None else AsyncPage(call, await self._fetch(call), self._fetch)


class Page(_PageBase[T]):
    """One page of a list. `for` goes on through all following pages; `page.items` are the rows of this one."""

    def get_next_page(self) -> Page[T]:
        """Read the page after this one.

        Raises:
            UsageError: There is none.
        """
        return self._read(self._next_call())

    def __iter__(self) -> Iterator[T]:
        walk = _Walk(self)
        while walk.page is not None:
            yield from walk.fresh()
            call = walk.following()
            walk.page = None if call is None else self._read(call)

    def _read(self, call: PageOperation[T]) -> Page[T]:
        return Page(call, background_loop.run(lambda: self._fetch(call)), self._fetch)


class _Walk(Generic[T]):
    """A walk through all pages of a list that others may change meanwhile.

    Rows that move to an earlier page because others were deleted would be skipped, so when the total falls the
    walk begins again at the first page and leaves out what it has given already.
    """

    def __init__(self, page: _PageBase[T]) -> None:
        self.page: _PageBase[T] | None = page
        self._given: dict[object, T] = {}
        self._total = page.total
        self._restarts = 0
        self._given_before = 0
        self._from_first = page.page == 1

    def fresh(self) -> Iterator[T]:
        """The rows of the current page that were not given yet."""
        assert self.page is not None
        if self.page.source.page is None:
            yield from self.page.items
            return
        identity = self.page.source.identity
        for item in self.page.items:
            key = item if identity is None else _field(item, identity)
            if key is None or key not in self._given:
                self._given[id(item) if key is None else key] = item
                yield item

    def following(self) -> PageOperation[T] | None:
        """The page to read next; `None` when all were read.

        Raises:
            ListChangedError: The list changed each time it was read again.
        """
        page = self.page
        assert page is not None
        if page.source.page is None:
            return None
        fell = self._total is not None and page.total is not None and page.total < self._total
        self._total = page.total
        if not fell and page.has_next_page:
            return page.source.with_page(page.page + 1)
        # A total that no reading reaches is the server's way of counting, not a change.
        missing = self._from_first and self._given_before < len(self._given) < (page.total or 0)
        if not (fell or missing) or (page.page == 1 and not page.has_next_page):
            return None
        if self._restarts == MAX_RESTARTS:
            raise ListChangedError(
                f"the list changed each of the {MAX_RESTARTS + 1} times that it was read; "
                f"{len(self._given)} rows were read, some may be missing",
                items=list(self._given.values()),
            )
        self._restarts += 1
        self._given_before = len(self._given)
        return page.source.with_page(1)


def _field(value: Any, name: str) -> Any:
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else getattr(value, name, None)


def _count(answer: Any, name: str | None) -> int | None:
    value = None if name is None else _field(answer, name)
    return value if isinstance(value, int) else None
