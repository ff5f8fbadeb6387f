"""Virtual keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from .._wire.operation import (
    MultiStepOperation,
    Null,
    Operation,
    PageOperation,
    QueryValue,
    Send,
    encode_path,
    get,
    post,
)
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
    """Virtual keys: make, list, change and delete them.

    Wherever a method takes a key, it may be the key itself (`sk-...`) or its sha256 hash, which a listed key bears as
    `token`. Only the hash is sent, so that no key stands in an address, a log or an error message.
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
        """Make a key.

        `POST /key/generate`

        Durations are a whole number and a unit out of `s`, `m`, `h`, `d`, `w` and `mo`, such as `30d`, or one of
        `hourly`, `daily`, `weekly` and `monthly`. Budgets are in US dollars, per-minute limits count for each minute.

        Args:
            key: A key of your own, which begins with `sk-` and has at least 16 characters; by default the proxy makes
                one. A key that exists already is left as it is, though the answer looks like a new one
                (`proxy/utils.py`). Only with `key`, and without `key_alias`, the call is sent again after a failure.
            key_alias: A name for people, which no other key bears.
            key_type: What the key may call: `llm_api`, `management` or `read_only` routes; by default all.
            duration: How long the key works; by default for ever.
            blocked: Whether the key is blocked from the start.
            user_id: Whose key it is. The proxy does not check that there is such a user.
            team_id: The team that it belongs to and whose limits count too. Of an admin the proxy accepts any id.
            organization_id: The organization that it belongs to; by default the team's.
            project_id: The project that it belongs to and whose limits count too.
            agent_id: The agent that it belongs to.
            models: The models that it may call; empty or left out: all.
            aliases: Models to call in place of others, such as `{"gpt-4": "gpt-4o-mini"}`.
            access_group_ids: Access groups whose models it may call.
            allowed_routes: The routes that it may call, such as `/chat/completions` or `/keys/*`; needs an admin.
            allowed_passthrough_routes: The pass-through routes that it may call. Needs a licence.
            denied_passthrough_routes: Pass-through routes that it may not call, whatever else allows them. Needs a
                licence.
            allowed_vector_store_indexes: The indexes of vector stores that it may read or write.
            object_permission: The vector stores, MCP servers, agents and the like that it may use.
            permissions: Other permissions, such as `{"pii": False}`; needs an admin.
            max_budget: US dollars that may be spent in a period; by default without limit.
            soft_budget: US dollars at which an alert is sent. The proxy makes a budget of its own for it, which takes
                the place of `budget_id`.
            budget_duration: The period, after which `spend` begins again at zero; by default it never does. `7d` ends
                on Mondays, `30d` and `1mo` on the first of a month. Count periods of more than a day in days: `48h`
                ends at the next midnight (`litellm_core_utils/duration_parser.py`).
            budget_limits: Several budgets that count at the same time.
            budget_id: A budget made before, whose limits count.
            end_user_budget_id: The budget of end users who come through this key and have none; needs an admin.
            model_max_budget: Budgets by model, such as `{"gpt-4": {"budget_limit": 1.0, "time_period": "30d"}}`. Needs
                a licence.
            budget_fallbacks: Models to go on with when a model's own budget is spent.
            throttle_on_budget_exceeded: Slow down in place of refusing when the budget is spent; needs an admin.
            spend: US dollars that count as spent already. It is no limit.
            max_parallel_requests: How many requests may run at the same time.
            tpm_limit: Tokens a minute.
            rpm_limit: Requests a minute.
            tpd_limit: Tokens a day of batches.
            tpm_limit_type: Whether the limits of a team's keys may add up to more than the team's: an error with
                `guaranteed_throughput`, allowed with `best_effort_throughput` (default); `dynamic` lets the key exceed
                its limit while no provider refuses.
            rpm_limit_type: The same for requests.
            model_tpm_limit: Tokens a minute by model.
            model_rpm_limit: Requests a minute by model.
            mcp_rpm_limit: Requests a minute by MCP server.
            tag_rpm_limit: Requests a minute by tag of the request.
            default_estimated_output_tokens: Tokens that count for `tpm_limit` when a request names no `max_tokens`;
                needs an admin.
            default_estimated_output_tokens_per_model: The same by model; needs an admin.
            metadata: Anything you want to find again. The proxy also keeps settings in it.
            tags: Tags of its requests, for spend reports and routing. Needs a licence.
            guardrails: Guardrails of its requests. Needs a licence.
            disable_global_guardrails: Whether the proxy's own guardrails are left out. Needs a licence.
            policies: Policies of its requests. Needs a licence.
            prompts: The only prompts that it may use. Needs a licence.
            enforced_params: Parameters that each request must have, such as `user`.
            allowed_cache_controls: Cache controls that a request may use, such as `no-cache`.
            enable_prompt_caching: Whether the proxy marks prompts for the provider's cache.
            router_settings: Settings of the router for its requests, such as `{"num_retries": 3}`.
            config: Deprecated by the proxy.
            auto_rotate: Whether the proxy replaces the key from time to time; give `rotation_interval` too.
            rotation_interval: How often, as a duration; give `auto_rotate` too.
            send_invite_email: Whether the user is sent the key by email.
            extra_body: Fields that this version does not know.

        Returns:
            The key. No later answer will show it again.

        Raises:
            ConflictError: Another key bears the alias.
        """
        body = fields(locals())
        _check_clearing(body)
        all_or_none(auto_rotate=auto_rotate or None, rotation_interval=rotation_interval)
        return post("/key/generate", GeneratedKey, json=body, repeatable=_repeatable(key, key_alias))

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
        """Make a key that belongs to a team and to nobody in it, so that it outlives every member.

        `POST /key/service-account/generate`

        Args:
            team_id: The team that it belongs to.
            key: A key of your own; see `generate`.
            key_alias: A name for people, which no other key bears. It becomes `service_account_id` in the metadata,
                which cannot be changed later.
            key_type: What the key may call: `llm_api`, `management` or `read_only` routes; by default all.
            duration: How long the key works, such as `30d`; by default for ever.
            models: The models that it may call; empty or left out: all of the team's.
            aliases: Models to call in place of others.
            allowed_routes: The routes that it may call.
            object_permission: The vector stores, MCP servers, agents and the like that it may use.
            max_budget: US dollars that may be spent in a period; by default without limit of its own.
            soft_budget: US dollars at which an alert is sent.
            budget_duration: The period, after which `spend` begins again at zero; by default it never does.
            budget_limits: Several budgets that count at the same time.
            max_parallel_requests: How many requests may run at the same time.
            tpm_limit: Tokens a minute.
            rpm_limit: Requests a minute.
            metadata: Anything you want to find again.
            extra_body: Any other parameter of `generate` but `user_id`, which the proxy drops.

        Returns:
            The key. No later answer will show it again.

        Raises:
            NotFoundError: There is no such team.
            ConflictError: Another key bears the alias.
        """
        body = fields(locals())
        _check_clearing(body)
        repeatable = _repeatable(key, key_alias)
        return post("/key/service-account/generate", GeneratedKey, json=body, repeatable=repeatable)

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
        """List the keys that the caller may see, a page at a time.

        `GET /key/list`

        Admins see all keys, others their own. Filters narrow the list down; all of them must hold.

        Args:
            page: The page, from 1.
            size: Keys a page, 1 to 100; the proxy's default is 10.
            user_id: Keys of this user.
            team_id: Keys of this team.
            organization_id: Keys of this organization.
            project_id: Keys of this project.
            agent_id: Keys of this agent.
            access_group_id: Keys of this access group.
            key_hash: This key alone.
            key_alias: Keys of this alias.
            search: Keys whose alias holds this text, in whatever case, or whose hash it is.
            substring_matching: Whether `key_alias`, and for admins `user_id`, only need to hold the text given.
            status: Keys in this state: `revoked` are those blocked; `deleted` reads the archive of deleted keys.
            expires: Keys that are, or are not yet, past their time.
            include_team_keys: Whether the keys of teams that `user_id` administers are listed too.
            include_created_by_keys: Whether the keys that `user_id` made are listed too.
            return_full_object: Whether the rows hold all that the proxy knows; otherwise only `token` is set.
            expand: `["user"]` adds the user to each row, and makes the rows full.
            sort_by: By what to sort; by default by the hash. Reading all pages is only exact when no two keys are equal
                in it.
            sort_order: Falling (`desc`, the proxy's default) or rising.

        Returns:
            One page of keys. Iterate over it to read them all.
        """
        query = fields(locals())
        check_page(page, size, maximum=100)
        if search is not None and re.fullmatch(r"sk-[\w-]{13,}", search):
            query["search"] = hash_of(search)
        if key_hash is not None:
            query["key_hash"] = hash_of(key_hash)
        # The proxy has no order of its own: without one, rows may repeat or be missing on the next page.
        query.setdefault("sort_by", "token")
        # A key that was made and deleted twice is in the archive twice.
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
            page: The page, from 1.
            size: Aliases a page, 1 to 100; the proxy's default is 50.
            search: Aliases that hold this text, in whatever case.
            team_id: Aliases of this team's keys.

        Returns:
            One page of aliases. Iterate over it to read them all.
        """
        query = fields(locals())
        check_page(page, size, maximum=100)
        call = get("/key/aliases", KeyAliasList, query=query)
        return PageOperation(call, str, "aliases", None, page="page", total="total_count", total_pages="total_pages")

    def info(self, key: str | None = None) -> Operation[KeyInfo]:
        """Read what the proxy knows of a key.

        `GET /key/info`

        Args:
            key: The key or its hash; by default the client's own key.

        Returns:
            The key's settings and spend; of a deleted key the last ones, with `status` `deleted`.

        Raises:
            NotFoundError: There never was such a key. The master key is none either.
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
        """Change settings of a key; those left out stay as they are, and `NULL` takes a value back.

        `POST /key/update`

        An empty list or mapping takes a list or mapping back. The settings that the proxy keeps in the key's metadata
        (`model_tpm_limit`, `model_rpm_limit`, `mcp_rpm_limit`, `tag_rpm_limit`, the limit types, `enforced_params`,
        `tags`, `guardrails` and other licensed ones) can only be taken back by giving the whole `metadata` anew.

        Args:
            key: The key or its hash. Without it, `key_alias` says which key is meant.
            key_alias: With `key`, its new alias.
            duration: How long the key works from now on; `NULL`: for ever.
            blocked: Whether the key is blocked.
            user_id: Whose key it is.
            team_id: The team that it belongs to.
            organization_id: The organization that it belongs to.
            project_id: `NULL` takes the key out of its project. The proxy lets it into no other.
            agent_id: The agent that it belongs to.
            models: The models that it may call; empty: all.
            aliases: Models to call in place of others.
            access_group_ids: Access groups whose models it may call.
            allowed_routes: The routes that it may call; empty: all.
            allowed_passthrough_routes: The pass-through routes that it may call. Needs a licence.
            denied_passthrough_routes: Pass-through routes that it may not call. Needs a licence.
            allowed_vector_store_indexes: The indexes of vector stores that it may read or write.
            object_permission: The vector stores, MCP servers, agents and the like that it may use; lists that are left
                out stay.
            permissions: Other permissions, such as `{"pii": False}`.
            max_budget: US dollars that may be spent in a period.
            soft_budget: US dollars at which an alert is sent.
            budget_duration: The period of the budget, such as `30d`, whose first one begins now.
            budget_limits: Several budgets that count at the same time.
            budget_id: A budget made before, whose limits count.
            end_user_budget_id: The budget of end users who come through this key and have none; empty: none.
            model_max_budget: Budgets by model. Needs a licence.
            budget_fallbacks: Models to go on with when a model's own budget is spent.
            temp_budget_increase: US dollars that are added to the budget until `temp_budget_expiry`.
            temp_budget_expiry: When the increase ends.
            throttle_on_budget_exceeded: Slow down in place of refusing when the budget is spent.
            spend: US dollars that count as spent. See `reset_spend` for the safe way to lower it.
            max_parallel_requests: How many requests may run at the same time.
            tpm_limit: Tokens a minute.
            rpm_limit: Requests a minute.
            tpd_limit: Tokens a day of batches.
            tpm_limit_type: Whether the limits of a team's keys may add up to more than the team's; see `generate`.
            rpm_limit_type: The same for requests.
            model_tpm_limit: Tokens a minute by model.
            model_rpm_limit: Requests a minute by model.
            mcp_rpm_limit: Requests a minute by MCP server.
            tag_rpm_limit: Requests a minute by tag of the request.
            default_estimated_output_tokens: Tokens that count for `tpm_limit` when a request names no `max_tokens`.
            default_estimated_output_tokens_per_model: The same by model.
            metadata: Replaces the whole metadata, and with it the settings that the proxy keeps in it.
            tags: Tags of its requests. Needs a licence.
            guardrails: Guardrails of its requests. Needs a licence.
            disable_global_guardrails: Whether the proxy's own guardrails are left out. Needs a licence.
            policies: Policies of its requests. Needs a licence.
            prompts: The only prompts that it may use. Needs a licence.
            enforced_params: Parameters that each request must have.
            allowed_cache_controls: Cache controls that a request may use.
            enable_prompt_caching: Whether the proxy marks prompts for the provider's cache.
            router_settings: Settings of the router for its requests.
            config: Deprecated by the proxy.
            auto_rotate: Whether the proxy replaces the key from time to time. To begin with it, give
                `rotation_interval` in the same call: the proxy plans the first time only then.
            rotation_interval: How often, as a duration.
            extra_body: Fields that this version does not know.

        Returns:
            The key with all its settings.

        Raises:
            NotFoundError: There is no such key, or none of that alias, or no such team.
            BadRequestError: Several keys bear the alias.
            ConflictError: Another key bears the new alias.
        """
        body = fields(locals())
        at_least_one(key=key, key_alias=key_alias)
        all_or_none(temp_budget_increase=temp_budget_increase, temp_budget_expiry=temp_budget_expiry)
        _check_clearing(body)
        return post("/key/update", UpdatedKey, json={**body, "key": None if key is None else hash_of(key)})

    def bulk_update(self, keys: Sequence[KeyUpdateParam]) -> Operation[BulkUpdatedKeys]:
        """Change some settings of up to 500 keys, each to values of its own. Needs an admin.

        `POST /key/bulk_update`

        Args:
            keys: What to change: mappings with `key` (the key or its hash) and any of `max_budget`, `budget_id`,
                `team_id`, `tags` and `object_permission`. What a mapping leaves out stays, and `None` takes a value
                back.

        Returns:
            Which keys were changed, and why others were not: each counts for itself.
        """
        if not 1 <= len(keys) <= _MAXIMUM_BULK:
            raise UsageError(f"keys has {len(keys)} members: give 1 to {_MAXIMUM_BULK}")
        return post("/key/bulk_update", BulkUpdatedKeys, json={"keys": [{**u, "key": hash_of(u["key"])} for u in keys]})

    def delete(
        self, *, keys: Sequence[str] | None = None, key_aliases: Sequence[str] | None = None
    ) -> MultiStepOperation[DeletedKeys]:
        """Delete keys, by themselves and by their aliases.

        `POST /key/delete`

        Keys and aliases are two requests, since the proxy ignores aliases beside keys; when the second one fails, the
        keys are deleted already. Of several keys the proxy would not say which of them were there, so that is read
        first, by a look-up that `return_request` leaves out:

        `POST /v2/key/info`
        `GET /key/list`

        Args:
            keys: Keys or their hashes.
            key_aliases: Aliases.

        Returns:
            What was deleted, and what was not there.

        Raises:
            NotFoundError: None of them was there.
            PermissionDeniedError: One of them is not the caller's to delete; all of its request are left.
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
        """Block a key: its requests are refused until it is unblocked.

        `POST /key/block`

        Args:
            key: The key or its hash.

        Returns:
            The key as it is now.

        Raises:
            NotFoundError: There is no such key.
        """
        return post("/key/block", Key, json={"key": hash_of(key)})

    def unblock(self, key: str) -> Operation[Key]:
        """Let a blocked key make requests again.

        `POST /key/unblock`

        Args:
            key: The key or its hash.

        Returns:
            The key as it is now.

        Raises:
            NotFoundError: There is no such key.
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
        """Replace a key by a new one that has its alias, settings and spend. Needs a licence.

        `POST /key/regenerate`

        Args:
            key: The key to replace, or its hash.
            new_key: A new key of your own, which begins with `sk-`; by default the proxy makes one.
            grace_period: How long the old key goes on to work, such as `24h`; by default not at all.
            duration: How long the new key works from now on; by default until the old one would have expired.
            extra_body: Settings to change on the way; see `update`.

        Returns:
            The new key. No later answer will show it again.

        Raises:
            InternalServerError: The proxy has no licence; the message says so.
            NotFoundError: There is no such key.
        """
        body = fields(locals(), omit={"key"})
        return post("/key/regenerate", GeneratedKey, json={"key": hash_of(key), **body})

    def reset_spend(self, key: str, *, reset_to: float = 0.0) -> Operation[KeySpend]:
        """Set what a key has spent back to zero, or to another value below what it is.

        `POST /key/{key}/reset_spend`

        Args:
            key: The key or its hash.
            reset_to: US dollars, at most what is spent and at most the budget.

        Returns:
            The spend before and after.

        Raises:
            NotFoundError: There is no such key.
        """
        body = fields(locals(), omit={"key"})
        return post(encode_path("/key/{}/reset_spend", hash_of(key)), KeySpend, json=body)

    def health(self) -> Operation[KeyHealth]:
        """Check the client's own key, and the logging that it asks for by sending a made-up record to it.

        `POST /key/health`

        Returns:
            Whether they are healthy.
        """
        return post("/key/health", KeyHealth)


