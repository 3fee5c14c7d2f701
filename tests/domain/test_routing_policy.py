"""Routing: where a case goes, why, and why not elsewhere."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.content import CatalogueVersion
from domain.refusal import InvalidInput
from domain.routing_policy.checks import MOST_CODES, MOST_PRIORITY, MOST_RULES
from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.routing_policy.decision import Candidate, Flaw, Loss, Problem, RoutingDecision
from domain.routing_policy.route import CaseFacts, problems, route
from domain.vocabulary import Channel, Urgency
from tests.domain.configuring import Configuring, case_type, day, draft_routing

CATALOGUE = CatalogueVersion(
    4,
    "Matters",
    None,
    (
        case_type("urban"),
        case_type("urban.noise", "urban"),
        case_type("urban.noise.night", "urban.noise"),
        case_type("health"),
    ),
)
AT = day(1)


@dataclass(frozen=True)
class District:
    """A directory: units, and areas with the path to each."""

    units: frozenset[str] = frozenset({"city", "police", "clinic", "duty"})
    areas: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "east": ("east",),
            "east/1": ("east", "east/1"),
            "west": ("west",),
        }
    )

    def is_active(self, code: str, at: datetime) -> bool:
        return at == AT and code in self.units

    def area_path(self, code: str, at: datetime) -> tuple[str, ...]:
        return self.areas.get(code, ()) if at == AT else ()


DISTRICT = District()


def rule(rule_id: str, lead: str = "city", *, priority: int = 0, **said: Any) -> RoutingRule:
    return RoutingRule(rule_id, priority, lead, **said)


def policy(*rules: RoutingRule, fallback: str = "duty") -> RoutingVersion:
    return RoutingVersion(7, "Rules", None, fallback, rules)


def case(
    type_code: str | None = "urban.noise.night",
    area: str | None = "east/1",
    channel: Channel = Channel.HOTLINE,
    urgency: Urgency = Urgency.NORMAL,
    text: str = "",
) -> CaseFacts:
    return CaseFacts(type_code, area, channel, urgency, text)


def decided(asked: CaseFacts, *rules: RoutingRule) -> RoutingDecision:
    return route(policy(*rules), asked, AT, DISTRICT, CATALOGUE)


def losses(decision: RoutingDecision) -> dict[str, Loss | None]:
    return {candidate.rule: candidate.lost for candidate in decision.candidates}


class TestChoosing:
    def test_a_rule_without_conditions_takes_everything(self) -> None:
        decision = decided(case(), rule("any", co_units=("police",)))
        assert (decision.rule, decision.lead_unit, decision.co_units) == (
            "any",
            "city",
            ("police",),
        )
        assert not decision.is_fallback

    def test_nothing_matching_goes_to_the_fallback_unit_and_says_so(self) -> None:
        decision = decided(case(), rule("health", types=("health",)))
        assert decision.is_fallback
        assert (decision.rule, decision.lead_unit, decision.co_units) == (None, "duty", ())
        assert losses(decision) == {"health": Loss.TYPE}

    @pytest.mark.parametrize(
        ("said", "loss"),
        [
            ({"types": ("urban",)}, None),
            ({"types": ("health", "urban.noise")}, None),
            ({"types": ("health",)}, Loss.TYPE),
            ({"areas": ("east",)}, None),
            ({"areas": ("west",)}, Loss.AREA),
            ({"channels": (Channel.HOTLINE,)}, None),
            ({"channels": (Channel.WEB,)}, Loss.CHANNEL),
            ({"urgencies": (Urgency.NORMAL, Urgency.URGENT)}, None),
            ({"urgencies": (Urgency.EMERGENCY,)}, Loss.URGENCY),
            ({"words": ("烧烤", "BARBECUE")}, None),
            ({"words": ("karaoke",)}, Loss.WORDS),
            ({"types": ("health",), "areas": ("west",)}, Loss.TYPE),
        ],
    )
    def test_each_condition_is_met_or_named(self, said: dict[str, Any], loss: Loss | None) -> None:
        asked = case(text="Barbecue smoke every night")
        assert losses(decided(asked, rule("it", **said))) == {"it": loss}

    def test_a_case_without_type_or_area_meets_no_condition_on_them(self) -> None:
        asked = case(type_code=None, area=None)
        decision = decided(asked, rule("a", types=("urban",)), rule("b", areas=("east",)))
        assert losses(decision) == {"a": Loss.TYPE, "b": Loss.AREA}

    def test_the_highest_priority_wins_over_the_more_specific(self) -> None:
        decision = decided(
            case(), rule("fine", types=("urban.noise",)), rule("urgent", "police", priority=5)
        )
        assert decision.rule == "urgent"
        assert losses(decision) == {"urgent": None, "fine": Loss.LOWER_PRIORITY}

    def test_of_equal_priority_the_more_specific_wins(self) -> None:
        decision = decided(
            case(),
            rule("any"),
            rule("coarse", types=("urban",)),
            rule("fine", types=("urban.noise",)),
            rule("where", areas=("east",), types=("urban",)),
            rule("where-exactly", areas=("east/1",), types=("urban",)),
        )
        assert decision.rule == "where-exactly"
        assert set(losses(decision).values()) == {None, Loss.LESS_SPECIFIC}

    def test_of_equally_specific_the_first_id_wins(self) -> None:
        decision = decided(case(), rule("b"), rule("a", "police"))
        assert (decision.rule, losses(decision)["b"]) == ("a", Loss.LATER_ID)

    def test_the_decision_keeps_what_it_looked_at(self) -> None:
        asked = case(text="STRASSE")
        decision = decided(asked, rule("it", words=("straße", "rain")))
        inputs = decision.inputs
        assert inputs.type_path == ("urban", "urban.noise", "urban.noise.night")
        assert inputs.area_path == ("east", "east/1")
        assert (inputs.channel, inputs.urgency) == (Channel.HOTLINE, Urgency.NORMAL)
        assert inputs.words == ("straße",)
        assert (decision.policy_version, decision.catalogue_version) == (7, 4)


class TestWhatCannotBeEvaluated:
    broken = (
        rule("type", types=("urban", "gone"), priority=9),
        rule("area", areas=("north",), priority=9),
        rule("lead", "closed", priority=9),
        rule("co", co_units=("closed",), priority=9),
    )

    def test_it_is_never_chosen_and_always_told(self) -> None:
        decision = decided(case(), *self.broken, rule("sound"))
        assert decision.rule == "sound"
        assert decision.problems == (
            Problem("type", Flaw.UNKNOWN_TYPE, "gone"),
            Problem("area", Flaw.UNKNOWN_AREA, "north"),
            Problem("lead", Flaw.UNIT_NOT_ACTIVE, "closed"),
            Problem("co", Flaw.UNIT_NOT_ACTIVE, "closed"),
        )
        assert set(losses(decision).values()) == {None, Loss.CANNOT_BE_EVALUATED}

    def test_a_fallback_unit_that_is_gone_still_answers_and_is_told(self) -> None:
        decision = route(policy(fallback="closed"), case(), AT, DISTRICT, CATALOGUE)
        assert decision.lead_unit == "closed"
        assert decision.problems == (Problem(None, Flaw.UNIT_NOT_ACTIVE, "closed"),)

    def test_what_was_active_once_is_not_at_another_time(self) -> None:
        found = problems(policy(rule("any")), day(2), DISTRICT, CATALOGUE)
        assert [problem.rule for problem in found] == ["any", None]

    def test_without_directory_and_catalogue_every_code_is_good(self) -> None:
        asked = policy(*self.broken)
        assert list(problems(asked, AT, None, None)) == []
        decision = route(asked, case("gone", "north"), AT, None, None)
        assert decision.catalogue_version is None
        assert decision.inputs.type_path == ("gone",)
        assert decision.rule == "type"


conditions = st.fixed_dictionaries(
    {
        "types": st.lists(
            st.sampled_from(["urban", "urban.noise", "urban.noise.night", "health", "gone"]),
            unique=True,
            max_size=2,
        ).map(tuple),
        "areas": st.lists(
            st.sampled_from(["east", "east/1", "west", "north"]), unique=True, max_size=2
        ).map(tuple),
        "channels": st.lists(st.sampled_from(Channel), unique=True, max_size=2).map(tuple),
        "urgencies": st.lists(st.sampled_from(Urgency), unique=True, max_size=2).map(tuple),
        "words": st.lists(st.sampled_from(["smoke", "烧烤"]), unique=True, max_size=1).map(tuple),
    }
)
rules = st.lists(
    st.builds(
        lambda number, priority, lead, said: rule(f"r{number}", lead, priority=priority, **said),
        st.integers(0, 30),
        st.integers(0, 2),
        st.sampled_from(["city", "police", "closed"]),
        conditions,
    ),
    unique_by=lambda each: each.id,
    max_size=8,
)
cases = st.builds(
    case,
    st.none() | st.sampled_from([each.code for each in CATALOGUE.types]),
    st.none() | st.sampled_from(["east", "east/1", "west"]),
    st.sampled_from(Channel),
    st.sampled_from(Urgency),
    st.sampled_from(["", "Smoke from a 烧烤 stall"]),
)


def reference(asked: CaseFacts, among: list[RoutingRule]) -> str | None:
    """The rule that should win, told slowly and in another way."""
    types = CATALOGUE.path(asked.type_code) if asked.type_code else ()
    areas = DISTRICT.areas[asked.area] if asked.area else ()
    best: tuple[Any, ...] | None = None
    for each in among:
        sound = (
            all(CATALOGUE.path(code) for code in each.types)
            and all(code in DISTRICT.areas for code in each.areas)
            and each.lead_unit in DISTRICT.units
        )
        met = (
            (not each.types or any(code in types for code in each.types))
            and (not each.areas or any(code in areas for code in each.areas))
            and (not each.channels or asked.channel in each.channels)
            and (not each.urgencies or asked.urgency in each.urgencies)
            and (not each.words or any(word in asked.text.lower() for word in each.words))
        )
        if not (sound and met):
            continue
        said = [each.types, each.areas, each.channels, each.urgencies, each.words]
        deep_type = max([types.index(code) + 1 for code in each.types if code in types] or [0])
        deep_area = max([areas.index(code) + 1 for code in each.areas if code in areas] or [0])
        rank = (-each.priority, -sum(map(bool, said)), -deep_type, -deep_area, each.id)
        best = rank if best is None else min(best, rank)
    return None if best is None else best[-1]


@given(rules, cases, st.randoms(use_true_random=False))
def test_the_rule_chosen_is_the_one_of_the_slow_reference(
    among: list[RoutingRule], asked: CaseFacts, random: Any
) -> None:
    decision = decided(asked, *among)
    assert decision.rule == reference(asked, among)
    shuffled = list(among)
    random.shuffle(shuffled)
    again = decided(asked, *shuffled)
    assert replace(again, problems=()) == replace(decision, problems=()), "the order matters"


@given(rules, cases)
def test_every_rule_is_explained_and_the_case_always_goes_somewhere(
    among: list[RoutingRule], asked: CaseFacts
) -> None:
    decision = decided(asked, *among)
    assert {candidate.rule for candidate in decision.candidates} == {each.id for each in among}
    chosen = [candidate.rule for candidate in decision.candidates if candidate.lost is None]
    assert chosen == ([] if decision.rule is None else [decision.rule])
    told = {problem.rule for problem in decision.problems}
    assert told == {c.rule for c in decision.candidates if c.lost is Loss.CANNOT_BE_EVALUATED}
    winner = next((each for each in among if each.id == decision.rule), None)
    assert decision.lead_unit == (winner.lead_unit if winner else "duty")


class TestDrafting:
    def test_a_large_policy_is_recorded_in_parts_and_is_one(self) -> None:
        many = tuple(rule(f"r{number}", words=("x" * 50,)) for number in range(500))
        kept = Configuring("Routing")
        recorded = kept.given(draft_routing(*many))
        assert set(recorded[2:]) == {"RoutingDraftExtended"}
        content: Any = kept.aggregate.content(1)
        assert content.rules == many
        assert content.rule("r7") == many[7]
        assert content.rule("nope") is None

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ((rule("规则"),), ["rules", "0", "id"]),
            ((rule("a"), rule("a")), ["rules", "1", "id"]),
            ((rule("a", ""),), ["rules", "0", "leadUnit"]),
            ((rule("a", priority=MOST_PRIORITY + 1),), ["rules", "0", "priority"]),
            ((rule("a", co_units=("city",)),), ["rules", "0", "coUnits"]),
            ((rule("a", co_units=("b", "b")),), ["rules", "0", "coUnits"]),
            ((rule("a", types=(" ",)),), ["rules", "0", "types", "0"]),
            ((rule("a", areas=("x", "")),), ["rules", "0", "areas", "1"]),
            ((rule("a", words=("",)),), ["rules", "0", "words", "0"]),
            (
                (rule("a", words=tuple(map(str, range(MOST_CODES + 1)))),),
                ["rules", "0", "words"],
            ),
            (tuple(rule(f"r{number}") for number in range(MOST_RULES + 1)), ["rules"]),
        ],
    )
    def test_rules_that_cannot_be_stored_are_located(
        self, said: tuple[RoutingRule, ...], path: list[str]
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            Configuring("Routing").given(draft_routing(*said))
        assert refused.value.path == path

    def test_a_fallback_unit_is_needed(self) -> None:
        with pytest.raises(InvalidInput) as refused:
            Configuring("Routing").given(draft_routing(fallback=" "))
        assert refused.value.path == ["fallbackUnit"]

    def test_a_policy_may_leave_everything_to_the_fallback_unit(self) -> None:
        assert Configuring("Routing").given(draft_routing())


def test_a_candidate_without_a_loss_is_the_chosen_one() -> None:
    assert decided(case(), rule("any")).candidates == (Candidate("any", None),)
