"""Tests of the promises in docs/security.md; each promise names its test."""

from __future__ import annotations

import base64
import gzip
import logging
import pickle
import re
import traceback
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import httpx
import pytest

import litellm_proxy_client
from litellm_proxy_client import AsyncClient, Client, LiteLLMProxyError
from litellm_proxy_client.exceptions import (
    APIConnectionError,
    RedirectError,
    ResponseTooLargeError,
    UsageError,
)

from .conftest import MakeClient
from .faults import FAULTS, MAX_RESPONSE_BYTES, Fault
from .hostile import HostileServer
from .matrix import PLACES, complete
from .server import COMPLETION, Exchange, Server

KEY = "sk-S3cret/of+the=client"
HEADERS = ["Authorization", "x-litellm-api-key", "API-Key", "X-Operators-Own-Name"]
PACKAGE = str(Path(litellm_proxy_client.__file__).parent)
# The forms in which a key can appear in a text.
KEY_FORMS = (
    KEY,
    KEY.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D"),
    base64.b64encode(KEY.encode()).decode(),
)
TRANSPORTS = ["aiohttp", "httpx"]
MESSAGES = [{"role": "user", "content": "Hello?"}]

transports = pytest.mark.parametrize("transport", TRANSPORTS)
auth_headers = pytest.mark.parametrize("auth_header", HEADERS)


def assert_no_key(text: str) -> None:
    assert not any(form in text for form in KEY_FORMS), text


@pytest.mark.parametrize("transport", [*TRANSPORTS, "an http_client that follows redirects"])
@auth_headers
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_never_followed(
    make_client: MakeClient, transport: str, auth_header: str, status: int
) -> None:
    async def redirect(exchange: Exchange) -> None:
        await exchange.respond({}, status, location=f"{other.url}/v1/chat/completions")

    async def respond(exchange: Exchange) -> None:
        await exchange.respond(COMPLETION)

    async with Server(respond) as other, Server(redirect) as server:
        options: dict[str, Any] = {"transport": transport}
        if transport not in TRANSPORTS:
            options = {"http_client": httpx.AsyncClient(follow_redirects=True)}
        client = make_client(server.url, KEY, auth_header=auth_header, **options)
        with pytest.raises(RedirectError):
            await client.chat.completions.create(model="m", messages=MESSAGES)
        with pytest.raises(RedirectError):
            await client.models.list()
    assert len(server.requests) == 2
    assert KEY in server.requests[0].headers[auth_header.lower()]
    assert not other.requests


@auth_headers
async def test_no_repr_shows_the_key(make_client: MakeClient, auth_header: str) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.respond({"data": [{"id": "m"}]})

    async with Server(respond) as server:
        headers = {"x-other-secret": KEY}
        client = make_client(server.url, KEY, auth_header=auth_header, headers=headers)
        models = await client.models.list()
        request = await client.models.list(return_request=True)
    unwrapped: Any = getattr(client, "_wrapped", client)
    for shown in (
        unwrapped,
        unwrapped.chat,
        unwrapped.keys,
        unwrapped._options,
        unwrapped._connections,
        unwrapped._executor,
        models,
        request,
    ):
        assert_no_key(f"{shown!r} {shown!s} {shown}")


