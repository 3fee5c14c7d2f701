"""What each event of a case adds to the figures."""

import msgspec.structs
import pytest

from domain.case import extension, suspension
from domain.case.clocks.clock import Pause
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.contact import FirstContactMade
from domain.case.correction import CaseDetailCorrected, CaseReclassified, DispatchRecalled
from domain.case.emergency import AcceptanceSkipped
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.imported import HistoryClosed, HistoryEnded, RecordImported
from domain.case.lifecycle import Stage
from domain.case.linking import CasesUnlinked
from domain.case.merging import MergeReversed
from domain.case.officers import ResponsibilityHandedOver
from domain.case.publication import (
    PublicationApproved,
    PublicationProposed,
    PublicationRefused,
    PublicationWithdrawn,
)
from domain.case.vocabulary import (
    Channel,
    ClockEffect,
    ContactWay,
    Detail,
    LinkKind,
    ResolutionOutcome,
)
from domain.catalogue.content import Label
from domain.metrics.vocabulary import Fact as Counted
from domain.metrics.vocabulary import Population
from domain.vocabulary import ClockKind, Confidentiality, OrderLevel
from tests.domain import excluding, supervising
from tests.domain.counting import (
    breached,
    due_in,
    facts_of,
    hour,
    the_row,
    timed,
    told,
    warned,
)
from tests.domain.endings import answered, asked, closed, not_reached, reopened, verified, voided
from tests.domain.histories import (
    accepted,
    dispatched_to,
    history,
    registered,
    resolution,
    reworked,
    signed_for,
    withdrawn,
)
from tests.domain.passages import (
    arbitrated,
    delivery_failed,
    referred,
    return_requested,
    return_upheld,
    verification_requested,
)
from tests.domain.scenario import OTHER, Fact, happened
from tests.domain.structures import linked, merged

contacted = happened(FirstContactMade, way=ContactWay.TELEPHONE, result="Reached")
taken_over = happened(
    ResponsibilityHandedOver, from_officer="a", to_officer="b", position=None, accepted_by="b"
)
recorded_there = happened(
    RecordImported,
    source="log",
    external_id="1",
    attributes=(),
    channel=Channel.APP,
    type_code="noise",
    area="grid-7",
    title=None,
    point=None,
    due_at=hour(9),
    public=False,
)


def corrected(field: Detail, new: str | None) -> Fact:
    return happened(CaseDetailCorrected, field=field, old=None, new=new)


def test_a_case_is_counted_where_it_lies_by_now() -> None:
    begun = told((0, registered(channel=Channel.GRID_PATROL)))
    assert facts_of(begun, Population.CASE) == [(Counted.REGISTERED, Counted.PROACTIVE)]
    moved = told(
        (0, registered(channel=Channel.GRID_PATROL)),
        (1, corrected(Detail.CHANNEL, Channel.HOTLINE)),
        (1, corrected(Detail.AREA, "grid-9")),
        (1, corrected(Detail.TITLE, "Noise")),
        (
            1,
            happened(
                CaseReclassified,
                old="noise",
                new="lift",
                catalogue_version=1,
                fields=None,
                clock_effect=ClockEffect.NONE,
            ),
        ),
        (1, happened(ConfidentialityChanged, level=Confidentiality.RESTRICTED)),
    )
    assert facts_of(moved, Population.CASE) == [(Counted.REGISTERED,)]
    assert (moved.channel, moved.area, moved.type_code) == (Channel.HOTLINE, "grid-9", "lift")
    assert moved.confidential
    assert told((0, registered()), (1, corrected(Detail.AREA, None))).area is None
    assert told((0, registered()), (1, verification_requested)).area == "grid-7"


def test_an_imported_history_is_a_case_of_its_source() -> None:
    found = told((0, history()))
    assert (found.source, found.channel) == ("log", Channel.IMPORT)
    assert facts_of(found, Population.CASE) == [(Counted.REGISTERED,)]
    of_a_record = told((0, recorded_there))
    assert (of_a_record.source, of_a_record.channel) == ("log", Channel.APP)


