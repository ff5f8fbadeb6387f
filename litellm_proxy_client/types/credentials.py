"""Credentials: a provider's secrets under a name that models can refer to."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ._base import ResponseModel


class Credential(ResponseModel):
    """A credential. The proxy masks values whose names sound secret, such as `api_key`; the repr masks all."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"credential_values"})

    credential_name: str | None = None
    display_name: str | None = None
    """What people see in place of the name."""
    credential_info: dict[str, Any] | None = None
    """What is not secret, such as the provider."""
    credential_values: dict[str, Any] | None = None
    source: Literal["db", "config"] | str | None = None
    """Where it is kept; the proxy's configuration file cannot be changed from outside."""


class CredentialList(ResponseModel):
    """All credentials, as the proxy sends them."""

    success: bool | None = None
    credentials: list[Credential]


class CredentialChange(ResponseModel):
    """That a credential was made, changed or deleted."""

    success: bool | None = None
    message: str | None = None
