"""A loopback server that plays the proxy and knows its connections, and programs in processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

ROOT = Path(__file__).resolve().parent.parent


def wait_until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Return as soon as the condition holds, which must be soon."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@dataclass
class Connection:
    """One accepted connection."""

    port: int
    models: list[str] = field(default_factory=list[str])
    closed: threading.Event = field(default_factory=threading.Event)


class Loopback:
    """An HTTP/1.1 server in a thread. The model's name says what it does.

    `silent` never answers; `stall` is a stream that falls silent after three chunks, `endless` one without an end,
    `paced` one of 50 chunks in a second; everything else answers at once, plain or streamed in five chunks.
    """

    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._main)
        self._started = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> list[Connection]:
        """The connections that are open now."""
        return [connection for connection in self.connections if not connection.closed.is_set()]

    def serving(self, model: str) -> Connection:
        """The connection on which a model was asked for, as soon as it was."""

        def found() -> list[Connection]:
            return [connection for connection in self.connections if model in connection.models]

        wait_until(lambda: bool(found()))
        return found()[-1]

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._converse(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=1000)
        self.port: int = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer.get_extra_info("peername")[1])
        self.connections.append(connection)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length:")[2].split("\r\n")[0] or 0)
                body: dict[str, Any] = json.loads(await reader.readexactly(length)) if length else {}
                model: str = body.get("model", "")
                connection.models.append(model)
                if model == "silent":
                    return await self._leaves(reader)
                if body.get("stream"):
                    await self._stream(reader, writer, model)
                else:
                    await self._answer(writer, model)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            connection.closed.set()
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, model: str) -> None:
        message = {"role": "assistant", "content": "Hello!"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = {"id": "c1", "object": "chat.completion", "created": 1, "model": model, "choices": [choice]}
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, model: str) -> None:
        head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        writer.write(head.encode())
        left = asyncio.create_task(self._leaves(reader)) if model in ("endless", "stall") else None
        count = 0
        while count < {"endless": sys.maxsize, "paced": 50, "stall": 3}.get(model, 5) and not (left and left.done()):
            self._event(writer, json.dumps(_chunk({"content": f"{count} "}, None)))
            await writer.drain()
            if model in ("endless", "paced"):
                await asyncio.sleep(0.02)
            count += 1
        if left:
            await left
            raise ConnectionResetError
        self._event(writer, json.dumps(_chunk({}, "stop")))
        self._event(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _leaves(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            await reader.read(1)

    def _event(self, writer: asyncio.StreamWriter, data: str) -> None:
        frame = f"data: {data}\n\n".encode()
        writer.write(f"{len(frame):x}\r\n".encode() + frame + b"\r\n")


def _chunk(delta: dict[str, str], finish_reason: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


class Child:
    """A Python program in a process of its own, in development mode and with every warning an error.

    It is expected to end by itself, in time and well, and to say nothing on stderr: not even while it ends.
    """

    def __init__(self, program: str, *options: str, url: str = "", keep_stdin: bool = False) -> None:
        keep = "LITELLM_PROXY_TRANSPORT"
        environment = {
            name: value for name, value in os.environ.items() if name == keep or not name.startswith("LITELLM_")
        }
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        if url:
            environment["LITELLM_PROXY_URL"] = url
        command = [sys.executable, "-X", "dev", "-W", "error", *options, "-c", textwrap.dedent(program)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE if keep_stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def output(self, *, seconds: float = 30, status: int = 0) -> list[str]:
        """Wait for the end and return the lines that were printed."""
        try:
            output, complaints = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # With the children that it may have, which hold the pipes open.
            os.killpg(self._process.pid, signal.SIGKILL)
            output, complaints = self._process.communicate()
            raise AssertionError(f"the program did not end:\n{output}\n{complaints}") from None
        assert (complaints, self._process.returncode) == ("", status), f"{output}\n{complaints}"
        return output.splitlines()


def run_child(program: str, *options: str, url: str = "", seconds: float = 30, status: int = 0) -> list[str]:
    """Run a `Child` to its end and return the lines that it printed."""
    return Child(program, *options, url=url).output(seconds=seconds, status=status)