@transports
@auth_headers
async def test_no_log_record_contains_the_key(
    make_client: MakeClient, transport: str, auth_header: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def respond(exchange: Exchange) -> None:
        await exchange.respond(COMPLETION, 200 if len(server.requests) % 2 else 500)

    async with Server(respond) as server:
        client = make_client(server.url, KEY, auth_header=auth_header, transport=transport, max_retries=0)
        await client.chat.completions.create(model="m", messages=MESSAGES)
        with pytest.raises(LiteLLMProxyError):
            await client.chat.completions.create(model="m", messages=MESSAGES)
    if transport == "httpx":
        assert caplog.records, "httpx's own transport must log its requests"
    assert_no_key("\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records))


def frames(error: BaseException) -> Iterator[FrameType]:
    """Yield the frames of an error, of its causes and of its contexts."""
    step: TracebackType | None = error.__traceback__
    while step is not None:
        yield step.tb_frame
        step = step.tb_next
    for cause in (error.__cause__, error.__context__):
        if cause is not None:
            yield from frames(cause)


def one_fault_per_error_class() -> list[Fault]:
    """Return one fault for each set of error classes that a response can cause."""
    chosen: dict[object, Fault] = {}
    for fault in FAULTS:
        outcomes = {outcome for place in fault.outcomes for outcome in fault.expected(place)}
        if not (fault.tls or fault.network or "success" in outcomes):
            chosen.setdefault(frozenset(outcomes), fault)
    return list(chosen.values())


@transports
@auth_headers
@pytest.mark.parametrize("fault", one_fault_per_error_class(), ids=lambda fault: fault.name)
async def test_no_error_or_package_frame_contains_the_key(
    make_client: MakeClient, transport: str, auth_header: str, fault: Fault
) -> None:
    for place in PLACES:
        if place not in fault.outcomes:
            continue
        async with HostileServer(place=place) as server:
            server.fault, server.on_accept = fault.act, fault.on_accept
            options: dict[str, Any] = {"idle_timeout": fault.limit(place), "max_response_bytes": MAX_RESPONSE_BYTES}
            client = make_client(
                server.url, KEY, auth_header=auth_header, transport=transport, max_retries=0, **options
            )
            seen = 0

            def count(server: HostileServer = server) -> None:
                server.arrived += 1

            with pytest.raises(LiteLLMProxyError) as caught:
                await complete(client, place, fault.limit(place), count=count)
            for frame in frames(caught.value):
                if frame.f_code.co_filename.startswith(PACKAGE):
                    seen += 1
                    for name, value in frame.f_locals.items():
                        assert_no_key(f"{frame.f_code.co_filename}, {frame.f_code.co_name}, {name}: {value!r}")
            assert seen
            error = caught.value
            assert_no_key("".join(traceback.TracebackException.from_exception(error).format()))
            assert_no_key(pickle.dumps(error).decode("latin-1"))
            assert_no_key(f"{error} {error!r} {vars(error)} {error.request and error.request.headers.raw}")


def test_pickled_client_contains_the_key() -> None:
    for client in (Client("http://proxy.test", KEY), AsyncClient("http://proxy.test", KEY)):
        assert KEY in pickle.dumps(client).decode("latin-1"), (
            "docs/security.md says that a pickled client contains its key"
        )


INJECTIONS = ["a\r\nx-injected: 1", "a\nb", "a\rb", "a\x00b"]


@pytest.mark.parametrize("text", INJECTIONS)
async def test_control_characters_cannot_be_injected_into_a_request(make_client: MakeClient, text: str) -> None:
    for options in (
        {"api_key": text},
        {"headers": {"x-a": text}},
        {"headers": {text: "a"}},
        {"auth_header": text},
        {"changed_by": text},
        {"base_url": f"http://proxy.test/{text}"},
    ):
        with pytest.raises(UsageError):
            make_client(**{"base_url": "http://proxy.test", "api_key": "sk-1", **options})

    async def respond(exchange: Exchange) -> None:
        await exchange.respond({})

    async with Server(respond) as server:
        for transport in TRANSPORTS:
            client = make_client(server.url, "sk-1", transport=transport)
            with pytest.raises(UsageError):
                await client.http.request("GET", "/models", headers={"x-a": text})
            with pytest.raises(UsageError):
                await client.http.request("GET", f"/models/{text}")
            with pytest.raises(UsageError):
                await client.http.request(f"GET {text}", "/models")
            with pytest.raises(UsageError):
                await client.credentials.delete(text)
            prepared = await client.http.request("GET", "/models", return_request=True)
            prepared.headers["x-a"] = text
            with pytest.raises(APIConnectionError):
                await client.http.send(prepared)
            await client.http.request("GET", "/models", params={"a": text})
    for request in server.requests:
        assert "x-injected" not in request.headers
        assert re.fullmatch(r"/models\?a=a%0D%0Ax-injected%3A%201|/models\?a=a%0[AD0]b", request.target)


@transports
@pytest.mark.parametrize(
    "name", ["../../key/info", "a/../../b", "..%2f..", "a?b=c#d", "ü €", "%2e%2e", "a\\..\\b", " "]
)
async def test_name_cannot_change_other_path_segments(make_client: MakeClient, transport: str, name: str) -> None:
    from urllib.parse import unquote

    async def respond(exchange: Exchange) -> None:
        await exchange.respond({})

    async with Server(respond) as server:
        await make_client(server.url, "sk-1", transport=transport).credentials.delete(name)
        (request,) = server.requests
    prefix, last = request.target.rsplit("/", 1)
    assert (prefix, unquote(last)) == ("/credentials", name)
    assert "?" not in request.target
    assert "#" not in request.target


@pytest.mark.parametrize("name", ["", ".", ".."])
async def test_dot_segments_are_rejected(make_client: MakeClient, name: str) -> None:
    with pytest.raises(UsageError, match="not a valid path parameter"):
        await make_client("http://proxy.test", "sk-1").credentials.delete(name)


@transports
async def test_netrc_is_not_read(
    make_client: MakeClient, transport: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password of-the-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))

    async def respond(exchange: Exchange) -> None:
        await exchange.respond({"data": []})

    async with Server(respond) as server:
        await make_client(server.url, transport=transport).models.list()
        await make_client(server.url, "sk-1", transport=transport).models.list()
    assert [request.headers.get("authorization") for request in server.requests] == [None, "Bearer sk-1"]


@transports
async def test_proxy_password_is_sent_to_the_proxy_and_never_in_errors(
    make_client: MakeClient, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "no"}}, 500)

    async with Server(respond) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//somebody:of-the-proxy@"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        client = make_client("http://gateway.invalid:4000", KEY, transport=transport, max_retries=0)
        with pytest.raises(LiteLLMProxyError) as error_response:
            await client.models.list()
    sent = proxy.requests[0].headers["proxy-authorization"]
    assert base64.b64decode(sent.removeprefix("Basic ")) == b"somebody:of-the-proxy"
    with pytest.raises(APIConnectionError) as failure:
        await client.models.list()
    for error in (error_response.value, failure.value):
        shown = f"{error} {error!r} {vars(error)} {pickle.dumps(error).decode('latin-1')}"
        assert "of-the-proxy" not in shown
        assert sent not in shown
        assert_no_key(shown)


@transports
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_decompression_bomb_uses_little_memory(make_client: MakeClient, transport: str, encoding: str) -> None:
    bomb = gzip.compress(b" " * 300_000_000)  # the body is 0.3 MB
    if encoding == "deflate":
        bomb = bomb[10:-8]

    async def respond(exchange: Exchange) -> None:
        await exchange.respond(bomb, content_encoding=encoding)

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_response_bytes=1_000_000)
        tracemalloc.start()
        try:
            with pytest.raises(ResponseTooLargeError, match="1,000,000 bytes"):
                await client.models.list()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 10_000_000


def test_every_documented_promise_names_an_existing_test() -> None:
    page = (Path(PACKAGE).parent / "docs" / "security.md").read_text()
    named_tests = re.findall(r"`(tests/\w+\.py)::(\w+)`", page)
    assert len(named_tests) > 10
    for path, name in named_tests:
        assert f"def {name}(" in (Path(PACKAGE).parent / path).read_text(), f"{path}::{name}"
    local_tests = set(re.findall(r"^(?:async )?def (test_\w+)", Path(__file__).read_text(), re.MULTILINE))
    assert local_tests - {name for _, name in named_tests} == {"test_every_documented_promise_names_an_existing_test"}
