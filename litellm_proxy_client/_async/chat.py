# Generated from _endpoints/chat.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource
from .._endpoints import chat as _endpoints
from ..streams import AsyncChatCompletionStream

if TYPE_CHECKING:
    from .._wire.parameters import QueryValue
    from ..types.chat import ChatCompletion
    from ..types.message import MessageParam
    from collections.abc import Mapping
    from collections.abc import Sequence
    import httpx


class AsyncChat(AsyncResource):
    """Chat models."""

    @cached_property
    def completions(self) -> AsyncCompletions:
        """Chat completions."""
        return AsyncCompletions(self._executor)


class AsyncCompletions(AsyncResource):
    """Chat completions."""

    _endpoints = _endpoints.Completions()

    @overload
    async def create(
        self, *, model: str, messages: Sequence[MessageParam], stream: Literal[False] = False,
        stream_options: Mapping[str, object] | None = None, temperature: float | None = None,
        top_p: float | None = None, max_completion_tokens: int | None = None, max_tokens: int | None = None,
        n: int | None = None, stop: str | Sequence[str] | None = None, seed: int | None = None,
        frequency_penalty: float | None = None, presence_penalty: float | None = None,
        logit_bias: Mapping[str, int] | None = None, logprobs: bool | None = None, top_logprobs: int | None = None,
        response_format: Mapping[str, object] | None = None, tools: Sequence[Mapping[str, object]] | None = None,
        tool_choice: str | Mapping[str, object] | None = None, parallel_tool_calls: bool | None = None,
        functions: Sequence[Mapping[str, object]] | None = None,
        function_call: str | Mapping[str, object] | None = None, reasoning_effort: str | None = None,
        thinking: Mapping[str, object] | None = None, verbosity: str | None = None,
        modalities: Sequence[str] | None = None, audio: Mapping[str, object] | None = None,
        prediction: Mapping[str, object] | None = None, web_search_options: Mapping[str, object] | None = None,
        moderation: Mapping[str, object] | None = None, service_tier: str | None = None, store: bool | None = None,
        prompt_cache_key: str | None = None, prompt_cache_options: Mapping[str, object] | None = None,
        prompt_cache_retention: Literal["in_memory", "24h"] | None = None, safety_identifier: str | None = None,
        user: str | None = None, metadata: Mapping[str, object] | None = None, tags: Sequence[str] | None = None,
        litellm_metadata: Mapping[str, object] | None = None, litellm_session_id: str | None = None,
        litellm_trace_id: str | None = None, no_log: bool | None = None, fastest_response: bool | None = None,
        fallbacks: Sequence[str | Mapping[str, object]] | None = None,
        context_window_fallbacks: Sequence[Mapping[str, Sequence[str]]] | None = None,
        content_policy_fallbacks: Sequence[Mapping[str, Sequence[str]]] | None = None,
        context_window_fallback_dict: Mapping[str, str] | None = None, max_fallbacks: int | None = None,
        include_fallback_errors: bool | None = None, num_retries: int | None = None, proxy_timeout: float | None = None,
        proxy_stream_timeout: float | None = None, keepalive_seconds: float | None = None,
        cache: Mapping[str, object] | None = None, caching: bool | None = None,
        guardrails: Sequence[str | Mapping[str, object]] | None = None, prompt_id: str | None = None,
        prompt_variables: Mapping[str, object] | None = None, prompt_version: int | None = None,
        prompt_label: str | None = None, drop_params: bool | None = None,
        allowed_openai_params: Sequence[str] | None = None,
        provider_specific_header: Mapping[str, object] | None = None,
        merge_reasoning_content_in_choices: bool | None = None, enable_json_schema_validation: bool | None = None,
        extra_body: Mapping[str, object] | None = None, extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, QueryValue] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ChatCompletion: ...
    @overload
    async def create(
        self, *, model: str, messages: Sequence[MessageParam], stream: Literal[True],
        stream_options: Mapping[str, object] | None = None, temperature: float | None = None,
        top_p: float | None = None, max_completion_tokens: int | None = None, max_tokens: int | None = None,
        n: int | None = None, stop: str | Sequence[str] | None = None, seed: int | None = None,
        frequency_penalty: float | None = None, presence_penalty: float | None = None,
        logit_bias: Mapping[str, int] | None = None, logprobs: bool | None = None, top_logprobs: int | None = None,
        response_format: Mapping[str, object] | None = None, tools: Sequence[Mapping[str, object]] | None = None,
        tool_choice: str | Mapping[str, object] | None = None, parallel_tool_calls: bool | None = None,
        functions: Sequence[Mapping[str, object]] | None = None,
        function_call: str | Mapping[str, object] | None = None, reasoning_effort: str | None = None,
        thinking: Mapping[str, object] | None = None, verbosity: str | None = None,
        modalities: Sequence[str] | None = None, audio: Mapping[str, object] | None = None,
        prediction: Mapping[str, object] | None = None, web_search_options: Mapping[str, object] | None = None,
        moderation: Mapping[str, object] | None = None, service_tier: str | None = None, store: bool | None = None,
        prompt_cache_key: str | None = None, prompt_cache_options: Mapping[str, object] | None = None,
        prompt_cache_retention: Literal["in_memory", "24h"] | None = None, safety_identifier: str | None = None,
        user: str | None = None, metadata: Mapping[str, object] | None = None, tags: Sequence[str] | None = None,
        litellm_metadata: Mapping[str, object] | None = None, litellm_session_id: str | None = None,
        litellm_trace_id: str | None = None, no_log: bool | None = None, fastest_response: bool | None = None,
        fallbacks: Sequence[str | Mapping[str, object]] | None = None,
        context_window_fallbacks: Sequence[Mapping[str, Sequence[str]]] | None = None,
        content_policy_fallbacks: Sequence[Mapping[str, Sequence[str]]] | None = None,
        context_window_fallback_dict: Mapping[str, str] | None = None, max_fallbacks: int | None = None,
        include_fallback_errors: bool | None = None, num_retries: int | None = None, proxy_timeout: float | None = None,
        proxy_stream_timeout: float | None = None, keepalive_seconds: float | None = None,
        cache: Mapping[str, object] | None = None, caching: bool | None = None,
        guardrails: Sequence[str | Mapping[str, object]] | None = None, prompt_id: str | None = None,
        prompt_variables: Mapping[str, object] | None = None, prompt_version: int | None = None,
        prompt_label: str | None = None, drop_params: bool | None = None,
        allowed_openai_params: Sequence[str] | None = None,
        provider_specific_header: Mapping[str, object] | None = None,
        merge_reasoning_content_in_choices: bool | None = None, enable_json_schema_validation: bool | None = None,
        extra_body: Mapping[str, object] | None = None, extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, QueryValue] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> AsyncChatCompletionStream: ...
    @overload
    async def create(
        self, *, model: str, messages: Sequence[MessageParam], stream: bool,
        stream_options: Mapping[str, object] | None = None, temperature: float | None = None,
        top_p: float | None = None, max_completion_tokens: int | None = None, max_tokens: int | None = None,
        n: int | None = None, stop: str | Sequence[str] | None = None, seed: int | None = None,
        frequency_penalty: float | None = None, presence_penalty: float | None = None,
        logit_bias: Mapping[str, int] | None = None, logprobs: bool | None = None, top_logprobs: int | None = None,
        response_format: Mapping[str, object] | None = None, tools: Sequence[Mapping[str, object]] | None = None,
        tool_choice: str | Mapping[str, object] | None = None, parallel_tool_calls: bool | None = None,
        functions: Sequence[Mapping[str, object]] | None = None,
        function_call: str | Mapping[str, object] | None = None, reasoning_effort: str | None = None,
        thinking: Mapping[str, object] | None = None, verbosity: str | None = None,
        modalities: Sequence[str] | None = None, audio: Mapping[str, object] | None = None,
        prediction: Mapping[str, object] | None = None, web_search_options: Mapping[str, object] | None = None,
        moderation: Mapping[str, object] | None = None, service_tier: str | None = None, store: bool | None = None,
        prompt_cache_key: str | None = None, prompt_cache_options: Mapping[str, object] | None = None,
        prompt_cache_retention: Literal["in_memory", "24h"] | None = None, safety_identifier: str | None = None,
        user: str | None = None, metadata: Mapping[str, object] | None = None, tags: Sequence[str] | None = None,
        litellm_metadata: Mapping[str, object] | None = None, litellm_session_id: str | None = None,
        litellm_trace_id: str | None = None, no_log: bool | None = None, fastest_response: bool | None = None,
        fallbacks: Sequence[str | Mapping[str, object]] | None = None,
        context_window_fallbacks: Sequence[Mapping[str, Sequence[str]]] | None = None,
        content_policy_fallbacks: Sequence[Mapping[str, Sequence[str]]] | None = None,
        context_window_fallback_dict: Mapping[str, str] | None = None, max_fallbacks: int | None = None,
        include_fallback_errors: bool | None = None, num_retries: int | None = None, proxy_timeout: float | None = None,
        proxy_stream_timeout: float | None = None, keepalive_seconds: float | None = None,
        cache: Mapping[str, object] | None = None, caching: bool | None = None,
        guardrails: Sequence[str | Mapping[str, object]] | None = None, prompt_id: str | None = None,
        prompt_variables: Mapping[str, object] | None = None, prompt_version: int | None = None,
        prompt_label: str | None = None, drop_params: bool | None = None,
        allowed_openai_params: Sequence[str] | None = None,
        provider_specific_header: Mapping[str, object] | None = None,
        merge_reasoning_content_in_choices: bool | None = None, enable_json_schema_validation: bool | None = None,
        extra_body: Mapping[str, object] | None = None, extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, QueryValue] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ChatCompletion | AsyncChatCompletionStream: ...
    @overload
    async def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def create(self, *arguments: Any, **named: Any) -> ChatCompletion | AsyncChatCompletionStream | httpx.Request:
        """Create a chat completion: a model's response to a conversation.

        `POST /v1/chat/completions`

        The proxy refuses parameters that the model does not support, or drops them with `drop_params`. Where no default
        is given here, the provider's default applies.

        Args:
            model: The model's public name on the proxy. With `fastest_response`, several names, separated by commas.
            messages: The conversation so far: dicts as in OpenAI's API, or messages such as `UserMessage`. The message
                of an earlier completion can be used unchanged.
            stream: True for a stream of chunks instead of the whole completion.
            stream_options: Options of a stream. Default: `{"include_usage": True}`, which adds the token usage and its
                cost to the last chunk. The proxy counts them in any case.
            temperature: Sampling temperature, 0 to 2. Higher values make the choice of tokens more random. Default: 1.
            top_p: Nucleus sampling: choose among the most likely tokens that together have this probability, 0 to 1.
                Default: 1.
            max_completion_tokens: Maximum number of tokens in the completion, including reasoning.
            max_tokens: Older name of `max_completion_tokens`.
            n: Number of choices to generate, from 1. Default: 1. All of them are billed.
            stop: Up to four strings at which the model stops. They are not part of the completion.
            seed: Makes equal requests return equal completions, as far as the provider can.
            frequency_penalty: Makes tokens less likely the more often they have appeared, -2 to 2. Default: 0.
            presence_penalty: Makes tokens less likely once they have appeared, -2 to 2. Default: 0.
            logit_bias: Values added to the logits of tokens, by token id, -100 to 100.
            logprobs: True to return the log probability of each token of the completion. Default: False.
            top_logprobs: Number of most likely tokens to return at each position, 0 to 20. Requires `logprobs`.
            response_format: `{"type": "json_schema", "json_schema": {"name": ..., "schema": {...}}}` for JSON that
                matches a schema, `{"type": "json_object"}` for any JSON.
            tools: Tools that the model may call:
                `{"type": "function", "function": {"name", "description", "parameters"}}`.
            tool_choice: `"auto"`, `"none"`, `"required"`, or the tool that the model must call, in the format of
                `tools`.
            parallel_tool_calls: True if the model may call several tools at once. Default: True.
            functions: Replaced by `tools`.
            function_call: Replaced by `tool_choice`.
            reasoning_effort: Reasoning effort, such as `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`.
            thinking: Token budget for reasoning, for Anthropic: `{"type": "enabled", "budget_tokens": 1024}`.
            verbosity: Verbosity of the completion: `low`, `medium` or `high`. Default: `medium`.
            modalities: Output types: `["text"]` (the default) or `["text", "audio"]`.
            audio: Settings of audio output, such as `{"voice": "alloy", "format": "wav"}`.
            prediction: Predicted output, which reduces latency: `{"type": "content", "content": ...}`, where the
                content is what much of the completion will be.
            web_search_options: Enables web search: `{}`, or options such as `{"search_context_size": "low"}`.
            moderation: Enables OpenAI's check of the conversation: `{"model": "omni-moderation-latest"}`.
            service_tier: Service tier, such as `auto`, `default`, `flex` or `priority`.
            store: True if OpenAI stores the completion.
            prompt_cache_key: Groups requests that begin alike, which increases the hit rate of the provider's prompt
                cache.
            prompt_cache_options: Options of OpenAI's prompt cache: `{"mode": "implicit" or "explicit", "ttl": "30m"}`.
            prompt_cache_retention: Time for which OpenAI may keep the prompt in its cache: `in_memory` or `24h`.
            safety_identifier: A stable id of your end user, at most 64 characters, which OpenAI uses to detect abuse.
            user: Id of your end user. The proxy attributes the spend to this user and applies the user's budget.
            metadata: Data for the logs and the spend records: `tags`, `session_id`, `trace_id`, `trace_name`,
                `generation_name` and anything else. Keys that begin with `user_api_key_` are reserved for the proxy and
                are dropped.
            tags: Tags of the request. Spend reports group by them, and the proxy may select a deployment by them.
            litellm_metadata: Same as `metadata`, into which the proxy merges it.
            litellm_session_id: Groups the requests of one conversation in the logs.
            litellm_trace_id: Groups the requests of one task in the logs. `litellm_session_id` takes precedence.
            no_log: True to keep this request out of the operator's loggers. The spend is recorded in any case. An
                operator can disable this parameter.
            fastest_response: True to send the request to all models named in `model` and return the first completion
                that succeeds. The other requests are cancelled, but may have been billed.
            fallbacks: Models to try in order when the model fails: names, or `{"model": ..., "temperature": ...}` with
                parameters to override.
            context_window_fallbacks: Models to try when the conversation is too long: `[{"model": ["longer-model"]}]`.
            content_policy_fallbacks: Models to try when the provider's content filter refuses:
                `[{"model": ["other"]}]`.
            context_window_fallback_dict: No effect with current proxies, whose router uses `context_window_fallbacks`.
            max_fallbacks: Maximum number of fallbacks to try, from 0. Default: 5.
            include_fallback_errors: True to return why the preceding models failed, in the header
                `x-litellm-fallback-errors` or in a chunk without choices. Requires the operator's setting
                `expose_fallback_errors_to_caller`.
            num_retries: Maximum number of retries by the proxy itself, from 0. Default: the operator's.
            proxy_timeout: Timeout in seconds of each attempt that the proxy makes at its provider (`timeout` in the
                request body, with the alias `request_timeout`). Default: the operator's, or 6000.
            proxy_stream_timeout: The same for streams: seconds to the first chunk and between two chunks
                (`stream_timeout` in the request body).
            keepalive_seconds: Seconds without data after which the proxy sends a comment in a stream, 1 to 300.
                Requires a deployment with `allow_client_keepalive_override`.
            cache: Controls of the proxy's response cache: `{"no-cache": True}` does not read from it,
                `{"no-store": True}` does not write to it, `ttl` is the time in seconds to keep the response, `s-maxage`
                the maximum age in seconds of a cached response, `namespace` separates the entry from others, and
                `{"use-cache": True}` opts in if the operator made the cache opt-in.
            caching: `False` bypasses the proxy's cache, `True` uses it.
            guardrails: Guardrails to run in addition to the operator's: names, or `{name: {"extra_body": {...}}}`.
                Names that the proxy does not know are silently ignored.
            prompt_id: Id of a prompt stored by the proxy, which is put before `messages`. An unknown id is silently
                ignored.
            prompt_variables: Values of the prompt's variables.
            prompt_version: Version of the prompt. Default: the latest.
            prompt_label: Label of the prompt, such as `production`, if the prompts are stored in Langfuse.
            drop_params: True to drop parameters that the model does not support, instead of refusing the request.
                Default: the operator's.
            allowed_openai_params: Parameters to send even if LiteLLM considers them unsupported by the model.
            provider_specific_header: Headers to send only to certain providers:
                `{"custom_llm_provider": "openai,azure", "extra_headers": {...}}`.
            merge_reasoning_content_in_choices: True if streams contain the reasoning as content, between `<think>` and
                `</think>`.
            enable_json_schema_validation: True if a completion that is not streamed and does not match
                `response_format` is an error 500.
            extra_body: Fields that this version does not know. They take precedence over the other parameters.
            extra_headers: Headers of the request to the proxy.
            extra_query: Query parameters of the request.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The completion; with `stream=True`, a stream of chunks.

        Raises:
            UsageError: No model or no message is given, or `model` names several models without `fastest_response`.
            ContextWindowExceededError: The conversation is too long for the model.
            ContentFilterError: The provider's content filter refused the conversation.
        """
        return await self._run_endpoint(self._endpoints.create, arguments, named, AsyncChatCompletionStream)

    @overload
    async def create_many(
        self, *, models: Sequence[str], messages: Sequence[MessageParam], temperature: float | None = None,
        max_completion_tokens: int | None = None, max_tokens: int | None = None,
        stop: str | Sequence[str] | None = None, response_format: Mapping[str, object] | None = None,
        tools: Sequence[Mapping[str, object]] | None = None, tool_choice: str | Mapping[str, object] | None = None,
        reasoning_effort: str | None = None, user: str | None = None, metadata: Mapping[str, object] | None = None,
        tags: Sequence[str] | None = None, proxy_timeout: float | None = None,
        extra_body: Mapping[str, object] | None = None, extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, QueryValue] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> list[ChatCompletion]: ...
    @overload
    async def create_many(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def create_many(self, *arguments: Any, **named: Any) -> list[ChatCompletion] | httpx.Request:
        """Create completions from several models for the same messages, at the same time.

        `POST /v1/chat/completions`

        If one model fails, the call does not: the list then contains a completion without choices for that model, whose
        `failure` contains the reason. The call takes as long as the slowest model.

        Args:
            models: The public names of the models, at least two.
            messages: See `create`.
            temperature: See `create`.
            max_completion_tokens: See `create`.
            max_tokens: See `create`.
            stop: See `create`.
            response_format: See `create`.
            tools: See `create`.
            tool_choice: See `create`.
            reasoning_effort: See `create`.
            user: See `create`.
            metadata: See `create`.
            tags: See `create`.
            proxy_timeout: See `create`.
            extra_body: Other parameters of `create`, by their names in the request body.
            extra_headers: See `create`.
            extra_query: See `create`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The completions in the order of `models`. Their `model` is the provider's own name of the model.

        Raises:
            UsageError: Fewer than two models are given, a name is empty or contains a comma, or no message is given.
        """
        return await self._run_endpoint(self._endpoints.create_many, arguments, named)
