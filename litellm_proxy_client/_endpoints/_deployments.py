"""Deployments: how models and model groups add, find and delete them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .._wire.operation import Operation, Send, get, post
from ..exceptions import AmbiguousNameError, NotFoundError, PartialChangeError, UsageError
from ..types.models import DeletedModel, Deployment, DeploymentList, WrittenDeployment

_MANY = 10_000


class Addition:
    """A deployment to add: the operation that adds it, and the one that deletes it again."""

    def __init__(
        self,
        model_name: str,
        litellm_params: Mapping[str, object],
        model_info: Mapping[str, object],
        blocked: bool | None = None,
        default_model: str | None = None,
    ) -> None:
        if not isinstance(model_name, str) or not model_name:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageError("model_name must be a non-empty string: the name that completions request")
        default: dict[str, object] = {"model": default_model or model_name}
        if str(default["model"]).startswith("gpt-"):
            # LiteLLM infers the provider only for the names that it knows, and stores others that it cannot serve.
            default["custom_llm_provider"] = "openai"
        params = dict(litellm_params) if "model" in litellm_params else {**default, **litellm_params}
        # With an id of its own, the deployment can be deleted even if no response arrived.
        self.ours = "id" not in model_info
        info: dict[str, object] = {"id": str(uuid.uuid4()), **model_info}
        self.id = str(info["id"])
        body = {"model_name": model_name, "litellm_params": params, "model_info": info, "blocked": blocked}
        self.call = post("/model/new", WrittenDeployment, json=body)
        self.removal = post("/model/delete", DeletedModel, json={"id": self.id})

    def may_exist_after(self, error: BaseException) -> bool:
        """Return True if the deployment may exist after this error, and is not someone else's with the same id."""
        # The proxy stores a deployment before it checks if it can serve it
        # (proxy/management_endpoints/model_management_endpoints.py).
        return self.ours or "saved to the database" in str(error)


async def add_all(send: Send, additions: Sequence[Addition]) -> list[WrittenDeployment]:
    """Add all deployments; if one fails, delete those already added."""
    added: list[WrittenDeployment] = []
    for number, addition in enumerate(additions):
        try:
            added.append(await send(addition.call))
        except BaseException as error:
            done = [*additions[:number], *([addition] if addition.may_exist_after(error) else [])]
            await revert(send, [(f"deployment {each.id}", each.removal) for each in reversed(done)], error)
            raise
    return added


async def revert(send: Send, steps: Sequence[tuple[str, Operation[Any]]], cause: BaseException) -> None:
    """Revert the steps that preceded a failed one.

    Raises:
        PartialChangeError: A step could not be reverted.
    """
    left: list[str] = []
    for what, call in steps:
        failures = await send.undo([call])
        if any(not isinstance(failure, NotFoundError) for failure in failures):
            left.append(what)
    if left:
        raise PartialChangeError(
            f"a change failed and could not be fully reverted; these may remain: {', '.join(left)}. It failed with: "
            f"{cause}",
            done=left,
        ) from cause


def require_one(found: Sequence[Deployment], model_name: str) -> Deployment:
    """Return the only deployment with a name.

    Raises:
        NotFoundError: No deployment has the name.
        AmbiguousNameError: Several deployments have the name.
    """
    if not found:
        raise NotFoundError(f"no deployment is named {model_name!r}")
    if len(found) > 1:
        ids = [deployment.id for deployment in found]
        raise AmbiguousNameError(
            f"{len(found)} deployments are named {model_name!r}; select one by its id: {', '.join(ids)}", ids=ids
        )
    return found[0]


async def find_serving(send: Send, model_name: str) -> list[Deployment]:
    """Return all deployments that serve a name, including wildcards and alias targets; works without a database."""
    return _of(await send(get("/v1/model/info", DeploymentList)), model_name)


async def find_by_name(send: Send, model_name: str) -> list[Deployment]:
    """Return the deployments that have exactly this name.

    Wildcards and alias targets are left out: deleting them would delete more than this name.
    """
    read = get("/v2/model/info", DeploymentList, query={"model": model_name, "size": _MANY})
    return _of(await send(read), model_name)


def deletable(deployments: Sequence[Deployment], model_name: str) -> list[str]:
    """Return the ids of the deployments that were created through the API.

    Raises:
        UsageError: All of them come from the configuration file.
    """
    ids = [each.id for each in deployments if each.model_info.db_model is not False]
    if deployments and not ids:
        raise UsageError(f"{model_name!r} comes from the proxy's configuration file and can be deleted only there")
    return ids


def _of(answer: DeploymentList, model_name: str) -> list[Deployment]:
    found = [each for each in answer.data if model_name in (each.public_name, each.model_name)]
    return list({deployment.id: deployment for deployment in found}.values())
