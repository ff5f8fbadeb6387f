"""The idioms of the OpenAI SDK: ways to use it that code written for it contains.

They are taken, in this order, from README.md, helpers.md and examples/ of the OpenAI SDK 3.57. The last group is from
the signatures of its client and methods. Each way of using the SDK is listed once, where it occurs first: the same way
with another value, or with `await`, is listed again only if the SDK treats it differently. An idiom of the client is
written here with chat completions or models even if its source uses another resource; each resource has an idiom of
its own.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    source: str
    title: str
    code: str


IDIOMS = (
    Idiom(
        "README: Usage",
        "`OpenAI(api_key=...)`",
        """
        OpenAI(api_key="sk-mine").models.list()
        assert sent().headers["authorization"] == "Bearer sk-mine"
        """,
    ),
    Idiom(
        "README: Usage",
        "`client.responses.create(...)`, `response.output_text`",
        """
        response = client.responses.create(model="gpt-4", instructions="Be brief.", input="Hello")
        assert response.output_text == "Hello, world"
        """,
    ),
    Idiom(
        "README: Usage",
        "`OpenAI()` with `OPENAI_API_KEY` and `OPENAI_BASE_URL` in the environment",
        """
        OpenAI().models.list()
        assert sent().headers["authorization"] == f"Bearer {os.environ['OPENAI_API_KEY']}"
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
    ),
    Idiom(
        "README: Workload Identity Authentication",
        "`OpenAI(workload_identity=...)`",
        """
        provider = {"token_type": "jwt", "get_token": lambda: "token"}
        OpenAI(workload_identity={"identity_provider_id": "i", "service_account_id": "s", "provider": provider})
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
    ),
    Idiom(
        "README: Async usage",
        "`await` with `AsyncOpenAI`",
        """
        completion = await async_client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.choices[0].message.content == "Hello, world"
        """,
    ),
    Idiom(
        "README: With aiohttp",
        "`AsyncOpenAI(http_client=DefaultAioHttpClient())`",
        """
        async with AsyncOpenAI(http_client=openai.DefaultAioHttpClient()) as client:
            await client.models.list()
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
    ),
    Idiom(
        "README: Streaming responses",
        "`await create(stream=True)` and an `async for` loop",
        """
        stream = await async_client.chat.completions.create(model="gpt-4", messages=messages, stream=True)
        assert [chunk.choices[0].delta.content async for chunk in stream if chunk.choices][0] == "Hello"
        """,
    ),
    Idiom(
        "README: Streaming responses",
        "`client.responses.create(stream=True)` and its events",
        """
        stream = client.responses.create(model="gpt-4", input="Hello", stream=True)
        texts = [event.delta for event in stream if event.type == "response.output_text.delta"]
        assert "".join(texts) == "Hello, world"
        """,
    ),
    Idiom(
        "README: Realtime API",
        "`client.realtime.connect(...)`, `client.live.connect(...)`",
        """
        async_client.realtime.connect(model="gpt-realtime")
        """,
    ),
    Idiom(
        "README: Using types",
        "`completion.to_json()`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert json.loads(completion.to_json())["model"] == "gpt-4"
        """,
    ),
    Idiom(
        "README: Using types",
        "`completion.to_dict()`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.to_dict()["choices"][0]["message"]["content"] == "Hello, world"
        """,
    ),
    Idiom(
        "README: Pagination",
        "`for model in client.models.list()`",
        """
        assert [model.id for model in client.models.list()] == ["gpt-4", "gpt-5"]
        """,
    ),
    Idiom(
        "README: Pagination",
        "`async for model in client.models.list()`, without `await`",
        """
        assert [model.id async for model in async_client.models.list()] == ["gpt-4", "gpt-5"]
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
    ),
    Idiom(
        "README: Pagination",
        "`page.data`",
        """
        assert client.models.list().data[0].id == "gpt-4"
        """,
    ),
    Idiom(
        "README: Pagination",
        "`client.fine_tuning.jobs`",
        """
        for job in client.fine_tuning.jobs.list(limit=20):
            assert job.id
        """,
    ),
    Idiom(
        "README: Nested params",
        "dicts as parameters, such as `response_format={...}`",
        """
        client.chat.completions.create(model="gpt-4", messages=messages, response_format={"type": "json_object"})
        assert sent().json()["response_format"] == {"type": "json_object"}
        """,
    ),
    Idiom(
        "README: File uploads",
        "`client.files.create(file=Path(...), purpose=...)`",
        """
        client.files.create(file=file, purpose="batch")
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
    ),
    Idiom(
        "README: Parsing webhook payloads",
        "`client.webhooks.unwrap(...)`",
        """
        with pytest.raises(openai.InvalidWebhookSignatureError):
            OpenAI(webhook_secret="whsec_c2VjcmV0").webhooks.unwrap("{}", unsigned())
        """,
    ),
    Idiom(
        "README: Verifying webhook payloads directly",
        "`client.webhooks.verify_signature(...)`",
        """
        with pytest.raises(openai.InvalidWebhookSignatureError):
            OpenAI(webhook_secret="whsec_c2VjcmV0").webhooks.verify_signature("{}", unsigned())
        """,
    ),
    Idiom(
        "README: Handling errors",
        "`except APIConnectionError as error`, `error.__cause__`",
        """
        with pytest.raises(openai.APIConnectionError) as caught:
            OpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0).models.list()
        assert caught.value.__cause__ is not None
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
    ),
    Idiom(
        "README: Handling errors",
        "`AuthenticationError`",
        """
        with pytest.raises(openai.AuthenticationError):
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
    ),
    Idiom(
        "README: Handling errors",
        "`APIError`, the base of all errors of the API",
        """
        with pytest.raises(openai.APIError):
            client.chat.completions.create(model="status-500", messages=messages)
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
    ),
    Idiom(
        "README: Request IDs",
        "`completion._request_id`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion._request_id == "call-1"
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
    ),
    Idiom(
        "README: Retries",
        "`client.with_options(max_retries=...)`",
        """
        before = len(requests)
        client.with_options(max_retries=1).chat.completions.create(model="fails-once", messages=messages)
        assert len(requests) - before == 2
        """,
    ),
    Idiom(
        "README: Timeouts",
        "`OpenAI(timeout=20.0)`",
        """
        with pytest.raises(openai.APITimeoutError):
            OpenAI(timeout=0.1, max_retries=0).chat.completions.create(model="silent", messages=messages)
        """,
    ),
    Idiom(
        "README: Timeouts",
        "`OpenAI(timeout=httpx.Timeout(60.0, read=5.0, connect=2.0))`",
        """
        patient = OpenAI(timeout=httpx.Timeout(60.0, read=0.1, connect=2.0), max_retries=0)
        with pytest.raises(openai.APITimeoutError):
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
    ),
    Idiom(
        "README: Timeouts",
        "`except APITimeoutError`, which is an `APIConnectionError`",
        """
        with pytest.raises(openai.APIConnectionError) as caught:
            client.with_options(timeout=0.1).chat.completions.create(model="silent", messages=messages)
        assert isinstance(caught.value, openai.APITimeoutError)
        """,
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
    ),
    Idiom(
        "README: Accessing raw response data",
        "`with_raw_response`: headers, and `parse()`",
        """
        response = client.chat.completions.with_raw_response.create(model="gpt-4", messages=messages)
        assert response.headers["x-request-id"] == "call-1"
        assert response.parse().choices[0].message.content == "Hello, world"
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
    ),
    Idiom(
        "README: Undocumented endpoints",
        "`client.post(path, cast_to=..., body=...)`, and `get`, `put`, `patch`, `delete`",
        """
        response = client.post("/route", cast_to=httpx.Response, body={"name": "value"})
        assert response.headers["x-request-id"] == "call-1"
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
    ),
    Idiom(
        "README: Undocumented response properties",
        "unknown fields: `completion.field`, `completion.model_extra`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.new_field == completion.model_extra["new_field"] == "new"
        """,
    ),
    Idiom(
        "README: Configuring the HTTP client",
        "`OpenAI(base_url=...)`",
        """
        OpenAI(base_url=url).models.list()
        assert sent().headers["host"] in url
        """,
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
    ),
    Idiom(
        "README: Configuring the HTTP client",
        "`client.with_options(http_client=...)`",
        """
        client.with_options(http_client=openai.DefaultHttpx2Client()).models.list()
        """,
    ),
    Idiom(
        "README: Mutual TLS",
        "`OpenAI(http_client=DefaultHttpx2Client(verify=ssl_context))`",
        """
        context = ssl.create_default_context()
        OpenAI(http_client=openai.DefaultHttpx2Client(verify=context, follow_redirects=False)).models.list()
        """,
    ),
    Idiom(
        "README: Managing HTTP resources",
        "`with OpenAI() as client`",
        """
        with OpenAI() as own:
            own.models.list()
        """,
    ),
    Idiom(
        "README: Managing HTTP resources",
        "`client.close()`",
        """
        own = OpenAI()
        own.models.list()
        own.close()
        """,
    ),
    Idiom(
        "README: Managing HTTP resources",
        "`async with AsyncOpenAI() as client`, `await client.close()`",
        """
        async with AsyncOpenAI() as own:
            await own.models.list()
        await own.close()
        """,
    ),
    Idiom(
        "README: Microsoft Azure OpenAI",
        "`AzureOpenAI(...)`, `AsyncAzureOpenAI(...)`",
        """
        azure = openai.AzureOpenAI(azure_endpoint=url, api_version="2024-06-01", api_key="key")
        azure.chat.completions.create(model="gpt-4", messages=messages)
        """,
    ),
    Idiom(
        "README: Amazon Bedrock",
        "`OpenAI(provider=bedrock(...))`, `BedrockOpenAI(...)`",
        """
        from openai.providers import bedrock

        OpenAI(provider=bedrock(region="us-west-2", api_key="key", base_url=url)).models.list()
        """,
    ),
    Idiom(
        "README: Determining the installed version",
        "`openai.__version__`",
        """
        assert openai.__version__[0].isdigit()
        """,
    ),
    Idiom(
        "helpers.md: Auto-parsing response content with Pydantic models",
        "`client.chat.completions.parse(response_format=Model)`",
        """
        completion = client.chat.completions.parse(model="json", messages=messages, response_format=Place)
        assert completion.choices[0].message.parsed == Place(city="Paris")
        """,
    ),
    Idiom(
        "helpers.md: Parsing Responses API output",
        "`client.responses.parse(text_format=Model)`",
        """
        response = client.responses.parse(model="json", input="Where?", text_format=Place)
        assert response.output_parsed == Place(city="Paris")
        """,
    ),
    Idiom(
        "helpers.md: Auto-parsing function tool calls",
        "`pydantic_function_tool(Model)` and `parsed_arguments`",
        """
        tools = [openai.pydantic_function_tool(Place, name="travel")]
        completion = client.chat.completions.parse(model="tools", messages=messages, tools=tools)
        assert completion.choices[0].message.tool_calls[0].function.parsed_arguments == Place(city="Paris")
        """,
    ),
    Idiom(
        "helpers.md: Differences from `.create()`",
        "`LengthFinishReasonError`, `ContentFilterFinishReasonError`",
        """
        with pytest.raises(openai.LengthFinishReasonError):
            client.chat.completions.parse(model="length", messages=messages, response_format=Place)
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
    ),
    Idiom(
        "helpers.md: Chat Completions stream methods",
        "`client.chat.completions.stream(...)`, `stream.get_final_completion()`",
        """
        with client.chat.completions.stream(model="gpt-4", messages=messages) as stream:
            stream.until_done()
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
    ),
    Idiom(
        "helpers.md: Polling Helpers",
        "`create_and_poll(...)`, `upload_and_poll(...)` of `client.vector_stores`",
        """
        stored = client.vector_stores.files.create_and_poll("file", vector_store_id="store")
        assert stored.status == "completed"
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
    ),
    Idiom(
        "examples/demo.py",
        "`from openai.types.chat import ChatCompletion`",
        """
        from openai.types.chat import ChatCompletion

        assert isinstance(client.chat.completions.create(model="gpt-4", messages=messages), ChatCompletion)
        """,
    ),
    Idiom(
        "examples/image_stream.py",
        "`client.images.generate(stream=True)`",
        """
        stream = client.images.generate(model="gpt-image-1", prompt="An otter", stream=True, partial_images=1)
        assert [event.type for event in stream][-1] == "image_generation.completed"
        """,
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
    ),
    Idiom(
        "examples/module_client.py",
        "`OpenAI(default_headers=...)`",
        """
        OpenAI(default_headers={"x-name": "value"}).models.list()
        assert sent().headers["x-name"] == "value"
        """,
    ),
    Idiom(
        "examples/picture.py",
        "`client.images.generate(...)`",
        """
        assert client.images.generate(model="dall-e-3", prompt="An otter").data[0].b64_json == "aGk="
        """,
    ),
    Idiom(
        "examples/responses/background.py",
        "`client.responses.create(background=True)`, `client.responses.retrieve(...)`",
        """
        response = client.responses.create(model="gpt-4", input="Hello", background=True)
        assert client.responses.retrieve(response.id).status == "completed"
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
    ),
    Idiom(
        "examples/responses/streaming.py",
        "`client.responses.stream(text_format=Model)`, `stream.get_final_response()`",
        """
        with client.responses.stream(model="json", input="Where?", text_format=Place) as stream:
            assert stream.get_final_response().output_parsed == Place(city="Paris")
        """,
    ),
    Idiom(
        "examples/responses/websocket.py",
        "`client.responses.connect(...)`",
        """
        client.responses.connect()
        """,
    ),
    Idiom(
        "examples/responses_input_tokens.py",
        "`client.responses.input_tokens.count(...)`",
        """
        assert client.responses.input_tokens.count(model="gpt-4", input="Hello").input_tokens == 3
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
    ),
    Idiom(
        "examples/speech_to_text.py",
        "`openai.helpers` and `openai.lib`: microphone, audio player, tools for browsers and computers",
        """
        from openai.lib.browser import AsyncBrowserToolset
        """,
    ),
    Idiom(
        "examples/streaming.py",
        "`next(stream)`, `await anext(stream)`",
        """
        stream = client.chat.completions.create(model="gpt-4", messages=messages, stream=True)
        assert next(stream).choices[0].delta.content == "Hello"
        assert next(stream).choices[0].delta.content == ", world"
        """,
    ),
    Idiom(
        "examples/uploads.py",
        "`client.uploads.upload_file_chunked(...)`",
        """
        client.uploads.upload_file_chunked(file=file, mime_type="text/plain", purpose="batch")
        """,
    ),
    Idiom(
        "examples/video.py",
        "`client.videos.create_and_poll(...)`",
        """
        assert client.videos.create_and_poll(model="sora-2", prompt="An otter").status == "completed"
        """,
    ),
    Idiom(
        "signature of `OpenAI`",
        "`OpenAI(default_query=...)`",
        """
        OpenAI(default_query={"name": "value"}).models.list()
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
    ),
    Idiom(
        "signature of `OpenAI`",
        "`client.api_key`",
        """
        assert OpenAI(api_key="sk-mine").api_key == "sk-mine"
        """,
    ),
    Idiom(
        "signature of `create`",
        "`create(timeout=5.0)`: a timeout for one call",
        """
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(model="silent", messages=messages, timeout=0.1)
        """,
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
    ),
    Idiom(
        "signature of `ChatCompletion`",
        "`completion.model_dump()`, `completion.model_dump_json()`",
        """
        completion = client.chat.completions.create(model="gpt-4", messages=messages)
        assert completion.model_dump()["choices"][0]["message"]["content"] == "Hello, world"
        assert json.loads(completion.model_dump_json())["model"] == "gpt-4"
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.models.retrieve(model)`",
        """
        assert client.models.retrieve("gpt-4").id == "gpt-4"
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.embeddings.create(...)`",
        """
        assert list(client.embeddings.create(model="embedding", input="Hello").data[0].embedding) == [0.5, 0.25]
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.completions.create(...)`",
        """
        assert client.completions.create(model="gpt-4", prompt="Hello").choices[0].text == "Hello, world"
        """,
    ),
    Idiom(
        "resources of `OpenAI`",
        "`client.moderations.create(...)`",
        """
        assert client.moderations.create(input="Hello").results[0].flagged is False
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
    ),
)
