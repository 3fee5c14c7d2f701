"""Every event of a case against every kind of clock: what starts, what stops, in one table."""

from typing import Final

import pytest
from eventsourcing.domain import AggregateEvent

import domain.case  # noqa: F401 - so that every event is known
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock
from domain.case.clocks.starting import STARTS
from domain.case.state import CaseEvent, CaseOpened
from domain.event import EVENT_TYPES
from domain.vocabulary import ClockKind
from tests.domain.scenario import BEGAN

KEYS: Final[dict[ClockKind, tuple[str, ...]]] = {
    ClockKind.APPROVAL: ("RETURN", "EXTENSION", "SUSPENSION", "VOIDING"),
    ClockKind.CO_REPLY: ("police", "other"),
    ClockKind.SUPERVISION_REPLY: ("1", "2"),
}
"""Of kinds of which several run at once."""

NAMED: Final = {"unit": "police", "number": 1, "clocks": (), "orders": (1,)}
"""What an event may name, by which it tells one of several."""


def clock(kind: ClockKind, key: str) -> Clock:
    return Clock(
        kind=kind,
        key=key,
        number=1,
        started_at=BEGAN,
        limit=Limit(1, LimitUnit.WALL_MINUTES),
        due=BEGAN,
        calendar="24x7",
        policy=1,
    )


CLOCKS: Final = {
    each.name: each
    for kind in ClockKind
    for key in KEYS.get(kind, ("",))
    for each in [clock(kind, key)]
}

_UNIT: Final = "CO_REPLY/other CO_REPLY/police SIGN_OFF STAGE"
_ASKED: Final = "APPROVAL/EXTENSION APPROVAL/SUSPENSION"
_ALL: Final = " ".join(sorted(set(CLOCKS) - {"PUBLICATION"}))
_ACCEPTED: Final = f"ACCEPTANCE {_ASKED} {_UNIT}"

TABLE: Final[dict[str, tuple[str, str]]] = {
    "case.registered": ("ACCEPTANCE", ""),
    "case.accepted": ("DISPATCH RESOLUTION", _ACCEPTED),
    "case.acceptance_skipped": ("DISPATCH RESOLUTION", _ACCEPTED),
    "case.reopened": ("DISPATCH RESOLUTION", _ACCEPTED),
    "case.delivery_failed": ("DISPATCH RESOLUTION", _ACCEPTED),
    "case.return_upheld": ("DISPATCH", f"APPROVAL/RETURN {_ACCEPTED}"),
    "case.dispatch_recalled": ("DISPATCH", f"APPROVAL/RETURN {_ACCEPTED}"),
    "case.dispatched": ("FIRST_CONTACT SIGN_OFF STAGE", f"DISPATCH {_ACCEPTED}"),
    "case.return_requested": ("APPROVAL/RETURN", "SIGN_OFF"),
    "case.arbitration_requested": ("APPROVAL/RETURN", "SIGN_OFF"),
    "case.return_rejected": ("SIGN_OFF", "APPROVAL/RETURN"),
    "case.responsibility_arbitrated": ("SIGN_OFF", "APPROVAL/RETURN"),
    "case.signed_for": ("", "SIGN_OFF VERIFICATION"),
    "case.sign_off_skipped": ("", "SIGN_OFF VERIFICATION"),
    "case.first_contact_made": ("", "FIRST_CONTACT"),
    "case.co_handling_requested": ("CO_REPLY", ""),
    "case.co_handling_replied": ("", "CO_REPLY/police"),
    "case.co_handling_deemed_agreed": ("", "CO_REPLY/police"),
    "case.suspension_requested": ("APPROVAL/SUSPENSION", ""),
    "case.suspension_denied": ("", "APPROVAL/SUSPENSION"),
    "case.suspended": ("", "APPROVAL/SUSPENSION"),
    "case.extension_requested": ("APPROVAL/EXTENSION", ""),
    "case.extension_denied": ("", "APPROVAL/EXTENSION"),
    "case.extension_approved": ("", "APPROVAL/EXTENSION"),
    "case.resolution_submitted": ("VERIFICATION", f"{_ASKED} SIGN_OFF STAGE"),
    # The clock of the unit goes on (`domain.case.clocks.following`).
    "case.rework_ordered": ("", "SIGN_OFF VERIFICATION"),
    "case.resolution_verified": ("", "RESOLUTION VERIFICATION"),
    "case.feedback_requested": (
        "FEEDBACK",
        f"{_ASKED} RESOLUTION SIGN_OFF STAGE VERIFICATION",
    ),
    "case.field_verification_requested": ("", _ASKED),
    "case.void_requested": ("APPROVAL/VOIDING", ""),
    "case.void_refused": ("", "APPROVAL/VOIDING"),
    "case.publication_proposed": ("PUBLICATION", ""),
    "case.publication_approved": ("", "PUBLICATION"),
    "case.publication_refused": ("", "PUBLICATION"),
    "case.publication_withdrawn": ("", "PUBLICATION"),
    # Those that the merge stopped go on (`domain.case.clocks.following`).
    "case.merge_reversed": ("FEEDBACK", ""),
    "order.issued": ("SUPERVISION_REPLY", ""),
    "order.replied": ("", "SUPERVISION_REPLY/1"),
    "order.released": ("", "SUPERVISION_REPLY/1"),
    "order.ended": ("", "SUPERVISION_REPLY/1"),
    # One of a higher level is to be replied to anew.
    "order.escalated": ("SUPERVISION_REPLY", "SUPERVISION_REPLY/1"),
    "case.history_closed": ("", "RESOLUTION"),
    "case.history_ended": ("", "RESOLUTION"),
    **dict.fromkeys(
        (
            "case.rejected",
            "case.withdrawn",
            "case.voided",
            "case.merged_into",
            "case.referred_out",
            "case.closed",
            "case.archived",
        ),
        ("", _ALL),
    ),
}
"""Topic -> the clocks that it starts, where the policy has a limit, and those that it stops.

An event that is not here starts and stops none.
"""


def events() -> dict[str, type[AggregateEvent]]:
    return {
        topic: kind
        for topic, kind in EVENT_TYPES.items()
        if issubclass(kind, CaseEvent | CaseOpened)
    }


def stopped(kind: type[AggregateEvent]) -> set[str]:
    if not issubclass(kind, CaseEvent):
        return set()
    event = object.__new__(kind)
    event.__dict__.update(NAMED)
    return CLOCKS.keys() - event.clocks_after(CLOCKS).keys()


def started(kind: type[AggregateEvent]) -> set[str]:
    return {
        f"{each.kind.value}/{each.key}" if each.key else each.kind.value
        for each in STARTS.get(kind, ())
    }


@pytest.mark.parametrize("topic", sorted(events()))
def test_each_event_starts_and_stops_what_the_table_says(topic: str) -> None:
    kind = events()[topic]
    if topic.startswith(("case.deadline_", "case.escalated", "case.clocks_")):
        return  # They say what a clock is from now on, and stop none.
    starts, stops = TABLE.get(topic, ("", ""))
    assert (started(kind), stopped(kind)) == (set(starts.split()), set(stops.split()))


def test_the_table_names_events_that_there_are() -> None:
    assert TABLE.keys() <= events().keys()
