"""Models: what can be asked for, and the deployments behind it."""

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
    """Models: list what can be asked for; add, change and delete deployments."""

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

        Returns:
            All models, as one page.
        """
        query = fields(locals())
        return PageOperation(get("/models", ModelList, query=query), Model, "data", "id")

    def retrieve(self, model: str, *, team_id: str | None = None, healthy_only: bool | None = None) -> Operation[Model]:
        """Look at one model that the key may use, by the name that completions ask for.

        `GET /models/{model_id}`

        Args:
            model: The model's public name.
            team_id: Among the models of this team.
            healthy_only: Only if a deployment of it passed its last health check.

        Raises:
            NotFoundError: There is none, or the key may not use it.
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

        Returns:
            The deployment as read back by its id, since the server answers the change itself with ciphertext. Where
            it cannot be read back yet (a proxy of several workers takes some seconds), without `litellm_params`.

        Raises:
            UsageError: Both `litellm_params` and `model_params` are given.
            InternalServerError: The proxy cannot serve it, mostly because `litellm_params["model"]` does not say whose
                model it is (`openai/...`). It had stored it all the same, and it was deleted again.
            PartialChangeError: It could not be deleted again.
        """
        if litellm_params is not None and model_params is not None:
            raise UsageError("litellm_params and model_params are two names of one thing: give one of them")
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
        """Look at one deployment, by its id or by its name.

        `GET /v1/model/info`

        By name, a look-up is sent first.

        Args:
            model_id: The deployment's id.
            model_name: The public name; it must be the name of one deployment only. A wildcard such as `openai/*` is
                found by each name that it is listed under, and by its own only where that is listed.

        Raises:
            NotFoundError: There is none.
            AmbiguousNameError: Several deployments bear the name; the error lists their ids.
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
        """List deployments, all of them; works without a database.

        `GET /v1/model/info`

        Args:
            model_id: Only the deployment with this id.
            team_id: Only those that this team may use.
            include_team_models: Include the models of teams that the user belongs to.
            healthy_only: Only those that passed their last health check.

        Returns:
            All deployments, as one page.

        Raises:
            NotFoundError: There is no deployment with the id.
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

        Returns:
            One page; iterating goes on through all following ones.
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

        Returns:
            The deployment as read back by its id.

        Raises:
            NotFoundError: There is no deployment with the id.
            BadRequestError: It comes from the proxy's configuration file, where alone it can be changed.
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
        """Delete a deployment that was added through the API.

        `POST /model/delete`
        `GET /v2/model/info`

        By name, a look-up is sent first. It finds no wildcard or alias by a name that it merely answers to.

        Args:
            model_id: The deployment's id.
            model_name: The public name; it must be the name of one deployment only.

        Raises:
            NotFoundError: There is none; or the id is that of one from the proxy's configuration file.
            UsageError: The name is that of one from the proxy's configuration file.
            AmbiguousNameError: Several deployments bear the name; the error lists their ids.
        """
        exactly_one(model_id=model_id, model_name=model_name)
        if model_name is not None:
            (model_id,) = deletable([require_one(await find_by_name(send, model_name), model_name)], model_name)
        return post("/model/delete", DeletedModel, json={"id": model_id})

    def block(self, model_id: str) -> Operation[WrittenDeployment]:
        """Make a deployment unusable until it is unblocked.

        `POST /model/block`

        Args:
            model_id: The deployment's id.

        Raises:
            NotFoundError: There is no deployment with the id.
            BadRequestError: It comes from the proxy's configuration file, where alone it can be changed.
        """
        body = fields(locals())
        return post("/model/block", WrittenDeployment, json=body)

    def unblock(self, model_id: str) -> Operation[WrittenDeployment]:
        """Make a blocked deployment usable again.

        `POST /model/unblock`

        Args:
            model_id: The deployment's id.

        Raises:
            NotFoundError: There is no deployment with the id.
            BadRequestError: It comes from the proxy's configuration file, where alone it can be changed.
        """
        body = fields(locals())
        return post("/model/unblock", WrittenDeployment, json=body)


async def _read_back(send: Send, read: Operation[Deployment], written: WrittenDeployment) -> Deployment:
    try:
        return await send(read)
    except LiteLLMProxyError:
        # It is done; that it cannot be read back must not look as if it were not.
        return Deployment(model_name=written.model_name, model_info=written.model_info)
