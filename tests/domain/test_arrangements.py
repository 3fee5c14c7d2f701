"""Guards that ask directory, catalogue and routing policy as they were when it happened."""

from typing import Any, Final

import pytest

from domain.case import outcome, reopening, routing
from domain.case.intake import CaseRegistered, RegisterCase
from domain.case.vocabulary import Channel, Urgency
from domain.catalogue.commands import DraftCatalogue
from domain.catalogue.content import CaseType, Choice, Field, FieldKind
from domain.catalogue.state import CaseTypeCatalogue
from domain.command import Arrangements
from domain.directory import Directory, DirectoryCommand
from domain.identity import Caller, Role
from domain.reach import Place
from domain.routing_policy.commands import DraftRouting
from domain.routing_policy.content import RoutingRule
from domain.routing_policy.decision import Loss
from domain.routing_policy.state import RoutingPolicy
from tests.domain.configuring import Configuring, case_type, draft_catalogue, draft_routing, label
from tests.domain.histories import accepted, dispatched_to, registered, resolution, signed_for
from tests.domain.office import appointed, area, directory_of, position, unit
from tests.domain.people import DISPATCHER, OFFICER, REGISTRAR, REPORTER, person
from tests.domain.scenario import BEGAN, STEP, Outcome, ask, given, happened

BEFORE: Final = -STEP

OFFICE: Final[tuple[DirectoryCommand, ...]] = (
    area("district"),
    area("grid-7", parent="district"),
    area("grid-8", parent="district"),
    unit("city"),
    unit("environment", parent="city", competences=("noise",), areas=("grid-7",)),
    unit("police", parent="city", competences=("*",)),
    unit("duty", parent="city"),
    position("inspector", "environment"),
    position("constable", "police"),
    position("clerk", "city", roles=(Role.REGISTRAR,)),
    appointed("inspector", OFFICER.principal),
    appointed("constable", "other officer"),
    appointed("clerk", REGISTRAR.principal),
)


def directory(*more: DirectoryCommand) -> Directory:
    return directory_of(*OFFICE, *more)


QUESTIONS: Final = (
    Field("floors", label(), FieldKind.INTEGER, required=True, minimum=1),
    Field("when", label(), FieldKind.CHOICE, choices=(Choice("DAY", label()),)),
)
TYPES: Final = (
    case_type("noise"),
    case_type("noise.night", "noise", urgency=Urgency.URGENT, independent_check=True),
    case_type("lift", fields=QUESTIONS),
)


def _published(name: str, content: DraftCatalogue | DraftRouting) -> Any:
    story = Configuring(name)
    story.given(content, at=BEGAN + BEFORE)
    story.given(story.command("propose", 1), at=BEGAN + BEFORE)
    story.given(story.command("publish", 1), by=person("second", Role.CATALOGUE_ADMIN), at=BEGAN)
    return story.kept


def catalogue(*types: CaseType) -> CaseTypeCatalogue:
    draft = draft_catalogue(*(types or TYPES))
    assert isinstance(draft, DraftCatalogue)
    kept = _published("Catalogue", draft)
    assert isinstance(kept, CaseTypeCatalogue)
    return kept


def policy(*rules: RoutingRule) -> RoutingPolicy:
    draft = draft_routing(*rules)
    assert isinstance(draft, DraftRouting)
    kept = _published("Routing", draft)
    assert isinstance(kept, RoutingPolicy)
    return kept


def registering(arrangements: Arrangements, **said: Any) -> Outcome:
    command = ask(RegisterCase, case_no="20240301-0000001H", channel=Channel.WEB, **said)
    return given().where(arrangements).when(command, by=REPORTER)


