"""What a version of the routing policy says: its rules and the unit that takes the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from domain.configuration import VersionContent
from domain.vocabulary import Channel, Urgency


@dataclass(frozen=True)
class RoutingRule:
    """Cases that meet every condition go to the lead unit. An empty condition is always met.

    priority: of the rules that match, the highest is chosen. types, areas: any of these or what
    is below them. words: any of these in title or description, in any case of letters.
    """

    id: str
    priority: int
    lead_unit: str
    co_units: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit the rule names, the lead first."""
        return (self.lead_unit, *self.co_units)


@dataclass(frozen=True)
class RoutingVersion(VersionContent):
    """The content of one version. fallback_unit: takes what no rule fits."""

    fallback_unit: str
    rules: tuple[RoutingRule, ...]

    def rule(self, rule_id: str) -> RoutingRule | None:
        """The rule with this id."""
        return self._by_id.get(rule_id)

    @cached_property
    def _by_id(self) -> Mapping[str, RoutingRule]:
        return {rule.id: rule for rule in self.rules}
