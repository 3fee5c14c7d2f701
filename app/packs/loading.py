"""Loads a pack into a running system: drafted and proposed by one principal, published by another.

Again at any time: what is in force already stays as it is, and a load that was cut off goes on
where it was. Open cases keep the versions that they were decided by.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from app.packs.reading import Pack
from domain.calendar.commands import DraftCalendar, ProposeCalendar, PublishCalendar
from domain.calendar.state import WorkCalendars
from domain.catalogue.commands import DraftCatalogue, ProposeCatalogue, PublishCatalogue
from domain.catalogue.state import CaseTypeCatalogue
from domain.command import Command, Executed
from domain.configuration import Configuration, VersionContent, VersionRecord, VersionState
from domain.escalation_policy.commands import (
    DraftEscalationPolicy,
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
)
from domain.escalation_policy.state import EscalationPolicy
from domain.identity import ActorKind, Caller, Role
from domain.metric_definitions.commands import (
    DraftMetricDefinitions,
    ProposeMetricDefinitions,
    PublishMetricDefinitions,
)
from domain.metric_definitions.state import MetricDefinitions
from domain.routing_policy.commands import DraftRouting, ProposeRouting, PublishRouting
from domain.routing_policy.state import RoutingPolicy
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.state import SlaPolicy
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion


class Executor(Protocol):
    """What carries the commands out."""

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """Authorise, decide and record. Raises a Refusal; then nothing changed."""
        ...


class Known(Protocol):
    """The configuration as this process knows it (`app.configuration.CurrentConfiguration`)."""

    @property
    def catalogue(self) -> CaseTypeCatalogue | None:
        """The catalogue."""
        ...

    @property
    def routing(self) -> RoutingPolicy | None:
        """The routing policy."""
        ...

    @property
    def calendar(self) -> WorkCalendars | None:
        """The work calendars."""
        ...

    @property
    def sla(self) -> SlaPolicy | None:
        """The SLA policy."""
        ...

    @property
    def escalation(self) -> EscalationPolicy | None:
        """The escalation policy."""
        ...

    @property
    def metrics(self) -> MetricDefinitions | None:
        """The metric definitions."""
        ...

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        ...


@dataclass(frozen=True)
class Persons:
    """The two principals that a publication needs, recorded as a program's doing."""

    first: str
    second: str

    def callers(self) -> tuple[Caller, Caller]:
        """Both, as callers."""
        roles = frozenset({Role.CATALOGUE_ADMIN})
        return (
            Caller(self.first, ActorKind.SERVICE, roles),
            Caller(self.second, ActorKind.SERVICE, roles),
        )


@dataclass(frozen=True)
class Loaded:
    """The version that holds a part of the pack, and whether anything was recorded for it."""

    number: int
    changed: bool


@dataclass(frozen=True)
class LoadReport:
    """What became of a pack. None: it says nothing of that."""

    pack: str
    catalogue: Loaded
    routing: Loaded
    calendar: Loaded | None = None
    sla: Loaded | None = None
    escalation: Loaded | None = None
    metrics: Loaded | None = None


async def load_pack(
    pack: Pack,
    executor: Executor,
    known: Known,
    persons: Persons,
    *,
    valid_from: datetime | None = None,
    occurred_at: datetime | None = None,
) -> LoadReport:
    """Bring a pack into force. Raises a Refusal; what was recorded until then stays.

    valid_from: from when on; None: from its publication on. occurred_at: None for now.
    """
    load = _Load(executor, known, persons, valid_from, occurred_at)
    said: dict[str, Any] = {"occurred_at": occurred_at, "title": pack.title, "pack": pack.id}
    catalogue = await load.bring_in(
        DraftCatalogue(command_id=uuid4(), **said, types=pack.types),
        ProposeCatalogue,
        PublishCatalogue,
        lambda: known.catalogue,
    )
    routing = await load.bring_in(
        DraftRouting(
            command_id=uuid4(), **said, fallback_unit=pack.fallback_unit, rules=pack.rules
        ),
        ProposeRouting,
        PublishRouting,
        lambda: known.routing,
    )
    return LoadReport(
        pack.id,
        catalogue,
        routing,
        await _calendars(pack, load, said),
        await _of_policy(
            pack.policies.sla,
            load,
            (DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy),
            lambda: known.sla,
        ),
        await _of_policy(
            pack.policies.escalation,
            load,
            (DraftEscalationPolicy, ProposeEscalationPolicy, PublishEscalationPolicy),
            lambda: known.escalation,
        ),
        await _of_policy(
            pack.policies.metrics,
            load,
            (DraftMetricDefinitions, ProposeMetricDefinitions, PublishMetricDefinitions),
            lambda: known.metrics,
        ),
    )


async def _calendars(pack: Pack, load: "_Load", said: dict[str, Any]) -> Loaded | None:
    if pack.default_calendar is None:
        return None
    draft = DraftCalendar(
        command_id=uuid4(), **said, default=pack.default_calendar, calendars=pack.calendars
    )
    return await load.bring_in(draft, ProposeCalendar, PublishCalendar, lambda: load.known.calendar)


async def _of_policy(
    content: VersionContent | None,
    load: "_Load",
    steps: tuple[type[DraftVersion], type[ProposeVersion], type[PublishVersion]],
    configuration: Callable[[], Configuration | None],
) -> Loaded | None:
    """What the commands take is what the content says, under the same names."""
    if content is None:
        return None
    said = {each.name: getattr(content, each.name) for each in fields(content)}
    del said["number"]
    draft, propose, publish = steps
    drafted = draft(command_id=uuid4(), occurred_at=load.occurred_at, **said)
    return await load.bring_in(drafted, propose, publish, configuration)


@dataclass(frozen=True)
class _Load:
    executor: Executor
    known: Known
    persons: Persons
    valid_from: datetime | None
    occurred_at: datetime | None

    async def bring_in(
        self,
        draft: DraftVersion,
        propose: type[ProposeVersion],
        publish: type[PublishVersion],
        configuration: Callable[[], Configuration | None],
    ) -> Loaded:
        """Draft, propose, publish: whatever of these is still to be done."""
        first, second = self.persons.callers()
        changed = await self._execute(draft, first)
        record = _newest(configuration())
        number, at = record.number, self.occurred_at
        if record.state is VersionState.DRAFT:
            await self._execute(propose(command_id=uuid4(), occurred_at=at, number=number), first)
            record, changed = _newest(configuration()), True
        if record.state is VersionState.PROPOSED:
            proposer = None if record.proposed is None else record.proposed.by
            by = first if proposer == second.principal else second
            command = publish(
                command_id=uuid4(), occurred_at=at, number=number, valid_from=self.valid_from
            )
            await self._execute(command, by)
            changed = True
        return Loaded(number, changed)

    async def _execute(self, command: Command, by: Caller) -> bool:
        done = await self.executor.execute(command, by)
        await self.known.catch_up()
        return done.last_version >= done.first_version


def _newest(configuration: Configuration | None) -> VersionRecord:
    """The newest version that is not retired: the one that was just drafted, or said the same."""
    records = [] if configuration is None else configuration.versions
    return [each for each in records if each.state is not VersionState.RETIRED][-1]
