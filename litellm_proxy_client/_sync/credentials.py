# Generated from _endpoints/credentials.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import SyncResource
from .._endpoints import credentials as _endpoints

if TYPE_CHECKING:
    from .._clients.page import Page
    from .._wire.parameters import Null
    from ..types.credentials import Credential
    from ..types.credentials import CredentialChange
    from collections.abc import Mapping
    from collections.abc import Sequence
    import httpx


class Credentials(SyncResource):
    """Credentials: named secrets of a provider, which models refer to by `litellm_credential_name`."""

    _endpoints = _endpoints.Credentials()

    @overload
    def create(
        self, *, credential_name: str, credential_info: Mapping[str, object] | None = None,
        credential_values: Mapping[str, object] | None = None, model_id: str | None = None,
        display_name: str | None = None, extra_body: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> CredentialChange: ...
    @overload
    def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def create(self, *arguments: Any, **named: Any) -> CredentialChange | httpx.Request:
        """Create a credential.

        `POST /credentials`

        Args:
            credential_name: The name, which cannot be changed later. It may contain any character except control
                characters.
            credential_info: Data that is not secret, such as `{"custom_llm_provider": "azure"}`.
            credential_values: The secrets and related values, such as `api_key` and `api_base`.
            model_id: The id of a deployment to copy the values from, instead of `credential_values`.
            display_name: Name shown in the user interface, at most 255 characters.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A confirmation.

        Raises:
            ConflictError: A credential with this name exists.
            NotFoundError: The deployment `model_id` does not exist.
        """
        return self._run_endpoint(self._endpoints.create, arguments, named)

    @overload
    def list(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> Page[Credential]: ...
    @overload
    def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def list(self, *arguments: Any, **named: Any) -> Page[Credential] | httpx.Request:
        """List all credentials.

        `GET /credentials`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All credentials on one page, with masked secrets.
        """
        return self._run_endpoint(self._endpoints.list, arguments, named)

    @overload
    def get(
        self, credential_name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Credential: ...
    @overload
    def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def get(self, *arguments: Any, **named: Any) -> Credential | httpx.Request:
        """Get a credential by its name.

        `GET /credentials/by_name/{credential_name}`

        Args:
            credential_name: The name of the credential.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The credential, with masked secrets.

        Raises:
            NotFoundError: The credential does not exist.
        """
        return self._run_endpoint(self._endpoints.get, arguments, named)

    @overload
    def by_model(
        self, model_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Credential: ...
    @overload
    def by_model(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def by_model(self, *arguments: Any, **named: Any) -> Credential | httpx.Request:
        """Get the credential that a deployment uses.

        `GET /credentials/by_model/{model_id}`

        Args:
            model_id: The deployment's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The masked secrets of the deployment, under a name that the proxy generates and does not store.

        Raises:
            NotFoundError: The deployment does not exist.
        """
        return self._run_endpoint(self._endpoints.by_model, arguments, named)

    @overload
    def update(
        self, credential_name: str, *, credential_info: Mapping[str, object] | None = None,
        credential_values: Mapping[str, object] | None = None, credential_values_to_delete: Sequence[str] | None = None,
        model_id: str | None = None, display_name: str | Null | None = None,
        extra_body: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> CredentialChange: ...
    @overload
    def update(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def update(self, *arguments: Any, **named: Any) -> CredentialChange | httpx.Request:
        """Update a credential. Omitted values stay unchanged.

        `PATCH /credentials/{credential_name}`

        Args:
            credential_name: The name of the credential.
            credential_info: Replaces the whole stored information. The proxy still shows the old entries until it reads
                its database again, up to 30 seconds later (`proxy/credential_endpoints/endpoints.py`).
            credential_values: Values to add or replace. Other values stay unchanged, and a value of `None` changes
                nothing.
            credential_values_to_delete: Names of values to delete. Unknown names are ignored.
            model_id: The id of a deployment to copy the values from, instead of `credential_values`.
            display_name: Name shown in the user interface, at most 255 characters; `NULL` clears it.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A confirmation.

        Raises:
            NotFoundError: The credential, or the deployment `model_id`, does not exist.
        """
        return self._run_endpoint(self._endpoints.update, arguments, named)

    @overload
    def update_display_name(
        self, credential_name: str, display_name: str | Null, *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> CredentialChange: ...
    @overload
    def update_display_name(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def update_display_name(self, *arguments: Any, **named: Any) -> CredentialChange | httpx.Request:
        """Update only the display name of a credential.

        `PATCH /credentials/{credential_name}`

        Args:
            credential_name: The name of the credential.
            display_name: Name shown in the user interface, at most 255 characters; `NULL` clears it.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A confirmation.

        Raises:
            NotFoundError: The credential does not exist.
        """
        return self._run_endpoint(self._endpoints.update_display_name, arguments, named)

    @overload
    def delete(
        self, credential_name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> CredentialChange: ...
    @overload
    def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def delete(self, *arguments: Any, **named: Any) -> CredentialChange | httpx.Request:
        """Delete a credential.

        `DELETE /credentials/{credential_name}`

        Args:
            credential_name: The name of the credential.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A confirmation.

        Raises:
            NotFoundError: The credential does not exist.
        """
        return self._run_endpoint(self._endpoints.delete, arguments, named)
