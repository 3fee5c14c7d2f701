"""Where the routing of the pack will send a case: the steps after it need to know the unit."""

from datetime import UTC, datetime
from typing import Final

from app.demo.revising import revised
from app.packs.reading import Pack
from domain.case.vocabulary import Channel, Urgency
from domain.catalogue.content import CatalogueVersion
from domain.routing_policy.content import RoutingVersion
from domain.routing_policy.route import CaseFacts, route
from domain.sla_policy.content import SlaPolicyVersion

WHENEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The pack has no rules by area, and its units are there all the year."""

Units = tuple[str, tuple[str, ...]]
"""Who leads, and who helps."""


class Forecast:
    """The decisions of the routing policy, each computed once. revised_at: when its limits were."""

    def __init__(self, pack: Pack, revised_at: datetime) -> None:
        self.limits, self._revised = pack.policies.sla, revised(pack.policies.sla)
        self.ladders = pack.policies.escalation
        self.revised_at = revised_at
        self.catalogue = CatalogueVersion(1, pack.title, pack.id, pack.types)
        self._policy = RoutingVersion(1, pack.title, pack.id, pack.fallback_unit, pack.rules)
        self._words = {word.casefold() for rule in pack.rules for word in rule.words}
        self._known: dict[tuple[str, Channel, Urgency, frozenset[str]], Units] = {}

    def limits_at(self, at: datetime) -> SlaPolicyVersion | None:
        """How long each step may take that begins then; None: as long as people want."""
        return self.limits if at < self.revised_at else self._revised

    def route(self, type_code: str, channel: Channel, urgency: Urgency, text: str) -> Units:
        """The unit that will lead a case, and those that will help."""
        words = frozenset(word for word in self._words if word in text.casefold())
        key = type_code, channel, urgency, words
        units = self._known.get(key)
        if units is None:
            facts = CaseFacts(
                type_code=type_code, area=None, channel=channel, urgency=urgency, text=text
            )
            decision = route(self._policy, facts, WHENEVER, None, self.catalogue)
            units = self._known[key] = decision.lead_unit, decision.co_units
        return units
