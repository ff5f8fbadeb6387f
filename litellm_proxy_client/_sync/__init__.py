# Generated from endpoints/ by `python -m litellm_proxy_client._generate`. Do not edit.

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._transport import Transport
    from .chat import Chat
    from .credentials import Credentials
    from .http import Http
    from .keys import Keys
    from .models import Models


class SyncResources:
    """The resources of a client."""

    _transport: Transport

    @cached_property
    def chat(self) -> Chat:
        """Chat models."""
        from .chat import Chat

        return Chat(self._transport)

    @cached_property
    def credentials(self) -> Credentials:
        """Credentials: a provider's secrets under a name, which models refer to by `litellm_credential_name`."""
        from .credentials import Credentials

        return Credentials(self._transport)

    @cached_property
    def http(self) -> Http:
        """Completions."""
        from .http import Http

        return Http(self._transport)

    @cached_property
    def keys(self) -> Keys:
        """Virtual keys: make, list, change and delete them."""
        from .keys import Keys

        return Keys(self._transport)

    @cached_property
    def models(self) -> Models:
        """Models."""
        from .models import Models

        return Models(self._transport)