def test_a_target_of_elsewhere_is_kept_by_the_end_there() -> None:
    begun = told((0, recorded_there))
    row = the_row(begun, Population.CLOSING)
    assert (row.began, row.due, row.facts) == (hour(0), hour(9), (Counted.CLOSING_DUE,))
    activity = {"resource": None, "unit": None, "transition": None, "attributes": ()}
    for ended in (
        happened(HistoryClosed, activity="Close", **activity),
        happened(HistoryEnded),
    ):
        in_time = told((0, recorded_there), (9, ended))
        assert facts_of(in_time, Population.CLOSING) == [
            (Counted.CLOSING_DUE, Counted.CLOSED_IN_TIME)
        ]
        late = told((0, recorded_there), (9.5, ended))
        assert facts_of(late, Population.CLOSING) == [(Counted.CLOSING_DUE, Counted.PASSED)]


def test_the_same_demand_is_one_that_was_merged_or_linked_so() -> None:
    def is_repeated(*facts: Fact) -> bool:
        found = told((0, registered()), *((1, fact) for fact in facts))
        return Counted.REPEATED in the_row(found, Population.CASE).facts

    unmerged = happened(MergeReversed, survivor=OTHER, stage=Stage.REGISTERED, timers=())
    unlinked = happened(CasesUnlinked, other_case=OTHER)
    assert is_repeated(merged())
    assert not is_repeated(merged(), unmerged)
    again = linked(LinkKind.SAME_CAUSE, is_later=True)
    assert is_repeated(linked(LinkKind.FOLLOW_UP, is_later=True))
    assert not is_repeated(again, unlinked)
    assert not is_repeated(again, linked(LinkKind.RELATED, is_later=True))


@pytest.mark.parametrize("kind", [LinkKind.FOLLOW_UP, LinkKind.SAME_CAUSE])
def test_of_two_cases_about_the_same_the_first_is_no_repetition(kind: LinkKind) -> None:
    first = told((0, registered()), (1, linked(kind, is_later=False)))
    assert facts_of(first, Population.CASE) == [(Counted.REGISTERED,)]


def test_a_cycle_runs_from_taking_on_to_closing_and_another_from_reopening() -> None:
    found = told(
        (0, registered()),
        (1, accepted),
        (2, dispatched_to("water")),
        (3, signed_for),
        (4, resolution()),
        (5, reworked),
        (6, resolution()),
        (7, verified),
        (7, closed()),
        (9, reopened(2)),
    )
    first, second = found.of(Population.CYCLE)
    assert first.facts == (
        Counted.TAKEN_ON,
        Counted.RESOLVED,
        Counted.REWORKED,
        Counted.CLOSED,
        Counted.REOPENED,
    )
    assert (first.began, first.ended, first.unit) == (hour(1), hour(7), "water")
    assert (second.facts, second.began, second.unit) == ((Counted.TAKEN_ON,), hour(9), None)


def test_a_case_is_taken_on_once_in_a_cycle() -> None:
    again = told((0, registered()), (1, accepted), (2, referred), (3, delivery_failed))
    assert [row.began for row in again.of(Population.CYCLE)] == [hour(1)]
    skipped = happened(AcceptanceSkipped, skipped_by="ann")
    assert the_row(told((0, registered()), (1, skipped)), Population.CYCLE).began == hour(1)
    assert not told((0, registered()), (1, resolution()), (2, closed())).of(Population.CYCLE)
    assert not told((0, registered()), (1, happened(PublicationWithdrawn))).of(Population.CYCLE)


def test_whoever_has_the_case_is_appraised_by_it() -> None:
    duty = happened(FallbackOwnerAssigned, unit="duty")
    found = told((0, registered()), (1, accepted), (2, duty))
    assert the_row(found, Population.CYCLE).unit == "duty"
    recalled = happened(DispatchRecalled, lead_unit="water")
    found = told((0, registered()), (1, accepted), (2, dispatched_to("water")), (3, recalled))
    assert (found.lead, the_row(found, Population.CYCLE).unit) == (None, None)


