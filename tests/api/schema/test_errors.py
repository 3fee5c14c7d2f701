"""Errors of a request: refusals coded, the unexpected hidden and logged by an id."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.identity import Caller
from domain.merkle import Head
from domain.scope import scope_of
from projections.view import Connection
from schema.context import Context
from tests.api.schema.asking import Api, Asker
from tests.domain.people import AUDITOR, REPORTER


class Broken(Exception):
    """A failure that nobody expected, with a text that nobody else may see."""


class BrokenReads:
    """A database that went away in the middle."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        raise Broken("Key (title)=(a secret) already exists.")


class BrokenJournal:
    """A journal that fails while it is followed."""

    def __init__(self, api: Api) -> None:
        self.head_of = api.journal.head

    async def head(self) -> Head:
        return await self.head_of()

    def follow(self, after: int) -> AsyncIterator[int]:
        raise Broken(f"a secret after {after}")

    leaf_hash = inclusion = consistency = head


def broken(api: Api, caller: Caller = AUDITOR) -> Asker:
    journal: Any = BrokenJournal(api)
    context = Context(caller, scope_of(caller), api.commands, journal, BrokenReads())
    return Asker(api.schema, context)


async def test_an_unexpected_error_is_hidden_and_found_by_its_id(api: Api) -> None:
    with capture_logs() as logs:
        result = await broken(api).execute('{ viewer { principal } case(caseNo: "1") { id } }')
    assert result.data == {"viewer": {"principal": "auditor"}, "case": None}
    [error] = result.errors or []
    assert error.extensions is not None
    assert error.extensions["code"] == "INTERNAL_ERROR"
    error_id = error.extensions["errorId"]
    assert error_id in error.message
    [entry] = [entry for entry in logs if entry["event"] == "unexpected error"]
    assert entry["error_id"] == error_id
    assert entry["error"] == "Broken"
    assert entry["field"] == "case"
    assert any("queries.py" in frame for frame in entry["frames"])
    assert "a secret" not in f"{error.formatted} {logs}"


FOR_FEW = (
    "metrics { at }",
    "firstDispatchAccuracy { rate }",
    "responsibilityIntervals(first: 1) { totalCount }",
    "accessLog(first: 1) { totalCount }",
    "routingPolicies(first: 1) { totalCount }",
    "escalationPolicies(first: 1) { totalCount }",
)


async def test_what_is_refused_to_a_role_leaves_the_rest_of_the_answer(api: Api) -> None:
    names = [each.partition("(")[0].partition(" ")[0] for each in FOR_FEW]
    result = await api.by(REPORTER).execute(f"{{ viewer {{ principal }} {' '.join(FOR_FEW)} }}")
    assert result.data == {"viewer": {"principal": "resident"}} | dict.fromkeys(names)
    told = {(str(each.path), (each.extensions or {})["code"]) for each in result.errors or []}
    assert told == {(str([name]), "NOT_PERMITTED") for name in names}


async def test_an_unexpected_error_ends_a_subscription_hidden(api: Api) -> None:
    with capture_logs() as logs:
        async with asyncio.timeout(60), broken(api).watch(after="0") as watched:
            extensions = await watched.refused()
    assert extensions["code"] == "INTERNAL_ERROR"
    assert [entry["error"] for entry in logs] == ["Broken"]
    assert "a secret" not in str(logs)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("{ case(id: ", "Syntax Error"),
        ("{ nonsense }", "Cannot query field 'nonsense'"),
        ("{ cases(first: true) { totalCount } }", "Int cannot represent"),
        ('{ cases(first: 1, asOf: {position: "-1"}) { totalCount } }', "A Position is"),
        ('{ cases(first: 1, asOf: {recordedAt: "today"}) { totalCount } }', "A DateTime is"),
        ("query Q($n: Int!) { cases(first: $n) { totalCount } }", "$n"),
    ],
)
async def test_what_is_wrong_with_a_request_stays_readable(
    api: Api, query: str, words: str
) -> None:
    with capture_logs() as logs:
        result = await api.by(AUDITOR).execute(query)
    assert result.errors is not None
    assert words in result.errors[0].message
    assert logs == []


async def test_what_is_wrong_with_a_variable_stays_readable(api: Api) -> None:
    query = "query Q($at: DateTime) { cases(first: 1, asOf: {recordedAt: $at}) { totalCount } }"
    result = await api.by(AUDITOR).execute(query, at="2026-03-01")
    assert result.errors is not None
    assert "A DateTime is" in result.errors[0].message
