"""Call every endpoint with a sentinel for each parameter, and record the requests that it sends."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, Union

import httpx
from pydantic import TypeAdapter, ValidationError

from litellm_proxy_client import NULL, Null
from litellm_proxy_client import _endpoints as endpoints_package
from litellm_proxy_client._codegen.endpoint_parser import ROUTE, read_modules
from litellm_proxy_client._wire.config import ClientConfig
from litellm_proxy_client._wire.operation import MultiStepOperation, Operation, PageOperation
from litellm_proxy_client._wire.request import RequestBuilder
from litellm_proxy_client._wire.response import JsonReader
from litellm_proxy_client.exceptions import LiteLLMProxyError, ServiceUnavailableError, UsageError

from .description import SENTINEL, route_of
from .known import RESPONSES, VALUES

CONFIG = ClientConfig(base_url="http://proxy")


def result_type(operation: Operation[Any]) -> Any:
    """The type that an operation's JSON is read as."""
    reader = operation.response
    return reader.response_type if isinstance(reader, JsonReader) else object


class Recorder:
    """A `Send` that records the requests.

    It returns the response in `known.py`, or else the smallest value that the response type accepts.
    """

    def __init__(self, failing: int | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self.undone: list[httpx.Request] = []
        self._failing = failing

    def prepare(self, call: Operation[Any]) -> httpx.Request:
        self.requests.append(RequestBuilder(CONFIG, None).build(call))
        return self.requests[-1]

    async def __call__(self, call: Operation[Any], /) -> Any:
        request = self.prepare(call)
        if self._failing is not None:
            self._failing -= 1
            if self._failing < 0:
                raise ServiceUnavailableError("injected by the test")
        route = route_of(request, set(RESPONSES))
        first_error: Exception | None = None
        candidates: list[Any] = [RESPONSES[route]] if route else [{}, [], "", None]
        for candidate in candidates:
            try:
                return TypeAdapter[Any](result_type(call)).validate_python(candidate)
            except ValidationError as error:
                first_error = first_error or error
        raise AssertionError(f"known.py needs a response for {request.method} {request.url.path}: {first_error}")

    async def undo(self, calls: Sequence[Operation[Any]], /) -> list[Exception]:
        self.undone += [RequestBuilder(CONFIG, None).build(call) for call in calls]
        return []


@dataclass
class RecordedCall:
    """The requests that a call with certain arguments sends."""

    requests: list[httpx.Request]
    undone: list[httpx.Request]
    name: str = ""
    """The parameter under test."""
    arguments: str = "only required parameters"
    without: list[httpx.Request] | None = None
    """The requests without the parameter; `None` where a call without it is rejected."""


@dataclass
class Endpoint:
    """A method of an endpoint class."""

    name: str
    function: Callable[..., Any]
    routes: set[str]
    """The routes in its docstring."""
    values: dict[str, list[Any]]
    """Sentinels to try each parameter with."""
    required: set[str]

    def recorded_calls(self) -> Iterator[RecordedCall]:
        """Yield the requests with each sentinel, with the fewest arguments, and when one of its requests fails."""
        minimal = next(self._accepted_arguments({}, self._other_arguments("", {})), None)
        for name, values in self.values.items():
            for value in values:
                others = next(
                    self._accepted_arguments({name: value}, self._other_arguments(name, minimal or {})), minimal or {}
                )
                try:
                    call = self.call({**others, name: value})
                except UsageError as error:
                    raise AssertionError(f"{self.name}: known.py needs another value for {name}: {error}") from None
                with suppress(UsageError):
                    call.without = None if name in self.required else self.call(others).requests
                call.name, call.arguments = name, f"{name}={value!r}"
                yield call
        if minimal is not None:
            call = self.call(minimal)
            yield call
            for number in range(len(call.requests)):
                rejected = self.call(minimal, failing=number)
                yield RecordedCall([], [*rejected.requests, *rejected.undone], arguments=f"request {number} fails")

    def _other_arguments(self, name: str, minimal: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the arguments that a parameter may need besides itself, the fewest first."""
        defaults = {other: values[0] for other, values in self.values.items() if other != name}
        required = {other: each for other, each in defaults.items() if other in self.required}
        for base in (required, {other: each for other, each in minimal.items() if other != name}):
            yield base
            yield from ({**base, other: each} for other, each in defaults.items())
        yield defaults

    def _accepted_arguments(
        self, arguments: dict[str, Any], others: Iterator[dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        for each in others:
            with suppress(UsageError):
                self.call({**each, **arguments})
                yield each

    def call(self, arguments: Mapping[str, Any], *, failing: int | None = None) -> RecordedCall:
        """Return the requests of a call, including lookups; the request with the index `failing` fails."""
        send = Recorder(failing)
        asyncio.run(self._run(send, arguments))
        return RecordedCall(send.requests, send.undone)

    async def _run(self, send: Recorder, arguments: Mapping[str, Any]) -> None:
        returned: Operation[Any] | PageOperation[Any] | MultiStepOperation[Any]
        try:
            if inspect.iscoroutinefunction(self.function):
                returned = await self.function(send, **arguments)
            else:
                returned = self.function(**arguments)
            if isinstance(returned, MultiStepOperation):
                for call in returned.operations:
                    send.prepare(call)
                await returned.run(send)
            else:
                send.prepare(returned.operation if isinstance(returned, PageOperation) else returned)
        except UsageError:
            raise
        except LiteLLMProxyError:
            pass  # the requests sent before the error are recorded


def endpoints() -> list[Endpoint]:
    """Return every endpoint except those that call any route."""
    found: list[Endpoint] = []
    for module in read_modules(Path(endpoints_package.__file__).parent):
        imported = importlib.import_module(f"{endpoints_package.__name__}.{module.path.stem}")
        for resource in module.resources:
            for method in resource.methods:
                routes: set[str] = set(ROUTE.findall(method.doc))
                if "..." not in str(routes):
                    function = getattr(getattr(imported, resource.name)(), method.name)
                    found.append(_endpoint(f"{resource.name}.{method.name}", function, routes))
    return found


def _endpoint(name: str, function: Callable[..., Any], routes: set[str]) -> Endpoint:
    hints = typing.get_type_hints(function)
    parameters = {each.name: each for each in inspect.signature(function).parameters.values() if each.name != "send"}
    values: dict[str, list[Any]] = {}
    for each in parameters.values():
        known_values = VALUES.get(f"{name}.{each.name}", VALUES.get(each.name))
        sentinels = known_values or [*sentinels_of(hints[each.name])]
        values[each.name] = [value for value in sentinels if value is not each.default]
    return Endpoint(
        name, function, routes, values, {each.name for each in parameters.values() if each.default is each.empty}
    )


def sentinels_of(annotation: Any) -> Iterator[Any]:
    """Yield values of a type: one for each alternative, each member of a `Literal`, and `NULL` where it is allowed."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType):
        for alternative in arguments:
            if alternative is not type(None):
                yield from sentinels_of(alternative)
    elif origin is Literal:
        yield from (NULL if each is NULL else each for each in arguments)
    elif annotation is Null:
        yield NULL
    elif annotation is bool:
        yield True
        yield False
    elif typing.is_typeddict(annotation):
        fields = typing.get_type_hints(annotation).items()
        yield {name: VALUES[name][0] if name in VALUES else next(sentinels_of(each)) for name, each in fields}
    elif origin is not None and issubclass(origin, Mapping):
        yield from ({SENTINEL: each} for each in sentinels_of(arguments[1]))
    elif origin is not None and issubclass(origin, Sequence):
        yield from ([each] for each in sentinels_of(arguments[0]))
    else:
        yield {str: SENTINEL, int: 7, float: 0.5, datetime: datetime(2030, 1, 1, tzinfo=timezone.utc)}.get(
            annotation, SENTINEL
        )
