"""What the rules of a routing policy must look like, whoever sends them."""

from collections.abc import Sequence
from typing import Final

from domain.bounds import at_most, each_once, stable_codes
from domain.refusal import InvalidInput
from domain.routing_policy.content import RoutingRule
from domain.wording import required, stable_code

MOST_RULES: Final = 1_000
MOST_CODES: Final = 100
"""Of one condition of one rule, and of its co-units."""

MOST_PRIORITY: Final = 1_000_000
WORD_LIMIT: Final = 50


def check_rules(rules: Sequence[RoutingRule]) -> None:
    """Refuse rules that cannot be told apart or stored. Raises InvalidInput at the first fault.

    Whether their types, areas and units exist changes with time: that is asked when a case is
    routed (`route.problems`).
    """
    if len(rules) > MOST_RULES:
        raise InvalidInput(["rules"], f"rules has more than {MOST_RULES} rules")
    ids: set[str] = set()
    for index, rule in enumerate(rules):
        path = ["rules", str(index)]
        stable_code([*path, "id"], rule.id)
        if rule.id in ids:
            raise InvalidInput([*path, "id"], f"rule {rule.id} is there twice")
        ids.add(rule.id)
        _check_rule(path, rule)


def _check_rule(path: list[str], rule: RoutingRule) -> None:
    if abs(rule.priority) > MOST_PRIORITY:
        raise InvalidInput(
            [*path, "priority"], f"priority is not within -{MOST_PRIORITY}..{MOST_PRIORITY}"
        )
    stable_code([*path, "leadUnit"], rule.lead_unit)
    for name, codes in (
        ("coUnits", rule.co_units),
        ("types", rule.types),
        ("areas", rule.areas),
        ("words", rule.words),
        ("channels", rule.channels),
        ("urgencies", rule.urgencies),
    ):
        _check_list([*path, name], codes)
    if rule.lead_unit in rule.co_units:
        raise InvalidInput([*path, "coUnits"], f"{rule.lead_unit} leads and cannot help itself")


def _check_list(path: list[str], codes: Sequence[str]) -> None:
    if path[-1] != "words":
        stable_codes(path, codes, MOST_CODES)
        return
    at_most(path, codes, MOST_CODES)
    each_once(path, codes)
    for index, word in enumerate(codes):
        required([*path, str(index)], word, WORD_LIMIT)
