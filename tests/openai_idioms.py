"""The idioms of the OpenAI SDK, run with the client swapped: `python -m tests.openai_idioms` prints what works.

The idioms are taken, in this order, from README.md, helpers.md and examples/ of the OpenAI SDK 3.57. The last group is
from the signatures of its client and methods. Each way of using the SDK is listed once, where it occurs first: the same
way with another value, or with `await`, is listed again only if the SDK treats it differently. An idiom of the client
is written here with chat completions or models even if its source uses another resource; each resource has an idiom of
its own.

An idiom is `unchanged` if its code works with the client swapped; `later` if it fails because the client does not have
the resource yet; `renamed` if it fails, but works under another name; and otherwise `absent`. With `--write` the table
is also written into docs/guides/coming-from-openai.md.
"""

from __future__ import annotations

import ast
import asyncio
import base64
import io
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal
from unittest import mock

import httpx
import pytest
from pydantic import BaseModel

import litellm_proxy_client
from litellm_proxy_client import AsyncClient, Client

from .openai_server import OpenAIServer
from .server import Server

PAGE = Path(__file__).parent.parent / "docs" / "guides" / "coming-from-openai.md"
TABLE = re.compile(r"(<!-- idioms: begin -->\n).*?(<!-- idioms: end -->)", re.DOTALL)
FIRST = 50
"""The number of idioms that are also counted by themselves."""

Outcome = Literal["unchanged", "renamed", "later", "absent"]
HEADINGS: dict[Outcome, str] = {
    "unchanged": "Unchanged",
    "renamed": "Under another name",
    "later": "Not supported yet",
    "absent": "Not supported",
}
COLUMNS: dict[Outcome, str] = {
    "unchanged": "difference",
    "renamed": "this client",
    "later": "until then",
    "absent": "instead",
}


@dataclass(frozen=True)
class Idiom:
    """One way of using the OpenAI SDK.

    Attributes:
        source: The file and the heading, or the file, in which it occurs first.
        title: A description, in Markdown.
        code: Code for the OpenAI SDK that uses it and asserts its effect. It finds these names: `openai`, `OpenAI` and
            `AsyncOpenAI`; `client` and `async_client` for a server at `url`, which the environment names too;
            `messages`; `sent()`, the last request that the server received; `file`, the path of a file; and some
            modules.
        expected: The outcome with this client.
        here: The replacement in this client, in Markdown, or the difference of an idiom that is unchanged.
        needs: The resource, or the method, of which the idiom is a part.
        equivalent: Code for this client that does the same.
        workaround: Code for this client that shows the replacement of an idiom that is `later` or `absent`.
    """

    source: str
    title: str
    code: str
    expected: Outcome
    here: str = ""
    needs: str = ""
    equivalent: str = ""
    workaround: str = ""


