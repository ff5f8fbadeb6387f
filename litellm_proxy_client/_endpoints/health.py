"""Health: of the proxy, and of the models behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator

from .._wire.operation import Operation, get, post
from ..exceptions import UsageError
from ..types.health import ConnectionTest, HealthCheck, HealthHistory, LatestHealth, License, Mode, Readiness
from ._fields import fields


def _version_of(answer: Any) -> Any:
    return cast("dict[str, Any]", answer).get("litellm_version") if isinstance(answer, dict) else answer


_VERSION = cast("type[str]", Annotated[str, BeforeValidator(_version_of)])


class Health:
    """The health of the proxy, and of the models behind it."""

    def readiness(self) -> Operation[Readiness]:
        """Ask whether the proxy can take requests; needs no key.

        `GET /health/readiness`

        Raises:
            ServiceUnavailableError: It cannot: it is shutting down, or its database is unreachable.
        """
        return get("/health/readiness", Readiness)

    def readiness_details(self) -> Operation[Readiness]:
        """Ask whether the proxy can take requests, and how it is set up; needs an admin's key.

        `GET /health/readiness/details`

        Raises:
            ServiceUnavailableError: It cannot take requests.
        """
        return get("/health/readiness/details", Readiness)

    def liveliness(self) -> Operation[str]:
        """Ask whether the proxy is alive; needs no key.

        `GET /health/liveliness`

        Returns:
            The proxy's words, `I'm alive!`.
        """
        return get("/health/liveliness", str)

    def version(self) -> Operation[str]:
        """Ask for the version of LiteLLM that the proxy runs; needs an admin's key.

        `GET /health/readiness/details`

        Plain `/health/readiness` no longer has it (proxy/health_endpoints/_health_endpoints.py).

        Returns:
            A version such as `1.106.2`.
        """
        return get("/health/readiness/details", _VERSION)

    def check(self, *, model: str | None = None, model_id: str | None = None) -> Operation[HealthCheck]:
        """Have the proxy send each model, or one, a small real request.

        `GET /health`

        Every such request is paid for like any other, and without `model` or `model_id` each deployment gets one: give
        a `timeout` that suits their number. A check is therefore not tried again.

        Args:
            model: Only the deployments of this public name.
            model_id: Only the deployment with this id.

        Returns:
            Which deployments answered, and what the others said.

        Raises:
            ServiceUnavailableError: A model was named, and none of its deployments answers.
        """
        query = fields(locals())
        if model is not None and model_id is not None:
            raise UsageError("give model or model_id, not both")
        return Operation("GET", "/health", HealthCheck, query)

    def test_connection(
        self,
        litellm_params: Mapping[str, object],
        *,
        mode: Mode | None = None,
        model_info: Mapping[str, object] | None = None,
    ) -> Operation[ConnectionTest]:
        """Try whether a model can be reached, before adding it; needs a database.

        `POST /health/test_connection`

        Sends the model a small real request, which is paid for.

        Args:
            litellm_params: How to call it, as in `models.add`; `model` is required.
            mode: What kind of model it is; by default what LiteLLM knows of it.
            model_info: What else to know of it.

        Returns:
            `ok`, and where it is not the provider's text as `error`: a model that cannot be reached does not raise.
        """
        body = fields(locals())
        if not litellm_params.get("model"):
            raise UsageError("litellm_params must name the model to be tried: {'model': 'openai/gpt-4o', ...}")
        return post("/health/test_connection", ConnectionTest, json=body)

    def history(
        self,
        *,
        model: str | None = None,
        status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Operation[HealthHistory]:
        """List the health checks that the proxy recorded, the newest first; needs a database and an admin's key.

        `GET /health/history`

        Args:
            model: Only those of this public name.
            status: Only those with this outcome.
            limit: How many at the most, 1 to 1,000; the proxy's default is 100.
            offset: How many to leave out, from 0.
        """
        query = fields(locals(), rename={"status": "status_filter"})
        if limit is not None and not 1 <= limit <= 1000:
            raise UsageError(f"limit={limit}: an answer holds 1 to 1,000 health checks")
        if offset is not None and offset < 0:
            raise UsageError(f"offset={offset}: it counts from 0")
        return get("/health/history", HealthHistory, query=query)

    def latest(self) -> Operation[LatestHealth]:
        """Look at the latest recorded health check of each model; needs a database and an admin's key.

        `GET /health/latest`
        """
        return get("/health/latest", LatestHealth)

    def license(self) -> Operation[License]:
        """Ask which licence the proxy has, and what it allows; needs an admin's key.

        `GET /health/license`
        """
        return get("/health/license", License)
