"""The ladder: who is told, which orders follow, each percentage once and with its true time."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import msgspec
import pytest
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import decide, intake, officers, outcome, reopening, returns, routing
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import (
    CaseEscalated,
    DeadlineBreached,
    DeadlineReached,
    DeadlineWarning,
    RaiseDeadline,
)
from domain.case.clocks.measure import reached
from domain.case.clocks.notifying import Notified
from domain.case.clocks.pinned import timetable_of
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.merging import MergeCase
from domain.case.ordering import EscalateOrder, ReplyToOrder
from domain.case.orders import OrderEscalated, OrderIssued
from domain.case.regions import ReturnState, Supervision
from domain.case.repeats import Repeated, RepetitionEscalated
from domain.case.vocabulary import ResolutionOutcome
from domain.command import Arrangements, Command, circumstances
from domain.directory.people import DelegateAuthority
from domain.directory.units import DissolveUnit
from domain.escalation_policy.content import DispatchLadder, Ladder, Rung
from domain.escalation_policy.state import EscalationPolicy
from domain.identity import THE_SERVICE, Role
from domain.refusal import Refusal
from domain.vocabulary import ClockKind, OrderLevel
from tests.domain.configuring import BO, Configuring, draft_escalation
from tests.domain.office import appointed, day, position
from tests.domain.people import OFFICER, REGISTRAR
from tests.domain.scenario import OTHER, ask, pending_events
from tests.domain.test_arrangements import directory, policy
from tests.domain.time_rules import LONG_AGO, Story, arranged, hour, wall

BLUE, ORANGE, RED = OrderLevel
RUNGS: Final = (
    Rung(80, (Role.OFFICER,)),
    Rung(100, (Role.UNIT_LEADER,)),
    Rung(150, (Role.SUPERVISOR,), BLUE),
    Rung(200, (Role.SUPERVISOR,), ORANGE),
    Rung(300, (Role.SUPERVISOR,), RED, interview=True, repeat_every=100),
)
"""DOMAIN.md section 7, the ladder of the default pack."""

RULES: Final = (
    wall(ClockKind.DISPATCH, 60 * 10),
    wall(ClockKind.STAGE, 60 * 10),
    wall(ClockKind.VERIFICATION, 60 * 10),
    wall(ClockKind.FEEDBACK, 60 * 10),
    wall(ClockKind.SUPERVISION_REPLY, 60 * 24),
)
ACCEPT: Final = ask(intake.AcceptCase)
DISPATCH: Final = ask(routing.DispatchCase, lead_unit="environment", reason="It is theirs.")
SIGN: Final = ask(routing.SignForCase)
SUBMIT: Final = ask(outcome.SubmitResolution, outcome=ResolutionOutcome.RESOLVED, measures="Done.")
VERIFY: Final = ask(outcome.VerifyResolution)
REWORK: Final = ask(outcome.OrderRework, demand="Measure again.")
RETURN: Final = ask(returns.RequestReturn, ground="Not ours.")
UPHOLD: Final = ask(returns.UpholdReturn)
UPHELD_LATE: Final = (replace(RETURN, occurred_at=hour(1)), UPHOLD)


def delegated(of: str, to: str, start: float, end: float, role: Role) -> DelegateAuthority:
    times = {"valid_from": day(start), "valid_to": day(end)}
    return ask(DelegateAuthority, appointment=of, delegate=to, roles=(role,), **times)


def escalation(*ladders: Ladder, **said: Any) -> EscalationPolicy:
    kept = Configuring("EscalationPolicy")
    kept.given(draft_escalation(*(ladders or (Ladder(RUNGS),)), **said), at=LONG_AGO)
    kept.given(kept.command("propose", 1), at=LONG_AGO)
    kept.given(kept.command("publish", 1), by=BO, at=LONG_AGO)
    assert isinstance(kept.kept, EscalationPolicy)
    return kept.kept


PLAIN: Final = replace(arranged(*RULES), escalation=escalation())
OFFICE: Final = replace(
    PLAIN,
    routing=policy(),
    directory=directory(
        position("head", "environment", roles=(Role.UNIT_LEADER,)),
        position("control", "city", roles=(Role.DISPATCHER,)),
        position("overseer", "duty", roles=(Role.SUPERVISOR,), areas=("district",)),
        appointed("head", "leader"),
        appointed("overseer", "supervisor"),
    ),
)
"""The dispatcher's post is vacant; the supervisor's lies in a unit beside the lead unit."""


def notice(story: Story, hours: float) -> list[DeadlineReached]:
    """What the service does about all that is due, that many hours after the case began."""
    said: list[DeadlineReached] = []
    while (clock := next_due(story)) is not None and due_at(clock) <= hour(hours):
        command = ask(RaiseDeadline, clock=clock.name, occurred_at=clock.next_at)
        by = circumstances(command, THE_SERVICE, hour(hours), story.arrangements)
        decide(story.case, command, by)
        news = pending_events(story.case)
        story.case.collect_events()
        story.events += news
        said += [each for each in news if isinstance(each, DeadlineReached)]
    return said


def next_due(story: Story) -> Clock | None:
    waiting = [clock for clock in story.case.clocks.values() if clock.next_at is not None]
    return min(waiting, key=due_at, default=None)


def due_at(clock: Clock) -> datetime:
    assert clock.next_at is not None
    return clock.next_at


def in_hand(arrangements: Arrangements = PLAIN) -> Story:
    """Signed for at once: STAGE runs for ten hours."""
    return dispatched(arrangements).at(0, SIGN)


def dispatched(arrangements: Arrangements) -> Story:
    """STAGE runs for ten hours."""
    return Story(arrangements).at(0, ACCEPT, DISPATCH)


def of_stage(said: list[DeadlineReached]) -> list[tuple[str, int, datetime]]:
    return [
        (type(each).__name__, each.percent, each.timestamp)
        for each in said
        if each.clock.kind is ClockKind.STAGE
    ]


class TestRungs:
    def test_each_is_said_once_with_its_true_time_however_late_it_is_noticed(self) -> None:
        story = in_hand()
        assert of_stage(notice(story, 72)) == [
            ("DeadlineWarning", 80, hour(8)),
            ("DeadlineBreached", 100, hour(10)),
            ("CaseEscalated", 150, hour(15)),
            ("CaseEscalated", 200, hour(20)),
            ("CaseEscalated", 300, hour(30)),
            ("CaseEscalated", 400, hour(40)),
            ("CaseEscalated", 500, hour(50)),
            ("CaseEscalated", 600, hour(60)),
            ("CaseEscalated", 700, hour(70)),
        ]
        assert notice(story, 72) == []
        assert of_stage(notice(story, 80)) == [("CaseEscalated", 800, hour(80))]

    def test_what_had_no_time_left_when_it_began_repeats_by_its_whole_limit(self) -> None:
        ten_hours = replace(arranged(wall(ClockKind.RESOLUTION, 60 * 10)), escalation=escalation())
        late = Story(ten_hours).at(0, ACCEPT)
        survivor = Story(ten_hours, case_id=OTHER, brought=100).at(101, ACCEPT)
        late.at(102, ask(MergeCase, other_case=OTHER), beside=survivor)
        began = survivor["RESOLUTION"].started_at
        found = [each.timestamp - began for each in notice(survivor, 125)]
        minutes = [each // timedelta(minutes=1) for each in found]
        assert minutes == [3 + 600, 3 + 1200]

    def test_the_orders_of_one_lateness_are_one_order_that_grows_graver(self) -> None:
        story = in_hand()
        notice(story, 41)
        found = [each for each in story.events if isinstance(each, OrderIssued | OrderEscalated)]
        assert [
            (each.number, each.percent, each.level if isinstance(each, OrderIssued) else each.new)
            for each in found
        ] == [(1, 150, BLUE), (1, 200, ORANGE), (1, 300, RED), (1, 400, RED)]
        assert [each.timestamp for each in found] == [hour(15), hour(20), hour(30), hour(40)]
        assert {each.clock for each in found} == {"STAGE"}
        assert {each.unit for each in found} == {"environment"}
        assert story.case.supervision is Supervision.RED
        (order,) = story.case.orders
        assert order.interview

    def test_the_time_for_a_reply_counts_from_when_the_order_could_be_known(self) -> None:
        story = in_hand()
        notice(story, 16)
        assert story["SUPERVISION_REPLY/1"].due == hour(16 + 24)
        (issued,) = (each for each in story.events if isinstance(each, OrderIssued))
        assert (issued.timestamp, issued.reply_from, issued.due) == (hour(15), hour(16), hour(40))

    def test_a_reply_stops_its_clock_and_an_order_that_goes_up_begins_it_anew(self) -> None:
        story = in_hand()
        notice(story, 15)
        assert story.running["SUPERVISION_REPLY/1"] == 1
        story.at(16, ask(ReplyToOrder, number=1, reply="Soon"))
        assert "SUPERVISION_REPLY/1" not in story.running
        story.at(17, ask(EscalateOrder, number=1))
        assert story.running["SUPERVISION_REPLY/1"] == 2
        assert story["SUPERVISION_REPLY/1"].due == hour(17 + 24)

    def test_a_late_reply_raises_its_own_order(self) -> None:
        rules = (wall(ClockKind.STAGE, 60 * 1000), wall(ClockKind.SUPERVISION_REPLY, 60 * 10))
        story = in_hand(replace(arranged(*rules), escalation=escalation()))
        notice(story, 1500)
        notice(story, 1500 + 14)
        assert story.case.supervision is Supervision.BLUE
        notice(story, 1500 + 15)
        assert [each.level for each in story.case.orders] == [ORANGE]
        assert story["SUPERVISION_REPLY/1"].number == 2

    def test_a_graver_order_is_not_made_milder(self) -> None:
        story = in_hand()
        notice(story, 15)
        story.at(16, ask(EscalateOrder, number=1), ask(EscalateOrder, number=1))
        before = len([each for each in story.events if isinstance(each, OrderEscalated)])
        notice(story, 20)
        after = len([each for each in story.events if isinstance(each, OrderEscalated)])
        assert (before, after) == (2, 2)
        assert story.case.supervision is Supervision.RED

    def test_another_unit_gets_an_order_of_its_own(self) -> None:
        rules = (wall(ClockKind.RESOLUTION, 60 * 10),)
        story = dispatched(replace(arranged(*rules), escalation=escalation()))
        notice(story, 15)
        story.at(16, UPHELD_LATE[0], UPHELD_LATE[1], replace(DISPATCH, lead_unit="police"))
        notice(story, 20)
        found = [(order.number, order.unit, order.level) for order in story.case.orders]
        assert found == [(1, "environment", BLUE), (2, "police", ORANGE)]

    @pytest.mark.parametrize("late", [0, 1])
    def test_a_rework_goes_on_above_a_breach_that_nobody_noticed(self, late: int) -> None:
        story = in_hand().at(10 + late, SUBMIT).at(10 + 2 * late, REWORK)
        notice(story, 20)
        said = [each for each in story.events if isinstance(each, DeadlineReached)]
        found = of_stage(said)
        assert [(name, percent) for name, percent, _ in found][:2] == [
            ("DeadlineBreached", 100),
            ("CaseEscalated", 150),
        ]
        assert found[0][2] == hour(10)

    def test_what_waits_for_the_reporter_is_escalated_without_an_order(self) -> None:
        story = in_hand().at(1, SUBMIT, VERIFY)
        said = notice(story, 20)
        assert CaseEscalated in {type(each) for each in said}
        assert story.case.orders == ()

    def test_without_a_ladder_there_is_the_breach_alone(self) -> None:
        story = in_hand(replace(arranged(*RULES), escalation=None))
        assert of_stage(notice(story, 900)) == [("DeadlineBreached", 100, hour(10))]
        assert story.case.orders == ()

    def test_it_is_refused_before_its_time_and_for_a_clock_that_does_not_run(self) -> None:
        story = in_hand()
        for name, hours in (("STAGE", 7), ("CO_REPLY/police", 20)):
            with pytest.raises(Refusal) as refused:
                story.at(hours, ask(RaiseDeadline, clock=name))
            assert refused.value.code == "CLOCK_NOT_DUE"


class TestTold:
    def test_the_officer_in_their_post_then_the_head_of_the_unit(self) -> None:
        story = dispatched(OFFICE).at(1, ask(officers.AssignOfficer, officer=OFFICER.principal))
        warning, breach = notice(story, 10)[:2]
        assert isinstance(warning, DeadlineWarning)
        assert warning.notified == (
            Notified(Role.OFFICER, "environment", "inspector", OFFICER.principal),
        )
        assert breach.notified == (Notified(Role.UNIT_LEADER, "environment", "head", "leader"),)

    def test_without_an_officer_whoever_is_one_in_the_unit(self) -> None:
        (warning,) = notice(dispatched(OFFICE), 8)
        assert warning.notified == (
            Notified(Role.OFFICER, "environment", "inspector", OFFICER.principal),
        )

    def test_where_nobody_is_above_the_post_for_the_area(self) -> None:
        said = {each.percent: each for each in notice(dispatched(OFFICE), 15)}
        assert said[150].level is BLUE
        assert said[150].notified == (Notified(Role.SUPERVISOR, "duty", "overseer", "supervisor"),)

    def test_a_step_without_a_unit_is_of_whoever_has_it(self) -> None:
        kept = escalation(Ladder((Rung(100, (Role.DISPATCHER,)),)))
        said = notice(Story(replace(OFFICE, escalation=kept)).at(0, ACCEPT), 10)
        assert [each.notified for each in said if isinstance(each, DeadlineBreached)] == [
            (Notified(Role.DISPATCHER, "city", "control", None),)
        ]

    @pytest.mark.parametrize("by_the_service", [True, False])
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (RETURN, (UPHOLD,)),
            (ask(officers.AssignOfficer, officer=OFFICER.principal), (SIGN, SUBMIT)),
            (ask(officers.AssignOfficer, officer=OFFICER.principal), (SIGN, SUBMIT, REWORK)),
        ],
    )
    def test_whoever_notices_it_whoever_answered_when_it_was_due(
        self, before: Command, after: tuple[Command, ...], by_the_service: bool
    ) -> None:
        """By the time of the command the head is another one, and the unit has it no more."""
        before_due, due, then = ((hour(h) - day(0)) / timedelta(days=1) for h in (9, 10, 10.5))
        there = directory(
            position("head", "environment", roles=(Role.UNIT_LEADER, Role.INTAKE)),
            appointed("head", "leader", 0, then),
            appointed("head", "successor", then),
            delegated("head#1", "was deputy", 0, due, Role.UNIT_LEADER),
            delegated("head#1", "deputy", before_due, then, Role.UNIT_LEADER),
            delegated("head#1", "clerk", 0, then, Role.INTAKE),
            delegated("head#2", "deputy of the successor", then, then + 1, Role.UNIT_LEADER),
            position("desk", "environment", roles=(Role.INTAKE,)),
            appointed("desk", "for signForCase"),
        )
        kept = escalation(Ladder((Rung(100, (Role.OFFICER, Role.UNIT_LEADER)),)))
        story = dispatched(replace(PLAIN, escalation=kept, directory=there)).at(1, before)
        if by_the_service:
            notice(story, 10)
        story.at(11, *after)
        said = [each for each in story.events if isinstance(each, DeadlineBreached)]
        (stage,) = [each for each in said if each.clock.kind is ClockKind.STAGE]
        assert stage.timestamp == hour(10)
        assert [(each.role, each.unit, each.holder, each.delegates) for each in stage.notified] == [
            (Role.OFFICER, "environment", OFFICER.principal, ()),
            (Role.UNIT_LEADER, "environment", "leader", ("deputy",)),
        ]

    @pytest.mark.parametrize("kind", [DeadlineReached, RepetitionEscalated])
    def test_of_entries_from_before_delegates_were_told_nothing_is_said(
        self, kind: type[DeadlineReached | RepetitionEscalated]
    ) -> None:
        state: dict[str, object] = {"notified": [{"role": "OFFICER"}]}
        kind.upcast_v1_v2(state)
        assert msgspec.convert(state["notified"], list[Notified]) == [Notified(Role.OFFICER)]

    def test_that_there_is_nobody_is_recorded_too(self) -> None:
        (warning,) = notice(in_hand(), 8)
        assert warning.notified == (Notified(Role.OFFICER, "environment"),)
        assigned = in_hand().at(1, ask(officers.AssignOfficer, officer=OFFICER.principal))
        (warning,) = notice(assigned, 8)
        assert warning.notified == (Notified(Role.OFFICER, "environment", None, OFFICER.principal),)
        there = replace(PLAIN, directory=directory())
        said = {each.percent: each for each in notice(dispatched(there), 15)}
        assert said[150].notified == (Notified(Role.SUPERVISOR),)


class TestUnassigned:
    def test_the_fall_back_owner_answers_and_it_escalates(self) -> None:
        story = Story(OFFICE).at(0, ACCEPT)
        said = notice(story, 14)
        assert [(type(each).__name__, each.percent) for each in said] == [
            ("DeadlineWarning", 80),
            ("DeadlineBreached", 100),
            ("CaseEscalated", 100),
        ]
        assert said[-1].timestamp == hour(10)
        assert (story.case.lead_unit, story.case.fallback_unit) == ("duty", "duty")
        notice(story, 15)
        (order,) = story.case.orders
        assert (order.level, order.unit, order.clock) == (BLUE, "city", "DISPATCH")

    def test_at_the_share_that_the_policy_says(self) -> None:
        kept = escalation(Ladder(RUNGS[:2]), fallback_percent=120)
        story = Story(replace(OFFICE, escalation=kept)).at(0, ACCEPT)
        notice(story, 11)
        assert story.case.fallback_unit is None
        said = notice(story, 12)
        assert [(type(each).__name__, each.percent) for each in said] == [("CaseEscalated", 120)]
        assert story.case.fallback_unit == "duty"

    def test_not_while_somebody_decides_whose_it_is(self) -> None:
        story = Story(OFFICE).at(0, ACCEPT, DISPATCH, RETURN, UPHOLD, DISPATCH, RETURN, UPHOLD)
        assert story.case.returns.state is ReturnState.IN_ARBITRATION
        assert CaseEscalated not in {type(each) for each in notice(story, 14)}
        assert story.case.fallback_unit is None

    def test_not_once_somebody_has_it(self) -> None:
        kept = escalation(Ladder(RUNGS))
        story = Story(replace(OFFICE, escalation=kept)).at(0, ACCEPT)
        notice(story, 15)
        assert len([e for e in story.events if isinstance(e, FallbackOwnerAssigned)]) == 1

    @pytest.mark.parametrize("there", [replace(OFFICE, routing=None), PLAIN])
    def test_without_a_fall_back_unit_it_escalates(self, there: Arrangements) -> None:
        story = Story(there).at(0, ACCEPT)
        said = notice(story, 14)
        assert [type(each) for each in said] == [DeadlineWarning, DeadlineBreached, CaseEscalated]
        assert story.case.fallback_unit is None

    def test_no_order_is_issued_to_nobody(self) -> None:
        story = Story(PLAIN).at(0, ACCEPT)
        assert [each.level for each in notice(story, 15)] == [None, None, None, BLUE]
        assert not story.case.orders

    def test_nor_where_it_is_no_more(self) -> None:
        gone = directory(ask(DissolveUnit, code="duty", valid_to=day(30)))
        story = Story(replace(OFFICE, directory=gone)).at(0, ACCEPT)
        notice(story, 14)
        assert story.case.fallback_unit is None

    def test_without_a_policy_there_is_none(self) -> None:
        story = Story(replace(OFFICE, escalation=None)).at(0, ACCEPT)
        notice(story, 14)
        assert story.case.fallback_unit is None

    def test_the_share_is_reached_whatever_the_rungs_are(self) -> None:
        ladder = DispatchLadder(RUNGS, fallback=350)
        found = [ladder.next_percent(0)]
        while found[-1] < 500:
            found.append(ladder.next_percent(found[-1]))
        assert found == [80, 100, 150, 200, 300, 350, 400, 500]


STEPS: Final = (DISPATCH, SIGN, RETURN, UPHOLD, SUBMIT, REWORK, VERIFY)
histories: Final = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(STEPS), st.booleans()), max_size=12
)


@settings(max_examples=60)
@given(histories)
def test_whatever_happens_each_percentage_is_said_once_in_order_and_at_its_time(
    then: list[tuple[int, object, bool]],
) -> None:
    story, hours = Story(PLAIN).at(0, ACCEPT), 0.0
    for gap, command, noticed in then:
        hours += gap
        if noticed:
            notice(story, hours)
        try:
            story.at(hours, command)  # type: ignore[arg-type]
        except Refusal as refusal:
            note(refusal.code)
    notice(story, hours + 30)
    of: dict[tuple[str, int], list[DeadlineReached]] = {}
    for each in story.events:
        if isinstance(each, DeadlineReached):
            of.setdefault((each.clock.name, each.clock.number), []).append(each)
    by = circumstances(VERIFY, REGISTRAR, hour(hours), story.arrangements)
    for said in of.values():
        kinds = [(each.percent, type(each) is CaseEscalated) for each in said]
        assert all(one < other for one, other in pairwise(kinds))
        for each in said:
            note(f"{each.percent}")
            table = timetable_of(each.clock, by)
            assert each.timestamp == reached(each.clock, each.percent, table)


class TestRepeats:
    def test_what_was_given_back_twice_is_arbitrated(self) -> None:
        story = Story(PLAIN).at(0, ACCEPT, DISPATCH, RETURN, UPHOLD)
        assert story.said(RepetitionEscalated) == []
        (escalated,) = story.at(1, DISPATCH, RETURN, UPHOLD).said(RepetitionEscalated)
        assert (escalated.repeated, escalated.times, escalated.most) == (Repeated.RETURNS, 2, 2)
        assert (escalated.unit, escalated.policy) == ("environment", 1)
        assert [each.role for each in escalated.notified] == [Role.REGISTRAR, Role.SUPERVISOR]
        (asked,) = story.said(returns.ArbitrationRequested)
        assert asked.requester == THE_SERVICE.principal
        assert story.case.returns.state is ReturnState.IN_ARBITRATION

    def test_reworks_and_reopenings_go_up_from_the_second_on(self) -> None:
        close = ask(outcome.VerifyResolution, ask_feedback=False)
        reopen = ask(reopening.ReopenCase, ground="As loud as before.")
        story = in_hand().at(1, SUBMIT, REWORK)
        assert story.said(RepetitionEscalated) == []
        for times in (2, 3):
            (escalated,) = story.at(2, SUBMIT, REWORK).said(RepetitionEscalated)
            assert (escalated.repeated, escalated.times) == (Repeated.REWORKS, times)
            assert escalated.unit == "environment"
        story.at(3, SUBMIT, close, reopen, DISPATCH, SIGN, SUBMIT, REWORK)
        assert story.said(RepetitionEscalated) == []
        (escalated,) = story.at(4, SUBMIT, close, reopen).said(RepetitionEscalated)
        assert (escalated.repeated, escalated.times) == (Repeated.REOPENINGS, 2)
        assert escalated.unit is None

    def test_as_often_as_the_policy_says(self) -> None:
        kept = escalation(escalate_after_reworks=1, arbitration_after_returns=1)
        story = in_hand(replace(PLAIN, escalation=kept)).at(1, SUBMIT, REWORK)
        assert len(story.said(RepetitionEscalated)) == 1
        story = dispatched(replace(PLAIN, escalation=kept)).at(1, RETURN, UPHOLD)
        assert len(story.said(returns.ArbitrationRequested)) == 1

    def test_without_a_policy_nothing_goes_up(self) -> None:
        story = in_hand(replace(PLAIN, escalation=None)).at(1, SUBMIT, REWORK, SUBMIT, REWORK)
        assert story.said(RepetitionEscalated) == []
