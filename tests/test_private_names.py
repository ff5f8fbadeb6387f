"""The private names of aiohttp, httpx and httpcore that the package uses: a canary for each, and no use elsewhere."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import re
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable, Iterator
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import aiohttp
import httpcore
import httpx
import pytest
from aiohttp.client_proto import ResponseHandler

import litellm_proxy_client
from litellm_proxy_client._runtime import private_names

from .server import Exchange, Server

PACKAGE = Path(litellm_proxy_client.__file__).parent
MODULE = Path(private_names.__file__)
LIBRARIES: list[ModuleType] = [aiohttp, httpx, httpcore]
NAMES = [library.__name__ for library in LIBRARIES]

CANARIES: dict[str, Callable[..., Any]] = {}


def canary(name: str) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Mark a test that fails when a library no longer has a private name, or has changed its meaning."""
    library = name.partition(".")[0]

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        @wraps(test)
        async def run(*args: Any, **options: Any) -> None:
            try:
                await asyncio.wait_for(test(*args, **options), 10)
            except (Exception, pytest.fail.Exception) as error:
                raise AssertionError(
                    f"{library} {version(library)} has removed or changed its private name {name}: "
                    f"adapt {MODULE.name}, or exclude this version of {library} in pyproject.toml"
                ) from error

        CANARIES[name] = run
        return run

    return decorate


async def respond(exchange: Exchange) -> None:
    await exchange.respond({})


async def respond_in_part(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{")
    await exchange.wait_for_disconnect()


@canary("aiohttp.ClientSession._retry_connection")
async def test_canary_retry_connection() -> None:
    async def hang_up_on_reuse(exchange: Exchange) -> None:
        if exchange.request.connection == 1 and len(server.requests) > 1:
            exchange.writer.close()
        else:
            await exchange.respond({})

    for disabled in (False, True):
        async with Server(hang_up_on_reuse) as server, aiohttp.ClientSession() as session:
            if disabled:
                private_names.disable_retries(session)
            await (await session.get(server.url)).read()
            if disabled:
                with pytest.raises(aiohttp.ServerDisconnectedError):
                    await session.delete(server.url)
            else:
                await session.delete(server.url)
        assert [request.method for request in server.requests] == ["GET", "DELETE", "DELETE"][: 2 if disabled else 3]


@canary("aiohttp.TCPConnector._factory")
async def test_canary_factory() -> None:
    class Protocol(ResponseHandler):
        pass

    async with Server(respond_in_part) as server, aiohttp.ClientSession(connector=aiohttp.TCPConnector()) as session:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        private_names.set_protocol(session.connector, Protocol)
        async with session.get(server.url) as response:
            assert response.connection is not None
            assert type(response.connection.protocol) is Protocol


@canary("aiohttp.TCPConnector._release")
async def test_canary_release() -> None:
    async with Server(respond) as server, aiohttp.ClientSession(connector=aiohttp.TCPConnector()) as session:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        private_names.limit_idle_connections(session.connector, 0)
        for _ in range(2):
            await (await session.get(server.url)).read()
    assert server.connections == 2


@canary("aiohttp.TCPConnector._conns")
async def test_canary_conns() -> None:
    both_sent = asyncio.Event()

    async def wait_for_both(exchange: Exchange) -> None:
        if len(server.requests) % 2 == 0:
            both_sent.set()
        await both_sent.wait()
        await exchange.respond({})

    async with Server(wait_for_both) as server, aiohttp.ClientSession(connector=aiohttp.TCPConnector()) as session:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        private_names.limit_idle_connections(session.connector, 1)
        for _ in range(2):
            both_sent.clear()
            for response in await asyncio.gather(session.get(server.url), session.get(server.url)):
                await response.read()
    assert server.connections == 3, "of two connections one stays open, and the next two requests need one more"


@canary("aiohttp.client_proto.ResponseHandler._payload")
async def test_canary_payload() -> None:
    async with (
        Server(respond_in_part) as server,
        aiohttp.ClientSession() as session,
        session.get(server.url) as response,
    ):
        assert response.connection is not None
        assert response.connection.protocol is not None
        assert private_names.current_payload(response.connection.protocol) is response.content


@canary("aiohttp.StreamReader._read_nowait")
async def test_canary_read_nowait() -> None:
    loop = asyncio.get_running_loop()
    content = aiohttp.StreamReader(ResponseHandler(loop), 2**16, loop=loop)
    content.feed_data(b"before the failure")
    content.set_exception(aiohttp.ClientPayloadError())
    with pytest.raises(aiohttp.ClientPayloadError):
        await content.readany()
    assert private_names.read_buffered(content) == b"before the failure"
    assert private_names.read_buffered(content) == b""


@pytest.mark.parametrize("value", ["plain", "käse", b"k\xe4se"], ids=["ascii", "utf-8", "latin-1"])
@canary("httpx.Headers._list")
async def test_canary_list(value: str | bytes) -> None:
    raw = [
        (b"X-Name", value if isinstance(value, bytes) else value.encode()),
        (b"Set-Cookie", b"a"),
        (b"Set-Cookie", b"b"),
    ]
    headers = httpx.Headers()
    private_names.set_headers(headers, raw)
    expected = httpx.Headers(raw)
    assert headers == expected
    assert headers.raw == expected.raw == raw
    assert headers.multi_items() == expected.multi_items()
    assert headers["x-name"] == headers["X-NAME"] == expected["x-name"]
    assert headers.get_list("set-cookie") == ["a", "b"]
    assert headers.encoding == expected.encoding


@canary("httpx.Response._content")
async def test_canary_content() -> None:
    response = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"compressed"))
    with pytest.raises(httpx.ResponseNotRead):
        _ = response.content
    private_names.set_content(response, b'{"a": 1}')
    assert response.content == await response.aread() == b'{"a": 1}'
    assert response.text == '{"a": 1}'
    assert response.json() == {"a": 1}


