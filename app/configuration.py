"""The catalogue and the routing policy, as this process knows them."""

import asyncio
from collections.abc import Callable

from app.commands import CommandHandler
from app.followed import FollowedAggregate
from app.journal import Journal
from domain.catalogue.state import CATALOGUE_STREAM, CaseTypeCatalogue
from domain.command import Arrangements
from domain.directory import Directory
from domain.routing_policy.state import ROUTING_STREAM, RoutingPolicy


def _no_directory() -> Directory | None:
    """Every code of a unit or an area is good."""
    return None


class CurrentConfiguration:
    """Both, followed (`schema.context.Configuration`). Start it once the journal is open.

    directory: tells what is known of units and areas now; None while no unit was established.
    """

    def __init__(
        self,
        journal: Journal,
        directory: Callable[[], Directory | None] = _no_directory,
    ) -> None:
        self._directory_now = directory
        self._catalogue = FollowedAggregate(journal, CATALOGUE_STREAM, CaseTypeCatalogue)
        self._routing = FollowedAggregate(journal, ROUTING_STREAM, RoutingPolicy)

    @property
    def catalogue(self) -> CaseTypeCatalogue | None:
        """Every version of the catalogue; None: nothing was drafted yet."""
        return self._catalogue.current()

    @property
    def routing(self) -> RoutingPolicy | None:
        """Every version of the routing policy; None: nothing was drafted yet."""
        return self._routing.current()

    @property
    def directory(self) -> Directory | None:
        """What is known of units and areas; None: nothing, and every code of one is good."""
        directory = self._directory_now()
        return directory if directory is not None and directory.has_units() else None

    def arrangements(self) -> Arrangements:
        """All three, for commands to be decided by."""
        return Arrangements(self._directory_now(), self.catalogue, self.routing)

    def problems(self) -> list[str]:
        """Why this process is not ready: it cannot take in what others record."""
        return [*self._catalogue.problems(), *self._routing.problems()]

    async def start(self, commands: CommandHandler) -> None:
        """Read both, and follow them: at once what these commands record in them.

        From now on these commands are decided by them.
        """
        commands.when_recorded(CATALOGUE_STREAM, self._catalogue.catch_up)
        commands.when_recorded(ROUTING_STREAM, self._routing.catch_up)
        await asyncio.gather(self._catalogue.start(), self._routing.start())
        commands.decide_under(self.arrangements)

    async def close(self) -> None:
        """Follow no longer."""
        await asyncio.gather(self._catalogue.close(), self._routing.close())

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        await asyncio.gather(self._catalogue.catch_up(), self._routing.catch_up())
