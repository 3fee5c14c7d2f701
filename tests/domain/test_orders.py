"""Supervision orders: issued, replied to, raised, released; and a case that does not close."""

from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import event as note
from hypothesis import given as given_any
from hypothesis import settings

from domain.case import Case, intake, merging, outcome, referral, returns, voiding
from domain.case.lifecycle import ACTIVE, ENDS, LIFECYCLE, Stage
from domain.case.order_book import check_no_open_order
from domain.case.ordering import (
    EscalateOrder,
    IssueOrder,
    RecordInterview,
    ReleaseOrder,
    ReplyToOrder,
)
from domain.case.orders import level_above
from domain.case.regions import Supervision
from domain.case.rules import GUARDS
from domain.command import Arrangements
from domain.identity import Role
from domain.vocabulary import OrderLevel
from tests.domain.endings import void_requested
from tests.domain.histories import (
    AT_STAGE,
    IN_PROGRESS,
    REGISTRATION,
    RESOLVED,
    registered,
    withdrawn,
)
from tests.domain.office import appointed, position
from tests.domain.people import INTAKE, OFFICER, REGISTRAR, SUPERVISOR, person
from tests.domain.scenario import NOW, OTHER, Fact, ask, given
from tests.domain.supervising import ended, escalated, interviewed, issued, released, replied
from tests.domain.test_arrangements import directory
from tests.domain.test_folding import live, lives

BLUE, ORANGE, RED = OrderLevel
INSPECTOR: Final = person("inspector", Role.OFFICER)
IN_AN_HOUR: Final = NOW + timedelta(days=1)
THERE: Final = Arrangements(
    directory=directory(
        position("overseer", "city", roles=(Role.SUPERVISOR,)),
        position("watchdog", "environment", roles=(Role.SUPERVISOR,)),
        appointed("overseer", SUPERVISOR.principal),
        appointed("watchdog", "insider"),
    )
)
INSIDER: Final = person("insider", Role.SUPERVISOR)


def order(level: OrderLevel = BLUE, **said: Any) -> IssueOrder:
    return ask(IssueOrder, level=level, demand="Say when you measure.", **said)


def reply(number: int = 1, plan: str | None = None) -> ReplyToOrder:
    return ask(ReplyToOrder, number=number, reply="On Friday", remedial_plan=plan)


def release(number: int = 1) -> ReleaseOrder:
    return ask(ReleaseOrder, number=number, finding="Measured")


class TestIssue:
    def test_it_goes_to_the_lead_unit_and_waits_a_day_for_the_reply(self) -> None:
        case = given(*IN_PROGRESS).when(order(), by=SUPERVISOR).then(issued(due=IN_AN_HOUR))
        assert case.supervision is Supervision.BLUE

    def test_or_to_the_unit_that_is_named(self) -> None:
        when = given(*IN_PROGRESS).where(THERE).when(order(unit="police"), by=SUPERVISOR)
        when.then(issued(unit="police", due=IN_AN_HOUR))

    def test_which_is_one_of_the_directory(self) -> None:
        when = given(*IN_PROGRESS).where(THERE).when(order(unit="fire"), by=SUPERVISOR)
        when.refused("UNIT_NOT_ACTIVE", unit="fire")

    def test_while_nobody_leads_the_case_it_has_to_be_named(self) -> None:
        given(registered()).when(order(), by=SUPERVISOR).refused("INVALID_INPUT")

    def test_a_red_one_needs_an_interview(self) -> None:
        then = issued(level=RED, due=IN_AN_HOUR, interview=True)
        case = given(*IN_PROGRESS).when(order(RED), by=SUPERVISOR).then(then)
        assert case.supervision is Supervision.RED

    def test_the_next_one_has_the_next_number_and_the_gravest_counts(self) -> None:
        facts = (*IN_PROGRESS, issued(level=ORANGE), replied(), released(), issued(2, ORANGE))
        case = given(*facts).when(order(), by=SUPERVISOR).then(issued(3, due=IN_AN_HOUR))
        assert case.supervision is Supervision.ORANGE

    def test_not_by_the_unit_itself(self) -> None:
        given(*IN_PROGRESS).when(order(), by=OFFICER).refused("NOT_PERMITTED")


