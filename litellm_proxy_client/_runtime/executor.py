"""The request executor: sends operations with deadlines and retries, and raises failures as errors of this client."""

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

# Deadline for rolling back a change, independent of the deadline of the change itself.
UNDO_SECONDS = 30.0


class RequestExecutor:
    """The executor of the operations of all resources of a client."""

    __slots__ = ("_builder", "connections", "options")

    def __init__(self, options: ClientConfig, connections: ConnectionPools) -> None:
        self.options = options
        self.connections = connections
        self._builder = RequestBuilder(options, connections.build_request)

    def prepare(self, operation: Operation[Any], *, stream: bool = False) -> httpx.Request:
        """Build the request of an operation without sending it."""
        return self._builder.build(operation, stream=stream)

    async def call(self, operation: Operation[T], timeout: float | None) -> T:
        """Send an operation and return its response."""
        return await self.sender(timeout, operation.kind)(operation)

    async def open(self, stream: StreamOperation[Any], timeout: float | None) -> EventStream:
        """Send an operation and return its event stream after the first event."""
        return await self.sender(timeout, stream.operation.kind).open(stream.operation)

    def sender(self, timeout: float | None, kind: Kind = "admin") -> CallSession:
        """Create the session of one method call. Its deadline is counted from now."""
        return CallSession(self, self.options.seconds(kind, timeout))


class CallSession:
    """The session of one method call, whose operations share its deadline."""

    def __init__(self, executor: RequestExecutor, seconds: float) -> None:
        self._executor = executor
        self._options = executor.options
        self._seconds = seconds
        self._deadline = anyio.current_time() + seconds

    async def __call__(self, operation: Operation[T], /) -> T:
        """Send an operation and return its response."""
        return await self._send(operation, self._executor.prepare(operation), self._read_result)

    async def open(self, operation: Operation[Any]) -> EventStream:
        """Send an operation and return its event stream after the first event."""
        return await self._send(operation, self._executor.prepare(operation, stream=True), self._open_events)

    async def undo(self, operations: Sequence[Operation[Any]], /) -> list[Exception]:
        """Send operations that roll back earlier ones, and return the errors.

        They have their own deadline and are shielded from cancellation, which would leave the rollback incomplete.
        """
        errors: list[Exception] = []
        with anyio.CancelScope(shield=True):
            for operation in operations:
                try:
                    await CallSession(self._executor, UNDO_SECONDS)(operation)
                except Exception as error:
                    errors.append(error)
        return errors

    async def _send(
        self,
        operation: Operation[Any],
        request: httpx.Request,
        read: Callable[[httpx.Response, Operation[Any]], Awaitable[T]],
    ) -> T:
        """Make attempts until one succeeds, one fails with an error that is not retried, or the deadline passes."""
        attempt = 0
        while True:
            attempt += 1
            trace = AttemptTrace()
            error: LiteLLMProxyError | None = None
            # The scope cancels the attempt at the deadline and swallows the cancellation: `error` then stays None.
            with anyio.CancelScope(deadline=self._deadline):
                try:
                    result = await self._attempt(operation, request, read, trace)
                    self._executor.connections.budget.record_success()
                    return result
                except LiteLLMProxyError as proxy_error:
                    error = proxy_error
                except NETWORK_ERRORS as failure:
                    # Raised below, outside this block: the failure must not become its context (see connection_error).
                    error = connection_error(failure, request, **self._options.redaction)
            if error is None:
                raise deadline_error(
                    request, seconds=self._seconds, attempts=attempt, sent=trace.sent, **self._options.redaction
                )
            delay = retry.wait(
                error,
                attempt=attempt,
                max_retries=self._options.max_retries,
                repeatable=operation.repeatable,
                stale=trace.stale,
                remaining=self._deadline - anyio.current_time(),
            )
            # A closed keep-alive connection is not a sign of overload, so retrying after it uses no retry budget.
            if delay is None or not (trace.stale or self._executor.connections.budget.try_acquire()):
                raise error
            await anyio.sleep(delay)

    async def _attempt(
        self,
        operation: Operation[Any],
        request: httpx.Request,
        read: Callable[[httpx.Response, Operation[Any]], Awaitable[T]],
        trace: AttemptTrace,
    ) -> T:
        # The deadline limits the attempt as a whole by cancellation, so only connecting needs a timeout of its own.
        connect = _finite(self._options.connect_timeout)
        timeouts = {"connect": connect, "read": None, "write": None, "pool": None}
        request.extensions = {**request.extensions, "timeout": timeouts, "trace": trace}
        started = time.perf_counter()
        response = await self._executor.connections.send(request)
        succeeded = False
        try:
            if not response.is_success and operation.response_type is not httpx.Response:
                await self._read_body(response)
                raise error_of_response(response, kind=operation.kind, **self._options.redaction)
            result = await read(response, operation)
            succeeded = True
            if result is response:
                response.elapsed = timedelta(seconds=time.perf_counter() - started)
            return result
        finally:
            # Close it after cancellation too: an unread response would keep its connection out of the pool.
            if not succeeded:
                await response.aclose()

    async def _read_body(self, response: httpx.Response) -> bytes:
        """Read and decompress the body, up to the maximum size."""
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

    async def _read_result(self, response: httpx.Response, operation: Operation[Any]) -> Any:
        content = await self._read_body(response)
        if operation.response_type is httpx.Response:
            return response
        if operation.response_type is object:
            return _json_or_text(response)
        try:
            result: Any = parse(operation.response_type, content, strict=self._options.strict)
        except ValueError as reason:
            raise invalid_response_error(response, str(reason), **self._options.redaction) from None
        # In a list of completions, a failed one is represented by its error, so only a single one is checked.
        if operation.kind == "completion" and isinstance(result, ResponseModel) and "choices" not in result:
            raise invalid_response_error(response, "it has no choices", **self._options.redaction)
        for model in _response_models(result):
            object.__setattr__(model, "_proxy", ProxyInfo(response.headers))
        return result

    async def _open_events(self, response: httpx.Response, operation: Operation[Any]) -> EventStream:
        if "text/event-stream" not in response.headers.get("content-type", ""):
            await self._read_body(response)
            raise invalid_response_error(response, "it is not an event stream", **self._options.redaction)
        # The transport reads this limit again when the body is read: from here on, a read that exceeds the idle
        # timeout fails. The deadline applies until the first event.
        response.request.extensions["timeout"]["read"] = _finite(self._options.idle_timeout)
        events = EventStream(response, self._options, operation.kind)
        await events.start()
        return events


def _finite(seconds: float) -> float | None:
    """Return a timeout for httpx, in which `None` means no limit."""
    return None if math.isinf(seconds) else seconds


def _response_models(result: object) -> list[ResponseModel]:
    parts = cast("list[object]", result) if isinstance(result, list) else [result]
    return [part for part in parts if isinstance(part, ResponseModel)]


def _json_or_text(response: httpx.Response) -> object:
    """Return the response as JSON, else as text; `None` if it is empty."""
    if not response.content:
        return None
    try:
        value: object = response.json()
    except (ValueError, RecursionError):
        return response.text
    return value
