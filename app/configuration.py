"""Catalogue, work calendars and policies, as this process knows them."""

from collections.abc import Callable
from typing import TypeVar

from app.commands import CommandHandler
from app.followed import FollowedAggregate, Following
from app.journal import Journal
from domain.calendar.state import CALENDAR_WAY, WorkCalendars
from domain.catalogue.state import CATALOGUE_WAY, CaseTypeCatalogue
from domain.command import Arrangements
from domain.configuration import ConfigurationOf, VersionContent
from domain.directory import Directory
from domain.escalation_policy.state import ESCALATION_WAY, EscalationPolicy
from domain.journal import GENESIS_STREAM, JournalOpened
from domain.metric_definitions.state import METRICS_WAY, MetricDefinitions
from domain.routing_policy.state import ROUTING_WAY, RoutingPolicy
from domain.sla_policy.state import SLA_WAY, SlaPolicy
from domain.versioning import Way

Kept = TypeVar("Kept", bound=ConfigurationOf[VersionContent])


def _followed(journal: Journal, way: Way[Kept]) -> FollowedAggregate[Kept]:
    return FollowedAggregate(journal, way.stream_id, way.configuration)


def _no_directory() -> Directory | None:
    """Every code of a unit or an area is good."""
    return None


class CurrentConfiguration:
    """All of them, followed (`schema.context.Configuration`). Start it once the journal is open.

    directory: tells what is known of units and areas now; None while no unit was established.
    """

    def __init__(
        self,
        journal: Journal,
        directory: Callable[[], Directory | None] = _no_directory,
    ) -> None:
        self._journal = journal
        self._directory_now = directory
        self._time_zone = "UTC"
        self._catalogue = _followed(journal, CATALOGUE_WAY)
        self._routing = _followed(journal, ROUTING_WAY)
        self._calendar = _followed(journal, CALENDAR_WAY)
        self._sla = _followed(journal, SLA_WAY)
        self._escalation = _followed(journal, ESCALATION_WAY)
        self._metrics = _followed(journal, METRICS_WAY)
        self._followed = (
            self._catalogue,
            self._routing,
            self._calendar,
            self._sla,
            self._escalation,
            self._metrics,
        )
        self._following = Following(journal, *self._followed)

    @property
    def catalogue(self) -> CaseTypeCatalogue | None:
        """Every version of the catalogue; None: nothing was drafted yet."""
        return self._catalogue.current()

    @property
    def routing(self) -> RoutingPolicy | None:
        """Every version of the routing policy; None: nothing was drafted yet."""
        return self._routing.current()

    @property
    def calendar(self) -> WorkCalendars | None:
        """Every version of the work calendars; None: nothing was drafted yet."""
        return self._calendar.current()

    @property
    def sla(self) -> SlaPolicy | None:
        """Every version of the SLA policy; None: nothing was drafted yet."""
        return self._sla.current()

    @property
    def escalation(self) -> EscalationPolicy | None:
        """Every version of the escalation policy; None: nothing was drafted yet."""
        return self._escalation.current()

    @property
    def metrics(self) -> MetricDefinitions | None:
        """Every version of the metric definitions; None: nothing was drafted yet."""
        return self._metrics.current()

    @property
    def time_zone(self) -> str:
        """The jurisdiction's, of the genesis entry."""
        return self._time_zone

    @property
    def directory(self) -> Directory | None:
        """What is known of units and areas; None: nothing, and every code of one is good."""
        directory = self._directory_now()
        return directory if directory is not None and directory.has_units() else None

    def arrangements(self) -> Arrangements:
        """All of them and the directory, for commands to be decided by."""
        return Arrangements(
            directory=self._directory_now(),
            catalogue=self.catalogue,
            routing=self.routing,
            calendar=self.calendar,
            time_zone=self._time_zone,
            sla=self.sla,
            escalation=self.escalation,
            metrics=self.metrics,
        )

    def problems(self) -> list[str]:
        """Why this process is not ready: it cannot take in what others record."""
        return self._following.problems()

    async def start(self, commands: CommandHandler) -> None:
        """Read them, and follow them: at once what these commands record in them.

        From now on these commands are decided by them.
        """
        for each in self._followed:
            commands.when_recorded(each.stream_id, each.catch_up)
        for recorded in await self._journal.read_stream(GENESIS_STREAM):
            if isinstance(recorded.event, JournalOpened):
                self._time_zone = recorded.event.time_zone
        await self._following.start()
        commands.decide_under(self.arrangements)

    async def close(self) -> None:
        """Follow no longer."""
        await self._following.close()

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        await self._following.catch_up()
