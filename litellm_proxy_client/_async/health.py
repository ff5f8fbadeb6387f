# Generated from _endpoints/health.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from .._clients.resource import AsyncResource
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


class AsyncHealth(AsyncResource):
    """The health of the proxy, and of the models behind it."""

    _endpoints = _endpoints.Health()

    @overload
    async def readiness(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Readiness: ...
    @overload
    async def readiness(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def readiness(
        self,
        *,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> Readiness | httpx.Request:
        """Ask whether the proxy can take requests; needs no key.

        `GET /health/readiness`

        Args:
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            ServiceUnavailableError: It cannot: it is shutting down, or its database is unreachable.
        """
        return await self._call(
            self._endpoints.readiness(),
            timeout,
            return_request,
        )

    @overload
    async def readiness_details(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Readiness: ...
    @overload
    async def readiness_details(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def readiness_details(
        self,
        *,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> Readiness | httpx.Request:
        """Ask whether the proxy can take requests, and how it is set up; needs an admin's key.

        `GET /health/readiness/details`

        Args:
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            ServiceUnavailableError: It cannot take requests.
        """
        return await self._call(
            self._endpoints.readiness_details(),
            timeout,
            return_request,
        )

    @overload
    async def liveliness(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> str: ...
    @overload
    async def liveliness(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def liveliness(
        self,
        *,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> str | httpx.Request:
        """Ask whether the proxy is alive; needs no key.

        `GET /health/liveliness`

        Args:
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The proxy's words, `I'm alive!`.
        """
        return await self._call(
            self._endpoints.liveliness(),
            timeout,
            return_request,
        )

    @overload
    async def version(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> str: ...
    @overload
    async def version(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def version(
        self,
        *,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> str | httpx.Request:
        """Ask for the version of LiteLLM that the proxy runs; needs an admin's key.

        `GET /health/readiness/details`

        Plain `/health/readiness` no longer has it (proxy/health_endpoints/_health_endpoints.py).

        Args:
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A version such as `1.106.2`.
        """
        return await self._call(
            self._endpoints.version(),
            timeout,
            return_request,
        )

    @overload
    async def check(
        self,
        *,
        model: str | None = None,
        model_id: str | None = None,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> HealthCheck: ...
    @overload
    async def check(
        self,
        *,
        model: str | None = None,
        model_id: str | None = None,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def check(
        self,
        *,
        model: str | None = None,
        model_id: str | None = None,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> HealthCheck | httpx.Request:
        """Have the proxy send each model, or one, a small real request.

        `GET /health`

        Every such request is paid for like any other, and without `model` or `model_id` each deployment gets one: give
        a `timeout` that suits their number. A check is therefore not tried again.

        Args:
            model: Only the deployments of this public name.
            model_id: Only the deployment with this id.
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            Which deployments answered, and what the others said.

        Raises:
            ServiceUnavailableError: A model was named, and none of its deployments answers.
        """
        return await self._call(
            self._endpoints.check(
                model=model,
                model_id=model_id,
            ),
            timeout,
            return_request,
        )

    @overload
    async def test_connection(
        self,
        litellm_params: Mapping[str, object],
        *,
        mode: ModelMode | None = None,
        model_info: Mapping[str, object] | None = None,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ConnectionTest: ...
    @overload
    async def test_connection(
        self,
        litellm_params: Mapping[str, object],
        *,
        mode: ModelMode | None = None,
        model_info: Mapping[str, object] | None = None,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def test_connection(
        self,
        litellm_params: Mapping[str, object],
        *,
        mode: ModelMode | None = None,
        model_info: Mapping[str, object] | None = None,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> ConnectionTest | httpx.Request:
        """Try whether a model can be reached, before adding it; needs a database.

        `POST /health/test_connection`

        Sends the model a small real request, which is paid for.

        Args:
            litellm_params: How to call it, as in `models.add`; `model` is required.
            mode: What kind of model it is; by default what LiteLLM knows of it.
            model_info: What else to know of it.
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            `ok`, and where it is not the provider's text as `error`: a model that cannot be reached does not raise.
        """
        return await self._call(
            self._endpoints.test_connection(
                litellm_params,
                mode=mode,
                model_info=model_info,
            ),
            timeout,
            return_request,
        )

    @overload
    async def history(
        self,
        *,
        model: str | None = None,
        status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None,
        offset: int | None = None,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> HealthHistory: ...
    @overload
    async def history(
        self,
        *,
        model: str | None = None,
        status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None,
        offset: int | None = None,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def history(
        self,
        *,
        model: str | None = None,
        status: Literal["healthy", "unhealthy"] | None = None,
        limit: int | None = None,
        offset: int | None = None,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> HealthHistory | httpx.Request:
        """List the health checks that the proxy recorded, the newest first; needs a database and an admin's key.

        `GET /health/history`

        Args:
            model: Only those of this public name.
            status: Only those with this outcome.
            limit: How many at the most, 1 to 1,000; the proxy's default is 100.
            offset: How many to leave out, from 0.
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return await self._call(
            self._endpoints.history(
                model=model,
                status=status,
                limit=limit,
                offset=offset,
            ),
            timeout,
            return_request,
        )

    @overload
    async def latest(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> LatestHealth: ...
    @overload
    async def latest(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def latest(
        self,
        *,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> LatestHealth | httpx.Request:
        """Look at the latest recorded health check of each model; needs a database and an admin's key.

        `GET /health/latest`

        Args:
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return await self._call(
            self._endpoints.latest(),
            timeout,
            return_request,
        )

    @overload
    async def license(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> License: ...
    @overload
    async def license(
        self,
        *,
        timeout: float | None = None,
        return_request: Literal[True],
    ) -> httpx.Request: ...
    async def license(
        self,
        *,
        timeout: float | None = None,
        return_request: bool = False,
    ) -> License | httpx.Request:
        """Ask which licence the proxy has, and what it allows; needs an admin's key.

        `GET /health/license`

        Args:
            timeout: Seconds for the whole call, retries and waits included; by default the client's.
            return_request: Return the prepared request instead of sending it.
        """
        return await self._call(
            self._endpoints.license(),
            timeout,
            return_request,
        )