class TestRegister:
    def test_a_type_is_one_of_the_catalogue(self) -> None:
        there = Arrangements(catalogue=catalogue())
        registering(there, type_code="graffiti").refused("UNKNOWN_TYPE", type="graffiti")

    def test_the_catalogue_is_the_one_in_force_when_it_happened(self) -> None:
        there = Arrangements(catalogue=catalogue())
        (event,) = registering(there, type_code="old", occurred_at=BEGAN + BEFORE).events
        assert vars(event)["catalogue_version"] is None

    def test_the_version_is_pinned_and_the_urgency_is_that_of_the_type(self) -> None:
        (event,) = registering(Arrangements(catalogue=catalogue()), type_code="noise.night").events
        assert vars(event)["catalogue_version"] == 1
        assert vars(event)["urgency"] is Urgency.URGENT

    def test_an_urgency_that_is_said_counts(self) -> None:
        there = Arrangements(catalogue=catalogue())
        said = {"type_code": "noise.night", "urgency": Urgency.NORMAL}
        (event,) = registering(there, **said).events
        assert vars(event)["urgency"] is Urgency.NORMAL

    def test_without_a_type_it_is_not_urgent(self) -> None:
        (event,) = registering(Arrangements(catalogue=catalogue())).events
        assert vars(event)["urgency"] is Urgency.NORMAL

    def test_answers_are_kept(self) -> None:
        there = Arrangements(catalogue=catalogue())
        answers = {"floors": 3, "when": "DAY"}
        (event,) = registering(there, type_code="lift", fields=answers).events
        assert vars(event)["fields"] == answers

    @pytest.mark.parametrize(
        ("type_code", "fields", "path"),
        [
            ("lift", None, ["fields", "floors"]),
            ("lift", {"floors": 0}, ["fields", "floors"]),
            ("lift", {"floors": 2, "colour": "red"}, ["fields", "colour"]),
            ("lift", {"floors": float("inf")}, ["fields", "floors"]),
            ("lift", {"floors": float("nan")}, ["fields", "floors"]),
            ("lift", {"floors": [2]}, ["fields", "floors"]),
            ("lift", {"floors": 2, "when": "a\x00"}, ["fields", "when"]),
            ("lift", {"floors": True}, ["fields", "floors"]),
            ("lift", [1], ["fields"]),
            ("lift", {str(number): 1 for number in range(201)}, ["fields"]),
            (None, {"floors": 2}, ["fields"]),
        ],
    )
    def test_answers_that_do_not_fit_are_located(
        self, type_code: str | None, fields: Any, path: list[str]
    ) -> None:
        there = Arrangements(catalogue=catalogue())
        registering(there, type_code=type_code, fields=fields).refused("INVALID_INPUT", path=path)

    def test_an_area_is_one_of_the_directory(self) -> None:
        there = Arrangements(directory())
        registering(there, area="grid-9").refused("UNKNOWN_AREA", area="grid-9")
        assert registering(there, area="grid-7").refusal is None

    def test_a_directory_without_areas_knows_none(self) -> None:
        there = Arrangements(directory_of(unit("city")))
        assert registering(there, area="grid-9").refusal is None


def dispatching(arrangements: Arrangements, lead: str | None = None, **said: Any) -> Outcome:
    history = given(registered(), accepted).where(arrangements)
    return history.when(ask(routing.DispatchCase, lead_unit=lead, **said), by=DISPATCHER)


