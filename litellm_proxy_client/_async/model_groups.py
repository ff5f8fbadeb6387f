# Generated from _endpoints/model_groups.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource, alias
from .._endpoints import model_groups as _endpoints

if TYPE_CHECKING:
    from .._clients.page import AsyncPage
    from ..types.model_groups import ChangedModelGroup
    from ..types.model_groups import DeletedModelGroup
    from ..types.model_groups import FallbackType
    from ..types.model_groups import Fallbacks
    from ..types.model_groups import ModelGroup
    from ..types.model_groups import ModelGroupInfo
    from collections.abc import Mapping
    from collections.abc import Sequence
    import builtins
    import httpx


class AsyncModelGroups(AsyncResource):
    """Model groups: several deployments under one public name, over which the proxy balances the load."""

    _endpoints = _endpoints.ModelGroups()

    @overload
    async def list(
        self, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> AsyncPage[ModelGroup]: ...
    @overload
    async def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def list(self, *arguments: Any, **named: Any) -> AsyncPage[ModelGroup] | httpx.Request:
        """List all model groups that the key may use.

        `GET /model_group/info`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All groups, as one page.
        """
        return await self._run(self._endpoints.list, arguments, named)

    @overload
    async def info(
        self, name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> ModelGroupInfo: ...
    @overload
    async def info(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    async def info(self, *arguments: Any, **named: Any) -> ModelGroupInfo | builtins.list[httpx.Request]:
        """Look at a group, its deployments with their ids, and its fallbacks.

        `GET /model_group/info`
        `GET /v1/model/info`
        `GET /fallback/{model}`

        Args:
            name: The group's name.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Raises:
            NotFoundError: There is no such group, or the key may not use it.
        """
        return await self._run(self._endpoints.info, arguments, named)

    get = alias(info, "Alias of `info`.")

    @overload
    async def create(
        self, name: str, models: Sequence[Mapping[str, object]], *, fallbacks: Sequence[str] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> ChangedModelGroup: ...
    @overload
    async def create(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    async def create(self, *arguments: Any, **named: Any) -> ChangedModelGroup | builtins.list[httpx.Request]:
        """Make a group: each entry becomes a deployment under the group's name.

        `POST /model/new`
        `POST /fallback`

        Args:
            name: The group's name, by which completions ask for it.
            models: An entry a deployment: `litellm_params`, whose `model` is by default the entry's `model_name`, and
                perhaps `model_info`.
            fallbacks: Other groups, which are asked in turn when this one fails; see `set_fallbacks`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The group's name, deployments and fallbacks.

        Raises:
            PartialChangeError: A step failed, and a deployment that had been made could not be deleted again. Where all
                could be undone, the error of the step is raised.
        """
        return await self._run(self._endpoints.create, arguments, named)

    @overload
    async def add_models(
        self, name: str, models: Sequence[Mapping[str, object]], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ChangedModelGroup: ...
    @overload
    async def add_models(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    async def add_models(self, *arguments: Any, **named: Any) -> ChangedModelGroup | builtins.list[httpx.Request]:
        """Add deployments to a group.

        `POST /model/new`

        Args:
            name: The group's name.
            models: An entry a deployment, as in `create`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The group's name and the deployments that were added.

        Raises:
            PartialChangeError: A step failed, and a deployment that had been made could not be deleted again.
        """
        return await self._run(self._endpoints.add_models, arguments, named)

    @overload
    async def delete(
        self, name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> DeletedModelGroup: ...
    @overload
    async def delete(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    async def delete(self, *arguments: Any, **named: Any) -> DeletedModelGroup | builtins.list[httpx.Request]:
        """Delete a group: all its deployments that were made through the API, and its fallbacks.

        `GET /v2/model/info`
        `POST /model/delete`
        `DELETE /fallback/{model}`

        A look-up of the deployments' ids is sent first. It finds no wildcard or alias that merely answers to the name.

        Args:
            name: The group's name.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            What was deleted, and which deployments remain since they come from the proxy's configuration file.

        Raises:
            NotFoundError: There is neither a deployment nor a fallback of this name.
            UsageError: All deployments come from the proxy's configuration file.
            AmbiguousNameError: Several owners, such as a team and the proxy itself, have deployments of this name; the
                error lists their ids.
            PartialChangeError: A step failed after others had been done; the error says what is deleted and what
                remains.
        """
        return await self._look_up_and_run(self._endpoints.delete, arguments, named)

    @overload
    async def set_fallbacks(
        self, name: str, fallbacks: Sequence[str], *, fallback_type: FallbackType = "general",
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Fallbacks: ...
    @overload
    async def set_fallbacks(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def set_fallbacks(self, *arguments: Any, **named: Any) -> Fallbacks | httpx.Request:
        """Say which groups are asked instead when a group fails, or take that back.

        `POST /fallback`
        `DELETE /fallback/{model}`

        Args:
            name: The group's name, without a `/`: of a name that holds one the proxy takes fallbacks, but can neither
                show nor delete them (`proxy/management_endpoints/fallback_management_endpoints.py`).
            fallbacks: The other groups, in turn; an empty list takes them back.
            fallback_type: `general` for any failure, `context_window` for a prompt that is too long, `content_policy`
                for one that is refused.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: A group is not there; or there are no fallbacks to be taken back.
        """
        return await self._run(self._endpoints.set_fallbacks, arguments, named)
