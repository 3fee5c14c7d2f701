"""A report out of its figures: what stands where, in the words of a language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from app.report.charts import Bar, Interval, Line, bars, course, intervals
from app.report.figures import Count, Escalation, Figure, Metric, ReportFigures, Unit
from app.report.page import Report, Section, Tile
from app.report.period import ReportPeriod
from app.report.words import WORDS, Words
from schema.languages import Language
from schema.languages.catalogue import label

SHARES: Final = frozenset({"RATE", "SHARE", "COMPOSITE"})
HOUR: Final = 3600
AT_THE_TOP: Final = ("response-rate", "on-time-handling", "satisfaction")
NOTHING: Final = "–"
IN_HOURS: Final = frozenset({"HOURS", "LEAD_HOURS"})


@dataclass(frozen=True)
class Writer:
    """Writes the report of a period. unit: its name; None: of all. time_zone: that it tells in."""

    figures: ReportFigures
    period: ReportPeriod
    unit: str | None
    language: Language
    time_zone: str

    def report(self) -> Report:
        """The whole report."""
        at = self.figures.supervision.at.astimezone(ZoneInfo(self.time_zone))
        return Report(
            language=self.language.tag,
            title=self._words.title,
            under=self._words.under.format(
                unit=self.unit or self._words.whole,
                first=self.period.first,
                last=self.period.last,
                at=f"{at:%Y-%m-%d %H:%M}",
            ),
            tiles=list(self._tiles()),
            sections=list(self._sections()),
            notes=[self._definitions(), self._words.query],
        )

    @property
    def _words(self) -> Words:
        return WORDS[self.language]

    def _tiles(self) -> Iterable[Tile]:
        words, now = self._words, self.figures.supervision
        yield Tile(words.overdue, f"{now.overdue.total_count:,}", words.overdue_note)
        open_cases = sum(band.open.count for each in now.ageing for band in each.bands)
        yield Tile(words.open, f"{open_cases:,}", words.open_note)
        orders = sum(each.open.count for each in now.open_orders)
        yield Tile(words.orders, f"{orders:,}", words.orders_note)
        told = {each.metric.code: each for each in self.figures.all.metrics}
        for code in AT_THE_TOP:
            if code in told and told[code].figures:
                yield self._tile(told[code].metric, told[code].figures[0])

    def _tile(self, metric: Metric, figure: Figure) -> Tile:
        words = self._words
        if figure.low is None or figure.high is None:
            note = words.few_note.format(n=f"{figure.n:,}")
        else:
            ends = {"low": percent(figure.low), "high": percent(figure.high)}
            note = words.rate_note.format(n=f"{figure.n:,}", **ends)
        return Tile(self._label(metric), value_of(metric.kind, figure), note)

    def _sections(self) -> Iterable[Section]:
        yield self._metrics()
        yield from self._by_unit()
        yield self._course()
        yield self._ageing()
        yield self._workload()
        yield self._late()
        yield self._escalations()
        yield self._returns()
        yield self._delays()
        yield self._orders()

    def _metrics(self) -> Section:
        words = self._words
        rows = [
            (
                self._label(each.metric),
                measured(each.metric, figure, words),
                f"{figure.n:,}",
                between(figure),
                f"{figure.excluded:,}",
            )
            for each in self.figures.all.metrics
            for figure in each.figures
        ]
        headings = (words.metric, words.value, "n", words.interval, words.left_out)
        return Section(words.metrics, words.metrics_text, None, headings, rows)

    def _by_unit(self) -> Iterable[Section]:
        words = self._words
        for each in self.figures.by_unit.metrics:
            title = self._label(each.metric)
            dots = [
                Interval(self._unit(figure.unit), figure.value, figure.low, figure.high)
                for figure in each.figures
            ]
            rows = [
                (self._unit(figure.unit), percent(figure.value), f"{figure.n:,}", between(figure))
                for figure in each.figures
            ]
            picture = intervals(dots, name=title) if dots else None
            headings = (words.unit, words.value, "n", words.interval)
            yield Section(title, words.by_unit_text, picture, headings, rows)

    def _course(self) -> Section:
        words = self._words
        told = self.figures.course.metrics
        begins = sorted(
            {figure.begin for each in told for figure in each.figures if figure.begin is not None}
        )
        zone = ZoneInfo(self.time_zone)
        # A week that the period begins in is told from there on.
        days = [max(begin.astimezone(zone).date(), self.period.first) for begin in begins]
        moments = [f"{day:%Y-%m-%d}" for day in days]
        figures = [{figure.begin: figure for figure in each.figures} for each in told]
        lines = [
            Line(
                self._label(each.metric),
                tuple(found[begin].value if begin in found else None for begin in begins),
            )
            for each, found in zip(told, figures, strict=True)
        ]
        rows = [
            (moment, *(with_number(found.get(begin)) for found in figures))
            for moment, begin in zip(moments, begins, strict=True)
        ]
        picture = course(moments, lines, name=words.course) if moments else None
        headings = (words.from_, *(line.label for line in lines))
        return Section(words.course, words.course_text, picture, headings, rows)

    def _ageing(self) -> Section:
        words = self._words
        found = [
            (
                words.more_days.format(first=band.from_days)
                if band.to_days is None
                else words.days.format(first=band.from_days, last=band.to_days),
                band.open.count,
            )
            for each in self.figures.supervision.ageing
            for band in each.bands
        ]
        picture = bars(
            [Bar(name, (count,)) for name, count in found], [words.cases], name=words.ageing
        )
        rows = [(name, f"{count:,}") for name, count in found]
        return Section(words.ageing, words.ageing_text, picture, (words.ageing, words.cases), rows)

    def _workload(self) -> Section:
        words = self._words
        found = self.figures.supervision.workload
        parts = [
            Bar(self._unit(each.unit), (each.open.count - each.overdue.count, each.overdue.count))
            for each in found
        ]
        rows = [
            (self._unit(each.unit), *counts(each.open, each.due_soon, each.overdue, each.suspended))
            for each in found
        ]
        headings = (words.unit, words.open, words.due_soon, words.late, words.suspended)
        picture = bars(parts, [words.on_time, words.late], name=words.workload) if parts else None
        return Section(words.workload, words.workload_text, picture, headings, rows)

    def _late(self) -> Section:
        words, overdue = self._words, self.figures.supervision.overdue
        zone = ZoneInfo(self.time_zone)
        rows = [
            (
                each.case.case_no,
                label("ClockKind", each.clock.kind, self.language),
                self._unit(each.unit),
                f"{each.clock.due.astimezone(zone):%Y-%m-%d %H:%M}",
                f"{each.clock.percent:,} %",
            )
            for each in overdue.nodes
        ]
        text = words.late_list_text.format(total=f"{overdue.total_count:,}")
        headings = (words.case, words.clock, words.unit, words.due, words.used)
        return Section(words.late_list, text, None, headings, rows, words=3)

    def _escalations(self) -> Section:
        words = self._words
        found: dict[tuple[str, str], int] = {}
        for each in self._in_order_of_grounds():
            if each.clock is None:
                key = (label("EscalationGround", each.ground, self.language), NOTHING)
            else:
                key = (label("ClockKind", each.clock, self.language), f"{each.percent} %")
            found[key] = found.get(key, 0) + each.escalated.count
        rows = [(*key, f"{count:,}") for key, count in found.items()]
        headings = (words.ground, words.share, words.count)
        return Section(words.escalations, words.escalations_text, None, headings, rows)

    def _in_order_of_grounds(self) -> list[Escalation]:
        """The clocks first, each from its limit on; then what happened again."""
        return sorted(
            self.figures.supervision.escalations,
            key=lambda each: (each.clock is None, each.clock or each.ground, each.percent or 0),
        )

    def _returns(self) -> Section:
        words = self._words
        found = [each for each in self.figures.supervision.returns if each.requested.count]
        rows = [
            (
                self._unit(each.unit),
                *counts(
                    each.dispatched,
                    each.requested,
                    each.upheld,
                    each.rejected,
                    each.arbitrated_against,
                ),
            )
            for each in found
        ]
        parts = [
            Bar(
                self._unit(each.unit),
                (each.upheld.count, each.rejected.count, each.arbitrated_against.count),
            )
            for each in found
        ]
        names = (words.upheld, words.rejected, words.against)
        picture = bars(parts, names, name=words.returns) if parts else None
        headings = (words.unit, words.dispatched, words.requested, *names)
        return Section(words.returns, words.returns_text, picture, headings, rows)

    def _delays(self) -> Section:
        words = self._words
        rows = [
            (
                label("CaseDecision", each.decision, self.language),
                f"{each.decided.count:,}",
                f"{each.median_seconds / HOUR:.1f}",
                f"{each.p90_seconds / HOUR:.1f}",
            )
            for each in self.figures.supervision.approval_delays
        ]
        headings = (words.decision, words.count, words.median, words.p90)
        return Section(words.delays, words.delays_text, None, headings, rows)

    def _orders(self) -> Section:
        words = self._words
        rows = [
            (
                f"{self._unit(each.unit)} · {label('OrderLevel', each.level, self.language)}",
                *counts(each.open, each.unanswered),
            )
            for each in self.figures.supervision.open_orders
        ]
        headings = (f"{words.unit} · {words.level}", words.orders, words.unanswered)
        return Section(words.order_list, words.order_list_text, None, headings, rows)

    def _definitions(self) -> str:
        counted = self.figures.all
        if counted.definition_version is None:
            return self._words.no_definitions
        return self._words.definitions.format(
            version=counted.definition_version, position=counted.position
        )

    def _label(self, metric: Metric) -> str:
        return metric.label_zh if self.language is Language.ZH else metric.label_en

    def _unit(self, unit: Unit | None) -> str:
        return self._words.none if unit is None else unit.name or unit.code


def percent(value: float | None) -> str:
    """A share as it is read."""
    return NOTHING if value is None else f"{value:.1%}".replace("%", " %")


def measured(metric: Metric, figure: Figure, words: Words) -> str:
    """A figure as it is read, with what it is in: a spread is of hours, but times one another."""
    value = value_of(metric.kind, figure)
    if figure.value is None or metric.kind not in {"MEDIAN_P90", "SPREAD"}:
        return value
    in_hours = metric.kind == "MEDIAN_P90" and metric.measure in IN_HOURS
    return (words.hours if in_hours else words.multiple).format(value=value)


def with_number(figure: Figure | None) -> str:
    """A share with how many it rests on."""
    return NOTHING if figure is None else f"{percent(figure.value)} (n = {figure.n:,})"


def between(figure: Figure) -> str:
    """The interval of a figure as it is read."""
    if figure.low is None or figure.high is None:
        return NOTHING
    return f"{percent(figure.low)} – {percent(figure.high)}"


def value_of(kind: str, figure: Figure) -> str:
    """A figure as it is read, by how it is made."""
    if figure.value is None:
        return NOTHING
    if kind in SHARES:
        return percent(figure.value)
    if kind == "COUNT":
        return f"{figure.value:,.0f}"
    shown = f"{figure.value:,.2f}"
    return shown if figure.p90 is None else f"{shown} / {figure.p90:,.2f}"


def counts(*found: Count) -> Sequence[str]:
    """Counts as they are read."""
    return [f"{each.count:,}" for each in found]
