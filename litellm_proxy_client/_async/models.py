# Generated from _endpoints/models.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource, alias
from .._endpoints import models as _endpoints

if TYPE_CHECKING:
    from .._clients.page import AsyncPage
    from ..types.models import DeletedModel
    from ..types.models import Deployment
    from ..types.models import Model
    from ..types.models import WrittenDeployment
    from collections.abc import Mapping
    import builtins
    import httpx


class AsyncModels(AsyncResource):
    """Models: list the names that completions can request; add, update and delete deployments."""

    _endpoints = _endpoints.Models()

    @overload
    async def list(
        self, *, team_id: str | None = None, return_wildcard_routes: bool | None = None,
        include_model_access_groups: bool | None = None, only_model_access_groups: bool | None = None,
        include_metadata: bool | None = None,
        fallback_type: Literal["general", "context_window", "content_policy"] | None = None,
        scope: Literal["expand"] | None = None, healthy_only: bool | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> AsyncPage[Model]: ...
    @overload
    async def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def list(self, *arguments: Any, **named: Any) -> AsyncPage[Model] | httpx.Request:
        """List all models that the key may use.

        `GET /models`

        Args:
            team_id: Only models of this team.
            return_wildcard_routes: True to include names such as `openai/*`. Default: False.
            include_model_access_groups: True to include access groups, which can be requested like a model.
            only_model_access_groups: True to list only access groups.
            include_metadata: True to include each model's fallbacks.
            fallback_type: Type of the fallbacks to include. Default: `general` (the proxy's).
            scope: `expand` lists all models, including those that the key may not use. Requires an admin's key.
            healthy_only: True to leave out models that have no deployment that passed its last health check.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All models on one page.
        """
        return await self._run_endpoint(self._endpoints.list, arguments, named)

    @overload
    async def retrieve(
        self, model: str, *, team_id: str | None = None, healthy_only: bool | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Model: ...
    @overload
    async def retrieve(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def retrieve(self, *arguments: Any, **named: Any) -> Model | httpx.Request:
        """Get a model that the key may use, by the name that completions request.

        `GET /models/{model_id}`

        Args:
            model: The model's public name.
            team_id: Only a model of this team.
            healthy_only: True to get the model only if one of its deployments passed its last health check.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: The model does not exist, or the key may not use it.
        """
        return await self._run_endpoint(self._endpoints.retrieve, arguments, named)

    @overload
    async def add(
        self, model_name: str, *, litellm_params: Mapping[str, object] | None = None,
        model_info: Mapping[str, object] | None = None, model_params: Mapping[str, object] | None = None,
        blocked: bool | None = None, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Deployment: ...
    @overload
    async def add(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    async def add(self, *arguments: Any, **named: Any) -> Deployment | builtins.list[httpx.Request]:
        """Add a deployment. Deployments with the same name share the load of that name.

        `POST /model/new`
        `GET /v1/model/info`

        Args:
            model_name: The public name, which completions request.
            litellm_params: Parameters of the calls to the provider: `model`, `api_key`, `api_base`, prices, limits, and
                everything else that LiteLLM knows. `model` is required by the proxy and defaults to `model_name`; if
                that default begins with `gpt-`, the provider is OpenAI. The proxy encrypts what it stores.
            model_info: Information about the deployment: `id` (default: a new one), `base_model`, `tier`, `team_id`,
                `mode` and others.
            model_params: Alias of `litellm_params`: the name that the client inside `litellm` uses.
            blocked: True to create the deployment blocked, so that it cannot be used until it is unblocked.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The deployment, read back by its id, because the proxy's response to the change contains ciphertext. If it
            cannot be read back yet (a proxy with several workers takes some seconds), it has no `litellm_params`.

        Raises:
            UsageError: Both `litellm_params` and `model_params` are given.
            InternalServerError: The proxy cannot serve the deployment, usually because `litellm_params["model"]` does
                not name the provider (`openai/...`). The proxy stores the deployment nevertheless, and the client
                deletes it again.
            PartialChangeError: The client could not delete the deployment again.
        """
        return await self._run_endpoint(self._endpoints.add, arguments, named)

    create = alias(add, "Alias of `add`.")

    @overload
    async def get(
        self, *, model_id: str | None = None, model_name: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Deployment: ...
    @overload
    async def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get(self, *arguments: Any, **named: Any) -> Deployment | httpx.Request:
        """Get a deployment by its id or by its name.

        `GET /v1/model/info`

        With `model_name`, a look-up is sent first.

        Args:
            model_id: The deployment's id.
            model_name: The public name. Exactly one deployment must have it. A wildcard such as `openai/*` is found by
                each name under which it is listed, and by its own name only if that is listed.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: The deployment does not exist.
            AmbiguousNameError: Several deployments have this name; the error lists their ids.
        """
        return await self._look_up_and_run(self._endpoints.get, arguments, named)

    @overload
    async def info(
        self, *, model_id: str | None = None, team_id: str | None = None, include_team_models: bool | None = None,
        healthy_only: bool | None = None, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> AsyncPage[Deployment]: ...
    @overload
    async def info(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def info(self, *arguments: Any, **named: Any) -> AsyncPage[Deployment] | httpx.Request:
        """List all deployments. This works without a database.

        `GET /v1/model/info`

        Args:
            model_id: Only the deployment with this id.
            team_id: Only deployments that this team may use.
            include_team_models: True to include the models of teams that the user belongs to.
            healthy_only: True to list only deployments that passed their last health check.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All deployments on one page.

        Raises:
            NotFoundError: The deployment `model_id` does not exist.
        """
        return await self._run_endpoint(self._endpoints.info, arguments, named)

    @overload
    async def search(
        self, search: str | None = None, *, model: str | None = None, model_id: str | None = None,
        team_id: str | None = None, access_group: str | None = None, user_models_only: bool | None = None,
        include_team_models: bool | None = None, exclude_auto_routers: bool | None = None,
        wildcard_only: bool | None = None,
        sort_by: Literal["model_name", "created_at", "updated_at", "costs", "status"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None, page: int | None = None, size: int | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> AsyncPage[Deployment]: ...
    @overload
    async def search(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def search(self, *arguments: Any, **named: Any) -> AsyncPage[Deployment] | httpx.Request:
        """List deployments, page by page. Requires a database.

        `GET /v2/model/info`

        Args:
            search: Only names that contain this text.
            model: Only this public name.
            model_id: Only the deployment with this id.
            team_id: Only deployments that this team may use.
            access_group: Only deployments of this access group.
            user_models_only: True to list only deployments that the user added.
            include_team_models: True to include the models of teams that the user belongs to.
            exclude_auto_routers: True to leave out automatic routers.
            wildcard_only: True to list only names such as `openai/*`.
            sort_by: Field to sort by. The proxy's default order is stable, but none of these fields is unique.
            sort_order: `asc` (the proxy's default) or `desc`.
            page: Page number, from 1.
            size: Deployments per page, 1 to 1,000. Default: 50 (the proxy's).
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A page of deployments. Iterate over it to read all pages.
        """
        return await self._run_endpoint(self._endpoints.search, arguments, named)

    @overload
    async def update(
        self, model_id: str, *, model_name: str | None = None, litellm_params: Mapping[str, object] | None = None,
        model_info: Mapping[str, object] | None = None, blocked: bool | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Deployment: ...
    @overload
    async def update(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    async def update(self, *arguments: Any, **named: Any) -> Deployment | builtins.list[httpx.Request]:
        """Update a deployment. Omitted values stay unchanged.

        `PATCH /model/{model_id}/update`
        `GET /v1/model/info`

        Args:
            model_id: The deployment's id.
            model_name: The new public name.
            litellm_params: Parameters to add or replace. They cannot be cleared: the proxy ignores null.
            model_info: Information to add or replace. The id always stays unchanged: the client sends it, because the
                proxy would replace an omitted one (`proxy/management_endpoints/model_management_endpoints.py`).
            blocked: True to block the deployment, False to unblock it.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The deployment, read back by its id.

        Raises:
            NotFoundError: The deployment does not exist.
            BadRequestError: The deployment comes from the proxy's configuration file and can be changed only there.
        """
        return await self._run_endpoint(self._endpoints.update, arguments, named)

    @overload
    async def delete(
        self, *, model_id: str | None = None, model_name: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> DeletedModel: ...
    @overload
    async def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete(self, *arguments: Any, **named: Any) -> DeletedModel | httpx.Request:
        """Delete a deployment that was created through the API.

        `POST /model/delete`
        `GET /v2/model/info`

        With `model_name`, a look-up is sent first. It finds a wildcard or the target of an alias only by its own name,
        not by other names that lead to it.

        Args:
            model_id: The deployment's id.
            model_name: The public name. Exactly one deployment must have it.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: The deployment does not exist, or the deployment `model_id` comes from the proxy's
                configuration file.
            UsageError: The deployment `model_name` comes from the proxy's configuration file.
            AmbiguousNameError: Several deployments have this name; the error lists their ids.
        """
        return await self._look_up_and_run(self._endpoints.delete, arguments, named)

    @overload
    async def block(
        self, model_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> WrittenDeployment: ...
    @overload
    async def block(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def block(self, *arguments: Any, **named: Any) -> WrittenDeployment | httpx.Request:
        """Block a deployment. It cannot be used until it is unblocked.

        `POST /model/block`

        Args:
            model_id: The deployment's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: The deployment does not exist.
            BadRequestError: The deployment comes from the proxy's configuration file and can be changed only there.
        """
        return await self._run_endpoint(self._endpoints.block, arguments, named)

    @overload
    async def unblock(
        self, model_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> WrittenDeployment: ...
    @overload
    async def unblock(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def unblock(self, *arguments: Any, **named: Any) -> WrittenDeployment | httpx.Request:
        """Unblock a deployment.

        `POST /model/unblock`

        Args:
            model_id: The deployment's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: The deployment does not exist.
            BadRequestError: The deployment comes from the proxy's configuration file and can be changed only there.
        """
        return await self._run_endpoint(self._endpoints.unblock, arguments, named)
