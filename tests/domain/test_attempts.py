from uuid import UUID

from domain.attempts import (
    AttemptLog,
    AttemptLogOpened,
    AttemptRefused,
    RecordRefusedAttempt,
    attempts_of,
    record_attempt,
)
from domain.command import circumstances
from tests.domain.people import OFFICER
from tests.domain.scenario import CASE, NOW, fact_of, happened, pending_events


def attempt(log: AttemptLog | None) -> AttemptLog:
    command = RecordRefusedAttempt(
        command_id=UUID(int=1),
        principal=OFFICER.principal,
        permission="acceptCase",
        refusal="NOT_PERMITTED",
        case_id=CASE,
    )
    return record_attempt(log, command, circumstances(command, OFFICER, NOW))


def test_attempts_of_one_person_are_a_stream_of_its_own() -> None:
    refused = happened(
        AttemptRefused, permission="acceptCase", refusal="NOT_PERMITTED", case_id=CASE
    )
    log = attempt(None)
    assert log.id == attempts_of("officer") != attempts_of("dispatcher")
    again = attempt(log)
    facts = [fact_of(event) for event in pending_events(again)]
    assert facts == [happened(AttemptLogOpened), refused, refused]
