"""Who handles a case for the lead unit: assignment, hand-over, and grid workers."""

from typing import Any, Final

import pytest

from domain.case import emergency, handling, officers, outcome, routing
from domain.case.regions import HandOver
from domain.case.vocabulary import ResolutionOutcome
from domain.command import Arrangements, Command
from domain.directory import DirectoryCommand
from domain.directory.people import GrantQualification
from domain.identity import Caller, Role
from tests.domain.configuring import case_type
from tests.domain.histories import IN_PROGRESS, accepted, dispatched, registered, resolution
from tests.domain.histories import signed_for as signed
from tests.domain.office import appointed, area, day, directory_of, position, unit
from tests.domain.passages import assigned, declared, offered
from tests.domain.people import DISPATCHER, GRID_WORKER, OFFICER, UNIT_LEADER, person
from tests.domain.scenario import Fact, Outcome, ask, given, happened
from tests.domain.test_arrangements import catalogue

COLLEAGUE: Final = person("colleague", Role.OFFICER)
STRANGER: Final = person("stranger", Role.OFFICER)
OFFICE: Final[tuple[DirectoryCommand, ...]] = (
    area("grid-7"),
    unit("environment"),
    unit("roads"),
    position("inspector", "environment"),
    position("second", "environment"),
    position("leader", "environment", roles=(Role.UNIT_LEADER,)),
    position("engineer", "roads"),
    appointed("inspector", OFFICER.principal),
    appointed("leader", UNIT_LEADER.principal),
    appointed("engineer", STRANGER.principal),
)
QUALIFIED: Final = ask(
    GrantQualification,
    person="colleague",
    qualification="acoustics",
    valid_from=day(0),
)
TYPES: Final = catalogue(
    case_type("noise", qualifications=("acoustics",)), case_type("litter", simple=True)
)


def there(*more: DirectoryCommand) -> Arrangements:
    return Arrangements(directory_of(*OFFICE, *more), TYPES)


def pinned(*facts: Fact) -> tuple[Fact, ...]:
    """The history of a case whose type is read by the catalogue."""
    return (registered(catalogue_version=1), *facts)


DISPATCHED: Final = (registered(), accepted, dispatched)


def assigning(
    *past: Fact, by: Caller = UNIT_LEADER, where: Arrangements | None = None, **said: Any
) -> Outcome:
    command = ask(officers.AssignOfficer, **{"officer": OFFICER.principal, **said})
    return given(*past).where(where or Arrangements()).when(command, by=by)


class TestAssignment:
    @pytest.mark.parametrize("past", [DISPATCHED, IN_PROGRESS])
    def test_is_of_the_unit_leader(self, past: tuple[Fact, ...]) -> None:
        case = assigning(*past).then(assigned())
        assert case.officer == OFFICER.principal
        assigning(*past, by=OFFICER).refused("NOT_PERMITTED")

    def test_the_position_is_the_one_held_in_the_lead_unit(self) -> None:
        assigning(*DISPATCHED, where=there()).then(assigned(position="inspector"))

    def test_or_the_one_that_is_said(self) -> None:
        where = there(appointed("second", OFFICER.principal))
        assigning(*DISPATCHED, where=where, position="second").then(assigned(position="second"))

    @pytest.mark.parametrize(
        "said",
        [{"officer": STRANGER.principal}, {"position": "second"}, {"position": "engineer"}],
    )
    def test_who_holds_none_there_is_no_officer(self, said: dict[str, Any]) -> None:
        assigning(*DISPATCHED, where=there(), **said).refused(
            "OFFICER_NOT_IN_LEAD_UNIT", unit="environment"
        )

    def test_nor_who_lacks_a_qualification_that_the_type_asks_for(self) -> None:
        past = pinned(accepted, dispatched)
        assigning(*past, where=there()).refused(
            "OFFICER_NOT_QUALIFIED", type="noise", missing=["acoustics"]
        )
        where = there(appointed("second", "colleague"), QUALIFIED)
        assigning(*past, where=where, officer="colleague").then(assigned("colleague", "second"))

    def test_only_a_hand_over_replaces_one(self) -> None:
        assigning(*DISPATCHED, assigned(), officer="colleague").refused("OFFICER_ASSIGNED")
        assigning(*DISPATCHED, assigned(), where=there(appointed("second", "colleague"))).refused(
            "OFFICER_ASSIGNED"
        )

    def test_unless_they_left(self) -> None:
        past = (*DISPATCHED, assigned(STRANGER.principal))
        assigning(*past, where=there()).then(assigned(position="inspector"))

    def test_somebody_is_named(self) -> None:
        assigning(*DISPATCHED, officer=" ").refused("INVALID_INPUT", path=["officer"])

    def test_a_case_without_a_type_needs_no_qualification(self) -> None:
        past = (registered(type_code=None), accepted, dispatched)
        assert assigning(*past, where=there()).refusal is None

    def test_another_lead_has_other_officers(self) -> None:
        past = (*DISPATCHED, assigned(), offered("colleague"))
        command = ask(routing.SignForCase)
        case = given(*past, dispatched).when(command).case
        assert case is not None
        assert (case.officer, case.hand_over) == (None, None)


ASSIGNED: Final = (*IN_PROGRESS, assigned())
OFFERED: Final = (*ASSIGNED, offered("colleague"))


def offering(*past: Fact, by: Caller = OFFICER, to: str = "colleague", **said: Any) -> Outcome:
    command = ask(officers.OfferHandOver, to=to, **said)
    return given(*past).when(command, by=by)


