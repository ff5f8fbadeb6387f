"""Lists: pages, walks through all of them, and lists that change on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from litellm_proxy_client.exceptions import ListChangedError, UsageError

from .conftest import MakeClient
from .server import Exchange, Server


class Keys:
    """A proxy's list of keys, and what happens to it after each page that was read."""

    def __init__(self, count: int, after: Callable[[Keys], None] = lambda _: None) -> None:
        self.tokens = [f"{number:064x}" for number in range(count)]
        self.pages: list[int] = []
        self.after = after

    async def __call__(self, exchange: Exchange) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(exchange.request.target).query).items()}
        page, size = int(query.get("page", 1)), int(query.get("size", 10))
        rows = [{"token": token} for token in self.tokens[(page - 1) * size : page * size]]
        self.pages.append(page)
        pages = -(-len(self.tokens) // size)
        body = {"keys": rows, "total_count": len(self.tokens), "current_page": page, "total_pages": pages}
        self.after(self)
        await exchange.answer(body)


async def test_a_page_and_the_next(make_client: MakeClient) -> None:
    async with Server(Keys(25)) as server:
        page = await make_client(server.url).keys.list(size=10)
        assert (len(page), page.total, page.page, page.total_pages) == (10, 25, 1, 3)
        assert page[0].token == f"{0:064x}"
        assert [key.token for key in page[:2]] == [f"{0:064x}", f"{1:064x}"]
        following = await page.get_next_page()
        assert (following.page, following[0].token) == (2, f"{10:064x}")
        last = await following.get_next_page()
        assert (len(last), last.has_next_page) == (5, False)
        with pytest.raises(UsageError, match="no next page"):
            await last.get_next_page()


async def test_iterating_goes_on_through_all_pages(make_client: MakeClient) -> None:
    keys = Keys(25)
    async with Server(keys) as server:
        page = await make_client(server.url).keys.list(size=10)
        tokens = [key.token async for key in page]
        assert tokens == keys.tokens
        second = await page.get_next_page()
        assert [key.token async for key in second] == keys.tokens[10:]
    assert keys.pages == [1, 2, 3, 2, 3]


async def test_rows_deleted_on_the_way_hide_none_of_the_others(make_client: MakeClient) -> None:
    def delete_one(keys: Keys) -> None:
        if len(keys.pages) < 6:
            keys.tokens.pop(0)

    keys = Keys(30, delete_one)
    at_the_end = set(keys.tokens[5:])
    async with Server(keys) as server:
        tokens = [key.token or "" async for key in await make_client(server.url).keys.list(size=10)]
    assert len(tokens) == len(set(tokens)), "each row once"
    assert at_the_end <= set(tokens)


async def test_a_list_that_never_stands_still_is_an_error_with_what_was_read(make_client: MakeClient) -> None:
    def delete_one(keys: Keys) -> None:
        keys.tokens.pop(0)

    keys = Keys(300, delete_one)
    async with Server(keys) as server:
        page = await make_client(server.url).keys.list(size=10)
        with pytest.raises(ListChangedError) as caught:
            async for _ in page:
                pass
    assert len(caught.value.items) >= 10
    assert len(keys.pages) < 60


async def test_a_total_that_no_reading_reaches_does_not_go_round_for_ever(make_client: MakeClient) -> None:
    async def miscount(exchange: Exchange) -> None:
        page = int(parse_qs(urlsplit(exchange.request.target).query).get("page", ["1"])[0])
        rows = [{"token": f"{page:064x}"}]
        await exchange.answer({"keys": rows, "total_count": 10, "current_page": page, "total_pages": 2})

    async with Server(miscount) as server:
        tokens = [key.token async for key in await make_client(server.url).keys.list(size=1)]
    assert tokens == [f"{1:064x}", f"{2:064x}"]
    assert len(server.requests) <= 6


async def test_an_unpaged_list_is_the_same_kind_of_object(make_client: MakeClient) -> None:
    async def models(exchange: Exchange) -> None:
        await exchange.answer({"data": [{"id": "a"}, {"id": "b"}], "object": "list"}, 200, x_litellm_version="1.0")

    async with Server(models) as server:
        page = await make_client(server.url).models.list()
        assert (len(page), page.total, page.total_pages, page.has_next_page) == (2, 2, 1, False)
        assert [card.id async for card in page] == ["a", "b"]
        assert page.proxy is not None
        assert page.proxy.version == "1.0"
    assert len(server.requests) == 1


async def test_the_author_of_a_change_is_named_with_every_write_and_no_read(make_client: MakeClient) -> None:
    async def accept(exchange: Exchange) -> None:
        await exchange.answer({"data": [], "key": "sk-0123456789abcdef"})

    async with Server(accept) as server:
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
