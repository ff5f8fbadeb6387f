"""The fields that the proxy joins to a key when it checks a request (`UserAPIKeyAuth` in proxy/_types.py)."""

from __future__ import annotations

from typing import Any

from ._base import ResponseModel


class KeyView(ResponseModel):
    """Further limits on the requests of a key. Lists of keys leave nearly all of them empty.

    They are declared although they are rarely read: validation takes longer for an undeclared field than for a declared
    one, and a list has fifty of these for every key.
    """

    org_id: str | None = None
    """An alias of `organization_id`."""
    api_key: str | None = None
    team_alias: str | None = None
    team_blocked: bool | None = None
    team_models: list[str] | None = None
    team_model_aliases: dict[str, Any] | None = None
    team_member: dict[str, Any] | None = None
    team_metadata: dict[str, Any] | None = None
    team_spend: float | None = None
    team_max_budget: float | None = None
    team_soft_budget: float | None = None
    team_model_max_budget: dict[str, Any] | None = None
    team_tpm_limit: int | None = None
    team_rpm_limit: int | None = None
    team_tpd_limit: int | None = None
    team_object_permission: dict[str, Any] | None = None
    team_object_permission_id: str | None = None
    team_member_spend: float | None = None
    team_member_tpm_limit: int | None = None
    team_member_rpm_limit: int | None = None
    user_email: str | None = None
    user_role: str | None = None
    user_spend: float | None = None
    user_max_budget: float | None = None
    user_model_max_budget: dict[str, Any] | None = None
    user_tpm_limit: int | None = None
    user_rpm_limit: int | None = None
    end_user_id: str | None = None
    end_user_tpm_limit: int | None = None
    end_user_rpm_limit: int | None = None
    end_user_tpd_limit: int | None = None
    end_user_max_budget: float | None = None
    end_user_model_max_budget: dict[str, Any] | None = None
    end_user_object_permission: dict[str, Any] | None = None
    organization_alias: str | None = None
    organization_max_budget: float | None = None
    organization_tpm_limit: int | None = None
    organization_rpm_limit: int | None = None
    organization_metadata: dict[str, Any] | None = None
    project_alias: str | None = None
    project_metadata: dict[str, Any] | None = None
    soft_budget: float | None = None
    rpm_limit_per_model: dict[str, int] | None = None
    tpm_limit_per_model: dict[str, int] | None = None
    allowed_model_region: str | None = None
    is_session_token: bool | None = None
    jwt_claims: dict[str, Any] | None = None
    last_refreshed_at: float | None = None
    """Unix seconds."""
    parent_otel_span: Any = None
    request_route: str | None = None
