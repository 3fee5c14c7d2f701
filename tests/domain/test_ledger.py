"""Who answered for a case at each instant: one at a time, from acceptance to closing."""

from typing import Final

from domain.case.decisions import DecisionKind
from domain.case.extension import ExtensionDenied, ExtensionRequested
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.imported import HistoryClosed
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.ledger.interval import Part
from domain.case.ledger.situation import concerns
from domain.case.lifecycle import Stage
from domain.case.merging import MergeReversed
from domain.case.officers import ResponsibilityHandedOver
from domain.case.suspension import SuspensionDenied, SuspensionRequested
from domain.catalogue.content import Label
from domain.command import NOTHING_ARRANGED
from domain.recorded import RecordedEvent
from domain.vocabulary import ClockKind
from tests.domain.endings import asked, closed, lapsed, reopened, verified, void_requested
from tests.domain.histories import (
    AT_STAGE,
    accepted,
    dispatched_to,
    registered,
    resolution,
    reworked,
    signed_for,
)
from tests.domain.ledgers import (
    HOUR,
    TimedLife,
    at,
    in_words,
    intervals_of,
    told,
)
from tests.domain.passages import (
    arbitrated,
    arbitration_requested,
    assigned,
    delivery_failed,
    offered,
    referred,
    return_rejected,
    return_requested,
    return_upheld,
)
from tests.domain.scenario import NOW, OTHER, Fact, happened
from tests.domain.structures import merged
from tests.domain.timing import clock, started

ROADS, WATER = dispatched_to("roads"), dispatched_to("water")
fallen_back: Final = happened(FallbackOwnerAssigned, unit="duty")


def test_a_life_without_detours() -> None:
    events = told(
        registered(), accepted, ROADS, signed_for, resolution(), verified, asked(), lapsed, closed()
    )
    assert in_words(events) == [
        ("DISPATCHER", None, 1, 2),
        ("LEAD", "roads", 2, 4),
        ("CHECKER", None, 4, 6),
        ("EVALUATOR", None, 6, 8),
    ]


def test_whoever_stands_in_answers_until_it_is_dispatched() -> None:
    events = told(registered(), accepted, fallen_back, ROADS, times=[0, 1, 5, 9])
    assert in_words(events) == [
        ("DISPATCHER", None, 1, 5),
        ("FALLBACK", "duty", 5, 9),
        ("LEAD", "roads", 9, None),
    ]


def test_the_time_until_a_decision_is_the_deciders() -> None:
    events = told(registered(), accepted, ROADS, return_requested(), return_rejected, signed_for)
    assert in_words(events) == [
        ("DISPATCHER", None, 1, 2),
        ("LEAD", "roads", 2, 3),
        ("DECIDER", None, 3, 4),
        ("LEAD", "roads", 4, None),
    ]
    [decider] = [each for each in intervals_of(events) if each.holder.part is Part.DECIDER]
    assert decider.holder.decision is DecisionKind.RETURN


def test_what_a_unit_rightly_gave_back_is_the_dispatchers_time() -> None:
    events = told(registered(), accepted, ROADS, return_requested(), return_upheld("roads"), WATER)
    assert in_words(events) == [
        ("DISPATCHER", None, 1, 2),
        ("DISPATCHER", None, 2, 3),
        ("DECIDER", None, 3, 4),
        ("DISPATCHER", None, 4, 5),
        ("LEAD", "water", 5, None),
    ]


def test_as_of_before_the_decision_it_was_still_the_units() -> None:
    events = told(registered(), accepted, ROADS, return_requested(), return_upheld("roads"))
    assert in_words(events, at(3.5)) == [
        ("DISPATCHER", None, 1, 2),
        ("LEAD", "roads", 2, 3),
        ("DECIDER", None, 3, None),
    ]
    assert in_words(events, at(4))[1] == ("DISPATCHER", None, 2, 3)


def test_a_rejected_return_does_not_keep_the_time_from_going_back_later() -> None:
    events = told(
        registered(),
        accepted,
        ROADS,
        return_requested(),
        return_rejected,
        return_requested(),
        return_upheld("roads"),
    )
    assert [each[:2] for each in in_words(events)] == [
        ("DISPATCHER", None),
        ("DISPATCHER", None),
        ("DECIDER", None),
        ("DISPATCHER", None),
        ("DECIDER", None),
        ("DISPATCHER", None),
    ]


