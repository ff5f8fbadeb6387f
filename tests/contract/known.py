"""What the contract test cannot know by itself. An entry that is not true any more fails."""

from __future__ import annotations

from typing import Any

from litellm_proxy_client import NULL

HASH = "ab" * 32
DURATION = ["30d"]
DEPLOYMENT = {"data": [{"model_name": "x_sentinel", "model_info": {"id": "x_sentinel", "db_model": True}}]}
DEPLOYMENTS = [[{"model_name": "a", "litellm_params": {"model": "a"}}]]
DEPLOYMENT_LIST = {"data": [{"model_name": "x_sentinel", "model_info": {"id": "x_sentinel", "db_model": True}}]}

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
"""Values for parameters that do not take any value of their type: of all methods, or of one."""

ANSWERS: dict[str, Any] = {
    "GET /key/list": {"keys": [HASH]},
    "GET /model_group/info": {"data": [{"model_group": "x_sentinel"}]},
    "GET /v1/model/info": DEPLOYMENT,
    "GET /v2/model/info": DEPLOYMENT,
    "POST /v2/key/info": {"info": [{}]},
}
"""Answers to requests on whose answers others depend."""

GAPS: dict[str, list[str]] = {
    "another name of a route that is used": [
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
    "what it does, a route that is used does as well: by pages, without a key in the path, or row by row": [
        "GET /team/list",
        "PATCH /team/{team_id}",
        "POST /key/{key}/regenerate",
        "POST /model/update",
        "POST /team/key/bulk_update",
    ],
    "Google's API for completions, not administration": [
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
    "for the dashboard: charts, forms, and its own sessions": [
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
    "reports, not done yet": [
        "GET /key/spend/report",
        "GET /model/deprecations",
        "GET /team/spend/by_user",
        "GET /team/spend/report",
        "GET /user/spend/report",
        "GET /v1/model/deprecations",
    ],
    "a team's own logging and its members' counters, not done yet": [
        "DELETE /team/{team_id}/callback/{callback_name}",
        "GET /team/{team_id}/callback",
        "POST /team/{team_id}/callback",
        "POST /team/{team_id}/disable_logging",
        "POST /team/{team_id}/member/{user_id}/reset_spend",
    ],
}
"""Routes of the administration that no method uses, by the reason."""

UNSENT: dict[str, list[str]] = {
    "GET /fallback/{model}": ["fallback_type"],  # its default is the one that counts for every failure
    "GET /models": ["client_version"],  # has the proxy answer in another form, for Codex
    "GET /team/available": ["response_model"],  # no parameter, but a slip in the server's signature
    "GET /v2/model/info": ["debug"],
    "PATCH /credentials/{credential_name}": ["credential_name"],  # refused when it is another one
    "POST /key/regenerate": ["*"],  # the other settings of a key go through extra_body
    "POST /key/service-account/generate": ["*"],
    "POST /user/new": ["password"],  # for the dashboard; users.update sets it
    # Settings of keys, which the description lists although the table of users has no place for them.
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
"""What a route takes and no parameter sends; `*` where that is much."""

UNDESCRIBED: dict[str, list[str]] = {
    # The description holds a part of OpenAI's parameters. LiteLLM's own are in `all_litellm_params` (types/utils.py).
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
"""What a route takes although its description says otherwise."""

UNDESCRIBED_ROUTES: dict[str, str] = {
    "GET /user/available_roles": "test_users.py::test_available_roles",
    "POST /v2/key/info": "test_keys.py::test_deleting_by_key_and_alias_says_what_was_there",
}
"""Routes that the description leaves out, each with the live test that proves it."""