class TestReply:
    def test_the_unit_replies_once(self) -> None:
        given(*IN_PROGRESS, issued()).when(reply(), by=OFFICER).then(replied())
        given(*IN_PROGRESS, issued(), replied()).when(reply(), by=OFFICER).refused(
            "NO_ORDER_TO_REPLY"
        )
        both = (*IN_PROGRESS, issued(), replied(), issued(2))
        given(*both).when(reply(), by=OFFICER).refused("ORDER_ALREADY_REPLIED", order=1)

    @pytest.mark.parametrize("level", [ORANGE, RED])
    def test_graver_ones_need_a_remedial_plan(self, level: OrderLevel) -> None:
        facts = (*IN_PROGRESS, issued(level=level))
        given(*facts).when(reply(), by=OFFICER).refused("REMEDIAL_PLAN_NEEDED", level=level)
        given(*facts).when(reply(plan="More people"), by=OFFICER).then(replied(plan="More people"))

    def test_by_somebody_of_the_very_unit(self) -> None:
        there = given(*IN_PROGRESS, issued(), issued(2, unit="police")).where(THERE)
        there.when(reply(), by=OFFICER).then(replied())
        there = given(*IN_PROGRESS, issued(), issued(2, unit="police")).where(THERE)
        there.when(reply(2), by=OFFICER).refused("NOT_OF_ADDRESSED_UNIT", unit="police")
        there.when(reply(2), by=INSPECTOR).refused(
            "NOT_OF_ADDRESSED_UNIT", unit="environment, police"
        )

    def test_to_one_that_is_open(self) -> None:
        given(*IN_PROGRESS, issued()).when(reply(7), by=OFFICER).refused("ORDER_NOT_OPEN", order=7)


class TestEscalate:
    @pytest.mark.parametrize(("old", "new"), [(BLUE, ORANGE), (ORANGE, RED), (RED, RED)])
    def test_it_goes_up_a_level_and_waits_for_a_reply_again(
        self, old: OrderLevel, new: OrderLevel
    ) -> None:
        assert level_above(old) is new
        facts = (*IN_PROGRESS, issued(level=old), replied(plan="More people"), interviewed())
        command = ask(EscalateOrder, number=1)
        then = escalated(1, old, new, due=IN_AN_HOUR)
        case = given(*facts).when(command, by=SUPERVISOR).then(then)
        assert case.supervision is Supervision(new.value)
        (left,) = case.orders
        assert (left.replied_by, left.interviewed) == (None, False)

    def test_only_an_open_one(self) -> None:
        command = ask(EscalateOrder, number=1)
        given(*IN_PROGRESS).when(command, by=SUPERVISOR).refused("NO_OPEN_ORDER")
        facts = (*IN_PROGRESS, issued(), replied(), released(), issued(2))
        given(*facts).when(command, by=SUPERVISOR).refused("ORDER_NOT_OPEN", order=1)


class TestInterview:
    def test_of_the_holder_of_a_post_of_the_unit(self) -> None:
        command = ask(RecordInterview, number=1, position="inspector", record="He came")
        there = given(*IN_PROGRESS, issued()).where(THERE)
        there.when(command, by=SUPERVISOR).then(interviewed())

    @pytest.mark.parametrize("post", ["constable", "nobody"])
    def test_not_of_another_unit(self, post: str) -> None:
        command = ask(RecordInterview, number=1, position=post, record="He came")
        there = given(*IN_PROGRESS, issued()).where(THERE)
        there.when(command, by=SUPERVISOR).refused(
            "POSITION_NOT_IN_UNIT", position=post, unit="environment"
        )


