"""Models: public names, and the deployments that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .._wire.operation import MultiStepOperation, Operation, PageOperation, Send, encode_path, get, patch, post
from ..exceptions import LiteLLMProxyError, UsageError
from ..types.models import (
    DeletedModel,
    Deployment,
    DeploymentList,
    Model,
    ModelList,
    WrittenDeployment,
)
from ._checks import check_page, exactly_one
from ._deployments import Addition, add_all, deletable, find_by_name, find_serving, require_one
from ._fields import fields

_MAXIMUM_SIZE = 1000
_WIRE_NAMES = {"model_id": "modelId", "team_id": "teamId", "sort_by": "sortBy", "sort_order": "sortOrder"}


class Models:
    """Models: list the names that completions can request; add, update and delete deployments."""

    def list(
        self,
        *,
        team_id: str | None = None,
        return_wildcard_routes: bool | None = None,
        include_model_access_groups: bool | None = None,
        only_model_access_groups: bool | None = None,
        include_metadata: bool | None = None,
        fallback_type: Literal["general", "context_window", "content_policy"] | None = None,
        scope: Literal["expand"] | None = None,
        healthy_only: bool | None = None,
    ) -> PageOperation[Model]:
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

        Returns:
            All models on one page.
        """
        query = fields(locals())
        return PageOperation(get("/models", ModelList, query=query), Model, "data", "id")

    def retrieve(self, model: str, *, team_id: str | None = None, healthy_only: bool | None = None) -> Operation[Model]:
        """Get a model that the key may use, by the name that completions request.

        `GET /models/{model_id}`

        Args:
            model: The model's public name.
            team_id: Only a model of this team.
            healthy_only: True to get the model only if one of its deployments passed its last health check.

        Raises:
            NotFoundError: The model does not exist, or the key may not use it.
        """
        query = fields(locals(), omit={"model"})
        return get(encode_path("/models/{}", model), Model, query=query)

    def add(
        self,
        model_name: str,
        *,
        litellm_params: Mapping[str, object] | None = None,
        model_info: Mapping[str, object] | None = None,
        model_params: Mapping[str, object] | None = None,
        blocked: bool | None = None,
    ) -> MultiStepOperation[Deployment]:
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
        if litellm_params is not None and model_params is not None:
            raise UsageError("litellm_params and model_params are the same parameter: give only one of them")
        addition = Addition(model_name, litellm_params or model_params or {}, model_info or {}, blocked)
        read = get("/v1/model/info", Deployment, query={"litellm_model_id": addition.id})

        async def run(send: Send) -> Deployment:
            (written,) = await add_all(send, [addition])
            return await _read_back(send, read, written)

        return MultiStepOperation([addition.call, read], run)

    create = add

    async def get(
        self, send: Send, *, model_id: str | None = None, model_name: str | None = None
    ) -> Operation[Deployment]:
        """Get a deployment by its id or by its name.

        `GET /v1/model/info`

        With `model_name`, a look-up is sent first.

        Args:
            model_id: The deployment's id.
            model_name: The public name. Exactly one deployment must have it. A wildcard such as `openai/*` is found by
                each name under which it is listed, and by its own name only if that is listed.

        Raises:
            NotFoundError: The deployment does not exist.
            AmbiguousNameError: Several deployments have this name; the error lists their ids.
        """
        exactly_one(model_id=model_id, model_name=model_name)
        if model_name is not None:
            model_id = require_one(await find_serving(send, model_name), model_name).id
        return get("/v1/model/info", Deployment, query={"litellm_model_id": model_id})

    def info(
        self,
        *,
        model_id: str | None = None,
        team_id: str | None = None,
        include_team_models: bool | None = None,
        healthy_only: bool | None = None,
    ) -> PageOperation[Deployment]:
        """List all deployments. This works without a database.

        `GET /v1/model/info`

        Args:
            model_id: Only the deployment with this id.
            team_id: Only deployments that this team may use.
            include_team_models: True to include the models of teams that the user belongs to.
            healthy_only: True to list only deployments that passed their last health check.

        Returns:
            All deployments on one page.

        Raises:
            NotFoundError: The deployment `model_id` does not exist.
        """
        query = fields(locals(), rename={"model_id": "litellm_model_id", "team_id": "teamId"})
        return PageOperation(get("/v1/model/info", DeploymentList, query=query), Deployment, "data", "id")

    def search(
        self,
        search: str | None = None,
        *,
        model: str | None = None,
        model_id: str | None = None,
        team_id: str | None = None,
        access_group: str | None = None,
        user_models_only: bool | None = None,
        include_team_models: bool | None = None,
        exclude_auto_routers: bool | None = None,
        wildcard_only: bool | None = None,
        sort_by: Literal["model_name", "created_at", "updated_at", "costs", "status"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> PageOperation[Deployment]:
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

        Returns:
            A page of deployments. Iterate over it to read all pages.
        """
        query = fields(locals(), rename=_WIRE_NAMES)
        check_page(page, size, maximum=_MAXIMUM_SIZE)
        call = get("/v2/model/info", DeploymentList, query=query)
        return PageOperation(call, Deployment, "data", "id", "page", "total_count", "total_pages")

    def update(
        self,
        model_id: str,
        *,
        model_name: str | None = None,
        litellm_params: Mapping[str, object] | None = None,
        model_info: Mapping[str, object] | None = None,
        blocked: bool | None = None,
    ) -> MultiStepOperation[Deployment]:
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

        Returns:
            The deployment, read back by its id.

        Raises:
            NotFoundError: The deployment does not exist.
            BadRequestError: The deployment comes from the proxy's configuration file and can be changed only there.
        """
        body = fields(locals(), omit={"model_id"})
        if not body:
            raise UsageError("nothing to change: give model_name, litellm_params, model_info or blocked")
        body["model_info"] = {**(model_info or {}), "id": model_id}
        write = patch(encode_path("/model/{}/update", model_id), WrittenDeployment, json=body)
        read = get("/v1/model/info", Deployment, query={"litellm_model_id": model_id})

        async def run(send: Send) -> Deployment:
            return await _read_back(send, read, await send(write))

        return MultiStepOperation([write, read], run)

    async def delete(
        self, send: Send, *, model_id: str | None = None, model_name: str | None = None
    ) -> Operation[DeletedModel]:
        """Delete a deployment that was created through the API.

        `POST /model/delete`
        `GET /v2/model/info`

        With `model_name`, a look-up is sent first. It finds a wildcard or the target of an alias only by its own name,
        not by other names that lead to it.

        Args:
            model_id: The deployment's id.
            model_name: The public name. Exactly one deployment must have it.

        Raises:
            NotFoundError: The deployment does not exist, or the deployment `model_id` comes from the proxy's
                configuration file.
            UsageError: The deployment `model_name` comes from the proxy's configuration file.
            AmbiguousNameError: Several deployments have this name; the error lists their ids.
        """
        exactly_one(model_id=model_id, model_name=model_name)
        if model_name is not None:
            (model_id,) = deletable([require_one(await find_by_name(send, model_name), model_name)], model_name)
        return post("/model/delete", DeletedModel, json={"id": model_id})

    def block(self, model_id: str) -> Operation[WrittenDeployment]:
        """Block a deployment. It cannot be used until it is unblocked.

        `POST /model/block`

        Args:
            model_id: The deployment's id.

        Raises:
            NotFoundError: The deployment does not exist.
            BadRequestError: The deployment comes from the proxy's configuration file and can be changed only there.
        """
        body = fields(locals())
        return post("/model/block", WrittenDeployment, json=body)

    def unblock(self, model_id: str) -> Operation[WrittenDeployment]:
        """Unblock a deployment.

        `POST /model/unblock`

        Args:
            model_id: The deployment's id.

        Raises:
            NotFoundError: The deployment does not exist.
            BadRequestError: The deployment comes from the proxy's configuration file and can be changed only there.
        """
        body = fields(locals())
        return post("/model/unblock", WrittenDeployment, json=body)


async def _read_back(send: Send, read: Operation[Deployment], written: WrittenDeployment) -> Deployment:
    try:
        return await send(read)
    except LiteLLMProxyError:
        # The change succeeded: if reading it back raised an error, the change would seem to have failed.
        return Deployment(model_name=written.model_name, model_info=written.model_info)
