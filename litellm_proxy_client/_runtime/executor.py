"""The request executor: sends operations with deadlines and retries, and raises failures as errors of this client."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar, cast

import anyio
import httpx

from .._wire import retry
from .._wire.config import ClientConfig
from .._wire.errors import connection_error, deadline_error, error_of_response, invalid_response_error, too_large_error
from .._wire.operation import Operation, TimeoutClass
from .._wire.protocol import StreamProtocol
from .._wire.request import RequestBuilder
from .._wire.response import EVENT_STREAM, EventReader, ResponseReader
from ..exceptions import LiteLLMProxyError
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

    def prepare(self, operation: Operation[Any]) -> httpx.Request:
        """Build the request of an operation without sending it."""
        return self._builder.build(operation)

    async def call(self, operation: Operation[T], timeout: float | None) -> T:
        """Send an operation and return its result; for a stream its events, after the first one."""
        return await self.session(timeout, operation.timeout)(operation)

    def session(self, timeout: float | None, timeout_class: TimeoutClass = "short") -> CallSession:
        """Create the session of one method call. Its deadline is counted from now."""
        return CallSession(self, self.options.seconds(timeout_class, timeout))


class CallSession:
    """The session of one method call, whose operations share its deadline."""

    def __init__(self, executor: RequestExecutor, seconds: float) -> None:
        self._executor = executor
        self._options = executor.options
        self._seconds = seconds
        self._deadline = anyio.current_time() + seconds

    async def __call__(self, operation: Operation[T], /) -> T:
        """Send an operation and return its result."""
        return await self._send(operation, self._executor.prepare(operation))

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

    async def _send(self, operation: Operation[T], request: httpx.Request) -> T:
        """Make attempts until one succeeds, one fails with an error that is not retried, or the deadline passes."""
        attempt = 0
        while True:
            attempt += 1
            trace = AttemptTrace()
            error: LiteLLMProxyError | None = None
            # The scope cancels the attempt at the deadline and swallows the cancellation: `error` then stays None.
            with anyio.CancelScope(deadline=self._deadline):
                try:
                    result = await self._attempt(operation, request, trace)
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
                retry=operation.retry,
                stale=trace.stale,
                remaining=self._deadline - anyio.current_time(),
            )
            # A closed keep-alive connection is not a sign of overload, so retrying after it uses no retry budget.
            if delay is None or not (trace.stale or self._executor.connections.budget.try_acquire()):
                raise error
            await anyio.sleep(delay)

    async def _attempt(self, operation: Operation[T], request: httpx.Request, trace: AttemptTrace) -> T:
        # The deadline limits the attempt as a whole by cancellation, so only connecting needs a timeout of its own.
        connect = _finite(self._options.connect_timeout)
        timeouts = {"connect": connect, "read": None, "write": None, "pool": None}
        request.extensions = {**request.extensions, "timeout": timeouts, "trace": trace}
        started = time.perf_counter()
        response = await self._executor.connections.send(request)
        succeeded = False
        try:
            if not response.is_success and operation.response.checks_status:
                await self._read_body(response)
                raise error_of_response(response, rules=operation.errors, **self._options.redaction)
            result: Any
            reader: ResponseReader[Any] = operation.response
            if isinstance(reader, EventReader):
                result = await self._open_events(response, operation, reader.protocol())
            else:
                result = await self._read_result(response, operation)
            succeeded = True
            if result is response:
                response.elapsed = timedelta(seconds=time.perf_counter() - started)
            return cast("T", result)
        finally:
            # Close it after cancellation too: an unread response would keep its connection out of the pool.
            if not succeeded:
                await response.aclose()

    async def _read_body(self, response: httpx.Response) -> None:
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

    async def _read_result(self, response: httpx.Response, operation: Operation[T]) -> T:
        await self._read_body(response)
        try:
            return operation.response.read(response, strict=self._options.strict)
        except ValueError as reason:
            message = str(reason)
        raise invalid_response_error(response, message, rules=operation.errors, **self._options.redaction)

    async def _open_events(
        self, response: httpx.Response, operation: Operation[Any], protocol: StreamProtocol[Any]
    ) -> EventStream:
        if EVENT_STREAM not in response.headers.get("content-type", ""):
            await self._read_body(response)
            reason = "it is not an event stream"
            raise invalid_response_error(response, reason, rules=operation.errors, **self._options.redaction)
        # The transport reads this limit again when the body is read: from here on, a read that exceeds the idle
        # timeout fails. The deadline applies until the first event.
        response.request.extensions["timeout"]["read"] = _finite(self._options.idle_timeout)
        events = EventStream(response, self._options, operation.errors, protocol)
        await events.start()
        return events


def _finite(seconds: float) -> float | None:
    """Return a timeout for httpx, in which `None` means no limit."""
    return None if math.isinf(seconds) else seconds