@pytest.fixture
async def routed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client with a proxy from the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "direct.test")
    async with httpx.AsyncClient() as client:
        yield client


@canary("httpx.AsyncClient._transport_for_url")
async def test_canary_transport_for_url(routed: httpx.AsyncClient) -> None:
    select, _ = private_names.proxy_routing(routed)
    proxied, direct = select(httpx.URL("http://proxied.test")), select(httpx.URL("http://direct.test"))
    assert isinstance(proxied, httpx.AsyncHTTPTransport)
    assert isinstance(proxied._pool, httpcore.AsyncHTTPProxy)
    assert isinstance(direct, httpx.AsyncHTTPTransport)
    assert not isinstance(direct._pool, httpcore.AsyncHTTPProxy)


@canary("httpx.AsyncClient._transport")
async def test_canary_transport(routed: httpx.AsyncClient) -> None:
    select, direct = private_names.proxy_routing(routed)
    assert select(httpx.URL("http://direct.test")) is direct
    assert select(httpx.URL("http://proxied.test")) is not direct


@pytest.fixture
async def transport() -> Any:
    """A transport with at most one connection."""
    async with httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=1)) as transport:
        yield transport


def leak(transport: httpx.AsyncHTTPTransport) -> httpcore.AsyncConnectionInterface:
    """Leave a connection in the pool as a request does that is cancelled before it uses the connection."""
    connection = transport._pool.create_connection(httpcore.Origin(b"http", b"127.0.0.1", 1))
    transport._pool._connections.append(connection)
    return connection


@canary("httpx.AsyncHTTPTransport._pool")
async def test_canary_pool(transport: httpx.AsyncHTTPTransport) -> None:
    assert isinstance(transport._pool, httpcore.AsyncConnectionPool)
    async with Server(respond) as server:
        await (await transport.handle_async_request(httpx.Request("GET", server.url))).aread()
        assert len(transport._pool.connections) == 1


@canary("httpcore.AsyncConnectionPool._connections")
async def test_canary_connections(transport: httpx.AsyncHTTPTransport) -> None:
    leaked = leak(transport)
    assert transport._pool.connections == [leaked]
    await private_names.release_leaked_connections(transport)
    assert transport._pool.connections == []


