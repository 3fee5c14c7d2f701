"""Telling stories about versioned configuration, whichever it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, Final
from uuid import UUID

from domain.calendar import commands as calendar
from domain.calendar.content import WorkCalendar
from domain.calendar.timetable import Limit, LimitUnit
from domain.calendar.years import Interval
from domain.catalogue import commands as catalogue
from domain.catalogue.content import CaseType, Label
from domain.command import Circumstances, Command, circumstances
from domain.configuration import ConfigurationOf, VersionContent
from domain.escalation_policy import commands as escalation
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import Role
from domain.metric_definitions import commands as metrics
from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.vocabulary import Fact
from domain.routing_policy import commands as routing
from domain.routing_policy.content import RoutingRule
from domain.sla_policy import commands as sla
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from tests.domain.people import person
from tests.domain.scenario import BEGAN, pending_events

ANN, BO = (person(name, Role.CATALOGUE_ADMIN) for name in ("ann", "bo"))
NOW: Final = BEGAN + timedelta(days=365)
COMMAND_ID: Final = UUID(int=1)


def day(number: int) -> datetime:
    return BEGAN + timedelta(days=number)


def label(text: str = "x") -> Label:
    return Label(f"{text}类", text)


def case_type(code: str, parent: str | None = None, **said: Any) -> CaseType:
    return CaseType(code, label(code), parent, **said)


def draft_catalogue(*types: CaseType, title: str = "Matters", **said: Any) -> Command:
    content = types or (case_type("noise"),)
    return catalogue.DraftCatalogue(command_id=COMMAND_ID, title=title, types=content, **said)


def draft_routing(
    *rules: RoutingRule, title: str = "Rules", fallback: str = "duty", **said: Any
) -> Command:
    return routing.DraftRouting(
        command_id=COMMAND_ID, title=title, rules=rules, fallback_unit=fallback, **said
    )


def work_calendar(code: str = "office", **said: Any) -> WorkCalendar:
    """Open from nine to five on weekdays."""
    week = ((Interval(9 * 60, 17 * 60),),) * 5 + ((), ())
    return WorkCalendar(**{"code": code, "label": label(code), "week": week, **said})


def draft_calendar(
    *calendars: WorkCalendar, title: str = "Calendars", default: str = "office", **said: Any
) -> Command:
    content = calendars or (work_calendar(),)
    return calendar.DraftCalendar(
        command_id=COMMAND_ID, title=title, default=default, calendars=content, **said
    )


def clock_rule(days: int = 7, clock: ClockKind = ClockKind.RESOLUTION, **said: Any) -> ClockRule:
    """So many working days."""
    return ClockRule(clock, Limit(days, LimitUnit.WORKING_DAYS), **said)


def draft_sla(*rules: ClockRule, title: str = "Limits", **said: Any) -> Command:
    content = rules or (clock_rule(),)
    return sla.DraftSlaPolicy(command_id=COMMAND_ID, title=title, rules=content, **said)


LADDER: Final = Ladder((Rung(80, (Role.OFFICER,)), Rung(100, (Role.UNIT_LEADER,))))


def draft_escalation(*ladders: Ladder, title: str = "Ladders", **said: Any) -> Command:
    return escalation.DraftEscalationPolicy(
        command_id=COMMAND_ID, title=title, ladders=ladders or (LADDER,), **said
    )


def rate(code: str = "on-time", **said: Any) -> MetricDefinition:
    """Of the clocks STAGE that fell due those that were kept."""
    made: dict[str, Any] = {
        "kind": MetricKind.RATE,
        "counted": Fact.HANDLING_DUE,
        "numerator": Fact.HANDLED_IN_TIME,
    }
    return MetricDefinition(code, label(code), **{**made, **said})


def draft_metrics(*definitions: MetricDefinition, title: str = "Metrics", **said: Any) -> Command:
    return metrics.DraftMetricDefinitions(
        command_id=COMMAND_ID, title=title, metrics=definitions or (rate(),), **said
    )


MODULES: Final[dict[str, ModuleType]] = {
    "Catalogue": catalogue,
    "Routing": routing,
    "Calendar": calendar,
    "SlaPolicy": sla,
    "EscalationPolicy": escalation,
    "MetricDefinitions": metrics,
}
DRAFTS: Final[dict[str, Callable[..., Command]]] = {
    "Catalogue": draft_catalogue,
    "Routing": draft_routing,
    "Calendar": draft_calendar,
    "SlaPolicy": draft_sla,
    "EscalationPolicy": draft_escalation,
    "MetricDefinitions": draft_metrics,
}


@dataclass
class Configuring:
    """One of the configurations and what has become of it."""

    name: str
    kept: ConfigurationOf[VersionContent] | None = None
    facts: list[str] = field(default_factory=list)

    def draft(self, title: str = "One", **said: Any) -> Command:
        return DRAFTS[self.name](title=title, **said)

    def command(self, verb: str, number: int, **said: Any) -> Command:
        kind = getattr(MODULES[self.name], f"{verb.capitalize()}{self.name}")
        made: Command = kind(command_id=COMMAND_ID, number=number, **said)
        return made

    def given(self, command: Command, by: Any = ANN, at: datetime | None = None) -> list[str]:
        """The names of the events that follow. Raises the refusal."""
        before = 0 if self.kept is None else len(self.kept.pending_events)
        here = circumstances(command, by, NOW)
        here = Circumstances(here.actor, at or BEGAN, NOW)
        self.kept = MODULES[self.name].decide(self.kept, command, here)
        assert self.kept is not None
        return [type(event).__name__ for event in pending_events(self.kept)[before:]]

    def publish(self, title: str, at: datetime, **said: Any) -> int:
        """Bring a version into force at that time; its number."""
        self.given(self.draft(title), at=at)
        number = len(self.aggregate.versions)
        self.given(self.command("propose", number), ANN, at)
        self.given(self.command("publish", number, **said), BO, at)
        return number

    @property
    def aggregate(self) -> ConfigurationOf[VersionContent]:
        assert self.kept is not None
        return self.kept

    def title_in_force(self, at: datetime) -> str | None:
        content = self.aggregate.in_force(at)
        return None if content is None else content.title
