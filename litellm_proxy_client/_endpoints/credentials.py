"""Credentials: secrets of providers, stored by the proxy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._wire.operation import Operation, PageOperation, delete, encode_path, get, patch, post
from .._wire.parameters import Null
from ..exceptions import UsageError
from ..types.credentials import Credential, CredentialChange, CredentialList
from ._checks import check_names, exactly_one
from ._fields import fields


class Credentials:
    """Credentials: named secrets of a provider, which models refer to by `litellm_credential_name`."""

    def create(
        self,
        *,
        credential_name: str,
        credential_info: Mapping[str, object] | None = None,
        credential_values: Mapping[str, object] | None = None,
        model_id: str | None = None,
        display_name: str | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[CredentialChange]:
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

        Returns:
            A confirmation.

        Raises:
            ConflictError: A credential with this name exists.
            NotFoundError: The deployment `model_id` does not exist.
        """
        body = fields(locals())
        exactly_one(credential_values=credential_values or None, model_id=model_id)
        # Other methods send the name in the path: refuse a name that they could never send.
        encode_path("{}", credential_name)
        return post("/credentials", CredentialChange, json={"credential_info": {}, **body})

    def list(self) -> PageOperation[Credential]:
        """List all credentials.

        `GET /credentials`

        Returns:
            All credentials on one page, with masked secrets.
        """
        return PageOperation(get("/credentials", CredentialList), Credential, "credentials", "credential_name")

    def get(self, credential_name: str) -> Operation[Credential]:
        """Get a credential by its name.

        `GET /credentials/by_name/{credential_name}`

        Args:
            credential_name: The name of the credential.

        Returns:
            The credential, with masked secrets.

        Raises:
            NotFoundError: The credential does not exist.
        """
        return get(encode_path("/credentials/by_name/{}", credential_name), Credential)

    def by_model(self, model_id: str) -> Operation[Credential]:
        """Get the credential that a deployment uses.

        `GET /credentials/by_model/{model_id}`

        Args:
            model_id: The deployment's id.

        Returns:
            The masked secrets of the deployment, under a name that the proxy generates and does not store.

        Raises:
            NotFoundError: The deployment does not exist.
        """
        return get(encode_path("/credentials/by_model/{}", model_id), Credential)

    def update(
        self,
        credential_name: str,
        *,
        credential_info: Mapping[str, object] | None = None,
        credential_values: Mapping[str, object] | None = None,
        credential_values_to_delete: Sequence[str] | None = None,
        model_id: str | None = None,
        display_name: str | Null | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[CredentialChange]:
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

        Returns:
            A confirmation.

        Raises:
            NotFoundError: The credential, or the deployment `model_id`, does not exist.
        """
        body = fields(locals(), omit={"credential_name"})
        if credential_values is not None:
            exactly_one(credential_values=credential_values, model_id=model_id)
        check_names("credential_values_to_delete", credential_values_to_delete)
        if not body:
            raise UsageError(
                "nothing to change: give credential_info, credential_values, credential_values_to_delete, model_id or "
                "display_name"
            )
        # The route requires credential_info; an empty one changes nothing.
        body.setdefault("credential_info", {})
        return patch(encode_path("/credentials/{}", credential_name), CredentialChange, json=body)

    def update_display_name(self, credential_name: str, display_name: str | Null) -> Operation[CredentialChange]:
        """Update only the display name of a credential.

        `PATCH /credentials/{credential_name}`

        Args:
            credential_name: The name of the credential.
            display_name: Name shown in the user interface, at most 255 characters; `NULL` clears it.

        Returns:
            A confirmation.

        Raises:
            NotFoundError: The credential does not exist.
        """
        return self.update(credential_name, display_name=display_name)

    def delete(self, credential_name: str) -> Operation[CredentialChange]:
        """Delete a credential.

        `DELETE /credentials/{credential_name}`

        Args:
            credential_name: The name of the credential.

        Returns:
            A confirmation.

        Raises:
            NotFoundError: The credential does not exist.
        """
        return delete(encode_path("/credentials/{}", credential_name), CredentialChange)