def test_a_first_dispatch_was_right_unless_another_unit_got_the_case() -> None:
    begin = ((0, registered()), (1, accepted), (2, dispatched_to("water")))
    found = told(*begin, (3, return_requested()), (4, return_upheld("water")))
    assert facts_of(found, Population.DISPATCH) == [
        (
            Counted.DISPATCHED,
            Counted.FIRST_DISPATCHED,
            Counted.NEVER_REDISPATCHED,
            Counted.RETURN_ASKED,
            Counted.RETURN_UPHELD,
        )
    ]
    to_another = told(*begin, (5, dispatched_to("roads")))
    assert facts_of(to_another, Population.DISPATCH) == [
        (Counted.DISPATCHED, Counted.FIRST_DISPATCHED),
        (Counted.DISPATCHED,),
    ]
    to_the_same = told(*begin, (5, dispatched_to("water")))
    assert Counted.NEVER_REDISPATCHED in the_row(to_the_same, Population.DISPATCH).facts


def test_a_unit_shirked_where_arbitration_left_it_what_it_wanted_to_give_back() -> None:
    begin = (
        (0, registered()),
        (1, accepted),
        (2, dispatched_to("water")),
        (3, return_requested()),
        (4, return_upheld("water")),
        (5, dispatched_to("roads")),
    )
    found = told(*begin, (6, arbitrated("water", "roads")), (6, dispatched_to("water")))
    assert [Counted.SHIRKED in facts for facts in facts_of(found, Population.DISPATCH)] == [
        True,
        False,
        False,
    ]
    kept = told(*begin, (6, arbitrated("roads", "roads")))
    assert not any(Counted.SHIRKED in facts for facts in facts_of(kept, Population.DISPATCH))
    assert not told((0, registered()), (1, return_requested())).of(Population.DISPATCH)


def test_what_the_reporter_says_stands_beside_what_the_unit_said() -> None:
    begin = (
        (0, registered()),
        (1, accepted),
        (1, timed(due_in(ClockKind.RESOLUTION, 1, 50))),
        (2, dispatched_to("water")),
        (4, resolution()),
        (5, verified),
        (5, asked()),
    )
    found = told(*begin, (6, not_reached), (8, answered(resolved=False, satisfaction=4)))
    assert facts_of(found, Population.FEEDBACK) == [
        (
            Counted.FEEDBACK_ASKED,
            Counted.FEEDBACK_ANSWERED,
            Counted.RESOLUTION_ANSWERED,
            Counted.CLAIMED_RESOLVED,
            Counted.RATED,
            Counted.SATISFIED,
        )
    ]
    row = the_row(found, Population.FEEDBACK)
    assert (row.due, row.began, row.ended, row.unit) == (hour(50), hour(5), hour(8), "water")
    said = told(*begin, (6, answered(resolved=True, satisfaction=3)))
    assert Counted.SAID_RESOLVED in the_row(said, Population.FEEDBACK).facts
    assert Counted.SATISFIED not in the_row(said, Population.FEEDBACK).facts
    explained = resolution(outcome=ResolutionOutcome.EXPLAINED)
    nothing_claimed = told((0, registered()), (1, explained), (2, asked()))
    assert facts_of(nothing_claimed, Population.FEEDBACK) == [(Counted.FEEDBACK_ASKED,)]
    assert the_row(nothing_claimed, Population.FEEDBACK).due is None
    assert not told((0, registered()), (1, answered())).of(Population.FEEDBACK)


def test_each_hand_over_is_counted() -> None:
    found = told((0, registered()), (1, dispatched_to("water")), (2, taken_over), (3, taken_over))
    assert [(row.instance, row.unit) for row in found.of(Population.HAND_OVER)] == [
        ("1", "water"),
        ("2", "water"),
    ]


def test_a_proposal_ends_when_it_is_decided() -> None:
    proposed = happened(PublicationProposed, title="Quiet", summary=None, proposer="ann")
    approved, refused = happened(PublicationApproved), happened(PublicationRefused)
    begin = ((0, registered()), (1, accepted))
    found = told(*begin, (2, proposed), (3, refused), (4, proposed), (6, approved))
    assert [(row.facts, row.ended) for row in found.of(Population.PUBLICATION)] == [
        ((Counted.PUBLICATION_PROPOSED,), hour(3)),
        ((Counted.PUBLICATION_PROPOSED, Counted.PUBLICATION_RELEASED), hour(6)),
    ]
    assert Counted.PUBLISHED in the_row(found, Population.CYCLE).facts
    taken_back = told(*begin, (4, proposed), (6, approved), (7, happened(PublicationWithdrawn)))
    assert Counted.PUBLISHED not in the_row(taken_back, Population.CYCLE).facts


