"""Whether a case is ours, and as what: field verification, proposals, corrections, types."""

from typing import Any, Final

import pytest

from domain.case import correction, intake, verification
from domain.case.lifecycle import Stage
from domain.case.vocabulary import Channel, ClockEffect, Detail, Point, Urgency
from domain.catalogue.content import Field, FieldKind
from domain.command import Arrangements
from domain.identity import Caller, Role
from tests.domain.configuring import case_type, label
from tests.domain.histories import (
    AT_STAGE,
    IN_PROGRESS,
    accepted,
    dispatched,
    dispatched_to,
    registered,
    rejected,
)
from tests.domain.office import area, directory_of, unit
from tests.domain.passages import (
    arbitrated,
    arbitration_requested,
    field_verified,
    rejection_proposed,
    return_requested,
    verification_requested,
)
from tests.domain.people import GRID_WORKER, INTAKE, OFFICER, REGISTRAR, person
from tests.domain.scenario import Fact, Outcome, ask, given, happened
from tests.domain.test_arrangements import catalogue

REGISTERED: Final = (registered(),)
VERIFYING: Final = (registered(), verification_requested)
VERIFIED: Final = (*VERIFYING, field_verified)


class TestVerification:
    @pytest.mark.parametrize("by", [INTAKE, REGISTRAR])
    def test_is_asked_for_where_the_case_lies(self, by: Caller) -> None:
        command = ask(verification.RequestFieldVerification)
        case = given(*REGISTERED).when(command, by=by).then(verification_requested)
        assert case.stage is Stage.VERIFYING

    def test_or_where_it_is_said_to_lie(self) -> None:
        command = ask(verification.RequestFieldVerification, area="grid-8")
        case = given(*REGISTERED).when(command, by=INTAKE).case
        assert case is not None
        assert (case.area, case.place.area) == ("grid-8", "grid-8")

    def test_needs_an_area(self) -> None:
        command = ask(verification.RequestFieldVerification)
        given(registered(area=None)).when(command).refused("INVALID_INPUT", path=["area"])

    def test_which_there_is(self) -> None:
        there = Arrangements(directory_of(area("grid-7")))
        command = ask(verification.RequestFieldVerification, area="grid-9")
        given(*REGISTERED).where(there).when(command).refused("UNKNOWN_AREA", area="grid-9")

    def test_says_what_was_found(self) -> None:
        command = ask(
            verification.RecordFieldVerification, findings="Loud until two.", confirmed=True
        )
        case = given(*VERIFYING).when(command, by=GRID_WORKER).then(field_verified)
        assert (case.stage, case.field_verified) == (Stage.VERIFYING, True)
        given(*VERIFYING).when(command, by=REGISTRAR).refused("NOT_PERMITTED")

    def test_findings_are_said(self) -> None:
        command = ask(verification.RecordFieldVerification, findings=" ", confirmed=False)
        given(*VERIFYING).when(command).refused("INVALID_INPUT", path=["findings"])

    def test_acceptance_waits_for_it(self) -> None:
        given(*VERIFYING).when(ask(intake.AcceptCase), by=REGISTRAR).refused("NOT_VERIFIED")
        given(*VERIFIED).when(ask(intake.AcceptCase), by=REGISTRAR).then(accepted)

    @pytest.mark.parametrize(("reason", "accepts"), [("Rain for days", True), (" ", False)])
    def test_or_has_a_reason(self, reason: str, accepts: bool) -> None:
        outcome = given(*VERIFYING).when(ask(intake.AcceptCase, reason=reason), by=REGISTRAR)
        assert (outcome.refusal is None) is accepts

    def test_a_rejection_does_not_wait(self) -> None:
        command = ask(intake.RejectCase, legal_basis="Article 21", remedy="Review")
        given(*VERIFYING).when(command, by=REGISTRAR).then(rejected)


class TestProposal:
    command: Final = ask(intake.ProposeRejection, legal_basis="Article 21", remedy="Review")
    rejecting: Final = ask(intake.RejectCase, legal_basis="Article 21", remedy="Review")

    @pytest.mark.parametrize("past", [REGISTERED, VERIFYING])
    def test_leaves_the_case_where_it_is(self, past: tuple[Fact, ...]) -> None:
        before = given(*past).case
        assert before is not None
        stage = before.stage
        case = given(*past).when(self.command, by=INTAKE).then(rejection_proposed)
        assert case.stage is stage

    def test_another_person_rejects(self) -> None:
        both = person(INTAKE.principal, Role.INTAKE, Role.REGISTRAR)
        past = (*REGISTERED, rejection_proposed)
        given(*past).when(self.rejecting, by=both).refused("PROPOSER_REJECTS")
        given(*past).when(self.rejecting, by=REGISTRAR).then(rejected)

    def test_or_accepts(self) -> None:
        past = (*REGISTERED, rejection_proposed)
        given(*past).when(ask(intake.AcceptCase), by=REGISTRAR).then(accepted)

    @pytest.mark.parametrize("blank", ["legal_basis", "remedy"])
    def test_says_both(self, blank: str) -> None:
        said = {"legal_basis": "Article 21", "remedy": "Review", blank: " "}
        assert given(*REGISTERED).when(ask(intake.ProposeRejection, **said)).refusal is not None


def corrected(field: Detail, old: object, new: object) -> Fact:
    return happened(correction.CaseDetailCorrected, field=field, old=old, new=new)


THERE: Final = Point(30.0, 120.0)


