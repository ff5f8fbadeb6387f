"""Virtual keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from .._wire.operation import MultiStepOperation, Operation, PageOperation, RetryClass, Send, encode_path, get, post
from .._wire.parameters import Null, QueryValue
from ..exceptions import NotFoundError, PermissionDeniedError, UsageError
from ..types.keys import (
    BudgetLimitParam,
    BulkUpdatedKeys,
    DeletedKeys,
    GeneratedKey,
    Key,
    KeyAliasList,
    KeyDeletion,
    KeyHealth,
    KeyInfo,
    KeyInfos,
    KeyList,
    KeySpend,
    KeyStatus,
    KeyType,
    KeyUpdateParam,
    LimitType,
    ObjectPermissionParam,
    UpdatedKey,
    VectorStoreIndexParam,
)
from ._checks import all_or_none, at_least_one, check_names, check_page
from ._fields import fields

_HASH = re.compile(r"[0-9a-fA-F]{64}")
_MAXIMUM_BULK = 500
_NEVER_NULL = ("aliases", "budget_fallbacks", "config", "metadata", "model_max_budget", "permissions")


class Keys:
    """Virtual keys: create, list, update and delete them.

    Methods take a key itself (`sk-...`) or its sha256 hash, which is the `token` of a listed key. Only the hash is
    sent, so that no key appears in a URL, a log or an error message.
    """

    def generate(
        self,
        *,
        key: str | None = None,
        key_alias: str | None = None,
        key_type: KeyType | None = None,
        duration: str | None = None,
        blocked: bool | None = None,
        user_id: str | None = None,
        team_id: str | None = None,
        organization_id: str | None = None,
        project_id: str | None = None,
        agent_id: str | None = None,
        models: Sequence[str] | None = None,
        aliases: Mapping[str, str] | None = None,
        access_group_ids: Sequence[str] | None = None,
        allowed_routes: Sequence[str] | None = None,
        allowed_passthrough_routes: Sequence[str] | None = None,
        denied_passthrough_routes: Sequence[str] | None = None,
        allowed_vector_store_indexes: Sequence[VectorStoreIndexParam] | None = None,
        object_permission: ObjectPermissionParam | None = None,
        permissions: Mapping[str, object] | None = None,
        max_budget: float | None = None,
        soft_budget: float | None = None,
        budget_duration: str | None = None,
        budget_limits: Sequence[BudgetLimitParam] | None = None,
        budget_id: str | None = None,
        end_user_budget_id: str | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | None = None,
        budget_fallbacks: Mapping[str, Sequence[str]] | None = None,
        throttle_on_budget_exceeded: bool | None = None,
        spend: float | None = None,
        max_parallel_requests: int | None = None,
        tpm_limit: int | None = None,
        rpm_limit: int | None = None,
        tpd_limit: int | None = None,
        tpm_limit_type: LimitType | None = None,
        rpm_limit_type: LimitType | None = None,
        model_tpm_limit: Mapping[str, int] | None = None,
        model_rpm_limit: Mapping[str, int] | None = None,
        mcp_rpm_limit: Mapping[str, int] | None = None,
        tag_rpm_limit: Mapping[str, int] | None = None,
        default_estimated_output_tokens: int | None = None,
        default_estimated_output_tokens_per_model: Mapping[str, int] | None = None,
        metadata: Mapping[str, object] | None = None,
        tags: Sequence[str] | None = None,
        guardrails: Sequence[str] | None = None,
        disable_global_guardrails: bool | None = None,
        policies: Sequence[str] | None = None,
        prompts: Sequence[str] | None = None,
        enforced_params: Sequence[str] | None = None,
        allowed_cache_controls: Sequence[str] | None = None,
        enable_prompt_caching: bool | None = None,
        router_settings: Mapping[str, object] | None = None,
        config: Mapping[str, object] | None = None,
        auto_rotate: bool | None = None,
        rotation_interval: str | None = None,
        send_invite_email: bool | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[GeneratedKey]:
        """Create a key.

        `POST /key/generate`

        A duration is a whole number and a unit (`s`, `m`, `h`, `d`, `w` or `mo`), such as `30d`, or one of `hourly`,
        `daily`, `weekly` and `monthly`. Budgets are in USD.

        Args:
            key: A custom key, which begins with `sk-` and has at least 16 characters. Default: the proxy generates one.
                A key that already exists is not changed, although the response looks like that of a new key
                (`proxy/utils.py`). The call is retried only with `key` and without `key_alias`.
            key_alias: A human-readable name, unique among all keys.
            key_type: What the key may call: `llm_api`, `management` or `read_only` routes. Default: all.
            duration: Lifetime of the key. Default: unlimited.
            blocked: True if the key is created blocked.
            user_id: The user that owns the key. The proxy does not check that the user exists.
            team_id: The team that owns the key; the team's limits apply too. If the caller is an admin, the proxy
                accepts any id.
            organization_id: The organization that owns the key. Default: the team's.
            project_id: The project that owns the key; the project's limits apply too.
            agent_id: The agent that owns the key.
            models: Models that the key may call. Empty or omitted: all.
            aliases: Model aliases, requested name to actual model, such as `{"gpt-4": "gpt-4o-mini"}`.
            access_group_ids: Access groups whose models the key may call.
            allowed_routes: Routes that the key may call, such as `/chat/completions` or `/keys/*`. Requires an admin.
            allowed_passthrough_routes: Pass-through routes that the key may call. Requires a licence.
            denied_passthrough_routes: Pass-through routes that the key may not call, even if another setting allows
                them. Requires a licence.
            allowed_vector_store_indexes: Vector store indexes that the key may read or write.
            object_permission: Vector stores, MCP servers, agents and other objects that the key may use.
            permissions: Other permissions, such as `{"pii": False}`. Requires an admin.
            max_budget: Budget of a period in USD. Default: unlimited.
            soft_budget: Spend in USD at which the proxy sends an alert. The proxy creates a budget for it, which
                replaces `budget_id`.
            budget_duration: Period after which `spend` is reset to zero. Default: never. `7d` ends on Mondays, `30d`
                and `1mo` on the first of a month. Give periods longer than a day in days: `48h` ends at the next
                midnight (`litellm_core_utils/duration_parser.py`).
            budget_limits: Several budgets that apply at the same time.
            budget_id: An existing budget whose limits apply.
            end_user_budget_id: Budget of end users of this key who have none of their own. Requires an admin.
            model_max_budget: Budgets by model, such as `{"gpt-4": {"budget_limit": 1.0, "time_period": "30d"}}`.
                Requires a licence.
            budget_fallbacks: Models to fall back to when the budget of a model is exceeded.
            throttle_on_budget_exceeded: Throttle requests instead of refusing them when the budget is exceeded.
                Requires an admin.
            spend: Initial spend in USD. This does not set a limit.
            max_parallel_requests: Maximum number of concurrent requests.
            tpm_limit: Tokens per minute.
            rpm_limit: Requests per minute.
            tpd_limit: Tokens per day in batches.
            tpm_limit_type: Policy for a team whose keys' limits add up to more than its own: `guaranteed_throughput`
                makes it an error, `best_effort_throughput` (default) allows it, and `dynamic` lets the key exceed its
                limit while no provider refuses.
            rpm_limit_type: The same policy for `rpm_limit`.
            model_tpm_limit: Tokens per minute by model.
            model_rpm_limit: Requests per minute by model.
            mcp_rpm_limit: Requests per minute by MCP server.
            tag_rpm_limit: Requests per minute by request tag.
            default_estimated_output_tokens: Tokens counted towards `tpm_limit` when a request has no `max_tokens`.
                Requires an admin.
            default_estimated_output_tokens_per_model: The same by model. Requires an admin.
            metadata: Custom data. The proxy also stores some settings in it.
            tags: Tags of the key's requests, for spend reports and routing. Requires a licence.
            guardrails: Guardrails of the key's requests. Requires a licence.
            disable_global_guardrails: True to skip the proxy's global guardrails. Requires a licence.
            policies: Policies of the key's requests. Requires a licence.
            prompts: Prompts that the key is limited to. Requires a licence.
            enforced_params: Parameters that every request must have, such as `user`.
            allowed_cache_controls: Cache controls that a request may use, such as `no-cache`.
            enable_prompt_caching: True if the proxy marks prompts for the provider's cache.
            router_settings: Router settings for the key's requests, such as `{"num_retries": 3}`.
            config: Deprecated by the proxy.
            auto_rotate: True if the proxy rotates the key regularly. Requires `rotation_interval`.
            rotation_interval: Duration between two rotations. Requires `auto_rotate`.
            send_invite_email: True to send the key to the user by email.
            extra_body: Fields that this version does not know.

        Returns:
            The key. No later response contains it again.

        Raises:
            ConflictError: Another key has this alias.
        """
        body = fields(locals())
        _check_clearing(body)
        all_or_none(auto_rotate=auto_rotate or None, rotation_interval=rotation_interval)
        return post("/key/generate", GeneratedKey, json=body, retry=_retry_class(key, key_alias))

    create = generate

    def generate_service_account(
        self,
        *,
        team_id: str,
        key: str | None = None,
        key_alias: str | None = None,
        key_type: KeyType | None = None,
        duration: str | None = None,
        models: Sequence[str] | None = None,
        aliases: Mapping[str, str] | None = None,
        allowed_routes: Sequence[str] | None = None,
        object_permission: ObjectPermissionParam | None = None,
        max_budget: float | None = None,
        soft_budget: float | None = None,
        budget_duration: str | None = None,
        budget_limits: Sequence[BudgetLimitParam] | None = None,
        max_parallel_requests: int | None = None,
        tpm_limit: int | None = None,
        rpm_limit: int | None = None,
        metadata: Mapping[str, object] | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[GeneratedKey]:
        """Create a key that is owned by a team and by none of its members, so that it outlives them.

        `POST /key/service-account/generate`

        Args:
            team_id: The team that owns the key.
            key: A custom key; see `generate`.
            key_alias: A human-readable name, unique among all keys. It becomes `service_account_id` in the
                metadata, which cannot be changed later.
            key_type: What the key may call: `llm_api`, `management` or `read_only` routes. Default: all.
            duration: Lifetime of the key, such as `30d`. Default: unlimited.
            models: Models that the key may call. Empty or omitted: all of the team's models.
            aliases: Model aliases, requested name to actual model.
            allowed_routes: Routes that the key may call.
            object_permission: Vector stores, MCP servers, agents and other objects that the key may use.
            max_budget: Budget of a period in USD. Default: no limit besides the team's.
            soft_budget: Spend in USD at which the proxy sends an alert.
            budget_duration: Period after which `spend` is reset to zero. Default: never.
            budget_limits: Several budgets that apply at the same time.
            max_parallel_requests: Maximum number of concurrent requests.
            tpm_limit: Tokens per minute.
            rpm_limit: Requests per minute.
            metadata: Custom data.
            extra_body: Other parameters of `generate`, except `user_id`, which the proxy drops.

        Returns:
            The key. No later response contains it again.

        Raises:
            NotFoundError: The team does not exist.
            ConflictError: Another key has this alias.
        """
        body = fields(locals())
        _check_clearing(body)
        retry = _retry_class(key, key_alias)
        return post("/key/service-account/generate", GeneratedKey, json=body, retry=retry)

    def list(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        user_id: str | None = None,
        team_id: str | None = None,
        organization_id: str | None = None,
        project_id: str | None = None,
        agent_id: str | None = None,
        access_group_id: str | None = None,
        key_hash: str | None = None,
        key_alias: str | None = None,
        search: str | None = None,
        substring_matching: bool | None = None,
        status: KeyStatus | None = None,
        expires: Literal["active", "expired"] | None = None,
        include_team_keys: bool | None = None,
        include_created_by_keys: bool | None = None,
        return_full_object: bool = True,
        expand: Sequence[Literal["user"]] | None = None,
        sort_by: Literal["token", "key_alias", "spend", "max_budget", "created_at", "updated_at"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None,
    ) -> PageOperation[Key]:
        """List the keys that the caller may see, page by page.

        `GET /key/list`

        Admins see all keys, other callers their own. A key is listed if it matches all filters.

        Args:
            page: Page number, from 1.
            size: Keys per page, 1 to 100. Default: 10 (the proxy's).
            user_id: Only keys of this user.
            team_id: Only keys of this team.
            organization_id: Only keys of this organization.
            project_id: Only keys of this project.
            agent_id: Only keys of this agent.
            access_group_id: Only keys of this access group.
            key_hash: Only this key.
            key_alias: Only keys with this alias.
            search: Only keys whose alias contains this text, ignoring case, or whose hash equals it.
            substring_matching: True if `key_alias`, and for admins `user_id`, match any part of the value.
            status: Only keys with this status. `revoked` are the blocked ones; `deleted` lists the archive of deleted
                keys.
            expires: Only keys that have, or have not yet, expired.
            include_team_keys: True to include the keys of the teams that `user_id` administers.
            include_created_by_keys: True to include the keys that `user_id` created.
            return_full_object: True for complete rows; otherwise only `token` is set.
            expand: `["user"]` adds the user to each row, and makes the rows complete.
            sort_by: Field to sort by. Default: the hash. Reading all pages is exact only if no two keys have the same
                value.
            sort_order: `asc` or `desc` (the proxy's default).

        Returns:
            A page of keys. Iterate over it to read all pages.
        """
        query = fields(locals())
        check_page(page, size, maximum=100)
        if search is not None and re.fullmatch(r"sk-[\w-]{13,}", search):
            query["search"] = hash_of(search)
        if key_hash is not None:
            query["key_hash"] = hash_of(key_hash)
        # The proxy has no default order: without one, rows may repeat or be missing on the next page.
        query.setdefault("sort_by", "token")
        # A key that was created and deleted twice is in the archive twice.
        identity = "id" if status == "deleted" else "token"
        call = get("/key/list", KeyList, query=query)
        return PageOperation(call, Key, "rows", identity, page="page", total="total_count", total_pages="total_pages")

    def aliases(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        search: str | None = None,
        team_id: str | None = None,
    ) -> PageOperation[str]:
        """List the aliases of the keys that the caller may see, in alphabetical order.

        `GET /key/aliases`

        Args:
            page: Page number, from 1.
            size: Aliases per page, 1 to 100. Default: 50 (the proxy's).
            search: Only aliases that contain this text, ignoring case.
            team_id: Only aliases of this team's keys.

        Returns:
            A page of aliases. Iterate over it to read all pages.
        """
        query = fields(locals())
        check_page(page, size, maximum=100)
        call = get("/key/aliases", KeyAliasList, query=query)
        return PageOperation(call, str, "aliases", None, page="page", total="total_count", total_pages="total_pages")

    def info(self, key: str | None = None) -> Operation[KeyInfo]:
        """Get the settings and the spend of a key.

        `GET /key/info`

        Args:
            key: The key or its hash. Default: the client's own key.

        Returns:
            The key's settings and spend; for a deleted key the last ones, with the `status` `deleted`.

        Raises:
            NotFoundError: The key never existed, or it is the master key, which the proxy does not list.
        """
        return get("/key/info", KeyInfo, query={"key": None if key is None else hash_of(key)})

    get = info

    def update(
        self,
        key: str | None = None,
        *,
        key_alias: str | Null | None = None,
        duration: str | Null | None = None,
        blocked: bool | None = None,
        user_id: str | Null | None = None,
        team_id: str | Null | None = None,
        organization_id: str | Null | None = None,
        project_id: Null | None = None,
        agent_id: str | Null | None = None,
        models: Sequence[str] | None = None,
        aliases: Mapping[str, str] | None = None,
        access_group_ids: Sequence[str] | None = None,
        allowed_routes: Sequence[str] | None = None,
        allowed_passthrough_routes: Sequence[str] | None = None,
        denied_passthrough_routes: Sequence[str] | None = None,
        allowed_vector_store_indexes: Sequence[VectorStoreIndexParam] | None = None,
        object_permission: ObjectPermissionParam | None = None,
        permissions: Mapping[str, object] | None = None,
        max_budget: float | Null | None = None,
        soft_budget: float | Null | None = None,
        budget_duration: str | Null | None = None,
        budget_limits: Sequence[BudgetLimitParam] | None = None,
        budget_id: str | Null | None = None,
        end_user_budget_id: str | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | None = None,
        budget_fallbacks: Mapping[str, Sequence[str]] | None = None,
        temp_budget_increase: float | None = None,
        temp_budget_expiry: datetime | None = None,
        throttle_on_budget_exceeded: bool | None = None,
        spend: float | None = None,
        max_parallel_requests: int | Null | None = None,
        tpm_limit: int | Null | None = None,
        rpm_limit: int | Null | None = None,
        tpd_limit: int | Null | None = None,
        tpm_limit_type: LimitType | None = None,
        rpm_limit_type: LimitType | None = None,
        model_tpm_limit: Mapping[str, int] | None = None,
        model_rpm_limit: Mapping[str, int] | None = None,
        mcp_rpm_limit: Mapping[str, int] | None = None,
        tag_rpm_limit: Mapping[str, int] | None = None,
        default_estimated_output_tokens: int | None = None,
        default_estimated_output_tokens_per_model: Mapping[str, int] | None = None,
        metadata: Mapping[str, object] | None = None,
        tags: Sequence[str] | None = None,
        guardrails: Sequence[str] | None = None,
        disable_global_guardrails: bool | None = None,
        policies: Sequence[str] | None = None,
        prompts: Sequence[str] | None = None,
        enforced_params: Sequence[str] | None = None,
        allowed_cache_controls: Sequence[str] | None = None,
        enable_prompt_caching: bool | None = None,
        router_settings: Mapping[str, object] | Null | None = None,
        config: Mapping[str, object] | None = None,
        auto_rotate: bool | None = None,
        rotation_interval: str | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[UpdatedKey]:
        """Update settings of a key. Omitted settings stay unchanged; `NULL` clears a setting.

        `POST /key/update`

        An empty list or mapping clears a list or mapping. The settings that the proxy stores in the key's metadata
        (`model_tpm_limit`, `model_rpm_limit`, `mcp_rpm_limit`, `tag_rpm_limit`, the limit types, `enforced_params`,
        `tags`, `guardrails` and other licensed ones) can be cleared only by replacing the whole `metadata`.

        Args:
            key: The key or its hash. If omitted, `key_alias` identifies the key.
            key_alias: With `key`, its new alias.
            duration: Lifetime of the key from now on; `NULL` for unlimited.
            blocked: True if the key is blocked.
            user_id: The user that owns the key.
            team_id: The team that owns the key.
            organization_id: The organization that owns the key.
            project_id: `NULL` removes the key from its project. The proxy does not let it join another one.
            agent_id: The agent that owns the key.
            models: Models that the key may call. Empty: all.
            aliases: Model aliases, requested name to actual model.
            access_group_ids: Access groups whose models the key may call.
            allowed_routes: Routes that the key may call. Empty: all.
            allowed_passthrough_routes: Pass-through routes that the key may call. Requires a licence.
            denied_passthrough_routes: Pass-through routes that the key may not call. Requires a licence.
            allowed_vector_store_indexes: Vector store indexes that the key may read or write.
            object_permission: Vector stores, MCP servers, agents and other objects that the key may use. Omitted lists
                stay unchanged.
            permissions: Other permissions, such as `{"pii": False}`.
            max_budget: Budget of a period in USD.
            soft_budget: Spend in USD at which the proxy sends an alert.
            budget_duration: Period of the budget, such as `30d`. The first one begins now.
            budget_limits: Several budgets that apply at the same time.
            budget_id: An existing budget whose limits apply.
            end_user_budget_id: Budget of end users of this key who have none of their own. Empty: no budget.
            model_max_budget: Budgets by model. Requires a licence.
            budget_fallbacks: Models to fall back to when the budget of a model is exceeded.
            temp_budget_increase: USD added to the budget until `temp_budget_expiry`.
            temp_budget_expiry: Time at which the increase ends.
            throttle_on_budget_exceeded: Throttle requests instead of refusing them when the budget is exceeded.
            spend: Spend in USD. `reset_spend` is the safe way to lower it.
            max_parallel_requests: Maximum number of concurrent requests.
            tpm_limit: Tokens per minute.
            rpm_limit: Requests per minute.
            tpd_limit: Tokens per day in batches.
            tpm_limit_type: Policy for limits that add up to more than the team's; see `generate`.
            rpm_limit_type: The same policy for `rpm_limit`.
            model_tpm_limit: Tokens per minute by model.
            model_rpm_limit: Requests per minute by model.
            mcp_rpm_limit: Requests per minute by MCP server.
            tag_rpm_limit: Requests per minute by request tag.
            default_estimated_output_tokens: Tokens counted towards `tpm_limit` when a request has no `max_tokens`.
            default_estimated_output_tokens_per_model: The same by model.
            metadata: Replaces the whole metadata, including the settings that the proxy stores in it.
            tags: Tags of the key's requests. Requires a licence.
            guardrails: Guardrails of the key's requests. Requires a licence.
            disable_global_guardrails: True to skip the proxy's global guardrails. Requires a licence.
            policies: Policies of the key's requests. Requires a licence.
            prompts: Prompts that the key is limited to. Requires a licence.
            enforced_params: Parameters that every request must have.
            allowed_cache_controls: Cache controls that a request may use.
            enable_prompt_caching: True if the proxy marks prompts for the provider's cache.
            router_settings: Router settings for the key's requests.
            config: Deprecated by the proxy.
            auto_rotate: True if the proxy rotates the key regularly. To start rotation, give `rotation_interval` in the
                same call: only then the proxy schedules the first rotation.
            rotation_interval: Duration between two rotations.
            extra_body: Fields that this version does not know.

        Returns:
            The key with all of its settings.

        Raises:
            NotFoundError: The key, the alias or the team does not exist.
            BadRequestError: Several keys have this alias.
            ConflictError: Another key has the new alias.
        """
        body = fields(locals())
        at_least_one(key=key, key_alias=key_alias)
        all_or_none(temp_budget_increase=temp_budget_increase, temp_budget_expiry=temp_budget_expiry)
        _check_clearing(body)
        return post("/key/update", UpdatedKey, json={**body, "key": None if key is None else hash_of(key)})

    def bulk_update(self, keys: Sequence[KeyUpdateParam]) -> Operation[BulkUpdatedKeys]:
        """Update some settings of up to 500 keys. Requires an admin.

        `POST /key/bulk_update`

        Args:
            keys: Changes: mappings with `key` (the key or its hash) and any of `max_budget`, `budget_id`, `team_id`,
                `tags` and `object_permission`. Omitted settings stay unchanged; `None` clears a setting.

        Returns:
            The keys that were updated and, for each other key, the reason why it was not.
        """
        if not 1 <= len(keys) <= _MAXIMUM_BULK:
            raise UsageError(f"keys has {len(keys)} members: give 1 to {_MAXIMUM_BULK}")
        return post("/key/bulk_update", BulkUpdatedKeys, json={"keys": [{**u, "key": hash_of(u["key"])} for u in keys]})

    def delete(
        self, *, keys: Sequence[str] | None = None, key_aliases: Sequence[str] | None = None
    ) -> MultiStepOperation[DeletedKeys]:
        """Delete keys, given by key or by alias.

        `POST /key/delete`

        Keys and aliases are sent in two requests, because the proxy ignores aliases beside keys; if the second request
        fails, the keys are already deleted. For several keys, the proxy does not report which of them existed, so the
        client looks them up first. `return_request` does not include the look-up:

        `POST /v2/key/info`
        `GET /key/list`

        Args:
            keys: Keys or their hashes.
            key_aliases: Aliases.

        Returns:
            The keys and aliases that were deleted, and those that did not exist.

        Raises:
            NotFoundError: None of them exists.
            PermissionDeniedError: The caller may not delete one of them; none in the same request is deleted.
        """
        if not keys and not key_aliases:
            raise UsageError("nothing to delete: give keys, key_aliases or both")
        check_names("keys", keys or None)
        check_names("key_aliases", key_aliases or None)
        hashes = {key: hash_of(key) for key in keys or ()}
        wanted = {"keys": [*dict.fromkeys(hashes.values())], "key_aliases": [*dict.fromkeys(key_aliases or ())]}
        calls = [post("/key/delete", KeyDeletion, json={field: names}) for field, names in wanted.items() if names]

        async def run(send: Send) -> DeletedKeys:
            single = sum(map(len, wanted.values())) == 1
            there = {field: names if single else await existing(send, field, names) for field, names in wanted.items()}
            missing: NotFoundError | None = None
            deleted = False
            for call in calls:
                try:
                    await send(call)
                    deleted = True
                except NotFoundError as error:
                    missing = error
            if missing and not deleted:
                raise missing
            keys_there, aliases_there = there["keys"], there["key_aliases"]
            return DeletedKeys(
                deleted_keys=[key for key, hashed in hashes.items() if hashed in keys_there],
                deleted_aliases=[alias for alias in wanted["key_aliases"] if alias in aliases_there],
                missing_keys=[key for key, hashed in hashes.items() if hashed not in keys_there],
                missing_aliases=[alias for alias in wanted["key_aliases"] if alias not in aliases_there],
            )

        return MultiStepOperation(calls, run)

    def block(self, key: str) -> Operation[Key]:
        """Block a key. The proxy refuses its requests until it is unblocked.

        `POST /key/block`

        Args:
            key: The key or its hash.

        Returns:
            The updated key.

        Raises:
            NotFoundError: The key does not exist.
        """
        return post("/key/block", Key, json={"key": hash_of(key)})

    def unblock(self, key: str) -> Operation[Key]:
        """Unblock a key.

        `POST /key/unblock`

        Args:
            key: The key or its hash.

        Returns:
            The updated key.

        Raises:
            NotFoundError: The key does not exist.
        """
        return post("/key/unblock", Key, json={"key": hash_of(key)})

    def regenerate(
        self,
        key: str,
        *,
        new_key: str | None = None,
        grace_period: str | None = None,
        duration: str | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[GeneratedKey]:
        """Replace a key with a new one that has the same alias, settings and spend. Requires a licence.

        `POST /key/regenerate`

        Args:
            key: The key to replace, or its hash.
            new_key: A custom key, which begins with `sk-`. Default: the proxy generates one.
            grace_period: Duration for which the old key keeps working, such as `24h`. Default: none.
            duration: Lifetime of the new key from now on. Default: until the old key would have expired.
            extra_body: Settings to update at the same time; see `update`.

        Returns:
            The new key. No later response contains it again.

        Raises:
            InternalServerError: The proxy does not have a licence; the message says so.
            NotFoundError: The key does not exist.
        """
        body = fields(locals(), omit={"key"})
        return post("/key/regenerate", GeneratedKey, json={"key": hash_of(key), **body})

    def reset_spend(self, key: str, *, reset_to: float = 0.0) -> Operation[KeySpend]:
        """Reset the spend of a key to zero, or to another value below the current one.

        `POST /key/{key}/reset_spend`

        Args:
            key: The key or its hash.
            reset_to: New spend in USD; at most the current spend and at most the budget. Default: 0.

        Returns:
            The spend before and after.

        Raises:
            NotFoundError: The key does not exist.
        """
        body = fields(locals(), omit={"key"})
        return post(encode_path("/key/{}/reset_spend", hash_of(key)), KeySpend, json=body)

    def health(self) -> Operation[KeyHealth]:
        """Check the client's own key, and test its logging integration by sending a test record to it.

        `POST /key/health`

        Returns:
            The health of the key and of its logging integration.
        """
        return post("/key/health", KeyHealth)


def hash_of(key: str) -> str:
    """Return the sha256 hash that the proxy stores for a key.

    Raises:
        UsageError: It is neither a key nor a hash. The message does not repeat it.
    """
    if isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        if key.startswith("sk-"):
            return hashlib.sha256(key.encode()).hexdigest()
        if _HASH.fullmatch(key):
            return key
    raise UsageError("a key must be given as sk-... or as its sha256 hash of 64 hexadecimal digits")


def _check_clearing(body: Mapping[str, Any]) -> None:
    for name in _NEVER_NULL:
        if isinstance(body.get(name), Null):
            # The proxy accepts it, and then fails to list any key or to delete this one.
            raise UsageError(f"{name} cannot be cleared with NULL: give {{}}")


def _retry_class(key: str | None, key_alias: str | None) -> RetryClass:
    # After a first attempt that succeeded, the proxy would refuse the alias as taken.
    return "repeatable" if key is not None and key_alias is None else "change"


async def existing(send: Send, field: str, names: Sequence[str]) -> set[str]:
    """Return the hashes (`keys`) or aliases (`key_aliases`) that exist, as far as the caller may see.

    The bulk route returns only a count, so the list is bisected until all or none of a part exist. Keys of the type
    `management` may look up only one at a time (`proxy/_types.py`).
    """
    if not names:
        return set()
    if len(names) == 1:
        filters = {"keys": "key_hash", "key_aliases": "key_alias"}
        query: dict[str, QueryValue] = {filters[field]: names[0], "size": 1, "include_team_keys": True}
        try:
            return set(names) if (await send(get("/key/list", KeyList, query=query))).rows else set()
        except PermissionDeniedError:  # the proxy also returns it for a hash that does not exist
            return set()
    try:
        found = len((await send(post("/v2/key/info", KeyInfos, json={field: names}, retry="read"))).info)
    except PermissionDeniedError:
        return {name for name in names if await existing(send, field, [name])}
    if found in (0, len(names)):
        return set(names) if found else set()
    middle = len(names) // 2
    return await existing(send, field, names[:middle]) | await existing(send, field, names[middle:])