def test_a_voided_case_counts_in_nothing() -> None:
    assert told((0, registered()), (1, accepted)).rows
    gone = ((0, registered()), (1, accepted), (2, voided))
    assert not told(*gone).rows
    assert not told(*gone, (3, linked(LinkKind.FOLLOW_UP))).rows


WITHOUT_CLOCKS = {Population.CASE, Population.CYCLE, Population.DISPATCH}
CONTACT = due_in(ClockKind.FIRST_CONTACT, 2, 6, "water")
SIGN_OFF = due_in(ClockKind.SIGN_OFF, 2, 6, "water")
STAGE = due_in(ClockKind.STAGE, 2, 6, "water")
RESOLUTION = due_in(ClockKind.RESOLUTION, 1, 10)
SENT = ((0, registered()), (1, accepted), (2, dispatched_to("water")))


def test_a_clock_is_kept_by_its_own_event_up_to_the_very_due_time() -> None:
    for population, clock, keeps, in_time in (
        (Population.CONTACT, CONTACT, contacted, Counted.CONTACTED_IN_TIME),
        (Population.SIGN_OFF, SIGN_OFF, signed_for, Counted.SIGNED_IN_TIME),
        (Population.HANDLING, STAGE, resolution(), Counted.HANDLED_IN_TIME),
    ):
        kept = told(*SENT, (2, timed(clock)), (6, keeps))
        assert in_time in the_row(kept, population).facts, population
        late = told(*SENT, (2, timed(clock)), (6.1, keeps))
        assert in_time not in the_row(late, population).facts, population
        assert the_row(late, population).ended == hour(6.1)
        assert the_row(late, population).unit == "water"


def test_what_else_stops_a_clock_leaves_it_uncounted_before_its_due_time_only() -> None:
    early = told(*SENT, (2, timed(SIGN_OFF, STAGE, RESOLUTION)), (5, withdrawn))
    assert {row.population for row in early.rows.values()} == WITHOUT_CLOCKS
    late = told(*SENT, (2, timed(SIGN_OFF, STAGE, RESOLUTION)), (7, withdrawn))
    assert facts_of(late, Population.SIGN_OFF) == [(Counted.SIGN_OFF_DUE,)]
    assert facts_of(late, Population.HANDLING) == [(Counted.HANDLING_DUE,)]
    assert not late.of(Population.CLOSING)


def test_a_clock_of_the_case_is_that_of_whoever_has_it() -> None:
    begin = ((0, registered()), (1, accepted), (1, timed(RESOLUTION)))
    assert the_row(told(*begin), Population.CLOSING).unit is None
    led = told(*begin, (2, dispatched_to("water")), (3, dispatched_to("roads")))
    assert the_row(led, Population.CLOSING).unit == "roads"
    ended = told(*begin, (2, dispatched_to("water")), (4, verified), (5, reopened(2)))
    row = the_row(ended, Population.CLOSING)
    assert (row.unit, row.ended, row.facts) == (
        "water",
        hour(4),
        (Counted.CLOSING_DUE, Counted.CLOSED_IN_TIME),
    )


def test_a_late_closing_passed_its_due_time_whether_that_was_noticed_or_not() -> None:
    begin = ((0, registered()), (1, accepted), (1, timed(RESOLUTION)))
    assert the_row(told(*begin, (11, verified)), Population.CLOSING).facts == (
        Counted.CLOSING_DUE,
        Counted.PASSED,
    )
    noticed = msgspec.structs.replace(RESOLUTION, breached_at=hour(10))
    found = told(*begin, (10, breached(noticed)))
    assert the_row(found, Population.CLOSING).facts == (Counted.CLOSING_DUE, Counted.PASSED)


