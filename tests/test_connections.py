"""Both transports respect the environment, TLS settings and limits as httpx does."""

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
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a transport; a test that uses it runs once for each."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("LITELLM_PROXY_TRANSPORT", raising=False)
    return str(request.param)


async def respond(exchange: Exchange) -> None:
    await exchange.respond({"data": []})


async def test_http_proxy_variable_is_respected(
    transport: str, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Server(respond) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        await make_client("http://gateway.invalid:4000", "sk-1", transport=transport).http.request("GET", "/models")
    assert proxy.requests[0].target == "http://gateway.invalid:4000/models"


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "example.com,127.0.0.1", "*"])
async def test_no_proxy_variable_is_respected(
    transport: str, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    async with Server(respond) as proxy, Server(respond) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", no_proxy)
        await make_client(server.url, "sk-1", transport=transport).http.request("GET", "/models")
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture
async def tls(authority: Any) -> Any:
    """The URL of a server with an untrusted certificate, and the client certificates that it has received."""
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


async def test_untrusted_certificate_is_rejected(transport: str, make_client: MakeClient, tls: Any) -> None:
    client = make_client(tls[0], "sk-1", transport=transport, max_retries=0)
    with pytest.raises(APIConnectionError, match=r"certificate|CERTIFICATE") as caught:
        await client.http.request("GET", "/models")
    assert caught.value.never_sent
    assert tls[1] == []


async def test_verification_can_be_turned_off(transport: str, make_client: MakeClient, tls: Any) -> None:
    response = await make_client(tls[0], "sk-1", transport=transport, verify=False).http.request("GET", "/models")
    assert response == {}


async def test_ssl_cert_file_variable_is_respected(
    transport: str,
    make_client: MakeClient,
    tls: Any,
    authority: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    response = await make_client(tls[0], "sk-1", transport=transport).http.request("GET", "/models")
    assert response == {}


async def test_ssl_context_provides_authorities_and_client_certificate(
    transport: str, make_client: MakeClient, tls: Any, authority: Any
) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    authority.issue_cert("me@example.com").configure_cert(context)
    client = make_client(tls[0], "sk-1", transport=transport, verify=context)
    assert await client.http.request("GET", "/models") == {}
    assert tls[1][0]["subjectAltName"] == (("email", "me@example.com"),)


async def test_max_connections_is_respected(transport: str, make_client: MakeClient) -> None:
    peak = 0

    async def slow(exchange: Exchange) -> None:
        nonlocal peak
        peak = max(peak, server.open_connections)
        await asyncio.sleep(0.01)
        await respond(exchange)

    async with Server(slow) as server:
        client = make_client(server.url, "sk-1", transport=transport, limits=httpx.Limits(max_connections=3))
        await asyncio.gather(*[client.http.request("GET", "/models") for _ in range(12)])
    assert peak == 3
    assert len(server.requests) == 12


@pytest.mark.parametrize(("max_keepalive", "connections"), [(0, 9), (1, 7), (None, 3)])
async def test_max_keepalive_connections_is_respected(
    transport: str, make_client: MakeClient, max_keepalive: int | None, connections: int
) -> None:
    together = asyncio.Event()

    async def wait_for_all(exchange: Exchange) -> None:
        if len(server.requests) % 3 == 0:
            together.set()
        await together.wait()
        await respond(exchange)

    async with Server(wait_for_all) as server:
        client = make_client(
            server.url, "sk-1", transport=transport, limits=httpx.Limits(max_keepalive_connections=max_keepalive)
        )
        for _ in range(3):
            together.clear()
            await asyncio.gather(*[client.http.request("GET", "/models") for _ in range(3)])
    # Three connections in the first round; each later round reuses the idle ones and opens the missing ones.
    assert server.connections == connections


async def test_keepalive_expiry_is_respected(transport: str, make_client: MakeClient) -> None:
    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, limits=httpx.Limits(keepalive_expiry=0.05))
        for _ in range(2):
            await client.http.request("GET", "/models")
            await asyncio.sleep(0.2)
    assert server.connections == 2


async def test_large_json_and_multipart_bodies_are_sent(transport: str, make_client: MakeClient) -> None:
    large = {"text": "x" * 3_000_000}

    async def send_length(exchange: Exchange) -> None:
        await exchange.respond({"length": len(exchange.request.body)})

    async with Server(send_length) as server:
        client = make_client(server.url, "sk-1", transport=transport)
        assert await client.http.request("POST", "/x", json=large) == {"length": 3_000_011}
        form: Any = await client.http.request("POST", "/x", files={"file": ("a.bin", b"y" * 2_000_000)})
    assert form["length"] > 2_000_000
    assert "multipart/form-data" in server.requests[1].headers["content-type"]


async def test_large_response_headers_are_read(transport: str, make_client: MakeClient) -> None:
    headers: Any = {f"x-number-{number}": "x" * 100 for number in range(300)} | {"x-long": "y" * 40_000}

    async def send_large_headers(exchange: Exchange) -> None:
        await exchange.respond({"data": []}, **headers)

    async with Server(send_large_headers) as server:
        client = make_client(server.url, "sk-1", transport=transport)
        request: Any = await client.models.list(return_request=True)
        response = await client.http.send(request)
    assert response.headers["x-number-299"] == "x" * 100
    assert response.headers["x-long"] == "y" * 40_000


async def test_respx_mocks_requests_of_httpx_transport(make_client: MakeClient) -> None:
    with respx.mock(base_url="http://gateway.invalid") as router:
        route = router.get("/models").respond(json={"data": [{"id": "gpt-4", "object": "model"}]})
        page = await make_client("http://gateway.invalid", "sk-1", transport="httpx").models.list()
    assert route.called
    assert [model.id async for model in page] == ["gpt-4"]


async def test_transport_variable_selects_transport(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_PROXY_TRANSPORT", "httpx")
    with respx.mock(base_url="http://gateway.invalid") as router:
        route = router.get("/health/liveliness").respond(json="I'm alive!")
        await make_client("http://gateway.invalid", "sk-1").http.request("GET", "/health/liveliness")
    assert route.called


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_unknown_transport_raises_usage_error(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="'curl'"):
        client("http://x", transport="curl")
    with pytest.raises(UsageTypeError, match=r"httpx\.Client"):
        client("http://x", transport=httpx.Client())
    monkeypatch.setenv("LITELLM_PROXY_TRANSPORT", "curl")
    with pytest.raises(UsageError, match="'curl'"):
        client("http://x")


async def test_request_to_another_machine_fails_in_tests(transport: str, make_client: MakeClient) -> None:
    client = make_client("http://192.0.2.1:4000", "sk-1", transport=transport, max_retries=0)
    with pytest.raises(Exception) as caught:  # httpx connects in a task group
        await client.http.request("GET", "/models")
    assert "a test must not reach ('192.0.2.1', 4000)" in "".join(traceback.format_exception(caught.value))