def test_time_of_an_earlier_dispatch_stays_where_it_is() -> None:
    events = told(
        registered(),
        accepted,
        WATER,
        arbitration_requested(),
        arbitrated("roads", "water"),
        ROADS,
        return_requested(),
        return_upheld("roads"),
    )
    assert in_words(events)[:4] == [
        ("DISPATCHER", None, 1, 2),
        ("LEAD", "water", 2, 3),
        ("DECIDER", None, 3, 4),
        ("LEAD", "water", 4, 5),
    ]
    assert in_words(events)[4] == ("DISPATCHER", None, 5, 6)


def test_an_upheld_return_of_nobody_changes_nothing_before_it() -> None:
    """In the order of occurrence a decision may come before what it was about."""
    events = told(registered(), accepted, return_upheld("roads"), ROADS)
    assert in_words(events) == [("DISPATCHER", None, 1, 3), ("LEAD", "roads", 3, None)]


def test_what_was_dispatched_before_it_was_accepted_goes_back_all_the_same() -> None:
    """So it may be in the order of occurrence."""
    events = told(registered(), ROADS, return_requested(), return_upheld("roads"))
    assert in_words(events)[0] == ("DISPATCHER", None, 1, 2)


def test_while_more_time_is_asked_for_whoever_may_give_it_answers() -> None:
    asked_for = {"number": 1, "ground": "Frost", "requester": "ann", "unit": "roads"}
    rest = happened(
        SuspensionRequested,
        suspension_reason="weather",
        label=Label("天气", "Weather"),
        expected_resume=at(99),
        **asked_for,
    )
    more = happened(ExtensionRequested, days=3, late=False, **asked_for)
    denials = {"number": 1, "ground": "No", "decider": "bo"}
    events = told(
        *(registered(), accepted, ROADS, signed_for),
        *(rest, happened(SuspensionDenied, **denials)),
        *(more, happened(ExtensionDenied, **denials)),
    )
    found = [(each.holder.part, each.holder.decision) for each in intervals_of(events)[1:]]
    assert found == [
        (Part.LEAD, None),
        (Part.DECIDER, DecisionKind.SUSPENSION),
        (Part.LEAD, None),
        (Part.DECIDER, DecisionKind.EXTENSION),
        (Part.LEAD, None),
    ]


def test_a_limit_is_not_known_before_it_is_set() -> None:
    events = told(registered(), accepted, started(clock(ClockKind.DISPATCH, started_at=at(2))))
    intervals = ledger_of(events).intervals
    budgets = [
        known_at(intervals, position, time)[0].budget is not None
        for position, time in [(20, None), (30, None), (None, at(1)), (None, at(2))]
    ]
    assert budgets == [False, True, False, True]


def test_a_hand_over_counts_from_its_acceptance() -> None:
    events = told(
        registered(),
        accepted,
        ROADS,
        signed_for,
        assigned("ann", "inspector"),
        offered("bo", "second", "ann"),
        happened(
            ResponsibilityHandedOver,
            from_officer="ann",
            to_officer="bo",
            position="second",
            accepted_by="bo",
        ),
    )
    found = intervals_of(events)[1:]
    assert [(each.holder.person, each.holder.post) for each in found] == [
        (None, None),
        ("ann", "inspector"),
        ("bo", "second"),
    ]
    assert [each.begin for each in found] == [at(2), at(4), at(6)]
    assert (found[1].end_position, found[2].position) == (70, 70)


def test_rework_goes_back_to_the_lead() -> None:
    events = told(registered(), accepted, ROADS, signed_for, resolution(), reworked, resolution())
    assert [each[0] for each in in_words(events)] == [
        "DISPATCHER",
        "LEAD",
        "CHECKER",
        "LEAD",
        "CHECKER",
    ]


def test_each_cycle_has_its_own() -> None:
    events = told(
        *AT_STAGE[Stage.CLOSED], reopened(2), dispatched_to("water"), signed_for, resolution()
    )
    found = [(each.cycle, each.holder.part.value) for each in intervals_of(events)]
    assert found[-3:] == [(2, "DISPATCHER"), (2, "LEAD"), (2, "CHECKER")]
    assert {cycle for cycle, _ in found[:-3]} == {1}


