"""Sends calls: deadlines, retries, and every failure as one of our errors."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar, cast

import anyio
import httpx

from .._wire import retry
from .._wire.config import ClientConfig
from .._wire.errors import connection_error, deadline_error, error_of_response, invalid_response_error, too_large_error
from .._wire.operation import Kind, Operation, StreamOperation
from .._wire.request import RequestBuilder
from ..exceptions import LiteLLMProxyError
from ..types._base import ResponseModel
from ..types._lenient import parse
from ..types.proxy import ProxyInfo
from .attempt import AttemptTrace
from .event_stream import NETWORK_ERRORS, EventStream, iter_body
from .pools import ConnectionPools
from .private_names import set_content

T = TypeVar("T")

# What taking back a change may take, apart from the deadline of the change.
UNDO_SECONDS = 30.0


class RequestExecutor:
    """What every resource of a client sends its calls with."""

    __slots__ = ("_builder", "connections", "options")

    def __init__(self, options: ClientConfig, connections: ConnectionPools) -> None:
        self.options = options
        self.connections = connections
        self._builder = RequestBuilder(options, connections.build_request)

    def prepare(self, call: Operation[Any], *, stream: bool = False) -> httpx.Request:
        """The request of a call, unsent."""
        return self._builder.build(call, stream=stream)

    async def call(self, call: Operation[T], timeout: float | None) -> T:
        """Send one call and read its answer."""
        return await self.sender(timeout, call.kind)(call)

    async def open(self, call: StreamOperation[Any], timeout: float | None) -> EventStream:
        """Send a call and wait for the first event of its stream."""
        return await self.sender(timeout, call.operation.kind).open(call.operation)

    def sender(self, timeout: float | None, kind: Kind = "admin") -> CallSession:
        """What sends the calls of one logical call, whose time begins now."""
        return CallSession(self, self.options.seconds(kind, timeout))


class CallSession:
    """Sends the calls of one logical call, all of them before its deadline."""

    def __init__(self, transport: RequestExecutor, seconds: float) -> None:
        self._executor = transport
        self._options = transport.options
        self._seconds = seconds
        self._deadline = anyio.current_time() + seconds

    async def __call__(self, call: Operation[T], /) -> T:
        """Send a call and read its answer."""
        return await self._send(call, self._executor.prepare(call), self._whole)

    async def open(self, call: Operation[Any]) -> EventStream:
        """Send a call and wait for the first event of its stream."""
        return await self._send(call, self._executor.prepare(call, stream=True), self._first_event)

    async def undo(self, calls: Sequence[Operation[Any]], /) -> list[Exception]:
        """Send calls with time of their own: not even cancellation leaves a change half-done."""
        failures: list[Exception] = []
        with anyio.CancelScope(shield=True):
            for call in calls:
                try:
                    await CallSession(self._executor, UNDO_SECONDS)(call)
                except Exception as error:
                    failures.append(error)
        return failures

    async def _send(
        self,
        call: Operation[Any],
        request: httpx.Request,
        read: Callable[[httpx.Response, Operation[Any]], Awaitable[T]],
    ) -> T:
        """Try until an attempt succeeds, is refused for good, or the deadline has come."""
        attempt = 0
        while True:
            attempt += 1
            trace = AttemptTrace()
            error: LiteLLMProxyError | None = None
            with anyio.CancelScope(deadline=self._deadline):
                try:
                    answer = await self._attempt(call, request, read, trace)
                    self._executor.connections.budget.record_success()
                    return answer
                except LiteLLMProxyError as refusal:
                    error = refusal
                except NETWORK_ERRORS as failure:
                    error = connection_error(failure, request, **self._options.redaction)
            if error is None:
                raise deadline_error(
                    request, seconds=self._seconds, attempts=attempt, sent=trace.sent, **self._options.redaction
                )
            wait = retry.wait(
                error,
                attempt=attempt,
                max_retries=self._options.max_retries,
                repeatable=call.repeatable,
                stale=trace.stale,
                remaining=self._deadline - anyio.current_time(),
            )
            if wait is None or not (trace.stale or self._executor.connections.budget.try_acquire()):
                raise error
            await anyio.sleep(wait)

    async def _attempt(
        self,
        call: Operation[Any],
        request: httpx.Request,
        read: Callable[[httpx.Response, Operation[Any]], Awaitable[T]],
        trace: AttemptTrace,
    ) -> T:
        # The deadline of the call cuts short whatever takes too long; only connecting has a limit of its own.
        connect = _limit(self._options.connect_timeout)
        timeouts = {"connect": connect, "read": None, "write": None, "pool": None}
        request.extensions = {**request.extensions, "timeout": timeouts, "trace": trace}
        begin = time.perf_counter()
        response = await self._executor.connections.send(request)
        answered = False
        try:
            if not response.is_success and call.response_type is not httpx.Response:
                await self._read(response)
                raise error_of_response(response, kind=call.kind, **self._options.redaction)
            answer = await read(response, call)
            answered = True
            if answer is response:
                response.elapsed = timedelta(seconds=time.perf_counter() - begin)
            return answer
        finally:
            if not answered:
                await response.aclose()

    async def _read(self, response: httpx.Response) -> bytes:
        """The body, decompressed, unless it is too large."""
        parts: list[bytes] = []
        size = 0
        async for part in iter_body(response):
            size += len(part)
            if size > self._options.max_response_bytes:
                raise too_large_error(response, self._options.max_response_bytes, **self._options.redaction)
            parts.append(part)
        await response.aclose()
        content = parts[0] if len(parts) == 1 else b"".join(parts)
        set_content(response, content)
        return content

    async def _whole(self, response: httpx.Response, call: Operation[Any]) -> Any:
        content = await self._read(response)
        if call.response_type is httpx.Response:
            return response
        if call.response_type is object:
            return _anything(response)
        try:
            answer: Any = parse(call.response_type, content, strict=self._options.strict)
        except ValueError as reason:
            raise invalid_response_error(response, str(reason), **self._options.redaction) from None
        # In a list, the place of a completion that failed is taken by its error.
        if call.kind == "completion" and isinstance(answer, ResponseModel) and "choices" not in answer:
            raise invalid_response_error(response, "it has no choices", **self._options.redaction)
        for part in _answers(answer):
            object.__setattr__(part, "_proxy", ProxyInfo(response.headers))
        return answer

    async def _first_event(self, response: httpx.Response, call: Operation[Any]) -> EventStream:
        if "text/event-stream" not in response.headers.get("content-type", ""):
            await self._read(response)
            raise invalid_response_error(response, "it is no stream of events", **self._options.redaction)
        # From here on the limit of a read is the stream's silence; the deadline ends with the first event.
        response.request.extensions["timeout"]["read"] = _limit(self._options.idle_timeout)
        events = EventStream(response, self._options, call.kind)
        await events.start()
        return events


def _limit(seconds: float) -> float | None:
    return None if math.isinf(seconds) else seconds


def _answers(answer: object) -> list[ResponseModel]:
    parts = cast("list[object]", answer) if isinstance(answer, list) else [answer]
    return [part for part in parts if isinstance(part, ResponseModel)]


def _anything(response: httpx.Response) -> object:
    """JSON where the answer is that, else its text; `None` where it is empty."""
    if not response.content:
        return None
    try:
        value: object = response.json()
    except (ValueError, RecursionError):
        return response.text
    return value