def handed_over(to: str = "colleague", position: str | None = None) -> Fact:
    return happened(
        officers.ResponsibilityHandedOver,
        from_officer=OFFICER.principal,
        to_officer=to,
        position=position,
        accepted_by=to,
    )


class TestHandOver:
    @pytest.mark.parametrize("by", [OFFICER, UNIT_LEADER])
    def test_is_offered_and_the_case_stays_whose_it_is(self, by: Caller) -> None:
        case = offering(*ASSIGNED, by=by).then(offered("colleague"))
        assert (case.officer, case.hand_over) == (
            OFFICER.principal,
            HandOver("colleague", None),
        )

    def test_by_nobody_else(self) -> None:
        offering(*ASSIGNED, by=COLLEAGUE).refused("NOT_THE_OFFICER")
        offering(*ASSIGNED, by=DISPATCHER).refused("NOT_PERMITTED")

    def test_needs_an_officer_and_somebody_else(self) -> None:
        offering(*IN_PROGRESS).refused("NO_OFFICER")
        offering(*ASSIGNED, to=OFFICER.principal).refused("INVALID_INPUT", path=["to"])

    def test_the_same_offer_is_no_news_and_another_takes_its_place(self) -> None:
        offering(*OFFERED).then()
        case = offering(*OFFERED, to="third").then(offered("third"))
        assert case.hand_over == HandOver("third", None)

    def test_the_receiver_is_suited(self) -> None:
        command = ask(officers.OfferHandOver, to=STRANGER.principal)
        given(*ASSIGNED).where(there()).when(command, by=OFFICER).refused(
            "OFFICER_NOT_IN_LEAD_UNIT"
        )

    def test_counts_from_its_acceptance_by_the_receiver(self) -> None:
        case = given(*OFFERED).when(ask(officers.AcceptHandOver), by=COLLEAGUE).then(handed_over())
        assert (case.officer, case.hand_over) == ("colleague", None)

    def test_declined_it_stays(self) -> None:
        case = (
            given(*OFFERED)
            .when(ask(officers.DeclineHandOver), by=COLLEAGUE)
            .then(happened(officers.HandOverDeclined, declined_by="colleague"))
        )
        assert (case.officer, case.hand_over) == (OFFICER.principal, None)

    @pytest.mark.parametrize(
        "command", [ask(officers.AcceptHandOver), ask(officers.DeclineHandOver)]
    )
    def test_is_answered_by_the_receiver_alone(self, command: Command) -> None:
        given(*OFFERED).when(command, by=UNIT_LEADER).refused("NOT_THE_RECEIVER")
        given(*ASSIGNED).when(command, by=COLLEAGUE).refused("NO_HAND_OVER_OFFERED")

    def test_the_receiver_must_be_suited_still(self) -> None:
        past = (*ASSIGNED, offered("colleague", "second"))
        accepting = ask(officers.AcceptHandOver)
        given(*past).where(there()).when(accepting, by=COLLEAGUE).refused(
            "OFFICER_NOT_IN_LEAD_UNIT"
        )
        where = there(appointed("second", "colleague"))
        given(*past).where(where).when(accepting, by=COLLEAGUE).then(handed_over(position="second"))


SIGNING: Final = ask(routing.SignForCase)
RESOLVING: Final = ask(
    outcome.SubmitResolution, outcome=ResolutionOutcome.EXPLAINED, measures="Swept"
)


def litter(*facts: Fact) -> tuple[Fact, ...]:
    return (registered(type_code="litter", catalogue_version=1), *facts)


class TestGridWorker:
    @pytest.mark.parametrize(
        ("past", "command"),
        [((accepted, dispatched), SIGNING), ((accepted, dispatched, signed), RESOLVING)],
    )
    def test_handles_simple_cases(self, past: tuple[Fact, ...], command: Command) -> None:
        assert given(*litter(*past)).where(there()).when(command, by=GRID_WORKER).refusal is None
        given(*pinned(*past)).where(there()).when(command, by=GRID_WORKER).refused(
            "SIMPLE_CASES_ONLY", type="noise"
        )

    def test_none_where_nothing_says_that_it_is_simple(self) -> None:
        past = given(registered(type_code=None), accepted, dispatched)
        past.when(SIGNING, by=GRID_WORKER).refused("SIMPLE_CASES_ONLY", type="*")

    def test_any_where_they_are_an_officer_too(self) -> None:
        both = person(OFFICER.principal, Role.OFFICER, Role.GRID_WORKER)
        assert given(*DISPATCHED).where(there()).when(SIGNING, by=both).refusal is None

    def test_nor_does_an_emergency_help(self) -> None:
        past = given(*pinned(accepted, dispatched, declared)).where(there())
        command = ask(handling.RecordProgress, text="Swept")
        past.when(command, by=GRID_WORKER).refused("SIMPLE_CASES_ONLY")
        given(*litter(accepted, dispatched, declared)).where(there()).when(
            command, by=GRID_WORKER
        ).then(
            happened(emergency.SignOffSkipped, skipped_by=GRID_WORKER.principal),
            happened(handling.ProgressRecorded, text="Swept"),
        )


def test_a_resolution_names_whoever_submitted_it() -> None:
    case = given(*litter(accepted, dispatched, signed)).where(there())
    case.when(RESOLVING, by=GRID_WORKER).then(
        resolution(
            outcome=ResolutionOutcome.EXPLAINED,
            measures="Swept",
            resolver=GRID_WORKER.principal,
        )
    )
