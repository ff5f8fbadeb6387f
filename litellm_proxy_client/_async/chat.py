# Generated from _endpoints/chat.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource
from .._endpoints import chat as _endpoints

if TYPE_CHECKING:
    from .._clients.stream import AsyncStream
    from .._wire.operation import QueryValue
    from ..types.chat import ChatCompletion
    from ..types.chat import ChatCompletionChunk
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
    ) -> AsyncStream[ChatCompletionChunk]: ...
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
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk]: ...
    @overload
    async def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def create(
        self, *arguments: Any, **named: Any,
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk] | httpx.Request:
        """Have a model answer a conversation.

        `POST /v1/chat/completions`

        What a model does not support is refused by the proxy, or dropped with `drop_params`. Where no default is
        given, it is the provider's.

        Args:
            model: The model's public name on the proxy. With `fastest_response`, several, separated by commas.
            messages: The conversation so far: dicts as in OpenAI's API, or messages such as `UserMessage`; the message
                of an earlier answer as it is.
            stream: Answer with a stream of chunks instead of the whole completion.
            stream_options: Options of a stream; by default `{"include_usage": True}`, which has the last chunk tell the
                tokens used and their cost. The proxy counts them in any case.
            temperature: How freely tokens are chosen, 0 to 2; 1 by default.
            top_p: Choose among the likeliest tokens that together have this probability, 0 to 1; 1 by default.
            max_completion_tokens: The most tokens that an answer may take, reasoning included.
            max_tokens: The same, under its older name.
            n: How many answers to give, from 1; 1 by default. All of them are paid for.
            stop: Up to four texts at which the model stops; they are not part of the answer.
            seed: Makes equal requests give equal answers, as far as the provider can.
            frequency_penalty: Makes tokens less likely the more often they have come, -2 to 2; 0 by default.
            presence_penalty: Makes tokens less likely once they have come, -2 to 2; 0 by default.
            logit_bias: What to add to the likelihood of tokens by their number in the vocabulary, -100 to 100.
            logprobs: Tell how likely each token of the answer was; not by default.
            top_logprobs: How many of the likeliest tokens to tell for each place, 0 to 20; needs `logprobs`.
            response_format: `{"type": "json_schema", "json_schema": {"name": ..., "schema": {...}}}` for JSON that
                fits a schema, `{"type": "json_object"}` for any JSON.
            tools: What the model may call: `{"type": "function", "function": {"name", "description", "parameters"}}`.
            tool_choice: `"auto"`, `"none"`, `"required"`, or the tool that must be called, as in `tools`.
            parallel_tool_calls: Whether the model may call several tools at once; it may by default.
            functions: What `tools` replaced.
            function_call: What `tool_choice` replaced.
            reasoning_effort: How long to think, such as `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`.
            thinking: How many tokens to think, for Anthropic: `{"type": "enabled", "budget_tokens": 1024}`.
            verbosity: How much to say: `low`, `medium`, `high`; `medium` by default.
            modalities: What to answer with: `["text"]`, the default, or `["text", "audio"]`.
            audio: How to speak, such as `{"voice": "alloy", "format": "wav"}`.
            prediction: What much of the answer will be, `{"type": "content", "content": ...}`, to have it sooner.
            web_search_options: Lets the model search the web; `{}` or `{"search_context_size": "low"}` and others.
            moderation: Has OpenAI check the conversation, `{"model": "omni-moderation-latest"}`.
            service_tier: The class of service: `auto`, `default`, `flex`, `priority` and others.
            store: Whether OpenAI keeps the completion.
            prompt_cache_key: Groups requests that begin alike, so that the provider's prompt cache finds more.
            prompt_cache_options: OpenAI's `{"mode": "implicit" or "explicit", "ttl": "30m"}`.
            prompt_cache_retention: How long OpenAI may keep the prompt in its cache: `in_memory` or `24h`.
            safety_identifier: A stable id of your user, at most 64 characters, by which OpenAI finds abuse.
            user: Your user, to whom the proxy books the spend and whose budget counts.
            metadata: Goes to the logs and the spend: `tags`, `session_id`, `trace_id`, `trace_name`, `generation_name`
                and anything else. Keys that begin with `user_api_key_` are the proxy's own and are dropped.
            tags: By these the spend is broken down, and the proxy may choose a deployment.
            litellm_metadata: The same as `metadata`, into which the proxy merges it.
            litellm_session_id: Groups the requests of one conversation in the logs.
            litellm_trace_id: Groups the requests of one task in the logs; `litellm_session_id` goes before it.
            no_log: Keep this request out of the operator's loggers; spend is booked all the same. An operator can
                switch it off.
            fastest_response: Ask all models named in `model` and answer with the first that succeeds. The others are
                given up, but may have been paid for.
            fallbacks: What to try in turn when the model fails: names, or `{"model": ..., "temperature": ...}` with
                parameters to change.
            context_window_fallbacks: What to try when the conversation is too long: `[{"model": ["longer-model"]}]`.
            content_policy_fallbacks: What to try when the provider's content filter refuses: `[{"model": ["other"]}]`.
            context_window_fallback_dict: Of no effect on a proxy of today: its router takes `context_window_fallbacks`.
            max_fallbacks: How many fallbacks to try, from 0; 5 by default.
            include_fallback_errors: Tell why the models before failed, in `x-litellm-fallback-errors` or in a chunk
                without choices; only where the operator set `expose_fallback_errors_to_caller`.
            num_retries: How often the proxy itself tries again, from 0; the operator's default.
            proxy_timeout: Seconds that the proxy gives its provider for each attempt (`timeout` on the wire, of which
                `request_timeout` is another name); the operator's default, or 6000.
            proxy_stream_timeout: The same for streams: seconds to the first chunk and between two (`stream_timeout`).
            keepalive_seconds: Seconds of silence after which the proxy sends a comment in a stream, 1 to 300; only for
                deployments with `allow_client_keepalive_override`.
            cache: Of the proxy's own cache: `{"no-cache": True}` does not read it, `{"no-store": True}` does not write
                it, `ttl` is how many seconds to keep the answer, `s-maxage` how many seconds old it may be,
                `namespace` keeps it apart, `{"use-cache": True}` opts in where the operator made it opt-in.
            caching: `False` leaves the proxy's cache out of it, `True` uses it.
            guardrails: The guardrails to run besides the operator's: names, or `{name: {"extra_body": {...}}}`. A name
                that the proxy does not know is passed over in silence.
            prompt_id: A prompt kept by the proxy, to go before `messages`. An unknown one is passed over in silence.
            prompt_variables: The values of the prompt's variables.
            prompt_version: The prompt's version; the latest by default.
            prompt_label: The prompt's label, such as `production`, where the prompts are kept by Langfuse.
            drop_params: Drop parameters that the model does not support instead of refusing; the operator's default.
            allowed_openai_params: Parameters to send although LiteLLM thinks that the model does not take them.
            provider_specific_header: Headers for some of the providers only:
                `{"custom_llm_provider": "openai,azure", "extra_headers": {...}}`.
            merge_reasoning_content_in_choices: Have streams give the reasoning as content, in `<think>` and `</think>`.
            enable_json_schema_validation: Have a whole answer that does not fit `response_format` be an error 500.
            extra_body: Fields that this version does not know, and that take precedence over the others.
            extra_headers: Headers of the request to the proxy.
            extra_query: Query parameters of the request.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The completion; with `stream=True` a stream of chunks.

        Raises:
            UsageError: There is no model or no message, or `model` names several without `fastest_response`.
            ContextWindowExceededError: The conversation is too long for the model.
            ContentFilterError: The provider's content filter refused the conversation.
        """
        return await self._run(self._endpoints.create, arguments, named)

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
        """Ask several models the same at once.

        `POST /v1/chat/completions`

        A model that fails does not make the call fail: its place in the list is taken by a completion without choices,
        whose `failure` says why. The whole takes as long as the slowest model.

        Args:
            models: The models' names, at least two.
            messages: As in `create`.
            temperature: As in `create`, like all that follow; other parameters of `create` go into `extra_body`.
            max_completion_tokens: As in `create`.
            max_tokens: As in `create`.
            stop: As in `create`.
            response_format: As in `create`.
            tools: As in `create`.
            tool_choice: As in `create`.
            reasoning_effort: As in `create`.
            user: As in `create`.
            metadata: As in `create`.
            tags: As in `create`.
            proxy_timeout: As in `create`.
            extra_body: Other parameters of `create`, by their names on the wire.
            extra_headers: As in `create`.
            extra_query: As in `create`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The completions in the order of `models`. Their `model` is the provider's own name for it.

        Raises:
            UsageError: There are fewer than two models, a name is empty or holds a comma, or there is no message.
        """
        return await self._run(self._endpoints.create_many, arguments, named)