class TestCorrection:
    @pytest.mark.parametrize(
        ("field", "old", "new"),
        [
            (Detail.AREA, "grid-7", "grid-8"),
            (Detail.POINT, None, THERE),
            (Detail.URGENCY, Urgency.NORMAL, Urgency.URGENT),
            (Detail.CHANNEL, Channel.HOTLINE, Channel.WALK_IN),
        ],
    )
    def test_of_every_detail(self, field: Detail, old: object, new: object) -> None:
        command = ask(correction.CorrectCase, **{field.value: new})
        case = given(*REGISTERED).when(command, by=INTAKE).then(corrected(field, old, new))
        assert getattr(case, field.value) == new
        given(*REGISTERED, corrected(field, old, new)).when(command, by=INTAKE).then()

    def test_an_area_may_be_cleared(self) -> None:
        command = ask(correction.CorrectCase, area=" ")
        given(*REGISTERED).when(command).then(corrected(Detail.AREA, "grid-7", None))

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"point": Point(91.0, 0.0)}, ["point", "latitude"]),
            ({"channel": Channel.IMPORT}, ["channel"]),
        ],
    )
    def test_what_cannot_be_is_located(self, said: dict[str, Any], path: list[str]) -> None:
        given(*REGISTERED).when(ask(correction.CorrectCase, **said)).refused(
            "INVALID_INPUT", path=path
        )

    def test_an_area_is_one_of_the_directory(self) -> None:
        there = Arrangements(directory_of(area("grid-7")))
        past = given(*REGISTERED).where(there)
        past.when(ask(correction.CorrectCase, area="grid-9")).refused("UNKNOWN_AREA")
        assert past.when(ask(correction.CorrectCase, area="")).refusal is None

    def test_an_older_entry_is_read_as_it_is(self) -> None:
        state: dict[str, object] = {"field": "title", "old": None, "new": "Noise"}
        correction.CaseDetailCorrected.upcast_v1_v2(state)
        assert state == {"field": "title", "old": None, "new": "Noise"}


def reclassified(new: str, **said: Any) -> Fact:
    usual = {"old": "noise", "catalogue_version": None, "fields": None}
    effect = {"clock_effect": ClockEffect.KEPT}
    return happened(correction.CaseReclassified, new=new, **{**usual, **effect, **said})


def reclassifying(
    *past: Fact, there: Arrangements | None = None, by: Caller = INTAKE, **said: Any
) -> Outcome:
    command = ask(correction.ReclassifyCase, **{"type_code": "lift", **said})
    return given(*past).where(there or Arrangements()).when(command, by=by)


FLOORS: Final = Field("floors", label(), FieldKind.INTEGER, required=True)
TYPES: Final = catalogue(case_type("noise"), case_type("lift", fields=(FLOORS,)))
UNITS: Final = directory_of(
    unit("environment", competences=("noise",)), unit("lifts", competences=("lift",))
)


class TestReclassification:
    def test_before_it_is_accepted_no_clock_had_begun(self) -> None:
        case = reclassifying(*REGISTERED).then(reclassified("lift", clock_effect=ClockEffect.NONE))
        assert case.type_code == "lift"

    def test_later_those_that_run_are_kept(self) -> None:
        reclassifying(*IN_PROGRESS).then(reclassified("lift"))

    def test_the_type_is_one_of_the_catalogue_whose_version_is_pinned(self) -> None:
        there = Arrangements(catalogue=TYPES)
        reclassifying(registered(), accepted, there=there, type_code="graffiti").refused(
            "UNKNOWN_TYPE"
        )
        case = reclassifying(registered(), accepted, there=there, fields={"floors": 3}).then(
            reclassified("lift", catalogue_version=1, fields={"floors": 3})
        )
        assert case.catalogue_version == 1

    def test_answers_are_those_of_the_new_type(self) -> None:
        there = Arrangements(catalogue=TYPES)
        reclassifying(*REGISTERED, there=there).refused("INVALID_INPUT", path=["fields", "floors"])

    def test_the_type_that_it_has_is_no_news_unless_answers_are_given(self) -> None:
        reclassifying(*REGISTERED, type_code="noise").then()
        there = Arrangements(catalogue=TYPES)
        lift = registered(type_code="lift")
        outcome = reclassifying(lift, there=there, fields={"floors": 2})
        assert len(outcome.events) == 1

    @pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.IN_PROGRESS])
    def test_a_lead_that_is_not_competent_loses_the_case_where_that_is_said(
        self, stage: Stage
    ) -> None:
        past, there = (*AT_STAGE[stage], return_requested()), Arrangements(UNITS)
        reclassifying(*past, there=there).refused(
            "LEAD_NOT_COMPETENT", unit="environment", type="lift"
        )
        recalled = happened(correction.DispatchRecalled, lead_unit="environment")
        case = reclassifying(*past, there=there, redispatch=True).then(
            reclassified("lift"), recalled
        )
        assert (case.stage, case.lead_unit) == (Stage.ACCEPTED, None)
        assert case.returns.requested_by is None

    def test_one_that_is_keeps_it(self) -> None:
        past = (registered(), accepted, dispatched_to("lifts"))
        reclassifying(*past, there=Arrangements(UNITS), redispatch=True).then(reclassified("lift"))

    @pytest.mark.parametrize(
        "past",
        [
            AT_STAGE[Stage.ACCEPTED],
            AT_STAGE[Stage.RESOLVED],
            (
                registered(),
                accepted,
                dispatched,
                arbitration_requested(),
                arbitrated("environment", "environment"),
            ),
        ],
    )
    def test_nor_is_it_taken_where_nobody_has_it_or_it_is_done_or_was_arbitrated(
        self, past: tuple[Fact, ...]
    ) -> None:
        there = Arrangements(UNITS)
        reclassifying(*past, there=there, redispatch=True).then(reclassified("lift"))

    def test_is_not_for_the_unit_to_say(self) -> None:
        reclassifying(*IN_PROGRESS, by=OFFICER).refused("NOT_PERMITTED")