def test_nobody_answers_for_what_somebody_else_has() -> None:
    events = told(registered(), accepted, ROADS, referred, delivery_failed, WATER)
    assert in_words(events) == [
        ("DISPATCHER", None, 1, 2),
        ("LEAD", "roads", 2, 3),
        ("DISPATCHER", None, 4, 5),
        ("LEAD", "water", 5, None),
    ]


def test_the_decision_that_was_asked_for_first_holds_it_up() -> None:
    events = told(
        registered(), accepted, ROADS, void_requested(), return_requested(), return_rejected
    )
    [decider] = [each for each in intervals_of(events) if each.holder.part is Part.DECIDER]
    assert (decider.holder.decision, decider.end) == (DecisionKind.VOIDING, None)


def test_whoever_decided_in_the_end_is_kept_with_the_interval() -> None:
    life = TimedLife(NOTHING_ARRANGED, NOW)
    life.give("acceptCase", HOUR)
    life.give("dispatchCase", HOUR, colleague=True)
    [dispatcher, lead] = intervals_of(_by_post(life.events))
    assert (dispatcher.taken_unit, dispatcher.taken_post) == ("centre", "desk")
    assert (lead.taken_unit, lead.taken_post) == (None, None)


def _by_post(events: list[RecordedEvent]) -> list[RecordedEvent]:
    """As if everybody had acted in one post."""
    return [
        each._replace(
            actor=type(each.actor)(each.actor.principal, each.actor.kind, "desk", "centre")
        )
        for each in events
    ]


def back_at(stage: Stage) -> Fact:
    return happened(MergeReversed, survivor=OTHER, stage=stage, timers=())


def test_a_merge_that_was_wrong_is_the_time_of_whoever_merged_it() -> None:
    events = told(
        registered(), accepted, ROADS, merged(Stage.DISPATCHED), back_at(Stage.DISPATCHED)
    )
    assert in_words(events)[1:] == [
        ("LEAD", "roads", 2, 3),
        ("DISPATCHER", None, 3, 4),
        ("LEAD", "roads", 4, None),
    ]
    # Before that was known nobody here answered for it.
    assert in_words(events, at(3.5))[1:] == [("LEAD", "roads", 2, 3)]


def test_what_was_merged_before_anybody_answered_for_it_is_nobodys() -> None:
    begun = (registered(), merged(Stage.REGISTERED), back_at(Stage.REGISTERED), accepted)
    assert in_words(told(*begun)) == [("DISPATCHER", None, 3, None)]
    odd = told(registered(), merged(Stage.REGISTERED), back_at(Stage.ACCEPTED))
    assert in_words(odd) == [("DISPATCHER", None, 2, None)]
    assert in_words(told(registered(), accepted, back_at(Stage.ACCEPTED))) == [
        ("DISPATCHER", None, 1, None)
    ]


def test_a_merge_between_them_does_not_part_what_is_given_back() -> None:
    clocks = started(clock(ClockKind.DISPATCH, started_at=at(1)))
    events = told(
        *(registered(), accepted, clocks, ROADS, merged(Stage.DISPATCHED)),
        *(back_at(Stage.DISPATCHED), return_requested(), return_upheld("roads")),
    )
    assert [each[0] for each in in_words(events)] == [
        *["DISPATCHER"] * 4,
        "DECIDER",
        "DISPATCHER",
    ]
    dispatched, before, merger, after = intervals_of(events)[:4]
    assert dispatched.budget is not None
    assert [each.budget and each.budget.pool for each in (before, merger, after)] == [
        dispatched.budget.pool,
        None,
        dispatched.budget.pool,
    ]


def test_nobody_answers_for_what_happened_elsewhere() -> None:
    closed_there = happened(
        HistoryClosed,
        activity="Close",
        resource=None,
        unit=None,
        transition="complete",
        attributes=(),
    )
    events = told(*AT_STAGE[Stage.IMPORTED], closed_there)
    assert [each for each in events if concerns(each.event)] == []
    assert intervals_of(events) == []
