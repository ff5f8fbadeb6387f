# Generated from _endpoints/health.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import SyncResource
from .._endpoints import health as _endpoints

if TYPE_CHECKING:
    from ..types.health import ConnectionTest
    from ..types.health import HealthCheck
    from ..types.health import HealthHistory
    from ..types.health import LatestHealth
    from ..types.health import License
    from ..types.health import Mode
    from ..types.health import Readiness
    from collections.abc import Mapping
    import httpx


class Health(SyncResource):
    """The health of the proxy, and of the models behind it."""

    _endpoints = _endpoints.Health()

    @overload
    def readiness(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> Readiness: ...
    @overload
    def readiness(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def readiness(self, *arguments: Any, **named: Any) -> Readiness | httpx.Request:
        """Ask whether the proxy can take requests; needs no key.

        `GET /health/readiness`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            ServiceUnavailableError: It cannot: it is shutting down, or its database is unreachable.
        """
        return self._run(self._endpoints.readiness, arguments, named)

    @overload
    def readiness_details(
        self, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Readiness: ...
    @overload
    def readiness_details(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def readiness_details(self, *arguments: Any, **named: Any) -> Readiness | httpx.Request:
        """Ask whether the proxy can take requests, and how it is set up; needs an admin's key.

        `GET /health/readiness/details`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            ServiceUnavailableError: It cannot take requests.
        """
        return self._run(self._endpoints.readiness_details, arguments, named)

    @overload
    def liveliness(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> str: ...
    @overload
    def liveliness(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def liveliness(self, *arguments: Any, **named: Any) -> str | httpx.Request:
        """Ask whether the proxy is alive; needs no key.

        `GET /health/liveliness`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The proxy's words, `I'm alive!`.
        """
        return self._run(self._endpoints.liveliness, arguments, named)

    @overload
    def version(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> str: ...
    @overload
    def version(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def version(self, *arguments: Any, **named: Any) -> str | httpx.Request:
        """Ask for the version of LiteLLM that the proxy runs; needs an admin's key.

        `GET /health/readiness/details`

        Plain `/health/readiness` no longer has it (proxy/health_endpoints/_health_endpoints.py).

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A version such as `1.106.2`.
        """
        return self._run(self._endpoints.version, arguments, named)

    @overload
    def check(
        self, *, model: str | None = None, model_id: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> HealthCheck: ...
    @overload
    def check(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def check(self, *arguments: Any, **named: Any) -> HealthCheck | httpx.Request:
        """Have the proxy send each model, or one, a small real request.

        `GET /health`

        Every such request is paid for like any other, and without `model` or `model_id` each deployment gets one: give
        a `timeout` that suits their number. A check is therefore not tried again.

        Args:
            model: Only the deployments of this public name.
            model_id: Only the deployment with this id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            Which deployments answered, and what the others said.

        Raises:
            ServiceUnavailableError: A model was named, and none of its deployments answers.
        """
        return self._run(self._endpoints.check, arguments, named)

    @overload
    def test_connection(
        self, litellm_params: Mapping[str, object], *, mode: Mode | None = None,
        model_info: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ConnectionTest: ...
    @overload
    def test_connection(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def test_connection(self, *arguments: Any, **named: Any) -> ConnectionTest | httpx.Request:
        """Try whether a model can be reached, before adding it; needs a database.

        `POST /health/test_connection`

        Sends the model a small real request, which is paid for.

        Args:
            litellm_params: How to call it, as in `models.add`; `model` is required.
            mode: What kind of model it is; by default what LiteLLM knows of it.
            model_info: What else to know of it.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            `ok`, and where it is not the provider's text as `error`: a model that cannot be reached does not raise.
        """
        return self._run(self._endpoints.test_connection, arguments, named)

    @overload
    def history(
        self, *, model: str | None = None, status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None, offset: int | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> HealthHistory: ...
    @overload
    def history(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def history(self, *arguments: Any, **named: Any) -> HealthHistory | httpx.Request:
        """List the health checks that the proxy recorded, the newest first; needs a database and an admin's key.

        `GET /health/history`

        Args:
            model: Only those of this public name.
            status: Only those with this outcome.
            limit: How many at the most, 1 to 1,000; the proxy's default is 100.
            offset: How many to leave out, from 0.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return self._run(self._endpoints.history, arguments, named)

    @overload
    def latest(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> LatestHealth: ...
    @overload
    def latest(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def latest(self, *arguments: Any, **named: Any) -> LatestHealth | httpx.Request:
        """Look at the latest recorded health check of each model; needs a database and an admin's key.

        `GET /health/latest`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return self._run(self._endpoints.latest, arguments, named)

    @overload
    def license(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> License: ...
    @overload
    def license(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def license(self, *arguments: Any, **named: Any) -> License | httpx.Request:
        """Ask which licence the proxy has, and what it allows; needs an admin's key.

        `GET /health/license`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return self._run(self._endpoints.license, arguments, named)
