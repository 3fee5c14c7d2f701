"""Who answered for a case, whatever happened: one at a time, always one, for all that was used."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from domain.calendar.state import WorkCalendars
from domain.case import Case
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.ledger.situation import HELD
from domain.case.lifecycle import Stage
from domain.case.merging import MergeReversed
from domain.recorded import RecordedEvent
from tests.domain.test_ledger_account import check_sums
from tests.domain.test_ledger_lives import expected, joined, standing

NEVER: Final = datetime.max.replace(tzinfo=UTC)


def check_ledger(
    case: Case,
    events: Sequence[RecordedEvent],
    until: datetime,
    calendar: WorkCalendars | None,
) -> None:
    """The intervals partition the time from acceptance to closing, and what they used adds up.

    What was entered afterwards may lie before what was decided without it: then the case and its
    clocks do not say whose turn it was, and that nobody's time lies in another's is looked at.
    """
    intervals = known_at(ledger_of(events).intervals, None, None)
    covered = joined((each.begin, each.end or NEVER) for each in intervals)
    answering = [each.holder.part for each in intervals if each.end is None]
    assert len(answering) <= 1
    if _in_order(events):
        whose = expected(case)
        assert answering == ([] if whose is None else [whose])
        assert covered == joined(_held(events))
        check_sums(events, until, calendar)


def _in_order(events: Sequence[RecordedEvent]) -> bool:
    times = [each.occurred_at for each in events if not isinstance(each.event, DeadlineReached)]
    return times == sorted(times)


def _held(events: Sequence[RecordedEvent]) -> Iterator[tuple[datetime, datetime]]:
    """When somebody had to answer. A merge that was reversed took nobody's turn away."""
    reversals = [each.occurred_at for each in events if isinstance(each.event, MergeReversed)]
    for case, begin, end in standing([*events]):
        merged = case.stage is Stage.MERGED and case.stage_before_merge in HELD
        back = merged and any(end <= reversal for reversal in reversals)
        if expected(case) is not None or back:
            yield begin, end
