"""The shape of a pack's files of policies and metrics, each of which it may leave out."""

from app.packs.shapes import Shape
from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit
from domain.catalogue.content import Label
from domain.escalation_policy.content import BREACH, EscalationPolicyVersion, Ladder, Rung
from domain.identity import Role
from domain.metric_definitions.content import (
    LEAST_TO_RANK,
    Band,
    Direction,
    MetricDefinition,
    MetricDefinitionsVersion,
    MetricKind,
    Part,
)
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure, PeriodRule
from domain.sla_policy.content import ClockRule, SlaPolicyVersion, SuspensionReason
from domain.versioning import NOT_YET_NUMBERED
from domain.vocabulary import ClockKind, OrderLevel, Urgency


class LimitTable(Shape):
    """limit = { amount = 7, unit = "CALENDAR_DAYS" }."""

    amount: int
    unit: LimitUnit
    begins: LimitBegins = LimitBegins.INSTANT
    ends: LimitEnds = LimitEnds.INSTANT

    def value(self) -> Limit:
        """The domain's limit."""
        return Limit(self.amount, self.unit, self.begins, self.ends)


class ClockRuleTable(Shape):
    """[[rule]] of sla.toml."""

    clock: ClockKind
    limit: LimitTable
    types: tuple[str, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    emergency: bool | None = None
    calendar: str | None = None

    def value(self) -> ClockRule:
        """The domain's rule."""
        return ClockRule(
            clock=self.clock,
            limit=self.limit.value(),
            types=self.types,
            urgencies=self.urgencies,
            emergency=self.emergency,
            calendar=self.calendar,
        )


class ReasonTable(Shape):
    """[[suspension_reason]]."""

    code: str
    zh: str
    en: str
    stops_clock: bool = True

    def value(self) -> SuspensionReason:
        """The domain's reason."""
        return SuspensionReason(self.code, Label(self.zh, self.en), self.stops_clock)


class SlaFile(Shape):
    """sla.toml. The first rule that fits a case is its limit."""

    most_suspensions: int
    most_suspended_days: int
    most_extensions: int
    most_extension_days: int
    rule: tuple[ClockRuleTable, ...]
    suspension_reason: tuple[ReasonTable, ...] = ()

    def version(self, title: str, pack: str) -> SlaPolicyVersion:
        """The domain's content."""
        return SlaPolicyVersion(
            number=NOT_YET_NUMBERED,
            title=title,
            pack=pack,
            rules=tuple(each.value() for each in self.rule),
            suspension_reasons=tuple(each.value() for each in self.suspension_reason),
            most_suspensions=self.most_suspensions,
            most_suspended_days=self.most_suspended_days,
            most_extensions=self.most_extensions,
            most_extension_days=self.most_extension_days,
        )


class RungTable(Shape):
    """[[ladder.rung]]."""

    percent: int
    notify: tuple[Role, ...] = ()
    order: OrderLevel | None = None
    interview: bool = False
    repeat_every: int | None = None

    def value(self) -> Rung:
        """The domain's rung."""
        return Rung(self.percent, self.notify, self.order, self.interview, self.repeat_every)


class LadderTable(Shape):
    """[[ladder]]."""

    rung: tuple[RungTable, ...]
    clocks: tuple[ClockKind, ...] = ()
    types: tuple[str, ...] = ()

    def value(self) -> Ladder:
        """The domain's ladder."""
        return Ladder(tuple(each.value() for each in self.rung), self.clocks, self.types)


class EscalationFile(Shape):
    """escalation.toml. The first ladder that fits a clock is its own."""

    arbitration_after_returns: int
    escalate_after_reworks: int
    escalate_after_reopenings: int
    ladder: tuple[LadderTable, ...]
    fallback_percent: int = BREACH

    def version(self, title: str, pack: str) -> EscalationPolicyVersion:
        """The domain's content."""
        return EscalationPolicyVersion(
            number=NOT_YET_NUMBERED,
            title=title,
            pack=pack,
            ladders=tuple(each.value() for each in self.ladder),
            arbitration_after_returns=self.arbitration_after_returns,
            escalate_after_reworks=self.escalate_after_reworks,
            escalate_after_reopenings=self.escalate_after_reopenings,
            fallback_percent=self.fallback_percent,
        )


class PartTable(Shape):
    """[[metric.part]]."""

    metric: str
    weight: float


class BandTable(Shape):
    """[[metric.band]]."""

    code: str
    zh: str
    en: str
    least: float


class MetricTable(Shape):
    """[[metric]]."""

    code: str
    zh: str
    en: str
    kind: MetricKind
    counted: Fact | None = None
    numerator: Fact | None = None
    measure: Measure | None = None
    part: tuple[PartTable, ...] = ()
    band: tuple[BandTable, ...] = ()
    direction: Direction = Direction.HIGHER
    period: PeriodRule = PeriodRule.DUE
    exclusions: tuple[ExclusionCause, ...] = ()
    least_to_rank: int = LEAST_TO_RANK

    def value(self) -> MetricDefinition:
        """The domain's definition."""
        return MetricDefinition(
            code=self.code,
            label=Label(self.zh, self.en),
            kind=self.kind,
            counted=self.counted,
            numerator=self.numerator,
            measure=self.measure,
            parts=tuple(Part(each.metric, each.weight) for each in self.part),
            bands=tuple(Band(each.code, Label(each.zh, each.en), each.least) for each in self.band),
            direction=self.direction,
            period=self.period,
            exclusions=self.exclusions,
            least_to_rank=self.least_to_rank,
        )


class MetricsFile(Shape):
    """metrics.toml."""

    metric: tuple[MetricTable, ...]

    def version(self, title: str, pack: str) -> MetricDefinitionsVersion:
        """The domain's content."""
        metrics = tuple(each.value() for each in self.metric)
        return MetricDefinitionsVersion(NOT_YET_NUMBERED, title, pack, metrics)
