"""Health of the proxy and of its models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator

from .._wire.operation import Operation, get, post
from .._wire.response import JsonReader
from ..exceptions import UsageError
from ..types.health import ConnectionTest, HealthCheck, HealthHistory, LatestHealth, License, ModelMode, Readiness
from ._fields import fields


def _version_of(answer: Any) -> Any:
    return cast("dict[str, Any]", answer).get("litellm_version") if isinstance(answer, dict) else answer


_VERSION = cast("type[str]", Annotated[str, BeforeValidator(_version_of)])


class Health:
    """Health of the proxy and of its models."""

    def readiness(self) -> Operation[Readiness]:
        """Check if the proxy can accept requests. No key is required.

        `GET /health/readiness`

        Raises:
            ServiceUnavailableError: The proxy is shutting down, or its database is unreachable.
        """
        return get("/health/readiness", Readiness)

    def readiness_details(self) -> Operation[Readiness]:
        """Check if the proxy can accept requests, and get its configuration. Requires an admin.

        `GET /health/readiness/details`

        Raises:
            ServiceUnavailableError: The proxy cannot accept requests.
        """
        return get("/health/readiness/details", Readiness)

    def liveliness(self) -> Operation[str]:
        """Check if the proxy is alive. No key is required.

        `GET /health/liveliness`

        Returns:
            The text `I'm alive!`.
        """
        return get("/health/liveliness", str)

    def version(self) -> Operation[str]:
        """Get the version of LiteLLM that the proxy runs. Requires an admin.

        `GET /health/readiness/details`

        `/health/readiness` no longer returns it (`proxy/health_endpoints/_health_endpoints.py`).

        Returns:
            A version such as `1.106.2`.
        """
        return get("/health/readiness/details", _VERSION)

    def check(self, *, model: str | None = None, model_id: str | None = None) -> Operation[HealthCheck]:
        """Let the proxy send a small request to each model, or to one.

        `GET /health`

        Every such request is billed like any other. Without `model` or `model_id`, each deployment receives one: give a
        `timeout` that fits the number of deployments. Therefore a check is never retried.

        Args:
            model: Only deployments with this public name.
            model_id: Only the deployment with this id.

        Returns:
            The healthy deployments, and the others with their errors.

        Raises:
            ServiceUnavailableError: None of the deployments of `model` is healthy.
        """
        query = fields(locals())
        if model is not None and model_id is not None:
            raise UsageError("give model or model_id, not both")
        return Operation("GET", "/health", JsonReader(HealthCheck), query)

    def test_connection(
        self,
        litellm_params: Mapping[str, object],
        *,
        mode: ModelMode | None = None,
        model_info: Mapping[str, object] | None = None,
    ) -> Operation[ConnectionTest]:
        """Test the connection to a model before adding it. Requires a database.

        `POST /health/test_connection`

        The proxy sends a small request to the model, which is billed.

        Args:
            litellm_params: Parameters of the deployment, as in `models.add`; `model` is required.
            mode: The kind of model. Default: the kind that LiteLLM knows for this model.
            model_info: Other information about the model.

        Returns:
            `ok` and, if it is false, the provider's message as `error`. An unreachable model does not raise.
        """
        body = fields(locals())
        if not litellm_params.get("model"):
            raise UsageError("litellm_params must contain the model to test: {'model': 'openai/gpt-4o', ...}")
        return post("/health/test_connection", ConnectionTest, json=body)

    def history(
        self,
        *,
        model: str | None = None,
        status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Operation[HealthHistory]:
        """List recorded health checks, newest first. Requires a database and an admin.

        `GET /health/history`

        Args:
            model: Only checks of this public name.
            status: Only checks with this result.
            limit: Maximum number of checks, 1 to 1,000. Default: 100 (the proxy's).
            offset: Number of checks to skip, from 0.
        """
        query = fields(locals(), rename={"status": "status_filter"})
        if limit is not None and not 1 <= limit <= 1000:
            raise UsageError(f"limit must be 1 to 1,000, got {limit}")
        if offset is not None and offset < 0:
            raise UsageError(f"offset must be at least 0, got {offset}")
        return get("/health/history", HealthHistory, query=query)

    def latest(self) -> Operation[LatestHealth]:
        """Get the latest recorded health check of each model. Requires a database and an admin.

        `GET /health/latest`
        """
        return get("/health/latest", LatestHealth)

    def license(self) -> Operation[License]:
        """Get the licence of the proxy and its features. Requires an admin.

        `GET /health/license`
        """
        return get("/health/license", License)
