"""The runtime serves every resource alike, so none of its modules names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import litellm_proxy_client

PACKAGE = Path(litellm_proxy_client.__file__).parent
FILES = [path for layer in ("_wire", "_runtime", "_clients") for path in sorted((PACKAGE / layer).glob("*.py"))]
# Whole words, in code and comments. Left out are words that the runtime needs itself: the key that authenticates, the
# budget of retries, the tokens of its bucket, pydantic's models and the messages of errors.
RESOURCE_WORDS = re.compile(
    r"(?i)\b(?:chat|completions?|choices?|delta|finish_reason|prompt_tokens|completion_tokens|usage|system_fingerprint"
    r"|embeddings?|images?|audio|speech|transcriptions?|moderations?|rerank|vector_stores?|assistants?|conversations?"
    r"|output_text|iter_text|tool_calls?|get_final_\w+|teams|users|deployments?|credential_name|key_alias|team_id"
    r"|user_id|model_groups?|model_name|end_users?|customers|organizations?|guardrails?|mcp)\b"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_of_the_runtime_names_a_resource(path: Path) -> None:
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)
    assert [f"{number}: {word}" for number, line in lines for word in RESOURCE_WORDS.findall(line)] == []


@pytest.mark.parametrize(
    "line", ["if event['choices']:", "# Only for a completion", "def usage(self)", "stream.iter_text()", "Chat"]
)
def test_words_of_resources_are_found(line: str) -> None:
    assert RESOURCE_WORDS.search(line)


def test_words_of_the_runtime_are_not_found() -> None:
    text = "the tokens of the retry budget, the key, `message` of an error, UsageError, a pydantic model"
    assert not RESOURCE_WORDS.search(text)