IDIOMS = (
    Idiom(
        "README: Usage",
        "`OpenAI(api_key=...)`",
        """
        OpenAI(api_key="sk-mine").models.list()
        assert sent().headers["authorization"] == "Bearer sk-mine"
        """,
        "unchanged",
    ),
    Idiom(
        "README: Usage",
        "`client.responses.create(...)`, `response.output_text`",
        """
        response = client.responses.create(model="gpt-4", instructions="Be brief.", input="Hello")
        assert response.output_text == "Hello, world"
        """,
        "later",
        '`client.http.request("POST", "/v1/responses", json=...)`',
        needs="responses",
        workaround="""
        response = client.http.request("POST", "/v1/responses", json={"model": "gpt-4", "input": "Hello"})
        assert response["output"][0]["content"][0]["text"] == "Hello, world"
        """,
    ),
    Idiom(
        "README: Usage",
        "`OpenAI()` with `OPENAI_API_KEY` and `OPENAI_BASE_URL` in the environment",
        """
        OpenAI().models.list()
        assert sent().headers["authorization"] == f"Bearer {os.environ['OPENAI_API_KEY']}"
        """,
        "renamed",
        "`Client()` with `LITELLM_PROXY_API_KEY` and `LITELLM_PROXY_URL`",
        equivalent="""
        Client().models.list()
        assert sent().headers["authorization"] == f"Bearer {os.environ['LITELLM_PROXY_API_KEY']}"
        """,
    ),
    Idiom(
        "README: Usage",
        "`client.chat.completions.create(...)`, also with the role `developer`",
        """
        completion = client.chat.completions.create(
            model="gpt-4", messages=[{"role": "developer", "content": "Be brief."}, *messages]
        )
        assert completion.choices[0].message.content == "Hello, world"
        assert sent().json()["messages"][0]["role"] == "developer"
        """,
        "unchanged",
    ),
    Idiom(
        "README: Workload Identity Authentication",
        "`OpenAI(workload_identity=...)`",
        """
        provider = {"token_type": "jwt", "get_token": lambda: "token"}
        OpenAI(workload_identity={"identity_provider_id": "i", "service_account_id": "s", "provider": provider})
        """,
        "absent",
        "`http_client=httpx.AsyncClient(auth=...)` with an `httpx.Auth` that adds a token which the proxy accepts",
        workaround="""
        def add_token(request):
            request.headers["authorization"] = "Bearer token"
            return request

        with Client(http_client=httpx.AsyncClient(auth=add_token)) as own:
            own.models.list()
        assert sent().headers["authorization"] == "Bearer token"
        """,
    ),
    Idiom(
        "README: Vision",
        "an image in a prompt, as an address or in base64",
        """
        data = base64.b64encode(file.read_bytes()).decode()
        urls = ["https://images.test/1.png", f"data:image/png;base64,{data}"]
        images = [{"type": "image_url", "image_url": {"url": each}} for each in urls]
        content = [{"type": "text", "text": "Describe the images."}, *images]
        client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": content}])
        assert sent().json()["messages"][0]["content"] == content
        """,
        "unchanged",
    ),
    Idiom(
        "README: Async usage",
        "`await` with `AsyncOpenAI`",
        """
        completion = await async_client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.choices[0].message.content == "Hello, world"
        """,
        "unchanged",
    ),
    Idiom(
        "README: With aiohttp",
        "`AsyncOpenAI(http_client=DefaultAioHttpClient())`",
        """
        async with AsyncOpenAI(http_client=openai.DefaultAioHttpClient()) as client:
            await client.models.list()
        """,
        "renamed",
        '`AsyncClient()`: aiohttp is the default transport under asyncio; `transport="aiohttp"` selects it',
        equivalent="""
        async with AsyncClient(transport="aiohttp") as own:
            await own.models.list()
        """,
    ),
    Idiom(
        "README: Streaming responses",
        "`create(stream=True)` and a `for` loop",
        """
        stream = client.chat.completions.create(model="gpt-4", messages=messages, stream=True)
        text = ""
        for chunk in stream:
            if chunk.choices:
                text += chunk.choices[0].delta.content or ""
        assert text == "Hello, world"
        """,
        "unchanged",
    ),
    Idiom(
        "README: Streaming responses",
        "`await create(stream=True)` and an `async for` loop",
        """
        stream = await async_client.chat.completions.create(model="gpt-4", messages=messages, stream=True)
        assert [chunk.choices[0].delta.content async for chunk in stream if chunk.choices][0] == "Hello"
        """,
        "unchanged",
    ),
    Idiom(
        "README: Streaming responses",
        "`client.responses.create(stream=True)` and its events",
        """
        stream = client.responses.create(model="gpt-4", input="Hello", stream=True)
        texts = [event.delta for event in stream if event.type == "response.output_text.delta"]
        assert "".join(texts) == "Hello, world"
        """,
        "later",
        "`client.chat.completions.create(stream=True)`",
        needs="responses",
    ),
    Idiom(
        "README: Realtime API",
        "`client.realtime.connect(...)`, `client.live.connect(...)`",
        """
        async_client.realtime.connect(model="gpt-realtime")
        """,
        "absent",
        "a WebSocket library, with the address `/v1/realtime` of the proxy",
    ),
    Idiom(
        "README: Using types",
        "`completion.to_json()`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert json.loads(completion.to_json())["model"] == "gpt-4"
        """,
        "renamed",
        "`completion.model_dump_json(exclude_unset=True)`",
        equivalent="""
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert json.loads(completion.model_dump_json(exclude_unset=True))["model"] == "gpt-4"
        """,
    ),
    Idiom(
        "README: Using types",
        "`completion.to_dict()`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.to_dict()["choices"][0]["message"]["content"] == "Hello, world"
        """,
        "renamed",
        "`completion.model_dump(exclude_unset=True)`",
        equivalent="""
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        dumped = completion.model_dump(exclude_unset=True)
        assert dumped["choices"][0]["message"] == {"role": "assistant", "content": "Hello, world"}
        """,
    ),
    Idiom(
        "README: Pagination",
        "`for model in client.models.list()`",
        """
        assert [model.id for model in client.models.list()] == ["gpt-4", "gpt-5"]
        """,
        "unchanged",
    ),
    Idiom(
        "README: Pagination",
        "`async for model in client.models.list()`, without `await`",
        """
        assert [model.id async for model in async_client.models.list()] == ["gpt-4", "gpt-5"]
        """,
        "renamed",
        "`async for model in await client.models.list()`",
        equivalent="""
        assert [model.id async for model in await async_client.models.list()] == ["gpt-4", "gpt-5"]
        """,
    ),
    Idiom(
        "README: Pagination",
        "`page.has_next_page()`, `page.get_next_page()`",
        """
        page = client.models.list()
        while page.has_next_page():
            page = page.get_next_page()
        """,
        "renamed",
        "`page.has_next_page`, a property",
        equivalent="""
        page = client.models.list()
        while page.has_next_page:
            page = page.get_next_page()
        """,
    ),
    Idiom(
        "README: Pagination",
        "`page.data`",
        """
        assert client.models.list().data[0].id == "gpt-4"
        """,
        "renamed",
        "`page.items`",
        equivalent="""
        assert client.models.list().items[0].id == "gpt-4"
        """,
    ),
    Idiom(
        "README: Pagination",
        "`client.fine_tuning.jobs`",
        """
        for job in client.fine_tuning.jobs.list(limit=20):
            assert job.id
        """,
        "absent",
        '`client.http.request("GET", "/v1/fine_tuning/jobs")`',
        workaround="""
        assert client.http.request("GET", "/v1/fine_tuning/jobs", params={"limit": 20})["data"][0]["id"]
        """,
    ),
    Idiom(
        "README: Nested params",
        "dicts as parameters, such as `response_format={...}`",
        """
        client.chat.completions.create(model="gpt-4", messages=messages, response_format={"type": "json_object"})
        assert sent().json()["response_format"] == {"type": "json_object"}
        """,
        "unchanged",
    ),
    Idiom(
        "README: File uploads",
        "`client.files.create(file=Path(...), purpose=...)`",
        """
        client.files.create(file=file, purpose="batch")
        assert file.read_bytes() in sent().body
        """,
        "later",
        '`client.http.request("POST", "/v1/files", data=..., files=...)`',
        needs="files",
        workaround="""
        with file.open("rb") as opened:
            client.http.request("POST", "/v1/files", data={"purpose": "batch"}, files={"file": opened})
        assert file.read_bytes() in sent().body
        """,
    ),
    Idiom(
        "README: File uploads",
        "`client.audio.transcriptions.create(file=(name, file, type))`",
        """
        sound = ("sound.wav", io.BytesIO(b"sound"), "audio/wav")
        assert client.audio.transcriptions.create(model="whisper-1", file=sound).text == "Hello, world"
        """,
        "later",
        '`client.http.request("POST", "/v1/audio/transcriptions", data=..., files=...)`',
        needs="audio.transcriptions",
        workaround="""
        sound = {"file": ("sound.wav", b"sound", "audio/wav")}
        answer = client.http.request("POST", "/v1/audio/transcriptions", data={"model": "whisper-1"}, files=sound)
        assert answer["text"] == "Hello, world"
        """,
    ),
    Idiom(
        "README: Parsing webhook payloads",
        "`client.webhooks.unwrap(...)`",
        """
        with pytest.raises(openai.InvalidWebhookSignatureError):
            OpenAI(webhook_secret="whsec_c2VjcmV0").webhooks.unwrap("{}", unsigned())
        """,
        "absent",
        "`webhooks` of the OpenAI SDK: the proxy sends no such webhooks",
    ),
    Idiom(
        "README: Verifying webhook payloads directly",
        "`client.webhooks.verify_signature(...)`",
        """
        with pytest.raises(openai.InvalidWebhookSignatureError):
            OpenAI(webhook_secret="whsec_c2VjcmV0").webhooks.verify_signature("{}", unsigned())
        """,
        "absent",
        "`webhooks` of the OpenAI SDK: the proxy sends no such webhooks",
    ),
    Idiom(
        "README: Handling errors",
        "`except APIConnectionError as error`, `error.__cause__`",
        """
        with pytest.raises(openai.APIConnectionError) as caught:
            OpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0).models.list()
        assert caught.value.__cause__ is not None
        """,
        "absent",
        "`error.message`, which names the cause",
        workaround="""
        with pytest.raises(litellm_proxy_client.APIConnectionError) as caught:
            Client(base_url="http://127.0.0.1:9", max_retries=0).models.list()
        assert "Connect call failed" in caught.value.message or "connection attempts failed" in caught.value.message
        """,
    ),
    Idiom(
        "README: Handling errors",
        "`BadRequestError`, `PermissionDeniedError`, `NotFoundError`, `UnprocessableEntityError`, `RateLimitError`, "
        "`InternalServerError`",
        """
        for status, kind in {
            400: openai.BadRequestError,
            403: openai.PermissionDeniedError,
            404: openai.NotFoundError,
            422: openai.UnprocessableEntityError,
            429: openai.RateLimitError,
            500: openai.InternalServerError,
        }.items():
            with pytest.raises(kind):
                client.chat.completions.create(model=f"status-{status}", messages=messages)
        """,
        "unchanged",
    ),
    Idiom(
        "README: Handling errors",
        "`AuthenticationError`",
        """
        with pytest.raises(openai.AuthenticationError):
            client.chat.completions.create(model="status-401", messages=messages)
        """,
        "renamed",
        "`UnauthorizedError`",
        equivalent="""
        with pytest.raises(litellm_proxy_client.UnauthorizedError):
            client.chat.completions.create(model="status-401", messages=messages)
        """,
    ),
    Idiom(
        "README: Handling errors",
        "`except APIStatusError as error`, `error.status_code`, `error.response`",
        """
        with pytest.raises(openai.APIStatusError) as caught:
            client.chat.completions.create(model="status-429", messages=messages)
        assert (caught.value.status_code, caught.value.response.status_code) == (429, 429)
        """,
        "unchanged",
    ),
    Idiom(
        "README: Handling errors",
        "`APIError`, the base of all errors of the API",
        """
        with pytest.raises(openai.APIError):
            client.chat.completions.create(model="status-500", messages=messages)
        """,
        "renamed",
        "`LiteLLMProxyError`, the base of all errors; `APIStatusError` for a response with an error status",
        equivalent="""
        with pytest.raises(litellm_proxy_client.LiteLLMProxyError) as caught:
            client.chat.completions.create(model="status-500", messages=messages)
        assert isinstance(caught.value, litellm_proxy_client.APIStatusError)
        """,
    ),
    Idiom(
        "README: Handling errors",
        "`APIConnectionError` while a stream is read",
        """
        with pytest.raises(openai.APIConnectionError):
            for chunk in client.chat.completions.create(model="breaks", messages=messages, stream=True):
                assert chunk.choices
        """,
        "renamed",
        "`StreamError`; `error.partial` is the completion so far",
        equivalent="""
        with pytest.raises(litellm_proxy_client.StreamError) as caught:
            for chunk in client.chat.completions.create(model="breaks", messages=messages, stream=True):
                assert chunk.choices
        assert caught.value.partial.choices[0].message.content == "Hello, world"
        """,
    ),
    Idiom(
        "README: Request IDs",
        "`completion._request_id`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion._request_id == "call-1"
        """,
        "renamed",
        "`completion.proxy.call_id`",
        equivalent="""
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.proxy.call_id == "call-1"
        """,
    ),
    Idiom(
        "README: Request IDs",
        "`error.request_id`",
        """
        with pytest.raises(openai.APIStatusError) as caught:
            client.chat.completions.create(model="status-400", messages=messages)
        assert caught.value.request_id == "call-1"
        """,
        "renamed",
        "`error.call_id`",
        equivalent="""
        with pytest.raises(litellm_proxy_client.APIStatusError) as caught:
            client.chat.completions.create(model="status-400", messages=messages)
        assert caught.value.call_id == "call-1"
        """,
    ),
    Idiom(
        "README: Retries",
        "`OpenAI(max_retries=0)`",
        """
        before = len(requests)
        with pytest.raises(openai.RateLimitError):
            OpenAI(max_retries=0).chat.completions.create(model="status-429", messages=messages)
        assert len(requests) - before == 1
        """,
        "unchanged",
    ),
    Idiom(
        "README: Retries",
        "`client.with_options(max_retries=...)`",
        """
        before = len(requests)
        client.with_options(max_retries=1).chat.completions.create(model="fails-once", messages=messages)
        assert len(requests) - before == 2
        """,
        "unchanged",
    ),
    Idiom(
        "README: Timeouts",
        "`OpenAI(timeout=20.0)`",
        """
        with pytest.raises(openai.APITimeoutError):
            OpenAI(timeout=0.1, max_retries=0).chat.completions.create(model="silent", messages=messages)
        """,
        "unchanged",
        "the deadline of the whole call with its retries, not of each attempt",
    ),
    Idiom(
        "README: Timeouts",
        "`OpenAI(timeout=httpx.Timeout(60.0, read=5.0, connect=2.0))`",
        """
        patient = OpenAI(timeout=httpx.Timeout(60.0, read=0.1, connect=2.0), max_retries=0)
        with pytest.raises(openai.APITimeoutError):
            patient.chat.completions.create(model="silent", messages=messages)
        """,
        "renamed",
        "`Client(timeout=60.0, connect_timeout=2.0, idle_timeout=5.0)`",
        equivalent="""
        patient = Client(timeout=0.1, connect_timeout=2.0, idle_timeout=5.0, max_retries=0)
        with pytest.raises(litellm_proxy_client.APITimeoutError):
            patient.chat.completions.create(model="silent", messages=messages)
        """,
    ),
    Idiom(
        "README: Timeouts",
        "`client.with_options(timeout=5.0)`",
        """
        with pytest.raises(openai.APITimeoutError):
            client.with_options(timeout=0.1).chat.completions.create(model="silent", messages=messages)
        """,
        "unchanged",
    ),
    Idiom(
        "README: Timeouts",
        "`except APITimeoutError`, which is an `APIConnectionError`",
        """
        with pytest.raises(openai.APIConnectionError) as caught:
            client.with_options(timeout=0.1).chat.completions.create(model="silent", messages=messages)
        assert isinstance(caught.value, openai.APITimeoutError)
        """,
        "unchanged",
    ),
    Idiom(
        "README: Logging",
        "`OPENAI_LOG=debug`",
        """
        program = "from openai import OpenAI; OpenAI().models.list()"
        variables = {**os.environ, "OPENAI_LOG": "debug"}
        done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True)
        assert "200" in done.stderr
        """,
        "absent",
        '`http_client=httpx.AsyncClient(event_hooks={"response": [...]})`',
        equivalent="""
        program = "from litellm_proxy_client import Client; Client().models.list()"
        variables = {**os.environ, "LITELLM_PROXY_LOG": "debug"}
        done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True)
        assert "200" in done.stderr
        """,
        workaround="""
        async def log(response):
            statuses.append(response.status_code)

        statuses = []
        with Client(http_client=httpx.AsyncClient(event_hooks={"response": [log]})) as own:
            own.models.list()
        assert statuses == [200]
        """,
    ),
    Idiom(
        "README: How to tell whether `None` means `null` or missing",
        "`completion.model_fields_set`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert (completion.usage, completion.service_tier) == (None, None)
        assert "usage" in completion.model_fields_set
        assert "service_tier" not in completion.model_fields_set
        """,
        "unchanged",
    ),
    Idiom(
        "README: Accessing raw response data",
        "`with_raw_response`: headers, and `parse()`",
        """
        response = client.chat.completions.with_raw_response.create(model="gpt-4", messages=messages)
        assert response.headers["x-request-id"] == "call-1"
        assert response.parse().choices[0].message.content == "Hello, world"
        """,
        "absent",
        "`client.http.send(create(..., return_request=True))`, which returns an `httpx.Response`",
        workaround="""
        request = client.chat.completions.create(model="gpt-4", messages=messages, return_request=True)
        response = client.http.send(request)
        assert response.headers["x-request-id"] == "call-1"
        completion = litellm_proxy_client.ChatCompletion.model_validate(response.json())
        assert completion.choices[0].message.content == "Hello, world"
        """,
    ),
    Idiom(
        "README: `.with_streaming_response`",
        "`with_streaming_response`: the body as it arrives",
        """
        create = client.chat.completions.with_streaming_response.create
        with create(model="gpt-4", messages=messages) as response:
            assert any("Hello, world" in line for line in response.iter_lines())
        """,
        "absent",
        "`httpx.Client().send(create(..., return_request=True), stream=True)`",
        workaround="""
        request = client.chat.completions.create(model="gpt-4", messages=messages, return_request=True)
        with httpx.Client() as own:
            response = own.send(request, stream=True)
            assert any("Hello, world" in line for line in response.iter_lines())
        """,
    ),
    Idiom(
        "README: Undocumented endpoints",
        "`client.post(path, cast_to=..., body=...)`, and `get`, `put`, `patch`, `delete`",
        """
        response = client.post("/route", cast_to=httpx.Response, body={"name": "value"})
        assert response.headers["x-request-id"] == "call-1"
        assert (sent().target, sent().json()) == ("/v1/route", {"name": "value"})
        """,
        "renamed",
        "`client.http.request(method, path, json=...)`, which returns parsed JSON",
        equivalent="""
        assert client.http.request("POST", "/v1/route", json={"name": "value"})["status"] == "completed"
        assert (sent().target, sent().json()) == ("/v1/route", {"name": "value"})
        """,
    ),
    Idiom(
        "README: Undocumented request params",
        "`extra_headers`, `extra_query` and `extra_body` on every method",
        """
        client.chat.completions.create(
            model="gpt-4",
            messages=messages,
            extra_headers={"x-name": "value"},
            extra_query={"name": "value"},
            extra_body={"name": "value"},
        )
        assert sent().headers["x-name"] == sent().json()["name"] == "value"
        assert sent().target.endswith("?name=value")
        client.models.list(extra_headers={"x-name": "value"}, extra_query={"name": "value"})
        assert sent().headers["x-name"] == "value"
        assert sent().target.endswith("?name=value")
        """,
        "renamed",
        "the same for `chat.completions`; `client.with_options(headers=..., query=...)` for all methods",
        equivalent="""
        client.with_options(headers={"x-name": "value"}, query={"name": "value"}).models.list()
        assert sent().headers["x-name"] == "value"
        assert sent().target.endswith("?name=value")
        """,
    ),
    Idiom(
        "README: Undocumented response properties",
        "unknown fields: `completion.field`, `completion.model_extra`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.new_field == completion.model_extra["new_field"] == "new"
        """,
        "unchanged",
    ),
    Idiom(
        "README: Configuring the HTTP client",
        "`OpenAI(base_url=...)`",
        """
        OpenAI(base_url=url).models.list()
        assert sent().headers["host"] in url
        """,
        "unchanged",
        "a `/v1` at the end is removed: the administration has no routes there",
    ),
    Idiom(
        "README: Configuring the HTTP client",
        "`OpenAI(http_client=DefaultHttpx2Client(proxy=..., transport=...))`",
        """
        def respond(request):
            return httpx.Response(200, json={"object": "list", "data": [{"id": "mine", "object": "model"}]})

        transport = httpx.MockTransport(respond)
        page = OpenAI(http_client=openai.DefaultHttpx2Client(transport=transport)).models.list()
        assert [model.id for model in page] == ["mine"]
        """,
        "renamed",
        "`http_client=httpx.AsyncClient(...)`, for both clients",
        equivalent="""
        def respond(request):
            return httpx.Response(200, json={"object": "list", "data": [{"id": "mine", "object": "model"}]})

        own = Client(http_client=httpx.AsyncClient(transport=httpx.MockTransport(respond)))
        assert [model.id for model in own.models.list()] == ["mine"]
        """,
    ),
    Idiom(
        "README: Configuring the HTTP client",
        "`client.with_options(http_client=...)`",
        """
        client.with_options(http_client=openai.DefaultHttpx2Client()).models.list()
        """,
        "absent",
        "another client: `Client(base_url=client.base_url, http_client=...)`",
        workaround="""
        with Client(base_url=client.base_url, http_client=httpx.AsyncClient()) as own:
            own.models.list()
        """,
    ),
    Idiom(
        "README: Mutual TLS",
        "`OpenAI(http_client=DefaultHttpx2Client(verify=ssl_context))`",
        """
        context = ssl.create_default_context()
        OpenAI(http_client=openai.DefaultHttpx2Client(verify=context, follow_redirects=False)).models.list()
        """,
        "renamed",
        "`Client(verify=ssl_context)`",
        equivalent="""
        Client(verify=ssl.create_default_context()).models.list()
        """,
    ),
    Idiom(
        "README: Managing HTTP resources",
        "`with OpenAI() as client`",
        """
        with OpenAI() as own:
            own.models.list()
        """,
        "unchanged",
    ),
    Idiom(
        "README: Managing HTTP resources",
        "`client.close()`",
        """
        own = OpenAI()
        own.models.list()
        own.close()
        """,
        "unchanged",
    ),
    Idiom(
        "README: Managing HTTP resources",
        "`async with AsyncOpenAI() as client`, `await client.close()`",
        """
        async with AsyncOpenAI() as own:
            await own.models.list()
        await own.close()
        """,
        "unchanged",
    ),
    Idiom(
        "README: Microsoft Azure OpenAI",
        "`AzureOpenAI(...)`, `AsyncAzureOpenAI(...)`",
        """
        azure = openai.AzureOpenAI(azure_endpoint=url, api_version="2024-06-01", api_key="key")
        azure.chat.completions.create(model="gpt-4", messages=messages)
        """,
        "absent",
        '`client.models.add(...)`, once, with `"model": "azure/..."`: the proxy calls Azure',
    ),
    Idiom(
        "README: Amazon Bedrock",
        "`OpenAI(provider=bedrock(...))`, `BedrockOpenAI(...)`",
        """
        from openai.providers import bedrock

        OpenAI(provider=bedrock(region="us-west-2", api_key="key", base_url=url)).models.list()
        """,
        "absent",
        '`client.models.add(...)`, once, with `"model": "bedrock/..."`: the proxy calls Bedrock',
    ),
    Idiom(
        "README: Determining the installed version",
        "`openai.__version__`",
        """
        assert openai.__version__[0].isdigit()
        """,
        "unchanged",
    ),
    Idiom(
        "helpers.md: Auto-parsing response content with Pydantic models",
        "`client.chat.completions.parse(response_format=Model)`",
        """
        completion = client.chat.completions.parse(model="json", messages=messages, response_format=Place)
        assert completion.choices[0].message.parsed == Place(city="Paris")
        """,
        "later",
        '`response_format={"type": "json_schema", ...}` and `Model.model_validate_json(message.content)`',
        needs="chat.completions.parse",
        workaround="""
        schema = {"name": "place", "schema": Place.model_json_schema()}
        completion = client.chat.completions.create(
            model="json", messages=messages, response_format={"type": "json_schema", "json_schema": schema}
        )
        assert Place.model_validate_json(completion.choices[0].message.content) == Place(city="Paris")
        """,
    ),
    Idiom(
        "helpers.md: Parsing Responses API output",
        "`client.responses.parse(text_format=Model)`",
        """
        response = client.responses.parse(model="json", input="Where?", text_format=Place)
        assert response.output_parsed == Place(city="Paris")
        """,
        "later",
        '`client.chat.completions.create(response_format={"type": "json_schema", ...})`',
        needs="responses",
    ),
    Idiom(
        "helpers.md: Auto-parsing function tool calls",
        "`pydantic_function_tool(Model)` and `parsed_arguments`",
        """
        tools = [openai.pydantic_function_tool(Place, name="travel")]
        completion = client.chat.completions.parse(model="tools", messages=messages, tools=tools)
        assert completion.choices[0].message.tool_calls[0].function.parsed_arguments == Place(city="Paris")
        """,
        "later",
        "`tools=[...]` with `Model.model_json_schema()`, and `Model.model_validate_json(call.function.arguments)`",
        needs="chat.completions.parse",
        workaround="""
        function = {"name": "travel", "parameters": Place.model_json_schema()}
        tools = [{"type": "function", "function": function}]
        message = client.chat.completions.create(model="tools", messages=messages, tools=tools).choices[0].message
        assert Place.model_validate_json(message.tool_calls[0].function.arguments) == Place(city="Paris")
        """,
    ),
    Idiom(
        "helpers.md: Differences from `.create()`",
        "`LengthFinishReasonError`, `ContentFilterFinishReasonError`",
        """
        with pytest.raises(openai.LengthFinishReasonError):
            client.chat.completions.parse(model="length", messages=messages, response_format=Place)
        """,
        "later",
        "`completion.choices[0].finish_reason`",
        needs="chat.completions.parse",
        workaround="""
        completion = client.chat.completions.create(model="length", messages=messages)
        assert completion.choices[0].finish_reason == "length"
        """,
    ),
    Idiom(
        "helpers.md: Chat Completions API",
        "`client.chat.completions.stream(...)` and its events",
        """
        with client.chat.completions.stream(model="gpt-4", messages=messages) as stream:
            text = "".join(event.delta for event in stream if event.type == "content.delta")
        assert text == "Hello, world"
        """,
        "absent",
        "`create(stream=True)`: `for text in stream.iter_text()`, and `stream.completion` for what has arrived",
        workaround="""
        with client.chat.completions.create(model="gpt-4", messages=messages, stream=True) as stream:
            assert "".join(stream.iter_text()) == stream.completion.choices[0].message.content == "Hello, world"
        """,
    ),
    Idiom(
        "helpers.md: Chat Completions stream methods",
        "`client.chat.completions.stream(...)`, `stream.get_final_completion()`",
        """
        with client.chat.completions.stream(model="gpt-4", messages=messages) as stream:
            stream.until_done()
        assert stream.get_final_completion().choices[0].message.content == "Hello, world"
        """,
        "renamed",
        "`create(stream=True)`, `stream.get_final_completion()`",
        equivalent="""
        with client.chat.completions.create(model="gpt-4", messages=messages, stream=True) as stream:
            assert stream.get_final_completion().choices[0].message.content == "Hello, world"
        """,
    ),
    Idiom(
        "helpers.md: Assistant Streaming API",
        "`client.beta`: threads, assistants, agents",
        """
        with client.beta.threads.runs.stream(thread_id="thread", assistant_id="assistant") as stream:
            stream.until_done()
        """,
        "absent",
        '`client.http.request("POST", "/v1/threads", json=...)`',
        workaround="""
        assert client.http.request("POST", "/v1/threads", json={})["id"]
        """,
    ),
    Idiom(
        "helpers.md: Polling Helpers",
        "`create_and_poll(...)`, `upload_and_poll(...)` of `client.vector_stores`",
        """
        stored = client.vector_stores.files.create_and_poll("file", vector_store_id="store")
        assert stored.status == "completed"
        """,
        "later",
        '`client.http.request("POST", "/v1/vector_stores/{id}/files", json=...)`',
        needs="vector_stores",
        workaround="""
        stored = client.http.request("POST", "/v1/vector_stores/store/files", json={"file_id": "file"})
        assert stored["status"] == "completed"
        """,
    ),
    Idiom(
        "examples/audio.py",
        "`client.audio.speech`: sound, streamed to a file",
        """
        create = client.audio.speech.with_streaming_response.create
        with create(model="tts-1", voice="alloy", input="Hello") as response:
            response.stream_to_file(file)
        assert file.read_bytes() == b"sound"
        """,
        "later",
        '`client.http.send(client.http.request("POST", "/v1/audio/speech", json=..., return_request=True))`',
        needs="audio.speech",
        workaround="""
        body = {"model": "tts-1", "voice": "alloy", "input": "Hello"}
        request = client.http.request("POST", "/v1/audio/speech", json=body, return_request=True)
        assert client.http.send(request).content == b"sound"
        """,
    ),
    Idiom(
        "examples/demo.py",
        "`from openai.types.chat import ChatCompletion`",
        """
        from openai.types.chat import ChatCompletion

        assert isinstance(client.chat.completions.create(model="gpt-4", messages=messages), ChatCompletion)
        """,
        "unchanged",
    ),
    Idiom(
        "examples/image_stream.py",
        "`client.images.generate(stream=True)`",
        """
        stream = client.images.generate(model="gpt-image-1", prompt="An otter", stream=True, partial_images=1)
        assert [event.type for event in stream][-1] == "image_generation.completed"
        """,
        "later",
        '`client.http.request("POST", "/v1/images/generations", json=...)`, without a stream',
        needs="images",
    ),
    Idiom(
        "examples/module_client.py",
        "calls of the module: `openai.api_key = ...`, `openai.chat.completions.create(...)`",
        """
        models = openai.models
        openai.api_key = "sk-module"
        models.list()
        assert sent().headers["authorization"] == "Bearer sk-module"
        """,
        "absent",
        "a `Client` in a module of your own",
    ),
    Idiom(
        "examples/module_client.py",
        "`OpenAI(default_headers=...)`",
        """
        OpenAI(default_headers={"x-name": "value"}).models.list()
        assert sent().headers["x-name"] == "value"
        """,
        "renamed",
        "`Client(headers=...)`",
        equivalent="""
        Client(headers={"x-name": "value"}).models.list()
        assert sent().headers["x-name"] == "value"
        """,
    ),
    Idiom(
        "examples/picture.py",
        "`client.images.generate(...)`",
        """
        assert client.images.generate(model="dall-e-3", prompt="An otter").data[0].b64_json == "aGk="
        """,
        "later",
        '`client.http.request("POST", "/v1/images/generations", json=...)`',
        needs="images",
        workaround="""
        image = {"model": "dall-e-3", "prompt": "An otter"}
        assert client.http.request("POST", "/v1/images/generations", json=image)["data"][0]["b64_json"] == "aGk="
        """,
    ),
    Idiom(
        "examples/responses/background.py",
        "`client.responses.create(background=True)`, `client.responses.retrieve(...)`",
        """
        response = client.responses.create(model="gpt-4", input="Hello", background=True)
        assert client.responses.retrieve(response.id).status == "completed"
        """,
        "later",
        '`client.http.request("GET", "/v1/responses/{id}")`',
        needs="responses",
        workaround="""
        body = {"model": "gpt-4", "input": "Hello", "background": True}
        response = client.http.request("POST", "/v1/responses", json=body)
        assert client.http.request("GET", f"/v1/responses/{response['id']}")["status"] == "completed"
        """,
    ),
    Idiom(
        "examples/responses/background_streaming.py",
        "`with client.chat.completions.create(stream=True) as stream`",
        """
        with client.chat.completions.create(model="gpt-4", messages=messages, stream=True) as stream:
            for chunk in stream:
                break
        """,
        "unchanged",
    ),
    Idiom(
        "examples/responses/streaming.py",
        "`client.responses.stream(text_format=Model)`, `stream.get_final_response()`",
        """
        with client.responses.stream(model="json", input="Where?", text_format=Place) as stream:
            assert stream.get_final_response().output_parsed == Place(city="Paris")
        """,
        "later",
        "`client.chat.completions.create(stream=True)`",
        needs="responses",
    ),
    Idiom(
        "examples/responses/websocket.py",
        "`client.responses.connect(...)`",
        """
        client.responses.connect()
        """,
        "absent",
        '`client.http.request("POST", "/v1/responses", json=...)`',
    ),
    Idiom(
        "examples/responses_input_tokens.py",
        "`client.responses.input_tokens.count(...)`",
        """
        assert client.responses.input_tokens.count(model="gpt-4", input="Hello").input_tokens == 3
        """,
        "later",
        '`client.http.request("POST", "/v1/responses/input_tokens", json=...)`',
        needs="responses",
        workaround="""
        question = {"model": "gpt-4", "input": "Hello"}
        assert client.http.request("POST", "/v1/responses/input_tokens", json=question)["input_tokens"] == 3
        """,
    ),
    Idiom(
        "examples/responses_input_tokens.py",
        "`tools=[...]` as dicts, `message.tool_calls`, and a message with the role `tool`",
        """
        tools = [{"type": "function", "function": {"name": "travel", "parameters": {"type": "object"}}}]
        message = client.chat.completions.create(model="tools", messages=messages, tools=tools).choices[0].message
        call = message.tool_calls[0]
        assert json.loads(call.function.arguments) == {"city": "Paris"}
        answer = {"role": "tool", "tool_call_id": call.id, "content": "Done."}
        client.chat.completions.create(model="gpt-4", messages=[*messages, message, answer], tools=tools)
        assert sent().json()["messages"][1]["tool_calls"][0]["id"] == call.id
        """,
        "unchanged",
    ),
    Idiom(
        "examples/speech_to_text.py",
        "`openai.helpers` and `openai.lib`: microphone, audio player, tools for browsers and computers",
        """
        from openai.lib.browser import AsyncBrowserToolset
        """,
        "absent",
        "the OpenAI SDK",
    ),
    Idiom(
        "examples/streaming.py",
        "`next(stream)`, `await anext(stream)`",
        """
        stream = client.chat.completions.create(model="gpt-4", messages=messages, stream=True)
        assert next(stream).choices[0].delta.content == "Hello"
        assert [chunk.choices[0].delta.content for chunk in stream if chunk.choices][0] == ", world"
        async_stream = await async_client.chat.completions.create(model="gpt-4", messages=messages, stream=True)
        assert (await anext(async_stream)).choices[0].delta.content == "Hello"
        """,
        "unchanged",
    ),
    Idiom(
        "examples/uploads.py",
        "`client.uploads.upload_file_chunked(...)`",
        """
        client.uploads.upload_file_chunked(file=file, mime_type="text/plain", purpose="batch")
        """,
        "absent",
        '`client.http.request("POST", "/v1/files", data=..., files=...)`, in one request',
    ),
    Idiom(
        "examples/video.py",
        "`client.videos.create_and_poll(...)`",
        """
        assert client.videos.create_and_poll(model="sora-2", prompt="An otter").status == "completed"
        """,
        "absent",
        '`client.http.request("POST", "/v1/videos", json=...)`',
        workaround="""
        assert client.http.request("POST", "/v1/videos", json={"model": "sora-2", "prompt": "An otter"})["id"]
        """,
    ),
    Idiom(
        "signature of `OpenAI`",
        "`OpenAI(default_query=...)`",
        """
        OpenAI(default_query={"name": "value"}).models.list()
        assert sent().target.endswith("?name=value")
        """,
        "renamed",
        "`Client(query=...)`",
        equivalent="""
        Client(query={"name": "value"}).models.list()
        assert sent().target.endswith("?name=value")
        """,
    ),
    Idiom(
        "signature of `OpenAI`",
        "`client.copy(...)`",
        """
        with pytest.raises(openai.APITimeoutError):
            client.copy(timeout=0.1).chat.completions.create(model="silent", messages=messages)
        """,
        "renamed",
        "`client.with_options(...)`",
        equivalent="""
        with pytest.raises(litellm_proxy_client.APITimeoutError):
            client.with_options(timeout=0.1).chat.completions.create(model="silent", messages=messages)
        """,
    ),
    Idiom(
        "signature of `OpenAI`",
        "`client.api_key`",
        """
        assert OpenAI(api_key="sk-mine").api_key == "sk-mine"
        """,
        "absent",
        "the variable that the key came from: the client does not show its key",
    ),
    Idiom(
        "signature of `create`",
        "`create(timeout=5.0)`: a timeout for one call",
        """
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(model="silent", messages=messages, timeout=0.1)
        """,
        "unchanged",
    ),
    Idiom(
        "signature of `create`",
        "`NOT_GIVEN` and `omit` for parameters that are not sent",
        """
        client.chat.completions.create(
            model="gpt-4", messages=messages, temperature=NOT_GIVEN, max_tokens=omit, top_p=0.5
        )
        assert sent().json().keys() == {"model", "messages", "top_p"}
        """,
        "renamed",
        "`None`, which is never sent",
        equivalent="""
        client.chat.completions.create(model="gpt-4", messages=messages, temperature=None, top_p=0.5)
        assert sent().json().keys() == {"model", "messages", "top_p"}
        """,
    ),
    Idiom(
        "signature of `ChatCompletion`",
        "`completion.model_dump()`, `completion.model_dump_json()`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.model_dump()["choices"][0]["message"]["content"] == "Hello, world"
        assert json.loads(completion.model_dump_json())["model"] == "gpt-4"
        """,
        "unchanged",
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.models.retrieve(model)`",
        """
        assert client.models.retrieve("gpt-4").id == "gpt-4"
        """,
        "unchanged",
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.embeddings.create(...)`",
        """
        assert list(client.embeddings.create(model="embedding", input="Hello").data[0].embedding) == [0.5, 0.25]
        """,
        "later",
        '`client.http.request("POST", "/v1/embeddings", json=...)`',
        needs="embeddings",
        workaround="""
        answer = client.http.request("POST", "/v1/embeddings", json={"model": "embedding", "input": "Hello"})
        assert answer["data"][0]["embedding"] == [0.5, 0.25]
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.completions.create(...)`",
        """
        assert client.completions.create(model="gpt-4", prompt="Hello").choices[0].text == "Hello, world"
        """,
        "later",
        '`client.http.request("POST", "/v1/completions", json=...)`',
        needs="completions",
        workaround="""
        answer = client.http.request("POST", "/v1/completions", json={"model": "gpt-4", "prompt": "Hello"})
        assert answer["choices"][0]["text"] == "Hello, world"
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.moderations.create(...)`",
        """
        assert client.moderations.create(input="Hello").results[0].flagged is False
        """,
        "later",
        '`client.http.request("POST", "/v1/moderations", json=...)`',
        needs="moderations",
        workaround="""
        assert client.http.request("POST", "/v1/moderations", json={"input": "Hello"})["results"][0]["flagged"] is False
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.batches.create(...)`",
        """
        batch = client.batches.create(
            input_file_id="file", endpoint="/v1/chat/completions", completion_window="24h"
        )
        assert batch.status == "completed"
        """,
        "later",
        '`client.http.request("POST", "/v1/batches", json=...)`',
        needs="batches",
        workaround="""
        body = {"input_file_id": "file", "endpoint": "/v1/chat/completions", "completion_window": "24h"}
        assert client.http.request("POST", "/v1/batches", json=body)["status"] == "completed"
        """,
    ),
)


