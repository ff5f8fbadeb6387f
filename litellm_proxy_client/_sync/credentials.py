# Generated from _endpoints/credentials.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import SyncResource
from .._endpoints import credentials as _endpoints

if TYPE_CHECKING:
    from .._clients.page import Page
    from .._wire.operation import Null
    from ..types.credentials import Credential
    from ..types.credentials import CredentialChange
    from collections.abc import Mapping
    from collections.abc import Sequence
    import httpx


class Credentials(SyncResource):
    """Credentials: a provider's secrets under a name, which models refer to by `litellm_credential_name`."""

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
        """Keep a credential under a name.

        `POST /credentials`

        Args:
            credential_name: The name, which cannot be changed later. It may hold any character but control characters.
            credential_info: What is not secret, such as `{"custom_llm_provider": "azure"}`.
            credential_values: The secrets and what belongs to them, such as `api_key` and `api_base`.
            model_id: The id of a deployment to copy the values from, in place of `credential_values`.
            display_name: What people see in place of the name, at most 255 characters.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            That it was made.

        Raises:
            ConflictError: There is a credential of that name.
            NotFoundError: There is no deployment `model_id`.
        """
        return self._run(self._endpoints.create, arguments, named)

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
            All of them on one page, secrets masked.
        """
        return self._run(self._endpoints.list, arguments, named)

    @overload
    def get(
        self, credential_name: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Credential: ...
    @overload
    def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def get(self, *arguments: Any, **named: Any) -> Credential | httpx.Request:
        """Read one credential.

        `GET /credentials/by_name/{credential_name}`

        Args:
            credential_name: Its name.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The credential, secrets masked.

        Raises:
            NotFoundError: There is none of that name.
        """
        return self._run(self._endpoints.get, arguments, named)

    @overload
    def by_model(
        self, model_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Credential: ...
    @overload
    def by_model(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def by_model(self, *arguments: Any, **named: Any) -> Credential | httpx.Request:
        """Read the credential that a deployment uses.

        `GET /credentials/by_model/{model_id}`

        Args:
            model_id: The deployment's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The secrets of the deployment, masked, under a name that the proxy makes up; it is kept nowhere.

        Raises:
            NotFoundError: There is no such deployment.
        """
        return self._run(self._endpoints.by_model, arguments, named)

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
        """Change a credential; what is left out stays as it is.

        `PATCH /credentials/{credential_name}`

        Args:
            credential_name: Its name.
            credential_info: Replaces the whole information that was kept. Until the proxy reads its database anew, up
                to half a minute later, it still shows the old entries too (`proxy/credential_endpoints/endpoints.py`).
            credential_values: Values to add or replace; others stay, and a value of `None` changes nothing.
            credential_values_to_delete: Names of values to remove; a name that is not there is no error.
            model_id: The id of a deployment to copy the values from, in place of `credential_values`.
            display_name: What people see in place of the name, at most 255 characters; `NULL` takes it back.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            That it was changed.

        Raises:
            NotFoundError: There is none of that name, or no deployment `model_id`.
        """
        return self._run(self._endpoints.update, arguments, named)

    @overload
    def update_display_name(
        self, credential_name: str, display_name: str | Null, *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> CredentialChange: ...
    @overload
    def update_display_name(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def update_display_name(self, *arguments: Any, **named: Any) -> CredentialChange | httpx.Request:
        """Change what people see in place of a credential's name, and nothing else.

        `PATCH /credentials/{credential_name}`

        Args:
            credential_name: Its name.
            display_name: At most 255 characters; `NULL` takes it back.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            That it was changed.

        Raises:
            NotFoundError: There is none of that name.
        """
        return self._run(self._endpoints.update_display_name, arguments, named)

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
            credential_name: Its name.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            That it was deleted.

        Raises:
            NotFoundError: There is none of that name.
        """
        return self._run(self._endpoints.delete, arguments, named)
