# Generated from _endpoints/model_groups.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import SyncResource, alias
from .._endpoints import model_groups as _endpoints

if TYPE_CHECKING:
    from .._clients.page import Page
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


class ModelGroups(SyncResource):
    """Model groups: sets of deployments with one public name, between which the proxy balances the load."""

    _endpoints = _endpoints.ModelGroups()

    @overload
    def list(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> Page[ModelGroup]: ...
    @overload
    def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def list(self, *arguments: Any, **named: Any) -> Page[ModelGroup] | httpx.Request:
        """List all model groups that the key may use.

        `GET /model_group/info`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All groups on one page.
        """
        return self._run_endpoint(self._endpoints.list, arguments, named)

    @overload
    def info(
        self, name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> ModelGroupInfo: ...
    @overload
    def info(self, *arguments: Any, return_request: Literal[True], **named: Any) -> builtins.list[httpx.Request]: ...
    def info(self, *arguments: Any, **named: Any) -> ModelGroupInfo | builtins.list[httpx.Request]:
        """Get a group, its deployments with their ids, and its fallbacks.

        `GET /model_group/info`
        `GET /v1/model/info`
        `GET /fallback/{model}`

        Args:
            name: The group's name.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Raises:
            NotFoundError: The group does not exist, or the key may not use it.
        """
        return self._run_endpoint(self._endpoints.info, arguments, named)

    get = alias(info, "Alias of `info`.")

    @overload
    def create(
        self, name: str, models: Sequence[Mapping[str, object]], *, fallbacks: Sequence[str] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> ChangedModelGroup: ...
    @overload
    def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> builtins.list[httpx.Request]: ...
    def create(self, *arguments: Any, **named: Any) -> ChangedModelGroup | builtins.list[httpx.Request]:
        """Create a group: each entry of `models` becomes a deployment with the group's name.

        `POST /model/new`
        `POST /fallback`

        Args:
            name: The group's name, which completions request.
            models: One entry per deployment: `litellm_params`, whose `model` defaults to the entry's `model_name`, and
                optionally `model_info`.
            fallbacks: Other groups, which the proxy tries in order when this one fails; see `set_fallbacks`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The group's name, deployments and fallbacks.

        Raises:
            PartialChangeError: A step failed, and a deployment that had been created could not be deleted again. If all
                steps could be reverted, the error of the failed step is raised.
        """
        return self._run_endpoint(self._endpoints.create, arguments, named)

    @overload
    def add_models(
        self, name: str, models: Sequence[Mapping[str, object]], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ChangedModelGroup: ...
    @overload
    def add_models(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> builtins.list[httpx.Request]: ...
    def add_models(self, *arguments: Any, **named: Any) -> ChangedModelGroup | builtins.list[httpx.Request]:
        """Add deployments to a group.

        `POST /model/new`

        Args:
            name: The group's name.
            models: One entry per deployment; see `create`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

        Returns:
            The group's name and the added deployments.

        Raises:
            PartialChangeError: A step failed, and a deployment that had been created could not be deleted again.
        """
        return self._run_endpoint(self._endpoints.add_models, arguments, named)

    @overload
    def delete(
        self, name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> DeletedModelGroup: ...
    @overload
    def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> builtins.list[httpx.Request]: ...
    def delete(self, *arguments: Any, **named: Any) -> DeletedModelGroup | builtins.list[httpx.Request]:
        """Delete a group: all its deployments that were created through the API, and its fallbacks.

        `GET /v2/model/info`
        `POST /model/delete`
        `DELETE /fallback/{model}`

        A look-up of the deployments' ids is sent first. It does not find wildcards and targets of aliases that only
        match the name.

        Args:
            name: The group's name.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared requests instead of sending them.

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
        return self._look_up_and_run(self._endpoints.delete, arguments, named)

    @overload
    def set_fallbacks(
        self, name: str, fallbacks: Sequence[str], *, fallback_type: FallbackType = "general",
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Fallbacks: ...
    @overload
    def set_fallbacks(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def set_fallbacks(self, *arguments: Any, **named: Any) -> Fallbacks | httpx.Request:
        """Set the groups that the proxy tries when a group fails, or clear them.

        `POST /fallback`
        `DELETE /fallback/{model}`

        Args:
            name: The group's name, without a `/`. For a name that contains one, the proxy accepts fallbacks, but can
                neither return nor delete them (`proxy/management_endpoints/fallback_management_endpoints.py`).
            fallbacks: The other groups, in order. An empty list clears them.
            fallback_type: `general` for any failure, `context_window` for a prompt that is too long, `content_policy`
                for one that is refused.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Raises:
            NotFoundError: A group does not exist, or it has no fallbacks to clear.
        """
        return self._run_endpoint(self._endpoints.set_fallbacks, arguments, named)