class Place(BaseModel):
    """The object that the idioms of structured output ask for."""

    city: str


# Stand-ins for the values of the OpenAI SDK, which tests do not require: classes of the same name and module.
NOT_GIVEN, OMIT = (type(name, (), {"__module__": "openai._types"})() for name in ("NotGiven", "Omit"))
SWAPPED = {"AsyncOpenAI": "AsyncClient", "OpenAI": "Client", "openai": "litellm_proxy_client"}
MODULES = (base64, httpx, io, json, os, pytest, ssl, subprocess, sys)


def swap(code: str) -> str:
    """Replace the names of the OpenAI SDK's clients and of its package."""
    return re.sub(rf"\b({'|'.join(SWAPPED)})\b", lambda name: SWAPPED[name[0]], dedent(code))


@dataclass
class Trial:
    """A run of idioms on a server, which collects the errors of the code that failed."""

    server: Server
    errors: list[BaseException] = field(default_factory=list[BaseException])

    async def outcome(self, idiom: Idiom) -> Outcome:
        """Run the code of an idiom and return its outcome.

        Raises:
            AssertionError: The workaround does not work.
        """
        outcome = await self._outcome(idiom)
        if idiom.workaround and not await self._works(idiom.workaround):
            raise AssertionError(f"the workaround fails: {idiom.title}") from self.errors[-1]
        return outcome

    async def _outcome(self, idiom: Idiom) -> Outcome:
        if await self._works(swap(idiom.code)):
            return "unchanged"
        if idiom.needs and not _has(Client(self.server.url), idiom.needs):
            return "later"
        return "renamed" if idiom.equivalent and await self._works(idiom.equivalent) else "absent"

    async def _works(self, code: str) -> bool:
        try:
            await asyncio.to_thread(self._run, code)
        # A failure of pytest.raises() is not an Exception.
        except (Exception, pytest.fail.Exception) as error:
            self.errors.append(error)
            return False
        return True

    def _run(self, code: str) -> None:
        """Run code, which may contain `await`, with the names that it expects."""
        url = f"{self.server.url}/v1"
        variables = {
            "OPENAI_BASE_URL": url,
            "OPENAI_API_KEY": "sk-openai",
            "LITELLM_PROXY_URL": url,
            "LITELLM_PROXY_API_KEY": "sk-proxy",
        }
        with (
            tempfile.NamedTemporaryFile() as file,
            mock.patch.dict(os.environ, variables),
            # A list that the code does not await warns.
            warnings.catch_warnings(),
            Client(url, "sk-test", max_retries=0) as client,
        ):
            warnings.simplefilter("ignore")
            file.write(b"content")
            file.flush()
            async_client = AsyncClient(url, "sk-test", max_retries=0)
            names: dict[str, Any] = {module.__name__: module for module in MODULES} | {
                "litellm_proxy_client": litellm_proxy_client,
                "Client": Client,
                "AsyncClient": AsyncClient,
                "client": client,
                "async_client": async_client,
                "url": url,
                "messages": [{"role": "user", "content": "Hello"}],
                "requests": self.server.requests,
                "sent": lambda: self.server.requests[-1],
                "file": Path(file.name),
                "unsigned": _unsigned_headers,
                "Place": Place,
                "NOT_GIVEN": NOT_GIVEN,
                "omit": OMIT,
            }
            coroutine = eval(compile(dedent(code), "<idiom>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
            if coroutine is not None:
                asyncio.run(_close_after(async_client, coroutine))


async def _close_after(client: AsyncClient, coroutine: Any) -> None:
    async with client:
        await coroutine


def _has(client: Client, path: str) -> bool:
    value: object = client
    for name in path.split("."):
        value = getattr(value, name, None)
    return value is not None


def _unsigned_headers() -> dict[str, str]:
    """Return the headers of a webhook with a signature that is not valid."""
    return {"webhook-id": "1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}


def table() -> str:
    """Return the expected outcomes as Markdown tables."""
    lines: list[str] = []
    for outcome, heading in HEADINGS.items():
        lines += ["", f"### {heading}", "", f"| OpenAI SDK | {COLUMNS[outcome]} |", "| --- | --- |"]
        lines += [f"| {each.title} | {each.here} |" for each in IDIOMS if each.expected == outcome]
    return "\n".join([*lines[1:], "", ""])


def counts(outcomes: Iterable[Outcome]) -> str:
    """Return a line that counts the outcomes."""
    counted = Counter(outcomes)
    return ", ".join(f"{counted[outcome]} {outcome}" for outcome in HEADINGS) + f" of {counted.total()}"


async def main(arguments: list[str]) -> int:
    """Run all idioms; print their outcomes if they are the expected ones."""
    outcomes: list[Outcome] = []
    async with OpenAIServer() as server:
        for number, idiom in enumerate(IDIOMS, 1):
            trial = Trial(server)
            outcome = await trial.outcome(idiom)
            if outcome != idiom.expected:
                print(f"{number}. {idiom.title} is {outcome}, not {idiom.expected}: {trial.errors}", file=sys.stderr)
            outcomes.append(outcome)
    if outcomes != [idiom.expected for idiom in IDIOMS]:
        return 1
    print(table())
    print(f"First {FIRST}: {counts(outcomes[:FIRST])}.\nAll: {counts(outcomes)}.")
    if "--write" in arguments:
        PAGE.write_text(TABLE.sub(lambda match: match[1] + table() + match[2], PAGE.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
