"""Data that the contract test cannot derive. An entry that is no longer true fails the test.

"Description" means the proxy's OpenAPI description, `openapi.json`.
"""

from __future__ import annotations

from typing import Any

from litellm_proxy_client import NULL

HASH = "ab" * 32
DURATION = ["30d"]
DEPLOYMENT = {"data": [{"model_name": "x_sentinel", "model_info": {"id": "x_sentinel", "db_model": True}}]}
DEPLOYMENTS = [[{"model_name": "a", "litellm_params": {"model": "a"}}]]

VALUES: dict[str, list[Any]] = {
    "api_key": [HASH],
    "budget_duration": DURATION,
    "budget_limits": [[{"budget_duration": "1d", "max_budget": 1.0}]],
    "duration": DURATION,
    "grace_period": DURATION,
    "key": [HASH],
    "key_hash": [HASH],
    "messages": [[{"role": "user", "content": "Hello"}]],
    "end_date": ["2026-01-31"],
    "rotation_interval": DURATION,
    "start_date": ["2026-01-01"],
    "team_member_budget_duration": DURATION,
    "team_member_permissions": [["/key/generate"]],
    "team_member_key_duration": DURATION,
    "Completions.create_many.models": [["a", "b"]],
    "Health.test_connection.litellm_params": [{"model": "a"}],
    "Keys.bulk_update.keys": [[{"key": HASH, "max_budget": 1.0, "tags": ["a"]}]],
    "Keys.delete.keys": [[HASH], [HASH, "cd" * 32]],
    "Keys.update.budget_duration": [*DURATION, NULL],
    "Keys.update.duration": [*DURATION, NULL],
    "ModelGroups.add_models.models": DEPLOYMENTS,
    "ModelGroups.create.models": DEPLOYMENTS,
    "ModelGroups.set_fallbacks.fallbacks": [["a"], []],
    "Teams.add_members.members": [[{"role": "user", "user_id": "a"}], [{"role": "admin", "user_email": "a@b.c"}]],
    "Teams.bulk_update_permissions.permissions": [["/key/generate"]],
    "Users.bulk_update.users": [[{"user_id": "a", "max_budget": 1.0, "budget_duration": "30d"}]],
}
"""Values for parameters that do not accept every value of their type: for all methods, or for one."""

RESPONSES: dict[str, Any] = {
    "GET /key/list": {"keys": [HASH]},
    "GET /model_group/info": {"data": [{"model_group": "x_sentinel"}]},
    "GET /v1/model/info": DEPLOYMENT,
    "GET /v2/model/info": DEPLOYMENT,
    "POST /v2/key/info": {"info": [{}]},
}
"""Responses to look-ups, from which methods build further requests."""

