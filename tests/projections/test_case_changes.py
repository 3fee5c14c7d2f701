"""What an event is told to have changed."""

from datetime import timedelta
from typing import Any

import msgspec.structs

from domain.case.lifecycle import Stage
from domain.case.vocabulary import Channel
from domain.vocabulary import ClockKind
from projections.case_changes import FieldChange, difference
from projections.case_details import Details
from projections.case_state import CaseState
from tests.domain.scenario import BEGAN, CASE
from tests.domain.timing import clock


def state(**details: Any) -> CaseState:
    return CaseState(
        case_id=CASE,
        version=1,
        position=1,
        updated_at=BEGAN,
        stage=Stage.ACCEPTED,
        case_no="1",
        channel=Channel.WEB,
        registered_at=BEGAN,
        details=Details(**details),
    )


def names(change: FieldChange) -> tuple[list[str], list[str]]:
    def of(told: Any) -> list[str]:
        return [each["kind"] for each in told]

    return of(change.before), of(change.after)


def test_of_many_clocks_only_those_that_differ_are_told() -> None:
    kept, moved, gone = (
        clock(kind) for kind in (ClockKind.STAGE, ClockKind.RESOLUTION, ClockKind.DISPATCH)
    )
    later = msgspec.structs.replace(moved, due=moved.due + timedelta(days=1))
    (change,) = difference(state(clocks=(gone, moved, kept)), state(clocks=(later, kept)))
    assert change.field == "clocks"
    assert names(change) == (["DISPATCH", "RESOLUTION"], ["RESOLUTION"])
    assert difference(state(clocks=(kept,)), state(clocks=(kept,))) == []
