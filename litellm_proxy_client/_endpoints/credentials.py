"""Credentials: a provider's secrets, kept by the proxy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._wire.operation import Null, Operation, PageOperation, delete, encode_path, get, patch, post
from ..exceptions import UsageError
from ..types.credentials import Credential, CredentialChange, CredentialList
from ._checks import check_names, exactly_one
from ._fields import fields


class Credentials:
    """Credentials: a provider's secrets under a name, which models refer to by `litellm_credential_name`."""

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
        """Keep a credential under a name.

        `POST /credentials`

        Args:
            credential_name: The name, which cannot be changed later. It may hold any character but control characters.
            credential_info: What is not secret, such as `{"custom_llm_provider": "azure"}`.
            credential_values: The secrets and what belongs to them, such as `api_key` and `api_base`.
            model_id: The id of a deployment to copy the values from, in place of `credential_values`.
            display_name: What people see in place of the name, at most 255 characters.
            extra_body: Fields that this version does not know.

        Returns:
            That it was made.

        Raises:
            ConflictError: There is a credential of that name.
            NotFoundError: There is no deployment `model_id`.
        """
        body = fields(locals())
        exactly_one(credential_values=credential_values or None, model_id=model_id)
        encode_path("{}", credential_name)  # a name that no path can hold could never be read or deleted
        return post("/credentials", CredentialChange, json={"credential_info": {}, **body})

    def list(self) -> PageOperation[Credential]:
        """List all credentials.

        `GET /credentials`

        Returns:
            All of them on one page, secrets masked.
        """
        return PageOperation(get("/credentials", CredentialList), Credential, "credentials", "credential_name")

    def get(self, credential_name: str) -> Operation[Credential]:
        """Read one credential.

        `GET /credentials/by_name/{credential_name}`

        Args:
            credential_name: Its name.

        Returns:
            The credential, secrets masked.

        Raises:
            NotFoundError: There is none of that name.
        """
        return get(encode_path("/credentials/by_name/{}", credential_name), Credential)

    def by_model(self, model_id: str) -> Operation[Credential]:
        """Read the credential that a deployment uses.

        `GET /credentials/by_model/{model_id}`

        Args:
            model_id: The deployment's id.

        Returns:
            The secrets of the deployment, masked, under a name that the proxy makes up; it is kept nowhere.

        Raises:
            NotFoundError: There is no such deployment.
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

        Returns:
            That it was changed.

        Raises:
            NotFoundError: There is none of that name, or no deployment `model_id`.
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
        """Change what people see in place of a credential's name, and nothing else.

        `PATCH /credentials/{credential_name}`

        Args:
            credential_name: Its name.
            display_name: At most 255 characters; `NULL` takes it back.

        Returns:
            That it was changed.

        Raises:
            NotFoundError: There is none of that name.
        """
        return self.update(credential_name, display_name=display_name)

    def delete(self, credential_name: str) -> Operation[CredentialChange]:
        """Delete a credential.

        `DELETE /credentials/{credential_name}`

        Args:
            credential_name: Its name.

        Returns:
            That it was deleted.

        Raises:
            NotFoundError: There is none of that name.
        """
        return delete(encode_path("/credentials/{}", credential_name), CredentialChange)
