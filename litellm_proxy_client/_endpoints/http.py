"""Any route of the proxy, for what has no method of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import httpx

from .._wire.operation import Operation, QueryValue
from ..exceptions import UsageError

_OPTIONS = frozenset({"params", "content", "files", "cookies", "extensions"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Http:
    """Requests by hand: any route of the proxy, and requests prepared by `return_request=True`."""

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
        """Call any route of the proxy, with the client's key, and read its answer.

        `GET /...` or any other method and route

        Args:
            method: The HTTP method.
            uri: The path below the proxy's address; slashes at its ends make no difference.
            data: A form as a mapping, or a body as bytes or text.
            json: A body that is sent as JSON.
            headers: Headers besides the client's.
            httpx_options: `params`, a mapping; `content`, `files`, `cookies` or `extensions`, as httpx takes them.

        Returns:
            The parsed JSON; the text of what is not JSON; `None` for an empty answer.

        Raises:
            UsageError: The address leaves the proxy, or an option is none of the above.
        """
        unknown = httpx_options.keys() - _OPTIONS
        if unknown:
            raise UsageError(f"{', '.join(sorted(unknown))} cannot be given here; {', '.join(sorted(_OPTIONS))} can")
        params = _params(httpx_options.pop("params", None))
        if isinstance(data, (bytes, str)):
            httpx_options["content"] = data
        elif data is not None:
            httpx_options["data"] = data
        if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", method, re.ASCII):
            raise UsageError(f"{method!r} cannot be a method of HTTP")
        method = method.upper()
        return Operation(
            method,
            _path(uri),
            object,
            params,
            json,
            headers,
            repeatable=method in _READS,
            options=httpx_options,
        )

    def send(self, request: httpx.Request) -> Operation[httpx.Response]:
        """Send a prepared request, perhaps changed, and return the whole response, whatever its status.

        `GET /...` or whatever method and route the request has

        Args:
            request: What a method returned for `return_request=True`, or any other request to the proxy. It is sent as
                it is: a request that you made yourself needs its own authorization.

        Returns:
            The response, read to its end. A refusal does not raise.
        """
        return Operation(
            request.method, request.url.path, httpx.Response, repeatable=request.method in _READS, request=request
        )


def _path(uri: str) -> str:
    path, question, query = uri.partition("?")
    if "://" in path:
        raise UsageError(f"uri={path!r} must be a path such as '/key/list': the key goes to the client's proxy alone")
    if any(part in (".", "..") for part in path.split("/")):
        raise UsageError(f"uri={path!r} must not hold '.' or '..' as a part")
    return "/" + path.strip("/") + question + query


def _params(params: object) -> Mapping[str, QueryValue] | None:
    if params is not None and not isinstance(params, Mapping):
        raise UsageError("params must be a mapping of names to values")
    return cast("Mapping[str, QueryValue] | None", params)
