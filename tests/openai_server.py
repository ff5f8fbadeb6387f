"""A server on loopback that answers the routes of OpenAI's API; the model's name selects how a chat model answers."""

from __future__ import annotations

from typing import Any

from .server import Exchange, Server

TEXT = "Hello, world"
OBJECT = '{"city": "Paris"}'
HEADERS: dict[str, Any] = {"x-request-id": "call-1", "x-litellm-call-id": "call-1"}


class OpenAIServer(Server):
    """`async with OpenAIServer() as server`.

    A chat model `status-NNN` fails with that status, `fails-once` with every first request, `silent` never answers,
    and the stream of `breaks` breaks. `json` answers with an object, `tools` with a tool call, `length` with a part of
    an object. Every other model answers with `TEXT`.
    """

    def __init__(self) -> None:
        super().__init__(self._answer)

    async def _answer(self, exchange: Exchange) -> None:
        request = exchange.request
        path = request.target.partition("?")[0].removeprefix("/v1")
        is_json = request.headers.get("content-type", "").startswith("application/json")
        body: dict[str, Any] = request.json() if is_json and request.body else {}
        if not body.get("stream"):
            await self._respond(exchange, path, body)
            return
        await exchange.begin_stream(**HEADERS)
        for event in _events(path, body):
            await exchange.event(event)
        if body.get("model") == "breaks":
            exchange.reset()
        else:
            await exchange.end_stream()

    async def _respond(self, exchange: Exchange, path: str, body: dict[str, Any]) -> None:
        model = body.get("model", "")
        if model == "fails-once" and sum(b"fails-once" in each.body for each in self.requests) % 2:
            model = "status-503"
        if model == "silent":
            await exchange.wait_for_disconnect()
        elif model.startswith("status-"):
            error = {"message": "It failed.", "type": "error", "param": None, "code": "code"}
            await exchange.respond({"error": error}, int(model[7:]), **HEADERS)
        elif path == "/audio/speech":
            await exchange.respond(b"sound", content_type="audio/mpeg", **HEADERS)
        else:
            await exchange.respond(_response(path, body), **HEADERS)


def _response(path: str, body: dict[str, Any]) -> object:
    if path.endswith("/chat/completions"):
        return _completion(body)
    if path.endswith("/completions"):
        return {"id": "cmpl-1", "object": "text_completion", "model": "m", "choices": [{"index": 0, "text": TEXT}]}
    if path == "/models":
        return {"object": "list", "data": [_model("gpt-4"), _model("gpt-5")]}
    if path.startswith("/models/"):
        return _model(path.removeprefix("/models/"))
    if path == "/responses" or path.startswith("/responses/resp"):
        return _model_response(body)
    return OTHERS.get(path, {"id": "id-1", "object": "object", "status": "completed", "data": []})


OTHERS: dict[str, object] = {
    "/audio/transcriptions": {"text": TEXT},
    "/embeddings": {
        "object": "list",
        "model": "embedding",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    },
    "/fine_tuning/jobs": {"object": "list", "data": [{"id": "job-1", "object": "fine_tuning.job"}], "has_more": False},
    "/images/generations": {"created": 1, "data": [{"b64_json": "aGk="}]},
    "/moderations": {"id": "modr-1", "model": "m", "results": [{"flagged": False}]},
    "/responses/input_tokens": {"object": "response.input_tokens", "input_tokens": 3},
}


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 1, "owned_by": "openai"}


def _text(body: dict[str, Any]) -> str:
    return {"json": OBJECT, "length": OBJECT[:5]}.get(body.get("model", ""), TEXT)


def _completion(body: dict[str, Any]) -> dict[str, object]:
    message: dict[str, object] = {"role": "assistant", "content": _text(body)}
    reason = "length" if body["model"] == "length" else "stop"
    if body["model"] == "tools":
        function = {"name": body["tools"][0]["function"]["name"], "arguments": OBJECT}
        message = {"role": "assistant", "content": None}
        message["tool_calls"] = [{"id": "call-1", "type": "function", "function": function}]
        reason = "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [choice],
        "usage": None,
        "new_field": "new",
    }


def _model_response(body: dict[str, Any], status: str = "completed") -> dict[str, object]:
    part: dict[str, object] = {"type": "output_text", "text": _text(body), "annotations": []}
    message: dict[str, object] = {
        "type": "message",
        "id": "msg-1",
        "role": "assistant",
        "status": status,
        "content": [part],
    }
    return {
        "id": "resp-1",
        "object": "response",
        "created_at": 1,
        "model": "gpt-4",
        "status": status,
        "output": [message] if status == "completed" else [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }


def _events(path: str, body: dict[str, Any]) -> list[object]:
    if path == "/responses":
        place = {"item_id": "msg-1", "output_index": 0, "content_index": 0}
        part: dict[str, object] = {"type": "output_text", "text": "", "annotations": []}
        item: dict[str, object] = {
            "type": "message",
            "id": "msg-1",
            "role": "assistant",
            "status": "in_progress",
            "content": [],
        }
        events: list[dict[str, object]] = [
            {"type": "response.created", "response": _model_response(body, "in_progress")},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
            {"type": "response.content_part.added", **place, "part": part},
            {"type": "response.output_text.delta", **place, "delta": _text(body)},
            {"type": "response.output_text.done", **place, "text": _text(body)},
            {"type": "response.completed", "response": _model_response(body)},
        ]
        return [{**event, "sequence_number": number} for number, event in enumerate(events)]
    if path == "/images/generations":
        return [{"type": f"image_generation.{event}", "b64_json": "aGk="} for event in ("partial_image", "completed")]
    if path != "/chat/completions":
        return []
    first, second = TEXT[:5], TEXT[5:]
    deltas: list[tuple[dict[str, str], str | None]] = [({"content": first}, None), ({"content": second}, None)]
    if body["model"] != "breaks":
        deltas.append(({}, "stop"))
    return [
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body["model"],
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        }
        for delta, reason in deltas
    ]
