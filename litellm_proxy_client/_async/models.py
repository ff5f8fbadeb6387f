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
    """Models: list what can be asked for; add, change and delete deployments."""

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
        """List the models that the key may use, all of them.

        `GET /models`

        Args:
            team_id: Only the models of this team.
            return_wildcard_routes: Include names such as `openai/*`; by default they are left out.
            include_model_access_groups: Include access groups, which can be asked for like a model.
            only_model_access_groups: Only access groups.
            include_metadata: Include each model's fallbacks.
            fallback_type: Which fallbacks; the proxy's default is `general`.
            scope: `expand` lists all models where the key belongs to an administrator, whatever it may use.
            healthy_only: Leave out models of which no deployment passed its last health check.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All models, as one page.
        """
        return await self._run(self._endpoints.list, arguments, named)

    @overload
    async def retrieve(
        self, model: str, *, team_id: str | None = None, healthy_only: bool | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Model: ...
    @overload
    async def retrieve(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def retrieve(self, *arguments: Any, **named: Any) -> Model | httpx.Request:
        """Look at one model that the key may use, by the name that completions ask for.

        `GET /models/{model_id}`

        Args:
            model: The model's public name.
            team_id: Among the models of this team.
            healthy_only: Only if a deployment of it passed its last health check.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: There is none, or the key may not use it.
        """
        return await self._run(self._endpoints.retrieve, arguments, named)

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
        """Add a deployment; several under one name share that name's load.

        `POST /model/new`
        `GET /v1/model/info`

        Args:
            model_name: The public name, by which completions ask for it.
            litellm_params: How to call it: `model` (by default `model_name`, since the server requires one; a name that
                begins with `gpt-` is then OpenAI's), `api_key`, `api_base`, prices, limits, and all else that LiteLLM
                knows. The proxy encrypts what it stores.
            model_info: What to know of it: `id` (by default a new one), `base_model`, `tier`, `team_id`, `mode`, ...
            model_params: The name that the client inside `litellm` has for `litellm_params`.
            blocked: Make it unusable until it is unblocked.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The deployment as read back by its id, since the server answers the change itself with ciphertext. Where
            it cannot be read back yet (a proxy of several workers takes some seconds), without `litellm_params`.

        Raises:
            UsageError: Both `litellm_params` and `model_params` are given.
            InternalServerError: The proxy cannot serve it, mostly because `litellm_params["model"]` does not say whose
                model it is (`openai/...`). It had stored it all the same, and it was deleted again.
            PartialChangeError: It could not be deleted again.
        """
        return await self._run(self._endpoints.add, arguments, named)

    create = alias(add, "Alias of `add`.")

    @overload
    async def get(
        self, *, model_id: str | None = None, model_name: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Deployment: ...
    @overload
    async def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get(self, *arguments: Any, **named: Any) -> Deployment | httpx.Request:
        """Look at one deployment, by its id or by its name.

        `GET /v1/model/info`

        By name, a look-up is sent first.

        Args:
            model_id: The deployment's id.
            model_name: The public name; it must be the name of one deployment only. A wildcard such as `openai/*` is
                found by each name that it is listed under, and by its own only where that is listed.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: There is none.
            AmbiguousNameError: Several deployments bear the name; the error lists their ids.
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
        """List deployments, all of them; works without a database.

        `GET /v1/model/info`

        Args:
            model_id: Only the deployment with this id.
            team_id: Only those that this team may use.
            include_team_models: Include the models of teams that the user belongs to.
            healthy_only: Only those that passed their last health check.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All deployments, as one page.

        Raises:
            NotFoundError: There is no deployment with the id.
        """
        return await self._run(self._endpoints.info, arguments, named)

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
        """List deployments a page at a time; needs a database.

        `GET /v2/model/info`

        Args:
            search: Only names that hold this text.
            model: Only this public name.
            model_id: Only the deployment with this id.
            team_id: Only those that this team may use.
            access_group: Only those of this access group.
            user_models_only: Only those that the user added.
            include_team_models: Include the models of teams that the user belongs to.
            exclude_auto_routers: Leave out automatic routers.
            wildcard_only: Only names such as `openai/*`.
            sort_by: What to sort by; the proxy's own order is stable, but it offers no column that is unique.
            sort_order: `asc`, the proxy's default, or `desc`.
            page: The page, from 1.
            size: Deployments a page, 1 to 1,000; the proxy's default is 50.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            One page; iterating goes on through all following ones.
        """
        return await self._run(self._endpoints.search, arguments, named)

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
        """Change a deployment; what is not named stays as it is.

        `PATCH /model/{model_id}/update`
        `GET /v1/model/info`

        Args:
            model_id: The deployment's id.
            model_name: Another public name.
            litellm_params: Parameters to add or replace. None can be taken back: the server ignores a null.
            model_info: Facts to add or replace; the id always stays (left out, the server would replace it:
                proxy/management_endpoints/model_management_endpoints.py).
            blocked: Make it unusable, or usable again.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The deployment as read back by its id.

        Raises:
            NotFoundError: There is no deployment with the id.
            BadRequestError: It comes from the proxy's configuration file, where alone it can be changed.
        """
        return await self._run(self._endpoints.update, arguments, named)

    @overload
    async def delete(
        self, *, model_id: str | None = None, model_name: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> DeletedModel: ...
    @overload
    async def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete(self, *arguments: Any, **named: Any) -> DeletedModel | httpx.Request:
        """Delete a deployment that was added through the API.

        `POST /model/delete`
        `GET /v2/model/info`

        By name, a look-up is sent first. It finds no wildcard or alias by a name that it merely answers to.

        Args:
            model_id: The deployment's id.
            model_name: The public name; it must be the name of one deployment only.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: There is none; or the id is that of one from the proxy's configuration file.
            UsageError: The name is that of one from the proxy's configuration file.
            AmbiguousNameError: Several deployments bear the name; the error lists their ids.
        """
        return await self._look_up_and_run(self._endpoints.delete, arguments, named)

    @overload
    async def block(
        self, model_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> WrittenDeployment: ...
    @overload
    async def block(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def block(self, *arguments: Any, **named: Any) -> WrittenDeployment | httpx.Request:
        """Make a deployment unusable until it is unblocked.

        `POST /model/block`

        Args:
            model_id: The deployment's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: There is no deployment with the id.
            BadRequestError: It comes from the proxy's configuration file, where alone it can be changed.
        """
        return await self._run(self._endpoints.block, arguments, named)

    @overload
    async def unblock(
        self, model_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> WrittenDeployment: ...
    @overload
    async def unblock(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def unblock(self, *arguments: Any, **named: Any) -> WrittenDeployment | httpx.Request:
        """Make a blocked deployment usable again.

        `POST /model/unblock`

        Args:
            model_id: The deployment's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: There is no deployment with the id.
            BadRequestError: It comes from the proxy's configuration file, where alone it can be changed.
        """
        return await self._run(self._endpoints.unblock, arguments, named)
