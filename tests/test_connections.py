"""What carries the requests: whichever it is, it heeds the environment, TLS and limits as plain httpx does."""

from __future__ import annotations

import asyncio
import ssl
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
import trustme

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client.exceptions import APIConnectionError, UsageError, UsageTypeError

from .conftest import MakeClient
from .server import Exchange, Server

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(params=["aiohttp", "httpx"])
def carrier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of each transport that can be chosen."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("LITELLM_PROXY_TRANSPORT", raising=False)
    return str(request.param)


async def answer(exchange: Exchange) -> None:
    await exchange.answer({"data": []})


async def test_the_environments_proxy_is_used(
    carrier: str, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Server(answer) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        await make_client("http://gateway.invalid:4000", "sk-1", transport=carrier).http.request("GET", "/models")
    assert proxy.requests[0].target == "http://gateway.invalid:4000/models"


@pytest.mark.parametrize("excepted", ["127.0.0.1", "example.com,127.0.0.1", "*"])
async def test_no_proxy_is_heeded(
    carrier: str, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, excepted: str
) -> None:
    async with Server(answer) as proxy, Server(answer) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", excepted)
        await make_client(server.url, "sk-1", transport=carrier).http.request("GET", "/models")
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture
async def tls(authority: Any) -> Any:
    """The address of a server with a certificate that nobody knows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    seen: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        else:
            seen.append(writer.get_extra_info("peercert"))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    server.close()


async def test_an_unknown_certificate_is_refused(carrier: str, make_client: MakeClient, tls: Any) -> None:
    client = make_client(tls[0], "sk-1", transport=carrier, max_retries=0)
    with pytest.raises(APIConnectionError, match=r"certificate|CERTIFICATE") as caught:
        await client.http.request("GET", "/models")
    assert caught.value.never_sent
    assert tls[1] == []


async def test_verification_can_be_turned_off(carrier: str, make_client: MakeClient, tls: Any) -> None:
    response = await make_client(tls[0], "sk-1", transport=carrier, verify=False).http.request("GET", "/models")
    assert response == {}


async def test_certificates_come_from_the_environment(
    carrier: str,
    make_client: MakeClient,
    tls: Any,
    authority: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    response = await make_client(tls[0], "sk-1", transport=carrier).http.request("GET", "/models")
    assert response == {}


async def test_a_context_brings_authorities_and_a_certificate_of_ones_own(
    carrier: str, make_client: MakeClient, tls: Any, authority: Any
) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    authority.issue_cert("me@example.com").configure_cert(context)
    client = make_client(tls[0], "sk-1", transport=carrier, verify=context)
    assert await client.http.request("GET", "/models") == {}
    assert tls[1][0]["subjectAltName"] == (("email", "me@example.com"),)


async def test_no_more_connections_are_opened_than_allowed(carrier: str, make_client: MakeClient) -> None:
    most = 0

    async def slow(exchange: Exchange) -> None:
        nonlocal most
        most = max(most, server.open_connections)
        await asyncio.sleep(0.01)
        await answer(exchange)

    async with Server(slow) as server:
        client = make_client(server.url, "sk-1", transport=carrier, limits=httpx.Limits(max_connections=3))
        await asyncio.gather(*[client.http.request("GET", "/models") for _ in range(12)])
    assert most == 3
    assert len(server.requests) == 12


@pytest.mark.parametrize(("keep", "connections"), [(0, 9), (1, 7), (None, 3)])
async def test_no_more_idle_connections_are_kept_than_allowed(
    carrier: str, make_client: MakeClient, keep: int | None, connections: int
) -> None:
    together = asyncio.Event()

    async def wait_for_all(exchange: Exchange) -> None:
        if len(server.requests) % 3 == 0:
            together.set()
        await together.wait()
        await answer(exchange)

    async with Server(wait_for_all) as server:
        client = make_client(server.url, "sk-1", transport=carrier, limits=httpx.Limits(max_keepalive_connections=keep))
        for _ in range(3):
            together.clear()
            await asyncio.gather(*[client.http.request("GET", "/models") for _ in range(3)])
    # Three connections at first; in each later round the kept ones and as many new ones as are missing.
    assert server.connections == connections


async def test_an_idle_connection_expires(carrier: str, make_client: MakeClient) -> None:
    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=carrier, limits=httpx.Limits(keepalive_expiry=0.05))
        for _ in range(2):
            await client.http.request("GET", "/models")
            await asyncio.sleep(0.2)
    assert server.connections == 2


async def test_a_body_of_any_size_and_kind_is_sent(carrier: str, make_client: MakeClient) -> None:
    large = {"text": "x" * 3_000_000}

    async def give_length(exchange: Exchange) -> None:
        await exchange.answer({"length": len(exchange.request.body)})

    async with Server(give_length) as server:
        client = make_client(server.url, "sk-1", transport=carrier)
        assert await client.http.request("POST", "/x", json=large) == {"length": 3_000_011}
        form: Any = await client.http.request("POST", "/x", files={"file": ("a.bin", b"y" * 2_000_000)})
    assert form["length"] > 2_000_000
    assert "multipart/form-data" in server.requests[1].headers["content-type"]


async def test_a_large_head_is_read(carrier: str, make_client: MakeClient) -> None:
    headers: Any = {f"x-number-{number}": "x" * 100 for number in range(300)} | {"x-long": "y" * 40_000}

    async def answer_at_length(exchange: Exchange) -> None:
        await exchange.answer({"data": []}, **headers)

    async with Server(answer_at_length) as server:
        client = make_client(server.url, "sk-1", transport=carrier)
        request: Any = await client.models.list(return_request=True)
        response = await client.http.send(request)
    assert response.headers["x-number-299"] == "x" * 100
    assert response.headers["x-long"] == "y" * 40_000


async def test_respx_intercepts_with_httpx_transport(make_client: MakeClient) -> None:
    with respx.mock(base_url="http://gateway.invalid") as router:
        route = router.get("/models").respond(json={"data": [{"id": "gpt-4", "object": "model"}]})
        page = await make_client("http://gateway.invalid", "sk-1", transport="httpx").models.list()
    assert route.called
    assert [model.id async for model in page] == ["gpt-4"]


async def test_the_environment_names_the_transport(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_PROXY_TRANSPORT", "httpx")
    with respx.mock(base_url="http://gateway.invalid") as router:
        route = router.get("/health/liveliness").respond(json="I'm alive!")
        await make_client("http://gateway.invalid", "sk-1").http.request("GET", "/health/liveliness")
    assert route.called


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_an_unknown_transport_is_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="'curl'"):
        client("http://x", transport="curl")
    with pytest.raises(UsageTypeError, match=r"httpx\.Client"):
        client("http://x", transport=httpx.Client())
    monkeypatch.setenv("LITELLM_PROXY_TRANSPORT", "curl")
    with pytest.raises(UsageError, match="'curl'"):
        client("http://x")


async def test_a_request_that_nothing_mocks_fails(carrier: str, make_client: MakeClient) -> None:
    client = make_client("http://192.0.2.1:4000", "sk-1", transport=carrier, max_retries=0)
    with pytest.raises(Exception) as caught:  # httpx connects in a task group
        await client.http.request("GET", "/models")
    assert "a test must not reach ('192.0.2.1', 4000)" in "".join(traceback.format_exception(caught.value))
