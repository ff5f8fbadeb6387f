"""Model groups: sets of deployments with one public name, between which the proxy balances the load."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from .._wire.operation import MultiStepOperation, Operation, PageOperation, Send, delete, encode_path, get, post
from ..exceptions import (
    AmbiguousNameError,
    APIStatusError,
    NotFoundError,
    PartialChangeError,
    PermissionDeniedError,
    UnauthorizedError,
    UsageError,
)
from ..types.model_groups import (
    ChangedModelGroup,
    DeletedModelGroup,
    Fallbacks,
    FallbackType,
    ModelGroup,
    ModelGroupInfo,
    ModelGroupList,
)
from ..types.models import DeletedModel, Deployment, DeploymentList
from ._checks import check_names
from ._deployments import Addition, add_all, deletable, find_by_name, find_serving, revert
from ._fields import fields

_ENTRY_FIELDS = frozenset({"model_name", "litellm_params", "model_info"})


class ModelGroups:
    """Model groups: sets of deployments with one public name, between which the proxy balances the load."""

    def list(self) -> PageOperation[ModelGroup]:
        """List all model groups that the key may use.

        `GET /model_group/info`

        Returns:
            All groups on one page.
        """
        return PageOperation(get("/model_group/info", ModelGroupList), ModelGroup, "data", "model_group")

    def info(self, name: str) -> MultiStepOperation[ModelGroupInfo]:
        """Get a group, its deployments with their ids, and its fallbacks.

        `GET /model_group/info`
        `GET /v1/model/info`
        `GET /fallback/{model}`

        Args:
            name: The group's name.

        Raises:
            NotFoundError: The group does not exist, or the key may not use it.
        """
        query = fields(locals(), rename={"name": "model_group"})
        group = get("/model_group/info", ModelGroupList, query=query)
        deployments = get("/v1/model/info", DeploymentList)
        fallbacks = None if "/" in name else get(encode_path("/fallback/{}", name), Fallbacks)

        async def run(send: Send) -> ModelGroupInfo:
            found = (await send(group)).data
            if not found:
                raise NotFoundError(f"no model group is named {name!r}")
            info = ModelGroupInfo.model_validate(found[0].model_dump(exclude_unset=True))
            info.deployments = await find_serving(send, name)
            with suppress(UnauthorizedError, PermissionDeniedError):  # only admins may read fallbacks
                info.fallbacks = None if fallbacks is None else await _read_fallbacks(send, fallbacks)
            return info

        return MultiStepOperation([group, deployments, *([] if fallbacks is None else [fallbacks])], run)

    get = info

    def create(
        self,
        name: str,
        models: Sequence[Mapping[str, object]],
        *,
        fallbacks: Sequence[str] | None = None,
    ) -> MultiStepOperation[ChangedModelGroup]:
        """Create a group: each entry of `models` becomes a deployment with the group's name.

        `POST /model/new`
        `POST /fallback`

        Args:
            name: The group's name, which completions request.
            models: One entry per deployment: `litellm_params`, whose `model` defaults to the entry's `model_name`, and
                optionally `model_info`.
            fallbacks: Other groups, which the proxy tries in order when this one fails; see `set_fallbacks`.

        Returns:
            The group's name, deployments and fallbacks.

        Raises:
            PartialChangeError: A step failed, and a deployment that had been created could not be deleted again. If all
                steps could be reverted, the error of the failed step is raised.
        """
        additions = _additions(name, models)
        check_names("fallbacks", fallbacks)
        fallback_call = _set_fallbacks(name, fallbacks, "general") if fallbacks else None

        async def run(send: Send) -> ChangedModelGroup:
            added = await add_all(send, additions)
            if fallback_call is not None:
                try:
                    await send(fallback_call)
                except BaseException as error:
                    steps: builtins.list[tuple[str, Operation[Any]]] = [
                        (f"deployment {each.id}", each.removal) for each in reversed(additions)
                    ]
                    if not isinstance(error, APIStatusError) or error.status_code >= 500:
                        # Without a response, or after a 5xx, the proxy may have stored them.
                        steps.insert(0, (f"the fallbacks of {name}", _delete_fallbacks(name, "general")))
                    await revert(send, steps, error)
                    raise
            return ChangedModelGroup(model_group=name, deployments=added, fallbacks=[*(fallbacks or ())])

        last = [] if fallback_call is None else [fallback_call]
        return MultiStepOperation([*(each.call for each in additions), *last], run)

    def add_models(self, name: str, models: Sequence[Mapping[str, object]]) -> MultiStepOperation[ChangedModelGroup]:
        """Add deployments to a group.

        `POST /model/new`

        Args:
            name: The group's name.
            models: One entry per deployment; see `create`.

        Returns:
            The group's name and the added deployments.

        Raises:
            PartialChangeError: A step failed, and a deployment that had been created could not be deleted again.
        """
        additions = _additions(name, models)

        async def run(send: Send) -> ChangedModelGroup:
            return ChangedModelGroup(model_group=name, deployments=await add_all(send, additions))

        return MultiStepOperation([each.call for each in additions], run)

    async def delete(self, send: Send, name: str) -> MultiStepOperation[DeletedModelGroup]:
        """Delete a group: all its deployments that were created through the API, and its fallbacks.

        `GET /v2/model/info`
        `POST /model/delete`
        `DELETE /fallback/{model}`

        A look-up of the deployments' ids is sent first. It does not find wildcards and targets of aliases that only
        match the name.

        Args:
            name: The group's name.

        Returns:
            The deleted deployments, those that remain because they come from the proxy's configuration file, and
            whether fallbacks were deleted.

        Raises:
            NotFoundError: Neither a deployment nor a fallback has this name.
            UsageError: All deployments come from the proxy's configuration file.
            AmbiguousNameError: Several owners, such as a team and the proxy itself, have deployments with this name;
                the error lists their ids.
            PartialChangeError: A step failed after others had succeeded; the error lists what was deleted and what
                remains.
        """
        deployments = await find_by_name(send, name)
        _check_owner(deployments, name)
        ids = deletable(deployments, name)
        kept = [deployment.id for deployment in deployments if deployment.id not in ids]
        removals = [post("/model/delete", DeletedModel, json={"id": each}) for each in ids]
        kinds: Sequence[FallbackType] = () if "/" in name else ("general", "context_window", "content_policy")
        fallbacks = [_delete_fallbacks(name, kind) for kind in kinds]

        async def run(send: Send) -> DeletedModelGroup:
            deleted: builtins.list[str] = []
            found = False
            try:
                # The proxy keeps the fallbacks of a deleted group. Delete them first: left behind, they would still
                # show the group to others.
                for fallback in fallbacks:
                    found |= await delete_if_exists(send, fallback)
                for each, removal in zip(ids, removals, strict=True):
                    await delete_if_exists(send, removal)
                    deleted.append(each)
            except Exception as error:
                if not deleted and not found:
                    raise
                left = [each for each in ids if each not in deleted]
                raise PartialChangeError(
                    f"the group {name!r} was only partly deleted: {len(left)} deployments remain ({', '.join(left)}): "
                    f"{error}",
                    done=[*(["deleted its fallbacks"] if found else []), *(f"deleted deployment {i}" for i in deleted)],
                    not_done=[f"delete deployment {each}" for each in left],
                ) from error
            if not ids and not found:
                raise NotFoundError(f"no model group is named {name!r}")
            return DeletedModelGroup(model_group=name, deleted=deleted, kept=kept, fallbacks_deleted=found)

        return MultiStepOperation([*fallbacks, *removals], run)

    def set_fallbacks(
        self, name: str, fallbacks: Sequence[str], *, fallback_type: FallbackType = "general"
    ) -> Operation[Fallbacks]:
        """Set the groups that the proxy tries when a group fails, or clear them.

        `POST /fallback`
        `DELETE /fallback/{model}`

        Args:
            name: The group's name, without a `/`. For a name that contains one, the proxy accepts fallbacks, but can
                neither return nor delete them (`proxy/management_endpoints/fallback_management_endpoints.py`).
            fallbacks: The other groups, in order. An empty list clears them.
            fallback_type: `general` for any failure, `context_window` for a prompt that is too long, `content_policy`
                for one that is refused.

        Raises:
            NotFoundError: A group does not exist, or it has no fallbacks to clear.
        """
        if isinstance(fallbacks, str):
            raise UsageError("fallbacks must be a list of groups, not one string: write fallbacks=[...]")
        if not fallbacks:
            return _delete_fallbacks(name, fallback_type)
        return _set_fallbacks(name, fallbacks, fallback_type)


def _additions(name: str, models: Sequence[Mapping[str, object]]) -> list[Addition]:
    if isinstance(models, (str, Mapping)) or not models:
        raise UsageError("models must be a list of at least one entry: [{'model_name': ..., 'litellm_params': {...}}]")
    additions: list[Addition] = []
    for entry in models:
        unknown = entry.keys() - _ENTRY_FIELDS
        if unknown:
            allowed = ", ".join(sorted(_ENTRY_FIELDS))
            raise UsageError(f"an entry of models has unknown fields: {', '.join(sorted(unknown))}; allowed: {allowed}")
        params, info = (_mapping(entry, name) for name in ("litellm_params", "model_info"))
        model = entry.get("model_name")
        if not model and "model" not in params:
            raise UsageError("an entry of models needs a model_name, or litellm_params with a model")
        additions.append(Addition(name, params, info, default_model=str(model) if model else None))
    return additions


def _mapping(entry: Mapping[str, object], name: str) -> Mapping[str, object]:
    value: object = entry.get(name) or {}
    if not isinstance(value, Mapping):
        raise UsageError(f"{name} of an entry of models must be a mapping, not {type(value).__name__}")
    return cast("Mapping[str, object]", value)


def _check_owner(deployments: Sequence[Deployment], name: str) -> None:
    if len({each.model_info.team_id for each in deployments}) > 1:
        ids = [each.id for each in deployments]
        raise AmbiguousNameError(
            f"several owners have deployments named {name!r}; delete them by their ids: {', '.join(ids)}", ids=ids
        )


async def _read_fallbacks(send: Send, read: Operation[Fallbacks]) -> list[str]:
    try:
        return (await send(read)).fallback_models
    except NotFoundError:
        return []


def _set_fallbacks(name: str, fallbacks: Sequence[str], kind: FallbackType) -> Operation[Fallbacks]:
    _check_slash(name)
    body = {"model": name, "fallback_models": list(fallbacks), "fallback_type": kind}
    return post("/fallback", Fallbacks, json=body)


def _delete_fallbacks(name: str, kind: FallbackType) -> Operation[Fallbacks]:
    _check_slash(name)
    return delete(encode_path("/fallback/{}", name), Fallbacks, query={"fallback_type": kind})


def _check_slash(name: str) -> None:
    if "/" in name:
        raise UsageError(
            f"{name!r} cannot have fallbacks: the proxy cannot delete those of a name with a '/'; use another name"
        )


async def delete_if_exists(send: Send, removal: Operation[Any]) -> bool:
    """Delete an object, and return True if it existed."""
    try:
        await send(removal)
    except NotFoundError:
        return False
    return True