GAPS: dict[str, list[str]] = {
    "an alias of a route that is used": [
        "GET /health/liveness",
        "GET /model/info",
        "GET /v1/models",
        "GET /v1/models/{model_id}",
    ],
    "OPTIONS, for browsers": [
        "OPTIONS /health/liveliness",
        "OPTIONS /health/liveness",
        "OPTIONS /health/readiness",
    ],
    "a route that is used does the same: with pages, without a key in the path, or for single rows": [
        "GET /team/list",
        "PATCH /team/{team_id}",
        "POST /key/{key}/regenerate",
        "POST /model/update",
        "POST /team/key/bulk_update",
    ],
    "Google's completion API, not administration": [
        "POST /models/{model_name}:countTokens",
        "POST /models/{model_name}:generateContent",
        "POST /models/{model_name}:streamGenerateContent",
    ],
    "for the operator of one instance: probes, encryption at rest, keys of workload identities": [
        "GET /credentials/migrate-encryption/check",
        "GET /credentials/{credential_name}/jwks",
        "GET /health/backlog",
        "GET /health/drain",
        "GET /health/services",
        "GET /health/shared-status",
        "POST /credentials/migrate-encryption",
    ],
    "for the dashboard: charts, forms and sessions": [
        "GET /team/daily/activity/aggregated",
        "GET /team/daily/activity/aggregated/keys",
        "GET /team/daily/activity/aggregated/model_top_keys",
        "GET /team/daily/activity/aggregated/search",
        "GET /team/daily/activity/export",
        "GET /team/metadata_schema",
        "GET /team/{team_id}/members/me",
        "GET /user/available_users",
        "GET /user/daily/activity/aggregated",
        "GET /user/daily/activity/aggregated/cache_leakage_keys",
        "GET /user/daily/activity/aggregated/keys",
        "GET /user/daily/activity/aggregated/model_top_keys",
        "GET /user/daily/activity/aggregated/search",
        "GET /user/daily/activity/export",
        "POST /model_group/make_public",
        "POST /user/password/change",
    ],
    "reports, not implemented yet": [
        "GET /key/spend/report",
        "GET /model/deprecations",
        "GET /team/spend/by_user",
        "GET /team/spend/report",
        "GET /user/spend/report",
        "GET /v1/model/deprecations",
    ],
    "logging of a team and spend counters of its members, not implemented yet": [
        "DELETE /team/{team_id}/callback/{callback_name}",
        "GET /team/{team_id}/callback",
        "POST /team/{team_id}/callback",
        "POST /team/{team_id}/disable_logging",
        "POST /team/{team_id}/member/{user_id}/reset_spend",
    ],
}
"""Administration routes that no method uses, by reason."""

UNSENT: dict[str, list[str]] = {
    "GET /fallback/{model}": ["fallback_type"],  # the default, `general`, applies to every failure
    "GET /models": ["client_version"],  # makes the proxy respond in another format, for Codex
    "GET /team/available": ["response_model"],  # not a parameter, but a mistake in the server's signature
    "GET /v2/model/info": ["debug"],
    "PATCH /credentials/{credential_name}": ["credential_name"],  # the proxy rejects a different name
    "POST /key/regenerate": ["*"],  # other settings of a key are passed in extra_body
    "POST /key/service-account/generate": ["*"],
    "POST /user/new": ["password"],  # for the dashboard; users.update can set it
    # Settings of keys: the description lists them, but the users table has no columns for them.
    "POST /user/update": [
        "agent_id",
        "aliases",
        "blocked",
        "budget_fallbacks",
        "budget_limits",
        "config",
        "duration",
        "guardrails",
        "key_alias",
        "permissions",
        "prompts",
    ],
}
"""Described fields of a route that no parameter sends, by route; `*` allows any."""

UNDESCRIBED: dict[str, list[str]] = {
    # The description lists only some of OpenAI's parameters. LiteLLM's are in `all_litellm_params` (types/utils.py).
    "POST /v1/chat/completions": [
        "allowed_openai_params",
        "audio",
        "cache",
        "content_policy_fallbacks",
        "context_window_fallbacks",
        "drop_params",
        "enable_json_schema_validation",
        "fallbacks[]",
        "fastest_response",
        "guardrails[]",
        "include_fallback_errors",
        "keepalive_seconds",
        "litellm_metadata",
        "litellm_session_id",
        "litellm_trace_id",
        "max_completion_tokens",
        "max_fallbacks",
        "merge_reasoning_content_in_choices",
        "modalities",
        "moderation",
        "no-log",
        "prediction",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "prompt_id",
        "prompt_label",
        "prompt_variables",
        "prompt_version",
        "provider_specific_header",
        "reasoning_effort",
        "safety_identifier",
        "store",
        "stream_timeout",
        "tags",
        "thinking",
        "timeout",
        "verbosity",
        "web_search_options",
    ],
}
"""Fields that a route accepts although its description omits or contradicts them."""

UNDESCRIBED_ROUTES: dict[str, str] = {
    "GET /user/available_roles": "test_users.py::test_available_roles_are_returned",
    "POST /v2/key/info": "test_keys.py::test_delete_by_key_and_alias_reports_deleted_and_missing",
}
"""Routes that the description omits, each with the live test that proves it."""