@canary("httpcore.AsyncConnectionPool._requests")
async def test_canary_requests(transport: httpx.AsyncHTTPTransport) -> None:
    async def respond_in_two_parts(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{")
        await released.wait()
        await exchange.send(b"}")

    released = asyncio.Event()
    async with Server(respond_in_two_parts) as server:
        response = await transport.handle_async_request(httpx.Request("GET", server.url))
        await private_names.release_leaked_connections(transport)
        released.set()
        assert await response.aread() == b"{}", "a connection with a request is not released"


@canary("httpcore.AsyncConnectionPool._assign_requests_to_connections")
async def test_canary_assign_requests_to_connections(transport: httpx.AsyncHTTPTransport) -> None:
    leak(transport)
    async with Server(respond) as server:
        waiting = asyncio.create_task(transport.handle_async_request(httpx.Request("GET", server.url)))
        await asyncio.sleep(0.05)
        assert server.connections == 0
        await private_names.release_leaked_connections(transport)
        assert await (await waiting).aread() == b"{}"


async def test_a_canary_names_what_has_changed() -> None:
    async def fail() -> None:
        raise AttributeError("_gone")

    test = canary("httpx.Response._gone")(fail)
    del CANARIES["httpx.Response._gone"]
    with pytest.raises(AssertionError, match=rf"httpx {version('httpx')} .*httpx\.Response\._gone: .*private_names.py"):
        await test()


def is_private(name: str) -> bool:
    return re.fullmatch(r"_[^_]\w*", name) is not None


def attributes(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Each use of a private attribute."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_private(node.attr))


def test_each_private_name_has_a_canary() -> None:
    used = {node.attr for node in attributes(ast.parse(MODULE.read_text("utf-8")))}
    assert used == {name.rpartition(".")[2] for name in CANARIES}


def test_each_library_has_an_upper_bound() -> None:
    listed = re.findall(
        r'^    "([\w-]+)>=[\d.]+,<[\d.]+",$', (PACKAGE.parent / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert set(NAMES) <= set(listed)


def declared(tree: ast.AST) -> set[str]:
    """The private names that a module gives to functions, classes and attributes of its own classes."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {
                name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            }
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own(node.value):
            names.add(node.attr)
    return {name for name in names if is_private(name)}


def is_own(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Name) and receiver.id in ("self", "cls")


TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py")) if path != MODULE}
DECLARED = {name for tree in TREES.values() for name in declared(tree)}
# pyright requires this comment at a private name of another module's class, unless the object is of type Any.
PYRIGHT_COMMENT = "reportPrivateUsage"


def library_names() -> set[str]:
    """The private names that the libraries declare or use, without aiohttp's server and test tools."""
    names: set[str] = set()
    for library in LIBRARIES:
        for path in Path(str(library.__file__)).parent.rglob("*.py"):
            if not path.stem.startswith(("web", "worker", "test_utils", "pytest_plugin")):
                tree = ast.parse(path.read_text("utf-8"))
                names |= declared(tree) | {node.attr for node in attributes(tree)}
    return names


LIBRARY_NAMES = library_names()


def foreign_names(source: str) -> list[str]:
    """Find private names that no module of the package declares, or that a library has and this module does not."""
    tree = ast.parse(source)
    lines, own = source.splitlines(), declared(tree)
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and not is_own(node.value):
            if node.attr in LIBRARY_NAMES:
                allowed = node.attr in own and PYRIGHT_COMMENT not in lines[node.lineno - 1]
            else:
                allowed = node.attr in DECLARED
            if not allowed:
                found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in LIBRARY_NAMES - DECLARED:
                found.append(f"{node.lineno}: {node.value!r}")
        elif isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0):
            parts = [*(getattr(node, "module", None) or "").split("."), *(alias.name for alias in node.names)]
            if any(is_private(part) for path in parts for part in path.split(".")):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_other_module_uses_a_private_name_of_a_library(path: Path) -> None:
    assert foreign_names(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "response._content = b''",
        "for each in transport._pool._requests: each.x",
        "getattr(session, '_retry_connection')",
        "vars(response)['_content'] = b''",
        "from httpx._utils import get_environment_proxies",
        "import httpx._utils",
        # The module gives the same name to an attribute of its own.
        "class Own:\n def __init__(self): self._transport = client._transport  # pyright: ignore[reportPrivateUsage]",
    ],
)
def test_a_private_name_is_found(source: str) -> None:
    assert foreign_names(source) != []


def subclasses() -> list[type]:
    """The classes of the package that inherit from a class of a library."""
    found: list[type] = []
    for path in TREES:
        if path.stem != "__main__":
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
            module = importlib.import_module(name)
            classes = [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == name]
            found += [each for each in classes if library_bases(each)]
    return found


def library_bases(kind: type) -> list[type]:
    return [base for base in kind.__mro__[1:] if base.__module__.partition(".")[0] in NAMES]


def members(kind: type) -> set[str]:
    """The private names that a class defines, or uses in its methods."""
    names = set(vars(kind))
    for member in vars(kind).values():
        for function in (member, getattr(member, "fget", None), getattr(member, "__func__", None)):
            if inspect.isfunction(function):
                names |= names_in(function.__code__)
    return {name for name in names if is_private(name)}


def names_in(code: CodeType) -> set[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


def shared_names(kind: type) -> set[str]:
    return members(kind) & {name for base in library_bases(kind) for name in members(base)}


def test_no_class_overrides_or_uses_a_private_member_that_it_inherits() -> None:
    assert {kind.__name__ for kind in subclasses()} == {"AiohttpTransport", "_Body", "_Protocol", "_Connector"}
    assert {kind.__name__: names for kind in subclasses() if (names := shared_names(kind))} == {}


def test_an_inherited_private_member_is_found() -> None:
    class Connector(aiohttp.TCPConnector):
        def _release(self, *args: Any, **options: Any) -> None:
            self._conns.clear()

    assert shared_names(Connector) == {"_release", "_conns"}


def test_each_overridden_method_still_exists() -> None:
    """A library that renames a method would never call ours."""
    for kind in subclasses():
        own = {name for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("_")}
        assert own
        assert own - {name for base in library_bases(kind) for name in vars(base)} == set(), kind


def test_httpx_transport_imports_no_aiohttp() -> None:
    """Also not when a request fails, which looks for leaked connections."""
    program = textwrap.dedent("""
        import sys
        from litellm_proxy_client import Client
        from litellm_proxy_client.exceptions import APIConnectionError
        try:
            Client("http://127.0.0.1:9", "sk-1", transport="httpx", max_retries=0).models.list()
        except APIConnectionError:
            print("aiohttp" in sys.modules, "httpcore" in sys.modules)
    """)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
