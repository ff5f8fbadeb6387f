# Generated from _endpoints/ by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._runtime.executor import RequestExecutor
    from .chat import Chat
    from .credentials import Credentials
    from .health import Health
    from .http import Http
    from .keys import Keys
    from .model_groups import ModelGroups
    from .models import Models
    from .teams import Teams
    from .users import Users


class SyncResources:
    """The resources of a client."""

    _executor: RequestExecutor

    @cached_property
    def chat(self) -> Chat:
        """Chat models."""
        from .chat import Chat

        return Chat(self._executor)

    @cached_property
    def credentials(self) -> Credentials:
        """Credentials: named secrets of a provider, which models refer to by `litellm_credential_name`."""
        from .credentials import Credentials

        return Credentials(self._executor)

    @cached_property
    def health(self) -> Health:
        """Health of the proxy and of its models."""
        from .health import Health

        return Health(self._executor)

    @cached_property
    def http(self) -> Http:
        """Low-level requests: any route of the proxy, and requests prepared by `return_request=True`."""
        from .http import Http

        return Http(self._executor)

    @cached_property
    def keys(self) -> Keys:
        """Virtual keys: create, list, update and delete them."""
        from .keys import Keys

        return Keys(self._executor)

    @cached_property
    def model_groups(self) -> ModelGroups:
        """Model groups: sets of deployments with one public name, between which the proxy balances the load."""
        from .model_groups import ModelGroups

        return ModelGroups(self._executor)

    @cached_property
    def models(self) -> Models:
        """Models: list the names that completions can request; add, update and delete deployments."""
        from .models import Models

        return Models(self._executor)

    @cached_property
    def teams(self) -> Teams:
        """Teams: users and keys that share models, budgets and limits."""
        from .teams import Teams

        return Teams(self._executor)

    @cached_property
    def users(self) -> Users:
        """Users: people and services that own keys, with budgets and limits over all of their keys."""
        from .users import Users

        return Users(self._executor)
