"""The suspensions and extensions of a case, as far as the caller may see them."""

from datetime import datetime

import strawberry
from strawberry import field

from domain.case.regions import Hold
from projections.case_state import CaseState
from projections.holds import Extension, ExtensionState, Suspension, SuspensionState


@strawberry.type(description="How long a clock stood still.")
class PausedClock:
    """How long a clock stood still."""

    clock: str = field(description='Its name, as in "RESOLUTION".')
    seconds: float = field(
        description="How long, as the clock counts time: working time, where its limit is in that."
    )
    due: datetime = field(description="When it was due after that.")


@strawberry.type(
    description="A suspension 挂起: its interval, or that it was asked for. Why, in words, stands "
    "in the timeline."
)
class CaseSuspension:
    """A suspension."""

    number: int = field(description="1, 2, 3 ... of the case.")
    state: SuspensionState = field(description="What became of it.")
    reason: str = field(description="The code of the reason, of the SLA policy.")
    reason_zh: str = field(description="What the reason is called in Chinese.")
    reason_en: str = field(description="What the reason is called in English.")
    requested_at: datetime = field(description="When it was asked for.")
    requested_by: str | None = field(
        description="Who asked; null where the caller does not see the case from inside."
    )
    decided_at: datetime | None = field(description="When it was decided; null: not yet, or never.")
    decided_by: str | None = field(
        description="Who decided; null also where the caller does not see the case from inside."
    )
    began: datetime | None = field(description="Since when the case rested.")
    expected_resume: datetime = field(description="When it was expected to go on.")
    ended: datetime | None = field(description="When it went on; null while it rests.")
    stopped_clocks: list[str] = field(
        description='The names of the clocks that stood still, as in "RESOLUTION"; empty where the '
        "reason stops none, and where the caller does not see the case from inside."
    )
    paused: list[PausedClock] = field(
        description="How long each of them did; empty until it went on."
    )


@strawberry.type(
    description="An extension 延期, or that it was asked for. Why stands in the timeline."
)
class CaseExtension:
    """An extension."""

    number: int = field(description="1, 2, 3 ... of the case.")
    state: ExtensionState = field(description="What became of it.")
    days: int = field(description="How many calendar days were asked for.")
    late: bool = field(description="Whether a limit was passed already when it was asked for.")
    requested_at: datetime = field(description="When it was asked for.")
    requested_by: str | None = field(
        description="Who asked; null where the caller does not see the case from inside."
    )
    decided_at: datetime | None = field(description="When it was decided; null: not yet, or never.")
    decided_by: str | None = field(
        description="Who decided; null also where the caller does not see the case from inside."
    )
    granted_days: int | None = field(description="How many days were given.")
    due: datetime | None = field(description="When the case was due after that.")


@strawberry.type
class CaseHolding:
    """The fields of a case about its suspensions and extensions."""

    state: strawberry.Private[CaseState]

    @field(description="Whether it rests.")
    def hold(self) -> Hold:
        return self.state.hold

    @field(
        description="The suspensions, in the order in which they were asked for; those that were "
        "approved alone where the caller does not see the case from inside."
    )
    def suspensions(self) -> list[CaseSuspension]:
        return [_suspension(each) for each in self.state.details.suspensions]

    @field(
        description="The extensions, in the order in which they were asked for; those that were "
        "approved alone where the caller does not see the case from inside."
    )
    def extensions(self) -> list[CaseExtension]:
        return [_extension(each) for each in self.state.details.extensions]


def _suspension(each: Suspension) -> CaseSuspension:
    return CaseSuspension(
        number=each.number,
        state=each.state,
        reason=each.reason,
        reason_zh=each.label_zh,
        reason_en=each.label_en,
        requested_at=each.requested_at,
        requested_by=each.requested_by,
        decided_at=each.decided_at,
        decided_by=each.decided_by,
        began=each.began,
        expected_resume=each.expected_resume,
        ended=each.ended,
        stopped_clocks=list(each.stops),
        paused=[
            PausedClock(clock=stood.clock, seconds=stood.seconds, due=stood.due)
            for stood in each.paused
        ],
    )


def _extension(each: Extension) -> CaseExtension:
    return CaseExtension(
        number=each.number,
        state=each.state,
        days=each.days,
        late=each.late,
        requested_at=each.requested_at,
        requested_by=each.requested_by,
        decided_at=each.decided_at,
        decided_by=each.decided_by,
        granted_days=each.granted,
        due=each.due,
    )
