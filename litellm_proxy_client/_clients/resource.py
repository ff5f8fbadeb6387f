"""The base classes of the generated resources: they send the operations that endpoints return."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar, cast

from .._runtime import background_loop
from .._wire.operation import MultiStepOperation, Operation, PageOperation
from .._wire.response import EventReader
from ..exceptions import UsageTypeError
from .page import AsyncPage, Page
from .stream import AsyncStream, Stream

if TYPE_CHECKING:
    import httpx

    from .._runtime.executor import RequestExecutor

F = TypeVar("F", bound=Callable[..., Any])
AnyOperation: TypeAlias = Operation[Any] | PageOperation[Any] | MultiStepOperation[Any]
Endpoint: TypeAlias = Callable[..., AnyOperation]
LookUpEndpoint: TypeAlias = Callable[..., Coroutine[Any, Any, AnyOperation]]

ADDED = {"timeout": "float | None", "return_request": "bool"}
"""The parameters that every generated method has besides those of its endpoint, and their types."""
_KEYWORD_ONLY = inspect.Parameter.KEYWORD_ONLY


class _Resource:
    """The base class of async and sync resources."""

    __slots__ = ("__dict__", "_executor")
    _endpoints: ClassVar[Any] = None

    def __init__(self, executor: RequestExecutor) -> None:
        self._executor = executor

    def __init_subclass__(cls) -> None:
        for name, function in vars(cls).items():
            endpoint = getattr(cast("object", type(cls._endpoints)), name, None)
            if isinstance(function, FunctionType) and isinstance(endpoint, FunctionType):
                function.__name__ = name  # an alias is a copy of its target, with the target's name
                _set_signature(function, endpoint)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._executor.options.base_url}>"


class AsyncResource(_Resource):
    """A resource whose methods are awaited."""

    async def _run_endpoint(
        self,
        endpoint: Endpoint,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        stream: type[AsyncStream[Any]] = AsyncStream,
    ) -> Any:
        timeout, return_request = named.pop("timeout", None), named.pop("return_request", False)
        operation = _call(endpoint, arguments, named)
        if return_request:
            return _prepare(self._executor, operation)
        return await _execute(self._executor, operation, timeout, stream, AsyncPage)

    async def _look_up_and_run(
        self,
        endpoint: LookUpEndpoint,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        return await _look_up_and_execute(self._executor, endpoint, arguments, named)


class SyncResource(_Resource):
    """A resource whose methods run the same coroutines on the background loop."""

    def _run_endpoint(
        self,
        endpoint: Endpoint,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        stream: type[Stream[Any]] = Stream,
    ) -> Any:
        timeout, return_request = named.pop("timeout", None), named.pop("return_request", False)
        operation = _call(endpoint, arguments, named)
        if return_request:
            return _prepare(self._executor, operation)
        return background_loop.run(lambda: _execute(self._executor, operation, timeout, stream, Page))

    def _look_up_and_run(
        self,
        endpoint: LookUpEndpoint,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        return background_loop.run(lambda: _look_up_and_execute(self._executor, endpoint, arguments, named))


def alias(method: F, documentation: str) -> F:
    """Return a copy of a method with another docstring, to be used under another name."""
    function = cast("FunctionType", method)
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, None, function.__closure__)
    copy.__kwdefaults__, copy.__annotations__ = function.__kwdefaults__, function.__annotations__
    copy.__doc__ = documentation
    return cast("F", copy)


def _set_signature(function: FunctionType, endpoint: FunctionType) -> None:
    """Show the endpoint's parameters in `help()` and editors: the generated function itself accepts any arguments."""
    signature = inspect.signature(endpoint)
    parameters = [each for name, each in signature.parameters.items() if name != "send"]
    options = [parameters.pop()] if parameters[-1].kind is inspect.Parameter.VAR_KEYWORD else []
    defaults = {"timeout": None, "return_request": False}
    parameters += [inspect.Parameter(n, _KEYWORD_ONLY, default=defaults[n], annotation=t) for n, t in ADDED.items()]
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*parameters, *options], return_annotation=function.__annotations__["return"]
    )


def _call(endpoint: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Call an endpoint, and turn the `TypeError` of wrong arguments into a `UsageTypeError`.

    Raises:
        UsageTypeError: The arguments do not match the endpoint's parameters.
    """
    try:
        return endpoint(*arguments, **named)
    except TypeError as error:
        # If the arguments do not match, the endpoint does not start, so the traceback has no frame below this one.
        if error.__traceback__ is None or error.__traceback__.tb_next is not None:
            raise
        text = str(error)
    raise UsageTypeError(text)


def _prepare(executor: RequestExecutor, operation: AnyOperation) -> httpx.Request | list[httpx.Request]:
    """Return the requests of an operation, unsent."""
    if isinstance(operation, MultiStepOperation):
        return [executor.prepare(step) for step in operation.operations]
    return executor.prepare(operation.operation if isinstance(operation, PageOperation) else operation)


async def _execute(
    executor: RequestExecutor,
    operation: AnyOperation,
    timeout: float | None,
    stream: type[AsyncStream[Any] | Stream[Any]],
    page: type[AsyncPage[Any] | Page[Any]],
) -> Any:
    """Send an operation and return its result: a response, a stream or a page."""
    if isinstance(operation, Operation):
        result = await executor.call(operation, timeout)
        return stream(result) if isinstance(operation.response, EventReader) else result
    if isinstance(operation, PageOperation):
        fetch = partial(_fetch, executor, timeout)
        return page(operation, await fetch(operation), fetch)
    return await operation.run(executor.session(timeout))


async def _look_up_and_execute(
    executor: RequestExecutor,
    endpoint: LookUpEndpoint,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
) -> Any:
    """Run an endpoint that sends look-ups, and send the operation that it returns, with one deadline for both."""
    timeout, return_request = named.pop("timeout", None), named.pop("return_request", False)
    send = executor.session(timeout)
    operation = await cast("Coroutine[Any, Any, AnyOperation]", _call(endpoint, (send, *arguments), named))
    if return_request:
        return _prepare(executor, operation)
    if isinstance(operation, Operation):
        return await send(operation)
    assert isinstance(operation, MultiStepOperation)
    return await operation.run(send)


async def _fetch(executor: RequestExecutor, timeout: float | None, operation: PageOperation[Any]) -> Any:
    return await executor.call(operation.operation, timeout)
