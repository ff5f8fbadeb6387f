"""Deployments, as both models and model groups add, find and take them back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .._wire.operation import Operation, Send, get, post
from ..exceptions import AmbiguousNameError, NotFoundError, PartialChangeError, UsageError
from ..types.models import DeletedModel, Deployment, DeploymentList, WrittenDeployment

_MANY = 10_000


class Addition:
    """A deployment to be added: the call that does it, and the call that takes it back."""

    def __init__(
        self,
        model_name: str,
        litellm_params: Mapping[str, object],
        model_info: Mapping[str, object],
        blocked: bool | None = None,
        default_model: str | None = None,
    ) -> None:
        if not isinstance(model_name, str) or not model_name:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageError("model_name must be the name that completions ask for, and not empty")
        default: dict[str, object] = {"model": default_model or model_name}
        if str(default["model"]).startswith("gpt-"):
            # LiteLLM knows the provider of names in its own list alone, and stores what it then cannot serve.
            default["custom_llm_provider"] = "openai"
        params = dict(litellm_params) if "model" in litellm_params else {**default, **litellm_params}
        # With an id of ours it can be deleted again also where no answer came.
        self.ours = "id" not in model_info
        info: dict[str, object] = {"id": str(uuid.uuid4()), **model_info}
        self.id = str(info["id"])
        body = {"model_name": model_name, "litellm_params": params, "model_info": info, "blocked": blocked}
        self.call = post("/model/new", WrittenDeployment, json=body)
        self.removal = post("/model/delete", DeletedModel, json={"id": self.id})

    def may_exist_after(self, error: BaseException) -> bool:
        """Whether the deployment may be there after this error, and cannot be another's with the same id."""
        # proxy/management_endpoints/model_management_endpoints.py stores first, and then finds that it cannot serve.
        return self.ours or "saved to the database" in str(error)


async def add_all(send: Send, additions: Sequence[Addition]) -> list[WrittenDeployment]:
    """Add deployments, all or none."""
    made: list[WrittenDeployment] = []
    for number, addition in enumerate(additions):
        try:
            made.append(await send(addition.call))
        except BaseException as error:
            done = [*additions[:number], *([addition] if addition.may_exist_after(error) else [])]
            await revert(send, [(f"deployment {each.id}", each.removal) for each in reversed(done)], error)
            raise
    return made


async def revert(send: Send, steps: Sequence[tuple[str, Operation[Any]]], cause: BaseException) -> None:
    """Undo what was done before a step failed; raise only where that fails."""
    left: list[str] = []
    for what, call in steps:
        failures = await send.undo([call])
        if any(not isinstance(failure, NotFoundError) for failure in failures):
            left.append(what)
    if left:
        raise PartialChangeError(
            f"a change failed, and not all of it could be undone; what may remain: {', '.join(left)}. It failed with: "
            f"{cause}",
            done=left,
        ) from cause


def require_one(found: Sequence[Deployment], model_name: str) -> Deployment:
    """The one deployment of a name."""
    if not found:
        raise NotFoundError(f"no deployment is named {model_name!r}")
    if len(found) > 1:
        ids = [deployment.id for deployment in found]
        raise AmbiguousNameError(
            f"{len(found)} deployments are named {model_name!r}; name one of them by its id: {', '.join(ids)}", ids=ids
        )
    return found[0]


async def find_serving(send: Send, model_name: str) -> list[Deployment]:
    """All deployments that answer to a name, also wildcards and the targets of aliases; works without a database."""
    return _of(await send(get("/v1/model/info", DeploymentList)), model_name)


async def find_by_name(send: Send, model_name: str) -> list[Deployment]:
    """All deployments whose own name it is: with a wildcard or an alias's target, more than it would be deleted."""
    read = get("/v2/model/info", DeploymentList, query={"model": model_name, "size": _MANY})
    return _of(await send(read), model_name)


def deletable(deployments: Sequence[Deployment], model_name: str) -> list[str]:
    """The ids of those that were made through the API."""
    ids = [each.id for each in deployments if each.model_info.db_model is not False]
    if deployments and not ids:
        raise UsageError(f"{model_name!r} comes from the proxy's configuration file: it can be deleted there alone")
    return ids


def _of(answer: DeploymentList, model_name: str) -> list[Deployment]:
    found = [each for each in answer.data if model_name in (each.public_name, each.model_name)]
    return list({deployment.id: deployment for deployment in found}.values())
