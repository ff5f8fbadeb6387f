"""Credentials: a provider's secrets under a name that models can refer to."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ._base import AlwaysSent, ResponseModel


class Credential(ResponseModel):
    """A credential.

    The proxy masks values whose names look secret, such as `api_key`. The repr masks all of them.
    """

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"credential_values"})

    credential_name: AlwaysSent[str]
    display_name: str | None = None
    """The name that people see in place of `credential_name`."""
    credential_info: AlwaysSent[dict[str, Any]]
    """Values that are not secret, such as the provider."""
    credential_values: AlwaysSent[dict[str, Any]]
    source: Literal["db", "config"] | str | None = None
    """The place where it is stored. The proxy's configuration file (`config`) cannot be changed through the API."""


class CredentialList(ResponseModel):
    """All credentials, as the proxy sends them."""

    success: AlwaysSent[bool]
    credentials: list[Credential]


class CredentialChange(ResponseModel):
    """The confirmation that a credential was created, updated or deleted."""

    success: AlwaysSent[bool]
    message: AlwaysSent[str]
