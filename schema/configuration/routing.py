"""Rules of routing, and a decision explained."""

from collections.abc import Sequence

import strawberry
from strawberry import field

from domain.routing_policy import content, decision
from domain.routing_policy.decision import Flaw, Loss
from domain.vocabulary import Channel, Urgency
from schema.configuration.case_types import CaseType
from schema.directory.types import Area, OrgUnit


@strawberry.type(
    description="Cases that meet every condition go to the lead unit. An empty condition is always "
    "met."
)
class RoutingRule:
    """A rule."""

    id: str = field(description="Its name in the policy.")
    priority: int = field(description="Of the rules that match, the highest is chosen.")
    lead_unit: OrgUnit = field(description="The unit that leads.")
    co_units: list[OrgUnit] = field(description="The units that help.")
    types: list[CaseType] = field(description="Any of these types, or what is below them.")
    areas: list[Area] = field(description="Any of these areas, or what is below them.")
    channels: list[Channel] = field(description="Any of these channels.")
    urgencies: list[Urgency] = field(description="Any of these urgencies.")
    words: list[str] = field(description="Any of these words in title or description.")


@strawberry.type(description="Why a rule, or the fall-back unit, cannot be used.")
class RoutingProblem:
    """A problem."""

    rule: str | None = field(description="The rule; null: the fall-back unit.")
    flaw: Flaw = field(description="What is wrong.")
    code: str = field(description="The code of the type, area or unit that it is about.")


@strawberry.type(description="A rule that was looked at.")
class RoutingCandidate:
    """A candidate."""

    rule: str = field(description="The rule.")
    lost: Loss | None = field(description="Why it was not chosen; null: it was.")


@strawberry.type(description="What the rules looked at.")
class RoutingInputs:
    """What the rules looked at."""

    type_path: list[CaseType] = field(description="From the topmost type down to the case's own.")
    area_path: list[Area] = field(description="From the topmost area down to the case's own.")
    channel: Channel = field(description="How the request came.")
    urgency: Urgency = field(description="How soon it must be met.")
    words: list[str] = field(description="The policy's words that occur in title or description.")


@strawberry.type(description="Where a case goes, and why not elsewhere.")
class RoutingExplanation:
    """A decision."""

    policy_version: int = field(description="The version of the routing policy.")
    catalogue_version: int | None = field(
        description="The version of the catalogue; null: there was none."
    )
    rule: str | None = field(description="The rule that was chosen; null: no rule fits.")
    is_fallback: bool = field(
        description="Whether the case goes to the fall-back unit, because no rule fits."
    )
    lead_unit: OrgUnit = field(description="The unit that leads.")
    co_units: list[OrgUnit] = field(description="The units that help.")
    inputs: RoutingInputs = field(description="What the rules looked at.")
    candidates: list[RoutingCandidate] = field(
        description="Every rule of the version, highest priority first, with why it lost."
    )
    problems: list[RoutingProblem] = field(
        description="The rules that could not be evaluated: for whoever keeps the catalogue."
    )


def rule_of(rule: content.RoutingRule) -> RoutingRule:
    """A rule as clients see it."""
    return RoutingRule(
        id=rule.id,
        priority=rule.priority,
        lead_unit=OrgUnit(code=rule.lead_unit),
        co_units=_units(rule.co_units),
        types=[CaseType(code=code) for code in rule.types],
        areas=[Area(code=code) for code in rule.areas],
        channels=list(rule.channels),
        urgencies=list(rule.urgencies),
        words=list(rule.words),
    )


def problem_of(problem: decision.Problem) -> RoutingProblem:
    """A problem as clients see it."""
    return RoutingProblem(rule=problem.rule, flaw=problem.flaw, code=problem.code)


def explanation_of(made: decision.RoutingDecision) -> RoutingExplanation:
    """A decision as clients see it, asked for or recorded."""
    inputs, pinned = made.inputs, made.catalogue_version
    return RoutingExplanation(
        policy_version=made.policy_version,
        catalogue_version=pinned,
        rule=made.rule,
        is_fallback=made.is_fallback,
        lead_unit=OrgUnit(code=made.lead_unit),
        co_units=_units(made.co_units),
        inputs=RoutingInputs(
            type_path=[CaseType(code=code, pinned=pinned) for code in inputs.type_path],
            area_path=[Area(code=code) for code in inputs.area_path],
            channel=inputs.channel,
            urgency=inputs.urgency,
            words=list(inputs.words),
        ),
        candidates=[RoutingCandidate(rule=each.rule, lost=each.lost) for each in made.candidates],
        problems=[problem_of(each) for each in made.problems],
    )


def _units(codes: Sequence[str]) -> list[OrgUnit]:
    return [OrgUnit(code=code) for code in codes]
