"""Cases that hang together: merged, split, linked, and taken apart again."""

from datetime import timedelta

import pytest

from domain.case import handling, intake, linking, merging, splitting, structure
from domain.case.lifecycle import ACTIVE, Stage
from domain.case.outcome import VerifyResolution
from domain.case.timers import Timer, TimerKind
from domain.case.vocabulary import Channel, LinkKind, Urgency
from domain.identity import Caller
from tests.domain.histories import AT_STAGE, IN_PROGRESS, accepted, registered
from tests.domain.people import (
    DISPATCHER,
    OFFICER,
    REGISTRAR,
    REPORTER,
    SUPERVISOR,
)
from tests.domain.scenario import (
    BEGAN,
    CASE,
    NOW,
    OTHER,
    STEP,
    Fact,
    ask,
    given,
    happened,
    pending_events,
)
from tests.domain.structures import PART, linked, merged

MERGE = ask(merging.MergeCase, other_case=OTHER)
REVERSE = ask(merging.ReverseMerge)
ABSORBED = happened(
    merging.CaseAbsorbed,
    other_case=CASE,
    case_no="20240301-0000001H",
    reporter=REPORTER.principal,
    type_code="noise",
    urgency=Urgency.NORMAL,
    cycle=1,
    stage_before=Stage.IN_PROGRESS,
    registered_at=BEGAN,
    resolution_due=None,
)
ABSORBED_OTHER = happened(
    merging.CaseAbsorbed, **{**dict(ABSORBED.said), "other_case": OTHER, "case_no": "OTHER"}
)


def ended(stage: Stage, public_reason: str | None = None, survivor: object = CASE) -> Fact:
    return happened(
        merging.SurvivorEnded, survivor=survivor, stage=stage, public_reason=public_reason
    )


def reversed_to(stage: Stage, *timers: Timer) -> Fact:
    return happened(merging.MergeReversed, survivor=OTHER, stage=stage, timers=timers)


def test_what_was_absorbed_before_there_were_clocks_had_none() -> None:
    state: dict[str, object] = {}
    merging.CaseAbsorbed.upcast_v1_v2(state)
    assert state == {"resolution_due": None}


class TestMerge:
    def test_the_case_goes_on_in_the_other(self) -> None:
        outcome = given(*IN_PROGRESS).when(MERGE, by=DISPATCHER)
        case = outcome.then(merged(Stage.IN_PROGRESS))
        assert (case.stage, case.merged_into) == (Stage.MERGED, OTHER)
        assert outcome.and_in(OTHER, ABSORBED).absorbed == (CASE,)

    @pytest.mark.parametrize("stage", sorted(set(Stage) - ACTIVE))
    def test_the_survivor_is_active(self, stage: Stage) -> None:
        given(*IN_PROGRESS).beside(OTHER, *AT_STAGE[stage]).when(MERGE).refused(
            "SURVIVOR_NOT_ACTIVE", stage=stage.value
        )

    def test_not_into_itself(self) -> None:
        given(*IN_PROGRESS).when(ask(merging.MergeCase, other_case=CASE)).refused(
            "INVALID_INPUT", path=["otherCaseId"]
        )

    def test_not_into_a_case_that_is_not_there(self) -> None:
        given(*IN_PROGRESS).when(ask(merging.MergeCase, other_case=PART)).refused("NOT_FOUND")

    def test_not_before_the_survivor_was_brought(self) -> None:
        early = ask(merging.MergeCase, other_case=OTHER, occurred_at=BEGAN + STEP)
        scenario = given(*IN_PROGRESS).beside(OTHER, registered())
        scenario.others[OTHER].registered_at = BEGAN + 2 * STEP
        scenario.when(early).refused("OCCURRED_BEFORE_REGISTRATION")

    def test_decided_on_what_was_known_of_a_survivor_before_it_was_merged(self) -> None:
        """The journal refuses it for the version of the survivor; then it is decided again."""
        outcome = given(*IN_PROGRESS, ABSORBED_OTHER).when(MERGE)
        outcome.then(merged(Stage.IN_PROGRESS))
        assert outcome.and_in(OTHER, ABSORBED, ended(Stage.MERGED)).absorbed == (CASE,)

    @pytest.mark.parametrize("by", [REPORTER, OFFICER, REGISTRAR, SUPERVISOR])
    def test_only_a_dispatcher_merges(self, by: Caller) -> None:
        given(*IN_PROGRESS).when(MERGE, by=by).refused("NOT_PERMITTED")


