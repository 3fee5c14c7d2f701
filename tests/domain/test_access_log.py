"""Readings of personal data: a stream of their own for each person."""

from uuid import UUID

import pytest

from domain.command import circumstances
from domain.personal_data import (
    AccessLog,
    AccessLogOpened,
    Category,
    PersonalDataRead,
    PurposeNeeded,
    ReadReporter,
    access_log_of,
    record_reading,
)
from domain.reach import Place
from tests.domain.people import INTAKE
from tests.domain.scenario import CASE, NOW, fact_of, happened, pending_events

PERSON = UUID(int=7)


def reading(log: AccessLog | None, purpose: str = "To call back") -> AccessLog:
    command = ReadReporter(
        command_id=UUID(int=1),
        subject=PERSON,
        case_id=CASE,
        categories=(Category.NAME, Category.CONTACT),
        purpose=purpose,
        reporter=None,
        place=Place(),
    )
    return record_reading(log, command, circumstances(command, INTAKE, NOW))


def test_the_first_reading_begins_the_log_and_the_next_goes_on() -> None:
    read = happened(
        PersonalDataRead,
        subject=PERSON,
        case_id=CASE,
        categories=(Category.NAME, Category.CONTACT),
        purpose="To call back",
    )
    log = reading(None)
    assert (log.id, log.readings) == (access_log_of(PERSON), 1)
    again = reading(log)
    facts = [fact_of(event) for event in pending_events(again)]
    assert facts == [happened(AccessLogOpened, subject=PERSON), read, read]
    assert again.readings == 2


def test_without_a_purpose_nothing_is_read_and_nothing_recorded() -> None:
    log = reading(None)
    with pytest.raises(PurposeNeeded):
        reading(log, purpose=" ")
    assert log.readings == 1