class TestRelease:
    def test_once_there_is_a_reply(self) -> None:
        given(*IN_PROGRESS, issued()).when(release(), by=SUPERVISOR).refused(
            "ORDER_NOT_REPLIED", unit="environment", order=1
        )
        case = given(*IN_PROGRESS, issued(), replied()).when(release(), by=SUPERVISOR)
        assert case.then(released()).supervision is Supervision.NONE

    def test_a_red_one_after_an_interview(self) -> None:
        facts = (*IN_PROGRESS, issued(level=RED), replied(plan="More people"))
        given(*facts).when(release(), by=SUPERVISOR).refused("INTERVIEW_NEEDED", order=1)
        given(*facts, interviewed()).when(release(), by=SUPERVISOR).then(released())

    def test_nobody_waits_for_a_unit_that_has_nothing_to_do_with_it_any_more(self) -> None:
        given(*IN_PROGRESS, issued(unit="police")).when(release(), by=SUPERVISOR).then(released())

    def test_by_another_unit_and_another_person(self) -> None:
        facts = (*IN_PROGRESS, issued(), replied(by=SUPERVISOR.principal))
        given(*facts).when(release(), by=SUPERVISOR).refused(
            "RELEASER_OF_ADDRESSED_UNIT", unit="environment"
        )
        there = given(*IN_PROGRESS, issued(), replied()).where(THERE)
        there.when(release(), by=INSIDER).refused("RELEASER_OF_ADDRESSED_UNIT")
        there = given(*IN_PROGRESS, issued(), replied()).where(THERE)
        there.when(release(), by=SUPERVISOR).then(released())

    def test_each_is_looked_at_by_itself(self) -> None:
        facts = (*IN_PROGRESS, issued(), issued(2), replied(2))
        case = given(*facts).when(release(2), by=SUPERVISOR).then(released(2))
        assert [each.number for each in case.orders] == [1]
        given(*facts).when(release(), by=SUPERVISOR).refused("ORDER_NOT_REPLIED", order=1)
        given(*IN_PROGRESS).when(release(), by=SUPERVISOR).refused("NO_OPEN_ORDER")


OVER: Final = {
    "verifyResolution": (*RESOLVED, issued(3)),
    "mergeCase": (*IN_PROGRESS, issued(3)),
    "referCaseOut": (*IN_PROGRESS, issued(3)),
    "approveVoid": (*IN_PROGRESS, void_requested("another"), issued(3)),
}


class TestEnds:
    @pytest.mark.parametrize(
        "command",
        [
            ask(outcome.VerifyResolution),
            ask(outcome.VerifyResolution, ask_feedback=False),
            ask(merging.MergeCase, other_case=OTHER),
            ask(referral.ReferCaseOut, target="railway", basis="Article 30"),
            ask(voiding.ApproveVoid),
        ],
        ids=lambda command: str(command.NAME),
    )
    def test_the_staff_do_not_take_it_out_of_work_over_an_open_order(self, command: Any) -> None:
        given(*OVER[command.NAME]).when(command).refused("OPEN_ORDERS", orders=["3"])
        assert check_no_open_order in GUARDS[command.NAME]

    def test_what_is_demanded_or_is_the_reporters_right_ends_them_and_says_so(self) -> None:
        facts = (*IN_PROGRESS, issued(), issued(2, RED), replied(2))
        case = given(*facts).when(ask(intake.WithdrawCase), by=INTAKE)
        then = (withdrawn, ended(1, Stage.WITHDRAWN), ended(2, Stage.WITHDRAWN))
        assert case.then(*then).supervision is Supervision.NONE
        reject = ask(intake.RejectCase, legal_basis="Article 21", remedy="Review")
        events = given(registered(), issued()).when(reject, by=REGISTRAR).events
        assert [type(event).__name__ for event in events] == ["CaseRejected", "OrderEnded"]

    @settings(max_examples=25)
    @given_any(lives)
    def test_no_history_ends_over_an_open_order(self, then: list[Any]) -> None:
        life = live(REGISTRATION, then)
        assert life is not None
        open_at = LIFECYCLE["issueOrder"].sources
        case: Case | None = None
        for event in life.events:
            case = event.mutate(case)
            assert case is not None
            note(f"{case.stage} {case.supervision}")
            # An end is followed by the events that end its orders.
            assert case.stage in open_at or not case.orders or case.stage in ENDS
        assert life.case.stage in open_at or not life.case.orders

    def test_no_other_way_leads_out_of_work_while_an_order_can_be_open(self) -> None:
        """Whatever else closes a case begins where no order can be, or ends it with the case."""
        open_at = LIFECYCLE["issueOrder"].sources
        leading_out = {
            name
            for name, rule in LIFECYCLE.items()
            if rule.targets - ACTIVE - {Stage.ARCHIVED} and rule.sources & open_at
        }
        assert leading_out == OVER.keys() | {"withdrawCase", "rejectCase"}
        assert Stage.AWAITING_FEEDBACK not in open_at

    def test_the_order_of_a_unit_that_gave_the_case_back_stays_open(self) -> None:
        facts: tuple[Fact, ...] = (*AT_STAGE[Stage.DISPATCHED], issued())
        request = ask(returns.RequestReturn, ground="Not ours")
        early = given(*facts).at(NOW - timedelta(days=30) + timedelta(hours=3))
        case = early.when(request, by=OFFICER).case
        assert case is not None
        assert case.supervision is Supervision.BLUE
