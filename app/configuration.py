"""The catalogue and the routing policy, as this process knows them."""

import asyncio

from app.followed import FollowedAggregate
from app.journal import Journal
from domain.catalogue.state import CATALOGUE_STREAM, CaseTypeCatalogue
from domain.routing_policy.state import ROUTING_STREAM, RoutingPolicy


class CurrentConfiguration:
    """Both, followed. Start it once the journal is open; None: nothing was drafted yet."""

    def __init__(self, journal: Journal) -> None:
        self._catalogue = FollowedAggregate(journal, CATALOGUE_STREAM, CaseTypeCatalogue)
        self._routing = FollowedAggregate(journal, ROUTING_STREAM, RoutingPolicy)

    @property
    def catalogue(self) -> CaseTypeCatalogue | None:
        """Every version of the catalogue."""
        return self._catalogue.current()

    @property
    def routing(self) -> RoutingPolicy | None:
        """Every version of the routing policy."""
        return self._routing.current()

    async def start(self) -> None:
        """Read both, and follow them."""
        await asyncio.gather(self._catalogue.start(), self._routing.start())

    async def close(self) -> None:
        """Follow no longer."""
        await asyncio.gather(self._catalogue.close(), self._routing.close())

    async def catch_up(self) -> None:
        """Take in whatever was recorded since: after a command of this process."""
        await asyncio.gather(self._catalogue.catch_up(), self._routing.catch_up())