class TestDispatch:
    def test_the_lead_unit_is_active(self) -> None:
        there = Arrangements(directory())
        dispatching(there, "water").refused("UNIT_NOT_ACTIVE", unit="water")

    def test_so_are_those_that_help(self) -> None:
        there = Arrangements(directory())
        dispatching(there, "police", co_units=("water",)).refused("UNIT_NOT_ACTIVE", unit="water")

    def test_the_lead_unit_is_competent(self) -> None:
        there = Arrangements(directory())
        dispatching(there, "environment").then(dispatched_to("environment"))
        dispatching(there, "duty").refused("UNIT_NOT_COMPETENT", unit="duty", type="noise")

    def test_a_unit_that_is_not_competent_needs_a_reason(self) -> None:
        there = Arrangements(directory())
        dispatching(there, "duty", override=True).refused("OVERRIDE_WITHOUT_REASON")
        dispatching(there, "duty", override=True, reason=" ").refused("OVERRIDE_WITHOUT_REASON")
        dispatching(there, "duty", override=True, reason="Nobody else").then(
            dispatched_to("duty", by_override=True)
        )

    def test_a_case_without_a_type_suits_any_unit(self) -> None:
        case = given(registered(type_code=None), accepted).where(Arrangements(directory()))
        command = ask(routing.DispatchCase, lead_unit="duty")
        case.when(command, by=DISPATCHER).then(dispatched_to("duty"))

    def test_before_units_are_established_codes_are_opaque(self) -> None:
        there = Arrangements(directory_of(area("grid-7")))
        dispatching(there, "anything").then(dispatched_to("anything"))


NOISE: Final = RoutingRule("noise", 10, "environment", ("police",), types=("noise",))
NIGHT: Final = RoutingRule("night", 5, "police", words=("night",))
LIFTS: Final = RoutingRule("lifts", 20, "duty", types=("lift",))


class TestRouting:
    def test_the_policy_says_where_it_goes_and_why(self) -> None:
        there = Arrangements(directory(), catalogue(), policy(NOISE, NIGHT, LIFTS))
        decided, sent = dispatching(there).events
        assert isinstance(decided, routing.RoutingDecided)
        assert (decided.decision.rule, decided.decision.catalogue_version) == ("noise", 1)
        lost = {each.rule: each.lost for each in decided.decision.candidates}
        assert lost == {"lifts": Loss.TYPE, "noise": None, "night": Loss.LOWER_PRIORITY}
        assert decided.left_out == 0
        assert vars(sent)["lead_unit"] == "environment"
        assert vars(sent)["co_units"] == ("police",)
        assert (vars(sent)["routing_version"], vars(sent)["by_override"]) == (1, False)

    def test_units_that_help_may_be_said(self) -> None:
        _, sent = dispatching(Arrangements(routing=policy(NOISE)), co_units=("gas",)).events
        assert vars(sent)["co_units"] == ("gas",)

    def test_who_follows_the_policy_needs_no_reason(self) -> None:
        there = Arrangements(directory(), catalogue(), policy(NOISE))
        _, sent = dispatching(there, "environment").events
        assert vars(sent)["by_override"] is False

    def test_who_does_not_needs_one(self) -> None:
        there = Arrangements(directory(), catalogue(), policy(NOISE))
        dispatching(there, "police").refused("OVERRIDE_WITHOUT_REASON", unit="police")
        _, sent = dispatching(there, "police", reason="They are there already").events
        assert vars(sent)["by_override"] is True

    def test_what_no_rule_fits_goes_to_the_fallback_unit_although_it_is_not_competent(self) -> None:
        there = Arrangements(directory(), catalogue(), policy(LIFTS))
        decided, sent = dispatching(there).events
        assert vars(decided)["decision"].is_fallback
        assert vars(sent)["lead_unit"] == "duty"

    def test_a_broken_rule_is_told(self) -> None:
        there = Arrangements(directory(), catalogue(), policy(RoutingRule("gone", 1, "water")))
        decided, _ = dispatching(there).events
        (problem,) = vars(decided)["decision"].problems
        assert (problem.rule, problem.code) == ("gone", "water")

    def test_without_a_policy_a_unit_must_be_said(self) -> None:
        dispatching(Arrangements()).refused("INVALID_INPUT", path=["leadUnit"])

    def test_the_type_is_read_by_the_version_that_has_it(self) -> None:
        old = given(registered(catalogue_version=1), accepted)
        kept = catalogue()
        story = Configuring("Catalogue", kept)
        story.given(draft_catalogue(case_type("lift")), at=BEGAN + STEP)
        story.given(story.command("propose", 2), at=BEGAN + STEP)
        story.given(
            story.command("publish", 2),
            by=person("second", Role.CATALOGUE_ADMIN),
            at=BEGAN + STEP,
        )
        there = Arrangements(directory(), kept, policy(NOISE))
        decided, _ = old.where(there).when(ask(routing.DispatchCase), by=DISPATCHER).events
        assert vars(decided)["decision"].catalogue_version == 1

    def test_of_very_many_rules_those_that_came_nearest_are_listed(self) -> None:
        far = (RoutingRule(f"far-{n}", 50, "duty", types=("lift",)) for n in range(400))
        there = Arrangements(directory(), catalogue(), policy(NOISE, NIGHT, *far))
        decided, _ = dispatching(there).events
        assert isinstance(decided, routing.RoutingDecided)
        rules = [each.rule for each in decided.decision.candidates]
        assert rules[-2:] == ["noise", "night"]
        assert len(rules) + decided.left_out == 402