class TestReverse:
    @pytest.mark.parametrize("stage", sorted(ACTIVE))
    def test_it_is_back_where_it_was(self, stage: Stage) -> None:
        outcome = given(*AT_STAGE[stage], merged(stage)).when(REVERSE, by=DISPATCHER)
        waiting = stage is Stage.AWAITING_FEEDBACK
        asked_again = (Timer(TimerKind.FEEDBACK, "", NOW + timedelta(days=1)),)
        case = outcome.then(reversed_to(stage, *(asked_again if waiting else ())))
        assert (case.stage, case.merged_into) == (stage, None)
        other = outcome.and_in(OTHER, happened(merging.AbsorptionReversed, other_case=CASE))
        assert other.absorbed == ()

    def test_also_after_the_survivor_was_closed(self) -> None:
        past = (*IN_PROGRESS, merged(Stage.IN_PROGRESS), ended(Stage.CLOSED, survivor=OTHER))
        given(*past).when(REVERSE).then(reversed_to(Stage.IN_PROGRESS))

    def test_an_emergency_goes_on_until_it_expires(self) -> None:
        until = NOW + timedelta(hours=2)
        scenario = given(*IN_PROGRESS, merged())
        assert scenario.case is not None
        scenario.case.emergency_until = until
        case = scenario.when(REVERSE).then(
            reversed_to(Stage.REGISTERED, Timer(TimerKind.EMERGENCY, "", until))
        )
        (event,) = pending_events(case)
        assert isinstance(event, merging.MergeReversed)
        assert event.starts() == (Timer(TimerKind.EMERGENCY, "", until),)

    def test_not_while_the_survivor_is_merged_itself(self) -> None:
        past = (*IN_PROGRESS, merged(), ended(Stage.MERGED, survivor=OTHER))
        given(*past).when(REVERSE).refused("SURVIVOR_IS_MERGED")
        resumed = happened(merging.SurvivorResumed, survivor=OTHER, stage=Stage.ACCEPTED)
        given(*past, resumed).when(REVERSE).then(reversed_to(Stage.REGISTERED))

    def test_not_before_the_survivor_was_brought(self) -> None:
        scenario = given(*IN_PROGRESS, merged()).beside(OTHER, registered())
        scenario.others[OTHER].registered_at = BEGAN + 2 * STEP
        early = ask(merging.ReverseMerge, occurred_at=BEGAN + STEP)
        scenario.when(early).refused("OCCURRED_BEFORE_REGISTRATION")

    def test_what_becomes_of_the_case_behind_the_survivor_does_not_count(self) -> None:
        behind = (
            ended(Stage.MERGED, survivor=PART),
            happened(merging.SurvivorResumed, survivor=PART, stage=Stage.MERGED),
        )
        given(*IN_PROGRESS, merged(), *behind).when(REVERSE).then(reversed_to(Stage.REGISTERED))


