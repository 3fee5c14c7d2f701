"""The journal's own streams."""

from typing import Any

import pytest

from domain.command import circumstances
from domain.journal import (
    EXPORTS_STREAM,
    GENESIS_STREAM,
    ExportLogOpened,
    JournalExported,
    JournalOpened,
    OpenJournal,
    RecordExport,
    open_journal,
    record_export,
)
from domain.refusal import InvalidInput
from tests.domain.people import AUDITOR, OPERATOR
from tests.domain.scenario import NOW, ask, fact_of, happened, pending_events

GENESIS: dict[str, Any] = {
    "name": "Qingyuan",
    "time_zone": "Asia/Shanghai",
    "administrators": ("operator",),
    "demonstration": True,
}


def opened(**said: Any) -> OpenJournal:
    return ask(OpenJournal, **{**GENESIS, **said})


def test_the_genesis_entry_says_whose_journal_it_is() -> None:
    command = opened()
    jurisdiction = open_journal(command, circumstances(command, OPERATOR, NOW))
    assert jurisdiction.id == GENESIS_STREAM
    assert [*map(fact_of, pending_events(jurisdiction))] == [happened(JournalOpened, **GENESIS)]
    assert (jurisdiction.name, jurisdiction.time_zone) == ("Qingyuan", "Asia/Shanghai")
    assert (jurisdiction.administrators, jurisdiction.demonstration) == (("operator",), True)


@pytest.mark.parametrize(("field", "path"), [("name", "name"), ("time_zone", "timeZone")])
def test_a_journal_belongs_to_somebody_somewhere(field: str, path: str) -> None:
    command = opened(**{field: " "})
    with pytest.raises(InvalidInput) as refused:
        open_journal(command, circumstances(command, OPERATOR, NOW))
    assert refused.value.path == [path]


def test_the_first_export_begins_the_log_and_the_next_goes_on() -> None:
    command = ask(RecordExport, format="xes", filters={"stage": "CLOSED"}, through=9, events=4)
    by = circumstances(command, AUDITOR, NOW)
    exported = happened(
        JournalExported, format="xes", filters={"stage": "CLOSED"}, through=9, events=4
    )
    log = record_export(None, command, by)
    assert log.id == EXPORTS_STREAM
    assert [*map(fact_of, pending_events(log))] == [happened(ExportLogOpened), exported]
    assert fact_of(pending_events(record_export(log, command, by))[-1]) == exported
    assert log.exports == 2
