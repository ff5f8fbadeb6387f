"""The idioms of the OpenAI SDK work as their table says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from .openai_idioms import HEADINGS, IDIOMS, PAGE, TABLE, Idiom, Outcome, Trial, counts, table
from .openai_server import OpenAIServer

FAILS = Idiom("a test", "`client.nothing`", "client.nothing", "absent")


@pytest.mark.parametrize("idiom", IDIOMS, ids=range(1, len(IDIOMS) + 1))
async def test_outcome_is_the_expected_one(idiom: Idiom) -> None:
    async with OpenAIServer() as server:
        trial = Trial(server)
        assert await trial.outcome(idiom) == idiom.expected, (idiom.title, trial.errors)


@pytest.mark.parametrize(
    ("idiom", "outcome"),
    [
        (replace(FAILS, code="OpenAI().models.list()", needs="nothing", equivalent="Client()"), "unchanged"),
        (replace(FAILS, code="await async_client.models.list()"), "unchanged"),
        (replace(FAILS, needs="nothing", equivalent="Client()"), "later"),
        (replace(FAILS, needs="chat.completions", equivalent="Client()"), "renamed"),
        (replace(FAILS, needs="chat.completions", equivalent="Client().nothing"), "absent"),
        (replace(FAILS, workaround="Client()"), "absent"),
    ],
)
async def test_outcome_is_what_the_code_shows(idiom: Idiom, outcome: Outcome) -> None:
    async with OpenAIServer() as server:
        assert await Trial(server).outcome(idiom) == outcome


async def test_a_workaround_that_fails_is_reported() -> None:
    async with OpenAIServer() as server:
        with pytest.raises(AssertionError, match=r"the workaround fails: `client\.nothing`"):
            await Trial(server).outcome(replace(FAILS, workaround="Client().nothing"))


def test_an_idiom_that_differs_says_what_to_write() -> None:
    assert [idiom.title for idiom in IDIOMS if idiom.expected != "unchanged" and not idiom.here] == []


def test_titles_are_distinct() -> None:
    assert [title for title, count in Counter(idiom.title for idiom in IDIOMS).items() if count > 1] == []


def test_table_and_counts_contain_every_idiom() -> None:
    rows = table().splitlines()
    assert [sum(row.startswith(f"| {idiom.title} |") for row in rows) for idiom in IDIOMS] == [1] * len(IDIOMS)
    assert [row for row in rows if row.startswith("###")] == [f"### {heading}" for heading in HEADINGS.values()]
    assert counts(["later", "absent", "later"]) == "0 unchanged, 0 renamed, 2 later, 1 absent of 3"


def test_guide_contains_the_table() -> None:
    found = TABLE.search(PAGE.read_text())
    assert found is not None
    assert found[0] == f"{found[1]}{table()}{found[2]}", "update the guide with python -m tests.openai_idioms --write"
