"""Routing: a pure function of the policy, the case, the directory and the catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.routing_policy.decision import (
    Candidate,
    Flaw,
    Loss,
    Problem,
    RoutingDecision,
    RoutingInputs,
)
from domain.routing_policy.facts import (
    DirectoryFacts,
    TypeFacts,
    active,
    path_of_area,
    path_of_type,
)
from domain.vocabulary import Channel, Urgency


@dataclass(frozen=True)
class CaseFacts:
    """What a case says about itself. text: title and description."""

    type_code: str | None
    area: str | None
    channel: Channel
    urgency: Urgency
    text: str = ""


Specificity = tuple[int, int, int]
"""Conditions of the rule; depth of the type that met it, and of the area. More is finer."""


def route(
    policy: RoutingVersion,
    case: CaseFacts,
    at: datetime,
    directory: DirectoryFacts | None,
    catalogue: TypeFacts | None,
) -> RoutingDecision:
    """Where the case goes at that time; always somewhere.

    Of the rules that match, the one of highest priority is chosen; of several, the most specific;
    of several, the one whose id comes first. A rule that cannot be evaluated is never chosen and
    is among the problems.
    """
    found = tuple(problems(policy, at, directory, catalogue))
    broken = {problem.rule for problem in found}
    inputs = _inputs(policy, case, at, directory, catalogue)
    losses = {rule.id: _mismatch(rule, inputs) for rule in policy.rules}
    fitting = [rule for rule in policy.rules if rule.id not in broken and losses[rule.id] is None]
    chosen = min(fitting, key=lambda rule: _rank(rule, inputs), default=None)
    return RoutingDecision(
        policy_version=policy.number,
        catalogue_version=None if catalogue is None else catalogue.number,
        rule=None if chosen is None else chosen.id,
        lead_unit=policy.fallback_unit if chosen is None else chosen.lead_unit,
        co_units=() if chosen is None else chosen.co_units,
        inputs=inputs,
        candidates=tuple(
            Candidate(rule.id, Loss.CANNOT_BE_EVALUATED)
            if rule.id in broken
            else Candidate(rule.id, losses[rule.id] or _outranked(rule, chosen, inputs))
            for rule in sorted(policy.rules, key=lambda rule: (-rule.priority, rule.id))
        ),
        problems=found,
    )


def problems(
    policy: RoutingVersion,
    at: datetime,
    directory: DirectoryFacts | None,
    catalogue: TypeFacts | None,
) -> Iterator[Problem]:
    """What is wrong with the policy at that time: of each rule in order, then the fall-back."""
    for rule in policy.rules:
        for code in rule.types:
            if not path_of_type(catalogue, code):
                yield Problem(rule.id, Flaw.UNKNOWN_TYPE, code)
        for code in rule.areas:
            if not path_of_area(directory, code, at):
                yield Problem(rule.id, Flaw.UNKNOWN_AREA, code)
        for code in rule.units:
            if not active(directory, code, at):
                yield Problem(rule.id, Flaw.UNIT_NOT_ACTIVE, code)
    if not active(directory, policy.fallback_unit, at):
        yield Problem(None, Flaw.UNIT_NOT_ACTIVE, policy.fallback_unit)


def _inputs(
    policy: RoutingVersion,
    case: CaseFacts,
    at: datetime,
    directory: DirectoryFacts | None,
    catalogue: TypeFacts | None,
) -> RoutingInputs:
    text = case.text.casefold()
    words = {word for rule in policy.rules for word in rule.words if word.casefold() in text}
    return RoutingInputs(
        type_path=() if case.type_code is None else path_of_type(catalogue, case.type_code),
        area_path=() if case.area is None else path_of_area(directory, case.area, at),
        channel=case.channel,
        urgency=case.urgency,
        words=tuple(sorted(words)),
    )


def _mismatch(rule: RoutingRule, inputs: RoutingInputs) -> Loss | None:
    """The first condition of the rule that is not met."""
    conditions: tuple[tuple[Loss, Sequence[str], Sequence[str]], ...] = (
        (Loss.TYPE, rule.types, inputs.type_path),
        (Loss.AREA, rule.areas, inputs.area_path),
        (Loss.CHANNEL, rule.channels, (inputs.channel,)),
        (Loss.URGENCY, rule.urgencies, (inputs.urgency,)),
        (Loss.WORDS, rule.words, inputs.words),
    )
    for loss, wanted, given in conditions:
        if wanted and not set(wanted) & set(given):
            return loss
    return None


def _specificity(rule: RoutingRule, inputs: RoutingInputs) -> Specificity:
    conditions = (rule.types, rule.areas, rule.channels, rule.urgencies, rule.words)
    return (
        sum(1 for condition in conditions if condition),
        _depth(rule.types, inputs.type_path),
        _depth(rule.areas, inputs.area_path),
    )


def _depth(wanted: Sequence[str], path: Sequence[str]) -> int:
    """How far down the path the finest of the wanted codes is; 0: none of them is on it."""
    return max((depth for depth, code in enumerate(path, 1) if code in wanted), default=0)


def _rank(rule: RoutingRule, inputs: RoutingInputs) -> tuple[int, int, int, int, str]:
    """Of two rules that match, the one with the smaller rank is chosen."""
    conditions, type_depth, area_depth = _specificity(rule, inputs)
    return -rule.priority, -conditions, -type_depth, -area_depth, rule.id


def _outranked(rule: RoutingRule, chosen: RoutingRule | None, inputs: RoutingInputs) -> Loss | None:
    """By what the chosen rule stands above one that matches as well; None: it is that rule."""
    if chosen is None or rule is chosen:  # where one matches, one is chosen
        return None
    if rule.priority != chosen.priority:
        return Loss.LOWER_PRIORITY
    if _specificity(rule, inputs) != _specificity(chosen, inputs):
        return Loss.LESS_SPECIFIC
    return Loss.LATER_ID
