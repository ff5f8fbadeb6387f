"""Lists: pages, iteration over all pages, and lists that change during iteration."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from litellm_proxy_client.exceptions import ListChangedError, UsageError

from .conftest import MakeClient
from .server import Exchange, Server


class FakeKeyList:
    """A fake list of keys; `after_page` is called after each page that was read."""

    def __init__(self, count: int, after_page: Callable[[FakeKeyList], None] = lambda _: None) -> None:
        self.tokens = [f"{number:064x}" for number in range(count)]
        self.pages: list[int] = []
        self.after_page = after_page

    async def __call__(self, exchange: Exchange) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(exchange.request.target).query).items()}
        page, size = int(query.get("page", 1)), int(query.get("size", 10))
        rows = [{"token": token} for token in self.tokens[(page - 1) * size : page * size]]
        self.pages.append(page)
        pages = -(-len(self.tokens) // size)
        body = {"keys": rows, "total_count": len(self.tokens), "current_page": page, "total_pages": pages}
        self.after_page(self)
        await exchange.respond(body)


async def test_page_returns_its_items_and_the_next_page(make_client: MakeClient) -> None:
    async with Server(FakeKeyList(25)) as server:
        page = await make_client(server.url).keys.list(size=10)
        assert (len(page), page.total, page.page, page.total_pages) == (10, 25, 1, 3)
        assert page[0].token == f"{0:064x}"
        assert [key.token for key in page[:2]] == [f"{0:064x}", f"{1:064x}"]
        following = await page.get_next_page()
        assert (following.page, following[0].token) == (2, f"{10:064x}")
        last = await following.get_next_page()
        assert (len(last), last.has_next_page) == (5, False)
        with pytest.raises(UsageError, match="last page"):
            await last.get_next_page()


async def test_iteration_reads_all_following_pages(make_client: MakeClient) -> None:
    keys = FakeKeyList(25)
    async with Server(keys) as server:
        page = await make_client(server.url).keys.list(size=10)
        tokens = [key.token async for key in page]
        assert tokens == keys.tokens
        second = await page.get_next_page()
        assert [key.token async for key in second] == keys.tokens[10:]
    assert keys.pages == [1, 2, 3, 2, 3]


async def test_rows_deleted_during_iteration_hide_no_other_rows(make_client: MakeClient) -> None:
    def delete_one(keys: FakeKeyList) -> None:
        if len(keys.pages) < 6:
            keys.tokens.pop(0)

    keys = FakeKeyList(30, delete_one)
    remaining = set(keys.tokens[5:])
    async with Server(keys) as server:
        tokens = [key.token or "" async for key in await make_client(server.url).keys.list(size=10)]
    assert len(tokens) == len(set(tokens)), "a row was returned twice"
    assert remaining <= set(tokens)


async def test_list_that_never_stops_changing_raises_with_the_items_read(make_client: MakeClient) -> None:
    def delete_one(keys: FakeKeyList) -> None:
        keys.tokens.pop(0)

    keys = FakeKeyList(300, delete_one)
    async with Server(keys) as server:
        page = await make_client(server.url).keys.list(size=10)
        with pytest.raises(ListChangedError) as caught:
            async for _ in page:
                pass
    assert len(caught.value.items) >= 10
    assert len(keys.pages) < 60


async def test_wrong_total_does_not_cause_an_endless_loop(make_client: MakeClient) -> None:
    async def respond_with_wrong_total(exchange: Exchange) -> None:
        page = int(parse_qs(urlsplit(exchange.request.target).query).get("page", ["1"])[0])
        rows = [{"token": f"{page:064x}"}]
        await exchange.respond({"keys": rows, "total_count": 10, "current_page": page, "total_pages": 2})

    async with Server(respond_with_wrong_total) as server:
        tokens = [key.token async for key in await make_client(server.url).keys.list(size=1)]
    assert tokens == [f"{1:064x}", f"{2:064x}"]
    assert len(server.requests) <= 6


async def test_unpaged_list_returns_a_single_page(make_client: MakeClient) -> None:
    async def models(exchange: Exchange) -> None:
        await exchange.respond({"data": [{"id": "a"}, {"id": "b"}], "object": "list"}, 200, x_litellm_version="1.0")

    async with Server(models) as server:
        page = await make_client(server.url).models.list()
        assert (len(page), page.total, page.total_pages, page.has_next_page) == (2, 2, 1, False)
        assert [card.id async for card in page] == ["a", "b"]
        assert page.proxy is not None
        assert page.proxy.version == "1.0"
    assert len(server.requests) == 1


async def test_changed_by_is_sent_with_writes_only(make_client: MakeClient) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.respond({"data": [], "key": "sk-0123456789abcdef"})

    async with Server(respond) as server:
        client = make_client(server.url, changed_by="alice@example.com")
        await client.models.list()
        await client.keys.generate()
        await client.with_options(changed_by="bob@example.com").keys.generate()
    assert [request.headers.get("litellm-changed-by") for request in server.requests] == [
        None,
        "alice@example.com",
        "bob@example.com",
    ]
    assert json.loads(server.requests[1].body) == {}