def test_a_case_that_stands_still_does_not_fall_due() -> None:
    begin = ((0, registered()), (1, accepted), (1, timed(RESOLUTION)))
    paused = msgspec.structs.replace(RESOLUTION, pauses=(Pause(hour(2)),))
    resumed = msgspec.structs.replace(
        RESOLUTION, pauses=(Pause(hour(2), hour(20)),), due=hour(28), extensions=1
    )
    still = told(*begin, (2, timed(paused)))
    assert not still.of(Population.CLOSING)
    assert not told(*begin, (2, timed(paused)), (3, withdrawn)).of(Population.CLOSING)
    again = told(*begin, (2, timed(paused)), (20, timed(resumed)))
    row = the_row(again, Population.CLOSING)
    assert (row.due, row.facts) == (
        hour(28),
        (Counted.CLOSING_DUE, Counted.EXTENDED, Counted.SUSPENDED),
    )
    assert the_row(again, Population.CYCLE).due == hour(28)
    late = msgspec.structs.replace(paused, breached_at=hour(1.5))
    assert told(*begin, (2, timed(late))).of(Population.CLOSING)


def test_a_clock_that_starts_again_is_another_one() -> None:
    second = due_in(ClockKind.SIGN_OFF, 7, 9, "roads", number=2)
    found = told(*SENT, (2, timed(SIGN_OFF)), (7, timed(second)))
    assert [(row.instance, row.unit) for row in found.of(Population.SIGN_OFF)] == [
        ("1", "water"),
        ("2", "roads"),
    ]
    of_a_unit = due_in(ClockKind.CO_REPLY, 2, 3, "gas", key="gas")
    assert (
        told(*SENT, (2, timed(of_a_unit)), (5, withdrawn)).rows == told(*SENT, (5, withdrawn)).rows
    )


def test_a_warning_is_right_where_the_clock_is_passed_after_it() -> None:
    begin = (*SENT, (2, timed(STAGE)), (5, warned(STAGE)))
    row = the_row(told(*begin, (5.5, warned(STAGE, 90))), Population.WARNING)
    assert (row.facts, row.began, row.due, row.unit) == (
        (Counted.WARNED,),
        hour(5),
        hour(6),
        "water",
    )
    late = told(*begin, (7, resolution()))
    assert facts_of(late, Population.WARNING) == [(Counted.WARNED, Counted.WARNED_RIGHTLY)]
    noticed = msgspec.structs.replace(STAGE, breached_at=hour(6))
    assert facts_of(told(*begin, (6, breached(noticed))), Population.WARNING) == [
        (Counted.WARNED, Counted.WARNED_RIGHTLY)
    ]
    in_time = told(*begin, (6, resolution()))
    assert facts_of(in_time, Population.WARNING) == [(Counted.WARNED,)]
    assert not told(*begin, (5, withdrawn)).of(Population.WARNING)
    assert not told(*SENT, (5, warned(STAGE))).of(Population.WARNING)
    assert not told(*SENT, (2, timed(STAGE)), (3, warned(STAGE, 50))).of(Population.WARNING)
    assert not told(*SENT, (2, timed(SIGN_OFF)), (5, warned(SIGN_OFF))).of(Population.WARNING)
    of_the_case = told(*SENT, (2, timed(RESOLUTION)), (9, warned(RESOLUTION)))
    assert the_row(of_the_case, Population.WARNING).unit == "water"


def test_an_order_is_answered_in_time_by_its_newest_demand() -> None:
    begin = (*SENT, (3, supervising.issued(due=hour(9))))
    row = the_row(told(*begin, (9, supervising.replied())), Population.ORDER)
    answered_in_time = (Counted.ORDER_ANSWERED, Counted.ORDER_ANSWERED_IN_TIME)
    assert row.facts == (Counted.ORDER_ISSUED, *answered_in_time)
    assert (row.began, row.due, row.unit) == (hour(3), hour(9), "environment")
    raised = supervising.escalated(1, OrderLevel.BLUE, OrderLevel.ORANGE, due=hour(20))
    again = told(*begin, (8, supervising.replied()), (10, raised))
    assert facts_of(again, Population.ORDER) == [(Counted.ORDER_ISSUED,)]
    late = told(*begin, (10, raised), (21, supervising.replied()), (22, supervising.released()))
    assert facts_of(late, Population.ORDER) == [
        (Counted.ORDER_ISSUED, Counted.ORDER_ANSWERED, Counted.ORDER_RELEASED)
    ]
    early = told(*begin, (8, raised), (20, supervising.replied()))
    assert facts_of(early, Population.ORDER) == [(Counted.ORDER_ISSUED, *answered_in_time)]
    over = told(*begin, (5, supervising.ended(1, Stage.WITHDRAWN)))
    assert (the_row(over, Population.ORDER).ended, facts_of(over, Population.ORDER)) == (
        hour(5),
        [(Counted.ORDER_ISSUED,)],
    )
    assert not told(*SENT, (3, supervising.released())).of(Population.ORDER)


