# Generated from _endpoints/http.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import SyncResource
from .._endpoints import http as _endpoints

if TYPE_CHECKING:
    from collections.abc import Mapping
    import httpx


class Http(SyncResource):
    """Low-level requests: any route of the proxy, and requests prepared by `return_request=True`."""

    _endpoints = _endpoints.Http()

    @overload
    def request(
        self, method: str, uri: str, *, data: Any = None, json: Any = None, headers: Mapping[str, str] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False, **httpx_options: Any,
    ) -> Any: ...
    @overload
    def request(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def request(self, *arguments: Any, **named: Any) -> Any | httpx.Request:
        """Call any route of the proxy with the client's key.

        `GET /...` or any other method and route

        Args:
            method: The HTTP method.
            uri: The path below the base URL. Leading and trailing slashes are ignored.
            data: Form fields as a mapping, or a body as bytes or text.
            json: A body to send as JSON.
            headers: Headers besides the client's.
            httpx_options: `params`, a mapping; `content`, `files`, `cookies` or `extensions`, as in httpx.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The parsed JSON; the text of a body that is not JSON; `None` for an empty body.

        Raises:
            UsageError: The URL is outside the proxy, or an option is not one of the above.
        """
        return self._run_endpoint(self._endpoints.request, arguments, named)

    @overload
    def send(
        self, request: httpx.Request, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> httpx.Response: ...
    @overload
    def send(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def send(self, *arguments: Any, **named: Any) -> httpx.Response | httpx.Request:
        """Send a prepared request and return the whole response, whatever its status.

        `GET /...` or whatever method and route the request has

        Args:
            request: The request that a method returned for `return_request=True`, also modified, or any other request
                to the proxy. It is sent unchanged: a request that you built yourself needs its own authorization.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The response, read to its end. An error status does not raise.
        """
        return self._run_endpoint(self._endpoints.send, arguments, named)