class TestTelling:
    def test_whoever_was_absorbed_hears_why_the_survivor_closed(self) -> None:
        past = (*AT_STAGE[Stage.RESOLVED], ABSORBED_OTHER)
        command = ask(VerifyResolution, ask_feedback=False, public_reason="The lamp is new.")
        outcome = given(*past).when(command, by=REGISTRAR)
        assert outcome.events
        outcome.and_in(OTHER, ended(Stage.CLOSED, "The lamp is new."))

    def test_of_an_end_that_was_entered_late_it_hears_no_earlier_than_it_was_brought(self) -> None:
        scenario = given(registered(), ABSORBED_OTHER)
        brought = scenario.others[OTHER].registered_at = BEGAN + 2 * STEP
        outcome = scenario.when(ask(intake.WithdrawCase, occurred_at=BEGAN + STEP))
        (told,) = pending_events(outcome.others[OTHER])
        assert told.timestamp == brought

    def test_and_that_it_was_taken_up_again(self) -> None:
        past = (registered(), accepted, ABSORBED_OTHER, merged(Stage.ACCEPTED, survivor=PART))
        outcome = given(*past).beside(PART, registered()).when(REVERSE)
        outcome.and_in(
            OTHER, happened(merging.SurvivorResumed, survivor=CASE, stage=Stage.ACCEPTED)
        )

    def test_and_so_does_whoever_was_absorbed_by_way_of_another(self) -> None:
        part = happened(
            merging.CaseAbsorbed, **{**dict(ABSORBED.said), "other_case": PART, "case_no": "PART"}
        )
        scenario = given(registered(), ABSORBED_OTHER).beside(OTHER, registered(), part)
        outcome = scenario.beside(PART, registered()).when(ask(intake.WithdrawCase))
        outcome.and_in(OTHER, ended(Stage.WITHDRAWN))
        outcome.and_in(PART, ended(Stage.WITHDRAWN))

    def test_what_moves_the_survivor_no_further_is_not_told(self) -> None:
        outcome = given(registered(), ABSORBED_OTHER).when(ask(intake.AcceptCase))
        outcome.and_in(OTHER)


class TestSplit:
    def test_a_part_goes_on_by_itself(self) -> None:
        command = ask(
            splitting.SplitCase,
            new_case_id=PART,
            new_case_no="PART",
            title="The lamp as well",
            type_code="light",
            area="grid-8",
        )
        outcome = given(*IN_PROGRESS).when(command, by=DISPATCHER)
        case = outcome.then(happened(splitting.CaseSplit, other_case=PART))
        part = outcome.others[PART]
        assert case.links == {PART: LinkKind.SPLIT_INTO}
        assert part.links == {CASE: LinkKind.SPLIT_FROM}
        assert (part.stage, part.reporter, part.registered_at, part.split_from) == (
            Stage.ACCEPTED,
            REPORTER.principal,
            BEGAN,
            CASE,
        )
        assert (part.title, part.type_code, part.area, part.channel) == (
            "The lamp as well",
            "light",
            "grid-8",
            Channel.HOTLINE,
        )

    def test_of_a_case_that_nobody_accepted_it_is_not_accepted_either(self) -> None:
        command = ask(splitting.SplitCase, new_case_id=PART, new_case_no="PART", title="Lamp")
        part = given(registered()).when(command).others[PART]
        assert (part.stage, part.type_code, part.area) == (Stage.REGISTERED, "noise", "grid-7")

    def test_it_says_what_it_is_about(self) -> None:
        command = ask(splitting.SplitCase, new_case_id=PART, new_case_no="PART", title=" ")
        given(registered()).when(command).refused("INVALID_INPUT", path=["title"])