def test_an_answer_that_was_missed_is_not_made_up_for_by_one_to_a_graver_order() -> None:
    begin = (*SENT, (3, supervising.issued(due=hour(9))))
    raised = supervising.escalated(1, OrderLevel.BLUE, OrderLevel.ORANGE, due=hour(20))
    never_answered = told(*begin, (9, raised), (11, supervising.replied()))
    too_late = told(*begin, (10, supervising.replied()), (11, raised), (12, supervising.replied()))
    for found in (never_answered, too_late):
        row = the_row(found, Population.ORDER)
        assert (row.due, row.facts) == (hour(9), (Counted.ORDER_ISSUED, Counted.ORDER_ANSWERED))


def test_time_that_is_given_after_a_breach_does_not_undo_it() -> None:
    begin = ((0, registered()), (1, accepted), (1, timed(RESOLUTION)))
    given = msgspec.structs.replace(RESOLUTION, breached_at=hour(10), due=hour(30), extensions=1)
    late = told(*begin, (11, timed(given)), (20, verified))
    assert facts_of(late, Population.CLOSING) == [
        (Counted.CLOSING_DUE, Counted.PASSED, Counted.EXTENDED)
    ]
    # Nor does it move the case into the figures of a later period.
    still_open = told(*begin, (11, timed(given)))
    for found in (late, still_open):
        assert [the_row(found, each).due for each in (Population.CLOSING, Population.CYCLE)] == [
            hour(10),
            hour(10),
        ]


def test_decisions_about_time_are_of_the_unit_that_has_the_case_and_of_who_decided() -> None:
    denied = {"number": 1, "ground": "No", "decider": "ann"}
    suspended = happened(
        suspension.CaseSuspended,
        number=2,
        suspension_reason="weather",
        label=Label(zh="天气", en="Weather"),
        expected_resume=hour(9),
        clocks=(),
        decider="ann",
    )
    extended = happened(
        extension.ExtensionApproved,
        number=2,
        days=2,
        late=False,
        clocks=(),
        due=None,
        decider="ann",
    )
    found = told(
        *SENT,
        (3, happened(suspension.SuspensionDenied, **denied)),
        (4, suspended),
        (5, happened(extension.ExtensionDenied, **denied)),
        (6, extended),
    )
    assert facts_of(found, Population.SUSPENSION) == [
        (Counted.SUSPENSION_DECIDED,),
        (Counted.SUSPENSION_DECIDED, Counted.SUSPENSION_APPROVED),
    ]
    assert facts_of(found, Population.EXTENSION) == [
        (Counted.EXTENSION_DECIDED,),
        (Counted.EXTENSION_DECIDED, Counted.EXTENSION_APPROVED),
    ]
    row = the_row(found, Population.EXTENSION, 1)
    assert (row.unit, row.by, row.began) == ("water", "duty desk", hour(6))


def test_a_case_is_left_out_of_a_metric_of_the_unit_that_was_named() -> None:
    begin = (*SENT, (3, excluding.left_out("response", "water")))
    found = told(*begin, (4, excluding.left_out("closing", "water")))
    dispatch = the_row(found, Population.DISPATCH)
    assert found.excluded(dispatch) == ("closing", "response")
    assert found.exclusions[0].by == "duty desk"
    again = told(*begin, (4, excluding.counted_again("response", "water")))
    assert again.excluded(dispatch) == ()
    of_another = told(*SENT, (3, excluding.left_out("response", "roads")))
    assert of_another.excluded(dispatch) == ()