def hash_of(key: str) -> str:
    """The sha256 hash by which the proxy knows a key.

    Raises:
        UsageError: It is neither a key nor a hash. The message does not repeat it.
    """
    if isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        if key.startswith("sk-"):
            return hashlib.sha256(key.encode()).hexdigest()
        if _HASH.fullmatch(key):
            return key
    raise UsageError("a key must be given as itself (sk-...) or as its sha256 hash of 64 hexadecimal digits")


def _check_clearing(body: Mapping[str, Any]) -> None:
    for name in _NEVER_NULL:
        if isinstance(body.get(name), Null):
            # The proxy would take it, and then fail to list any keys or to delete this one.
            raise UsageError(f"{name} cannot be cleared with NULL: give {{}}")


def _repeatable(key: str | None, key_alias: str | None) -> bool:
    # The proxy would refuse the alias of its own first attempt as taken.
    return key is not None and key_alias is None


async def existing(send: Send, field: str, names: Sequence[str]) -> set[str]:
    """Those of some hashes (`keys`) or aliases (`key_aliases`) that exist, as far as the caller may see.

    The proxy tells of many how many exist, of one whether it does; so the many are halved until all or none are there.
    Keys of the type `management` may only ask for one at a time (`proxy/_types.py`).
    """
    if not names:
        return set()
    if len(names) == 1:
        filters = {"keys": "key_hash", "key_aliases": "key_alias"}
        query: dict[str, QueryValue] = {filters[field]: names[0], "size": 1, "include_team_keys": True}
        try:
            return set(names) if (await send(get("/key/list", KeyList, query=query))).rows else set()
        except PermissionDeniedError:  # also of a hash that is not there
            return set()
    try:
        found = len((await send(post("/v2/key/info", KeyInfos, json={field: names}, repeatable=True))).info)
    except PermissionDeniedError:
        return {name for name in names if await existing(send, field, [name])}
    if found in (0, len(names)):
        return set(names) if found else set()
    middle = len(names) // 2
    return await existing(send, field, names[:middle]) | await existing(send, field, names[middle:])