class TestLinks:
    @pytest.mark.parametrize("kind", [LinkKind.RELATED, LinkKind.FOLLOW_UP, LinkKind.SAME_CAUSE])
    def test_both_cases_say_so(self, kind: LinkKind) -> None:
        command = ask(linking.LinkCases, other_case=OTHER, kind=kind)
        outcome = given(registered()).when(command, by=OFFICER)
        outcome.then(linked(kind))
        assert outcome.and_in(OTHER, linked(kind, to=CASE)).links == {CASE: kind}

    def test_version_1_did_not_say_which_was_there_first(self) -> None:
        state: dict[str, object] = {}
        linking.CasesLinked.upcast_v1_v2(state)
        assert state == {"is_later": None}

    def test_the_one_that_was_brought_first_is_not_the_later_one(self) -> None:
        command = ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.FOLLOW_UP)
        scenario = given(registered())
        scenario.others[OTHER].registered_at = BEGAN - STEP
        outcome = scenario.when(command)
        outcome.then(linked(LinkKind.FOLLOW_UP, is_later=True))
        outcome.and_in(OTHER, linked(LinkKind.FOLLOW_UP, to=CASE, is_later=False))

    def test_what_is_said_already_is_not_said_again(self) -> None:
        command = ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.RELATED)
        scenario = given(registered(), linked()).beside(OTHER, registered(), linked(to=CASE))
        scenario.when(command).then()

    def test_another_kind_takes_its_place(self) -> None:
        command = ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.FOLLOW_UP)
        scenario = given(registered(), linked()).beside(OTHER, registered(), linked(to=CASE))
        case = scenario.when(command).then(linked(LinkKind.FOLLOW_UP))
        assert case.links == {OTHER: LinkKind.FOLLOW_UP}

    @pytest.mark.parametrize("kind", [LinkKind.SPLIT_INTO, LinkKind.SPLIT_FROM])
    def test_nobody_says_by_hand_that_a_case_was_split(self, kind: LinkKind) -> None:
        command = ask(linking.LinkCases, other_case=OTHER, kind=kind)
        given(registered()).when(command).refused("LINK_NOT_BY_HAND", kind=kind.value)

    def test_nor_that_it_was_not(self) -> None:
        past = (registered(), happened(splitting.CaseSplit, other_case=OTHER))
        command = ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.RELATED)
        given(*past).when(command).refused("LINK_NOT_BY_HAND", kind="SPLIT_INTO")
        given(*past).when(ask(linking.UnlinkCases, other_case=OTHER)).refused("NOT_LINKED")

    def test_an_imported_history_is_outside(self) -> None:
        command = ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.RELATED)
        given(registered()).beside(OTHER, *AT_STAGE[Stage.IMPORTED]).when(command).refused(
            "WRONG_STAGE", stage="IMPORTED"
        )

    def test_what_one_of_them_seems_to_say_already_both_say(self) -> None:
        """What is known of that one may be out of date: then its event is refused."""
        command = ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.RELATED)
        outcome = given(registered()).beside(OTHER, registered(), linked(to=CASE)).when(command)
        outcome.then(linked())
        outcome.and_in(OTHER, linked(to=CASE))

    def test_a_link_is_taken_back_from_both(self) -> None:
        scenario = given(registered(), linked()).beside(OTHER, registered(), linked(to=CASE))
        outcome = scenario.when(ask(linking.UnlinkCases, other_case=OTHER), by=REGISTRAR)
        case = outcome.then(happened(linking.CasesUnlinked, other_case=OTHER))
        other = outcome.and_in(OTHER, happened(linking.CasesUnlinked, other_case=CASE))
        assert case.links == other.links == {}

    def test_the_link_to_another_case_stays(self) -> None:
        past = (registered(), linked(), linked(to=PART))
        case = given(*past).when(ask(linking.UnlinkCases, other_case=OTHER)).case
        assert case is not None
        assert case.links == {PART: LinkKind.RELATED}

    def test_what_is_not_linked_is_not_unlinked(self) -> None:
        given(registered(), linked(to=PART)).when(
            ask(linking.UnlinkCases, other_case=OTHER)
        ).refused("NOT_LINKED")


class TestWhichCasesACommandTakes:
    note = ask(handling.AddNote, text="Seen.")

    def test_before_its_own_is_known_those_that_it_names(self) -> None:
        assert structure.taken_by(MERGE, None, {}) == {OTHER}
        assert structure.taken_by(REVERSE, None, {}) == frozenset()
        assert structure.taken_by(self.note, None, {}) == frozenset()
        split = ask(splitting.SplitCase, new_case_id=PART, new_case_no="PART", title="Lamp")
        assert structure.taken_by(split, None, {}) == {PART}

    def test_the_survivor_of_a_merge_that_is_reversed(self) -> None:
        case = given(registered(), merged()).case
        assert structure.taken_by(REVERSE, case, {}) == {OTHER}

    def test_those_that_go_on_in_it_and_in_those(self) -> None:
        scenario = given(registered(), ABSORBED_OTHER)
        scenario.others[OTHER].absorbed = (PART,)
        assert structure.taken_by(self.note, scenario.case, {}) == {OTHER}
        assert structure.taken_by(self.note, scenario.case, scenario.others) == {OTHER, PART}

    def test_only_two_sorts_of_commands_need_a_right_in_another_case(self) -> None:
        assert structure.named_by(MERGE) == OTHER
        assert structure.named_by(REVERSE) is None
