# Generated from _endpoints/ by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._runtime.executor import RequestExecutor
    from .chat import AsyncChat
    from .credentials import AsyncCredentials
    from .health import AsyncHealth
    from .http import AsyncHttp
    from .keys import AsyncKeys
    from .model_groups import AsyncModelGroups
    from .models import AsyncModels
    from .teams import AsyncTeams
    from .users import AsyncUsers


class AsyncResources:
    """The resources of a client."""

    _executor: RequestExecutor

    @cached_property
    def chat(self) -> AsyncChat:
        """Chat models."""
        from .chat import AsyncChat

        return AsyncChat(self._executor)

    @cached_property
    def credentials(self) -> AsyncCredentials:
        """Credentials: named secrets of a provider, which models refer to by `litellm_credential_name`."""
        from .credentials import AsyncCredentials

        return AsyncCredentials(self._executor)

    @cached_property
    def health(self) -> AsyncHealth:
        """Health of the proxy and of its models."""
        from .health import AsyncHealth

        return AsyncHealth(self._executor)

    @cached_property
    def http(self) -> AsyncHttp:
        """Low-level requests: any route of the proxy, and requests prepared by `return_request=True`."""
        from .http import AsyncHttp

        return AsyncHttp(self._executor)

    @cached_property
    def keys(self) -> AsyncKeys:
        """Virtual keys: create, list, update and delete them."""
        from .keys import AsyncKeys

        return AsyncKeys(self._executor)

    @cached_property
    def model_groups(self) -> AsyncModelGroups:
        """Model groups: sets of deployments with one public name, between which the proxy balances the load."""
        from .model_groups import AsyncModelGroups

        return AsyncModelGroups(self._executor)

    @cached_property
    def models(self) -> AsyncModels:
        """Models: list the names that completions can request; add, update and delete deployments."""
        from .models import AsyncModels

        return AsyncModels(self._executor)

    @cached_property
    def teams(self) -> AsyncTeams:
        """Teams: users and keys that share models, budgets and limits."""
        from .teams import AsyncTeams

        return AsyncTeams(self._executor)

    @cached_property
    def users(self) -> AsyncUsers:
        """Users: people and services that own keys, with budgets and limits over all of their keys."""
        from .users import AsyncUsers

        return AsyncUsers(self._executor)