class TestSign:
    @pytest.mark.parametrize(
        ("signer", "code"),
        [(OFFICER, None), (person("other officer", Role.OFFICER), "SIGNER_NOT_IN_LEAD_UNIT")],
    )
    def test_the_signer_holds_a_position_in_the_lead_unit(
        self, signer: Caller, code: str | None
    ) -> None:
        case = given(registered(), accepted, dispatched_to("environment"))
        outcome = case.where(Arrangements(directory())).when(ask(routing.SignForCase), by=signer)
        assert (outcome.refusal.code if outcome.refusal else None) == code

    def test_before_units_are_established_anybody_may_sign(self) -> None:
        case = given(registered(), accepted, dispatched_to("environment"))
        there = Arrangements(directory_of(area("grid-7")))
        assert case.where(there).when(ask(routing.SignForCase), by=OFFICER).refusal is None


class TestCheck:
    def check(self, type_code: str, by: Caller, there: Arrangements) -> Outcome:
        case = given(
            registered(type_code=type_code, catalogue_version=1),
            accepted,
            dispatched_to("environment"),
            signed_for,
            resolution(),
        )
        return case.where(there).when(ask(outcome.VerifyResolution), by=by)

    def test_where_the_type_asks_the_checker_is_of_another_unit(self) -> None:
        colleague = person("colleague", Role.REGISTRAR)
        more = (
            position("second", "environment", roles=(Role.REGISTRAR,)),
            appointed("second", colleague.principal),
        )
        there = Arrangements(directory(*more), catalogue())
        self.check("noise.night", colleague, there).refused(
            "CHECKER_OF_RESOLVING_UNIT", units=["environment"]
        )
        assert self.check("noise", colleague, there).refusal is None
        assert self.check("noise.night", REGISTRAR, there).refusal is None

    def test_without_a_directory_nobody_is_of_a_unit(self) -> None:
        there = Arrangements(catalogue=catalogue())
        assert self.check("noise.night", REGISTRAR, there).refusal is None


class TestOlderShapes:
    """Entries of before there was a directory are read as if there were none."""

    def test_a_registration(self) -> None:
        state: dict[str, object] = {"case_no": "20240301-0000001H"}
        CaseRegistered.upcast_v1_v2(state)
        assert state == {
            "case_no": "20240301-0000001H",
            "catalogue_version": None,
            "fields": None,
        }

    def test_a_dispatch(self) -> None:
        state: dict[str, object] = {"lead_unit": "environment"}
        routing.CaseDispatched.upcast_v1_v2(state)
        assert state == {
            "lead_unit": "environment",
            "routing_version": None,
            "by_override": False,
        }


def test_a_case_lies_where_it_was_last_sent() -> None:
    case = given(registered(), accepted, dispatched_to("environment", "police")).case
    assert case is not None
    assert case.place == Place("environment", ("police",), "grid-7")
    again = happened(reopening.CaseReopened, cycle=2, ground="Loud again", by=None)
    case = given(registered(), accepted, dispatched_to("environment"), again).case
    assert case is not None
    assert case.place == Place(area="grid-7")
