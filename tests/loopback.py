"""A fake proxy on loopback that tracks its connections, and Python programs in child processes."""

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
    """Wait until the condition holds; fail if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not hold within {seconds} s"
        time.sleep(0.01)


@dataclass
class Connection:
    """One accepted connection."""

    port: int
    models: list[str] = field(default_factory=list[str])
    closed: threading.Event = field(default_factory=threading.Event)


class Loopback:
    """An HTTP/1.1 server in a thread. The model's name selects its behaviour.

    `silent` never responds; `stall` is a stream that stops after three chunks, `endless` a stream without an end,
    `paced` a stream of 50 chunks in a second; every other model responds at once, whole or as a stream of five chunks.
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
        """Wait for a request for this model and return the connection that carried it."""

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
                    return await self._wait_for_disconnect(reader)
                if body.get("stream"):
                    await self._stream(reader, writer, model)
                else:
                    await self._respond(writer, model)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            connection.closed.set()
            writer.close()

    async def _respond(self, writer: asyncio.StreamWriter, model: str) -> None:
        message = {"role": "assistant", "content": "Hello!"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        completion = {"id": "c1", "object": "chat.completion", "created": 1, "model": model, "choices": [choice]}
        body = json.dumps(completion).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, model: str) -> None:
        head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        writer.write(head.encode())
        disconnected = asyncio.create_task(self._wait_for_disconnect(reader)) if model in ("endless", "stall") else None
        count = 0
        while count < {"endless": sys.maxsize, "paced": 50, "stall": 3}.get(model, 5) and not (
            disconnected and disconnected.done()
        ):
            self._event(writer, json.dumps(_chunk({"content": f"{count} "}, None)))
            await writer.drain()
            if model in ("endless", "paced"):
                await asyncio.sleep(0.02)
            count += 1
        if disconnected:
            await disconnected
            raise ConnectionResetError
        self._event(writer, json.dumps(_chunk({}, "stop")))
        self._event(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _wait_for_disconnect(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            await reader.read(1)

    def _event(self, writer: asyncio.StreamWriter, data: str) -> None:
        frame = f"data: {data}\n\n".encode()
        writer.write(f"{len(frame):x}\r\n".encode() + frame + b"\r\n")


def _chunk(delta: dict[str, str], finish_reason: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


class Child:
    """A Python program in a child process, in development mode and with every warning an error.

    It must exit by itself, in time, with the expected status, and write nothing to stderr, not even at exit.
    """

    def __init__(self, program: str, *options: str, url: str = "", keep_stdin: bool = False) -> None:
        kept = "LITELLM_PROXY_TRANSPORT"
        environment = {
            name: value for name, value in os.environ.items() if name == kept or not name.startswith("LITELLM_")
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
        """Send the signal that Ctrl-C sends."""
        self._process.send_signal(signal.SIGINT)

    def output(self, *, seconds: float = 30, status: int = 0) -> list[str]:
        """Wait for the exit and return the printed lines."""
        try:
            output, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # Kill the whole process group: children of the program may hold the pipes open.
            os.killpg(self._process.pid, signal.SIGKILL)
            output, errors = self._process.communicate()
            raise AssertionError(f"the program did not exit:\n{output}\n{errors}") from None
        assert (errors, self._process.returncode) == ("", status), f"{output}\n{errors}"
        return output.splitlines()


def run_child(program: str, *options: str, url: str = "", seconds: float = 30, status: int = 0) -> list[str]:
    """Run a `Child` until it exits and return the printed lines."""
    return Child(program, *options, url=url).output(seconds=seconds, status=status)
