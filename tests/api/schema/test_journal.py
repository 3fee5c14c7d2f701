"""The head of the journal and its proofs, as an auditor checks them; and imported logs."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from domain.case.imported import Activity, ImportHistory
from domain.case.vocabulary import Attribute
from domain.merkle import Head, verify_consistency, verify_inclusion
from schema import ids
from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, OFFICER, OPERATOR, REPORTER

PROOF = "position leafHash size root path"


def head_of(answer: dict[str, Any]) -> Head:
    return Head(int(answer["size"]), bytes.fromhex(answer["root"]))


def path_of(answer: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(node) for node in answer["path"]]


async def test_every_entry_is_proved_to_be_in_the_tree(api: Api, desk: Desk) -> None:
    await desk.closed()
    size = (await api.journal.head()).size
    for position in range(1, size + 1):
        query = f'{{ journal {{ position root inclusion(position: "{position}") {{ {PROOF} }} }} }}'
        journal = (await api.by(AUDITOR).ask(query))["journal"]
        proof = journal["inclusion"]
        assert (proof["size"], proof["root"]) == (journal["position"], journal["root"])
        leaf = bytes.fromhex(proof["leafHash"])
        assert verify_inclusion(leaf, position - 1, path_of(proof), head_of(proof))
        assert not verify_inclusion(leaf, position, path_of(proof), head_of(proof))


async def test_the_journal_continues_each_head_it_had(api: Api, desk: Desk) -> None:
    heads = []
    for _ in range(3):
        await desk.accepted()
        heads.append(await api.journal.head())
    for earlier in heads:
        query = f'{{ journal {{ consistency(earlier: "{earlier.size}") {{ size root path }} }} }}'
        proof = (await api.by(AUDITOR).ask(query))["journal"]["consistency"]
        assert verify_consistency(earlier, head_of(proof), path_of(proof))
        forged = Head(earlier.size, bytes(32))
        assert not verify_consistency(forged, head_of(proof), path_of(proof))


@pytest.mark.parametrize("selection", ["inclusion(position: %s)", "consistency(earlier: %s)"])
@pytest.mark.parametrize("position", ['"0"', '"1000000"'])
async def test_what_is_not_in_the_journal_has_no_proof(
    api: Api, selection: str, position: str
) -> None:
    query = f"{{ journal {{ {selection % position} {{ size }} }} }}"
    refused = await api.by(AUDITOR).refused(query)
    assert refused["code"] == "INVALID_INPUT"
    assert refused["path"][0] in selection


async def test_a_reporter_proves_their_own_case(api: Api) -> None:
    case_id = (await api.by(REPORTER).change("registerCase", channel="WEB"))["case"]["caseId"]
    case = await api.by(REPORTER).case(case_id, f"position proof {{ {PROOF} }}")
    assert case is not None
    proof = case["proof"]
    assert proof["position"] == case["position"]
    leaf, index = bytes.fromhex(proof["leafHash"]), int(proof["position"]) - 1
    assert verify_inclusion(leaf, index, path_of(proof), head_of(proof))


BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
LOG: Final[dict[str, list[tuple[str, str | None, int]]]] = {
    "one": [("register", "Ann", 0), ("check", "Bob", 60), ("decide", "Ann", 120)],
    "two": [("register", "Ann", 0), ("check", "Bob", 30), ("decide", "Cy", 240)],
    "three": [("register", None, 10), ("decide", "Ann", 10)],
    "empty": [],
}


@pytest.fixture
async def log(api: Api) -> None:
    for name, activities in LOG.items():
        command = ImportHistory(
            command_id=uuid4(),
            source="tiny",
            external_id=name,
            attributes=(Attribute("concept:name", "string", name),),
            activities=tuple(
                Activity(activity, BEGAN + timedelta(seconds=seconds), resource)
                for activity, resource, seconds in activities
            ),
        )
        await api.commands.execute(command, OPERATOR)


async def test_an_event_of_no_case_is_found_again_by_whoever_reads_the_journal(api: Api) -> None:
    query = "{ events(first: 1) { nodes { id type caseId case { id } } } }"
    [opened] = (await api.by(AUDITOR).ask(query))["events"]["nodes"]
    assert (opened["type"], opened["caseId"], opened["case"]) == ("journal.opened", None, None)
    node = "query Q($id: ID!) { node(id: $id) { ... on CaseEvent { type } } }"
    assert (await api.by(AUDITOR).ask(node, id=opened["id"]))["node"] == {"type": "journal.opened"}
    assert (await api.by(OFFICER).ask(node, id=opened["id"]))["node"] is None
    assert (await api.by(AUDITOR).ask(node, id=ids.event_id(10**6)))["node"] is None


FACTS = "cases events activities resources variants throughputMedian throughputMean"


@pytest.mark.usefixtures("log")
async def test_the_facts_of_an_imported_log(api: Api) -> None:
    query = f"""{{
        logSources
        now: logFacts(source: "tiny") {{ {FACTS} }}
        then: logFacts(source: "tiny", asOf: {{occurredAt: "2026-03-01T00:01:00Z"}}) {{ {FACTS} }}
        known: logFacts(source: "tiny", asOf: {{position: "5"}}) {{ {FACTS} }}
    }}"""
    found = await api.by(AUDITOR).ask(query)
    assert found["logSources"] == ["tiny"]
    assert found["now"] == {
        "cases": 4,
        "events": 8,
        "activities": 3,
        "resources": 3,
        "variants": 2,
        "throughputMedian": 120.0,
        "throughputMean": 120.0,
    }
    assert (found["then"]["cases"], found["then"]["events"]) == (3, 6)
    assert (found["known"]["cases"], found["known"]["events"]) == (1, 3)


@pytest.mark.usefixtures("log")
async def test_imported_histories_are_cases_of_their_own_kind(api: Api) -> None:
    query = """query Q($filter: CaseFilter) { cases(first: 9, filter: $filter) {
        totalCount nodes {
            stage channel urgency source externalId caseNo registeredAt
            allowedActions { enabled }
            timeline(first: 9) { nodes { type occurredAt payload } }
        }
    } }"""
    assert (await api.by(AUDITOR).ask(query))["cases"]["totalCount"] == 0
    found = (await api.by(AUDITOR).ask(query, filter={"source": "tiny"}))["cases"]
    assert found["totalCount"] == 4
    history = next(case for case in found["nodes"] if case["externalId"] == "two")
    assert (history["stage"], history["channel"], history["urgency"]) == (
        "IMPORTED",
        "IMPORT",
        None,
    )
    assert (history["source"], history["caseNo"]) == ("tiny", "tiny/two")
    assert not any(action["enabled"] for action in history["allowedActions"])
    activities = history["timeline"]["nodes"][1:]
    assert [event["payload"]["activity"] for event in activities] == [
        "register",
        "check",
        "decide",
    ]
    assert activities[-1]["occurredAt"] == "2026-03-01T00:04:00Z"
