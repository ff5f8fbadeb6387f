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
    from ..types.health import ModelMode
    from ..types.health import Readiness
    from collections.abc import Mapping
    import httpx


class Health(SyncResource):
    """Health of the proxy and of its models."""

    _endpoints = _endpoints.Health()

    @overload
    def readiness(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> Readiness: ...
    @overload
    def readiness(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def readiness(self, *arguments: Any, **named: Any) -> Readiness | httpx.Request:
        """Check if the proxy can accept requests. No key is required.

        `GET /health/readiness`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            ServiceUnavailableError: The proxy is shutting down, or its database is unreachable.
        """
        return self._run_endpoint(self._endpoints.readiness, arguments, named)

    @overload
    def readiness_details(
        self, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Readiness: ...
    @overload
    def readiness_details(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def readiness_details(self, *arguments: Any, **named: Any) -> Readiness | httpx.Request:
        """Check if the proxy can accept requests, and get its configuration. Requires an admin.

        `GET /health/readiness/details`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            ServiceUnavailableError: The proxy cannot accept requests.
        """
        return self._run_endpoint(self._endpoints.readiness_details, arguments, named)

    @overload
    def liveliness(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> str: ...
    @overload
    def liveliness(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def liveliness(self, *arguments: Any, **named: Any) -> str | httpx.Request:
        """Check if the proxy is alive. No key is required.

        `GET /health/liveliness`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The text `I'm alive!`.
        """
        return self._run_endpoint(self._endpoints.liveliness, arguments, named)

    @overload
    def version(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> str: ...
    @overload
    def version(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def version(self, *arguments: Any, **named: Any) -> str | httpx.Request:
        """Get the version of LiteLLM that the proxy runs. Requires an admin.

        `GET /health/readiness/details`

        `/health/readiness` no longer returns it (`proxy/health_endpoints/_health_endpoints.py`).

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A version such as `1.106.2`.
        """
        return self._run_endpoint(self._endpoints.version, arguments, named)

    @overload
    def check(
        self, *, model: str | None = None, model_id: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> HealthCheck: ...
    @overload
    def check(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def check(self, *arguments: Any, **named: Any) -> HealthCheck | httpx.Request:
        """Let the proxy send a small request to each model, or to one.

        `GET /health`

        Every such request is billed like any other. Without `model` or `model_id`, each deployment receives one: give a
        `timeout` that fits the number of deployments. Therefore a check is never retried.

        Args:
            model: Only deployments with this public name.
            model_id: Only the deployment with this id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The healthy deployments, and the others with their errors.

        Raises:
            ServiceUnavailableError: None of the deployments of `model` is healthy.
        """
        return self._run_endpoint(self._endpoints.check, arguments, named)

    @overload
    def test_connection(
        self, litellm_params: Mapping[str, object], *, mode: ModelMode | None = None,
        model_info: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ConnectionTest: ...
    @overload
    def test_connection(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def test_connection(self, *arguments: Any, **named: Any) -> ConnectionTest | httpx.Request:
        """Test the connection to a model before adding it. Requires a database.

        `POST /health/test_connection`

        The proxy sends a small request to the model, which is billed.

        Args:
            litellm_params: Parameters of the deployment, as in `models.add`; `model` is required.
            mode: The kind of model. Default: the kind that LiteLLM knows for this model.
            model_info: Other information about the model.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            `ok` and, if it is false, the provider's message as `error`. An unreachable model does not raise.
        """
        return self._run_endpoint(self._endpoints.test_connection, arguments, named)

    @overload
    def history(
        self, *, model: str | None = None, status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None, offset: int | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> HealthHistory: ...
    @overload
    def history(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def history(self, *arguments: Any, **named: Any) -> HealthHistory | httpx.Request:
        """List recorded health checks, newest first. Requires a database and an admin.

        `GET /health/history`

        Args:
            model: Only checks of this public name.
            status: Only checks with this result.
            limit: Maximum number of checks, 1 to 1,000. Default: 100 (the proxy's).
            offset: Number of checks to skip, from 0.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return self._run_endpoint(self._endpoints.history, arguments, named)

    @overload
    def latest(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> LatestHealth: ...
    @overload
    def latest(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def latest(self, *arguments: Any, **named: Any) -> LatestHealth | httpx.Request:
        """Get the latest recorded health check of each model. Requires a database and an admin.

        `GET /health/latest`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return self._run_endpoint(self._endpoints.latest, arguments, named)

    @overload
    def license(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> License: ...
    @overload
    def license(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def license(self, *arguments: Any, **named: Any) -> License | httpx.Request:
        """Get the licence of the proxy and its features. Requires an admin.

        `GET /health/license`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return self._run_endpoint(self._endpoints.license, arguments, named)
