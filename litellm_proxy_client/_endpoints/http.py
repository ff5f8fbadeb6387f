"""Any route of the proxy, including those without a method."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import httpx

from .._wire.operation import Operation
from .._wire.parameters import QueryValue
from .._wire.response import JsonOrTextReader, RawReader
from ..exceptions import UsageError

_OPTIONS = frozenset({"params", "content", "files", "cookies", "extensions"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Http:
    """Low-level requests: any route of the proxy, and requests prepared by `return_request=True`."""

    def request(
        self,
        method: str,
        uri: str,
        *,
        data: Any = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        **httpx_options: Any,
    ) -> Operation[Any]:
        """Call any route of the proxy with the client's key.

        `GET /...` or any other method and route

        Args:
            method: The HTTP method.
            uri: The path below the base URL. Leading and trailing slashes are ignored.
            data: Form fields as a mapping, or a body as bytes or text.
            json: A body to send as JSON.
            headers: Headers besides the client's.
            httpx_options: `params`, a mapping; `content`, `files`, `cookies` or `extensions`, as in httpx.

        Returns:
            The parsed JSON; the text of a body that is not JSON; `None` for an empty body.

        Raises:
            UsageError: The URL is outside the proxy, or an option is not one of the above.
        """
        unknown = httpx_options.keys() - _OPTIONS
        if unknown:
            raise UsageError(f"{', '.join(sorted(unknown))} not supported here; use {', '.join(sorted(_OPTIONS))}")
        params = _params(httpx_options.pop("params", None))
        if isinstance(data, (bytes, str)):
            httpx_options["content"] = data
        elif data is not None:
            httpx_options["data"] = data
        if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", method, re.ASCII):
            raise UsageError(f"{method!r} is not a valid HTTP method")
        method = method.upper()
        return Operation(
            method,
            _path(uri),
            JsonOrTextReader(),
            params,
            json,
            headers,
            "read" if method in _READS else "change",
            options=httpx_options,
        )

    def send(self, request: httpx.Request) -> Operation[httpx.Response]:
        """Send a prepared request and return the whole response, whatever its status.

        `GET /...` or whatever method and route the request has

        Args:
            request: The request that a method returned for `return_request=True`, also modified, or any other request
                to the proxy. It is sent unchanged: a request that you built yourself needs its own authorization.

        Returns:
            The response, read to its end. An error status does not raise.
        """
        return Operation(
            request.method,
            request.url.path,
            RawReader(),
            retry="read" if request.method in _READS else "change",
            request=request,
        )


def _path(uri: str) -> str:
    path, question, query = uri.partition("?")
    if "://" in path:
        raise UsageError(f"uri={path!r} must be a path such as '/key/list': the key is sent only to this proxy")
    if any(part in (".", "..") for part in path.split("/")):
        raise UsageError(f"uri={path!r} must not contain '.' or '..' as a segment")
    return "/" + path.strip("/") + question + query


def _params(params: object) -> Mapping[str, QueryValue] | None:
    if params is not None and not isinstance(params, Mapping):
        raise UsageError("params must be a mapping of names to values")
    return cast("Mapping[str, QueryValue] | None", params)
