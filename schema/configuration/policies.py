"""The SLA policy and the escalation policy: a version of each, its rules and its ladders."""

from collections.abc import Container
from datetime import datetime

import strawberry
from strawberry import field

from domain import policy_problems
from domain.escalation_policy import content as escalation
from domain.identity import Role
from domain.policy_problems import PolicyFlaw, unknown_calendars, unknown_types
from domain.sla_policy import content as sla
from domain.vocabulary import ClockKind, OrderLevel, Urgency
from schema.case.clocks import ClockLimit
from schema.configuration.case_types import CaseType
from schema.configuration.finding import content_of, one_of
from schema.configuration.versions import ConfigurationVersion, ProblemsAt
from schema.context import Context
from schema.info import Info


@strawberry.type(
    description="How long a step may take, and the cases that this is for. An empty condition is "
    "always met."
)
class ClockRule:
    """A rule."""

    clock: ClockKind = field(description="What is timed.")
    limit: ClockLimit = field(description="How long it may take.")
    types: list[CaseType] = field(description="Any of these types, or what is below them.")
    urgencies: list[Urgency] = field(description="Any of these urgencies.")
    emergency: bool | None = field(
        description="Whether an emergency is declared; null: it does not matter."
    )
    calendar: str | None = field(
        description="Code of the calendar that it counts by; null: the default one."
    )


@strawberry.type(description="What a rule or a ladder names that is not there.")
class PolicyProblem:
    """A problem."""

    index: int = field(description="Which rule or ladder it is, from 0.")
    flaw: PolicyFlaw = field(description="What is wrong.")
    code: str = field(description="The code of the type or calendar that is not there.")


@strawberry.type(description="Why a case may rest 挂起.")
class SuspensionReason:
    """A reason."""

    code: str = field(description="Its code.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    stops_clock: bool = field(description="Whether the time of the case stands still meanwhile.")


@strawberry.type(description="A version of the SLA policy 时限规则: how long each step may take.")
class SlaPolicyVersion(ConfigurationVersion):
    """A version of the SLA policy."""

    @field(description="Its rules; the first that fits a case is its limit.")
    async def rules(self, info: Info) -> list[ClockRule]:
        version = await _sla(info.context, self.row.number)
        return [] if version is None else [_rule(each) for each in version.rules]

    @field(
        description="What its rules name that is not there at a time: types of which no case is, "
        "and calendars in whose place time counts around the clock."
    )
    async def problems(self, info: Info, at: ProblemsAt = None) -> list[PolicyProblem]:
        version = await _sla(info.context, self.row.number)
        if version is None:
            return []
        known, moment = info.context.configuration, one_of(None, at)
        found = [*unknown_types(version.rules, _types(info.context, moment))]
        calendars = None if known.calendar is None else known.calendar.in_force(moment)
        codes = () if calendars is None else [each.code for each in calendars.calendars]
        return [_problem(each) for each in (*found, *unknown_calendars(version.rules, codes))]

    @field(description="Why a case may rest.")
    async def suspension_reasons(self, info: Info) -> list[SuspensionReason]:
        version = await _sla(info.context, self.row.number)
        return [] if version is None else [_reason(each) for each in version.suspension_reasons]

    @field(description="How often a case may rest in one cycle.")
    async def most_suspensions(self, info: Info) -> int | None:
        version = await _sla(info.context, self.row.number)
        return None if version is None else version.most_suspensions

    @field(description="For how many calendar days in all, in one cycle.")
    async def most_suspended_days(self, info: Info) -> int | None:
        version = await _sla(info.context, self.row.number)
        return None if version is None else version.most_suspended_days

    @field(description="How often a case may be given more time in one cycle.")
    async def most_extensions(self, info: Info) -> int | None:
        version = await _sla(info.context, self.row.number)
        return None if version is None else version.most_extensions

    @field(description="How many calendar days more, each time.")
    async def most_extension_days(self, info: Info) -> int | None:
        version = await _sla(info.context, self.row.number)
        return None if version is None else version.most_extension_days


@strawberry.type(description="What happens when so much of a limit is used.")
class Rung:
    """A rung."""

    percent: int = field(description="How much of the limit, in percent.")
    notify: list[Role] = field(description="The roles that are told.")
    order: OrderLevel | None = field(description="The supervision order 督办单 that is issued.")
    interview: bool = field(description="Whether the order needs an interview 约谈.")
    repeat_every: int | None = field(
        description="It comes again each time so many percent more are used; null: it does not."
    )


@strawberry.type(description="The ladder 督办 by which lateness of some clocks goes up.")
class Ladder:
    """A ladder."""

    clocks: list[ClockKind] = field(description="The clocks that it is for; empty: all.")
    types: list[CaseType] = field(
        description="The types of case, with what is below them, that it is for; empty: all."
    )
    rungs: list[Rung] = field(description="Its rungs, upwards.")


@strawberry.type(
    description="A version of the escalation policy 督办规则: what follows when a limit draws near "
    "or is passed."
)
class EscalationPolicyVersion(ConfigurationVersion):
    """A version of the escalation policy."""

    @field(description="Its ladders; the first that fits a clock is its own.")
    async def ladders(self, info: Info) -> list[Ladder]:
        version = await _escalation(info.context, self.row.number)
        return [] if version is None else [_ladder(each) for each in version.ladders]

    @field(description="What its ladders name that is not there at a time.")
    async def problems(self, info: Info, at: ProblemsAt = None) -> list[PolicyProblem]:
        version = await _escalation(info.context, self.row.number)
        if version is None:
            return []
        types = _types(info.context, one_of(None, at))
        return [_problem(each) for each in unknown_types(version.ladders, types)]

    @field(description="After so many returns upheld in a cycle the case is arbitrated.")
    async def arbitration_after_returns(self, info: Info) -> int | None:
        version = await _escalation(info.context, self.row.number)
        return None if version is None else version.arbitration_after_returns

    @field(description="After so often being sent back for rework a case goes up.")
    async def escalate_after_reworks(self, info: Info) -> int | None:
        version = await _escalation(info.context, self.row.number)
        return None if version is None else version.escalate_after_reworks

    @field(description="After so often being reopened a case goes up.")
    async def escalate_after_reopenings(self, info: Info) -> int | None:
        version = await _escalation(info.context, self.row.number)
        return None if version is None else version.escalate_after_reopenings

    @field(
        description="At how much of the limit for dispatching, in percent, the fall-back owner "
        "answers for a case that nobody was given."
    )
    async def fallback_percent(self, info: Info) -> int | None:
        version = await _escalation(info.context, self.row.number)
        return None if version is None else version.fallback_percent


async def _sla(context: Context, number: int) -> sla.SlaPolicyVersion | None:
    return await content_of(context, lambda known: known.sla, number)


async def _escalation(context: Context, number: int) -> escalation.EscalationPolicyVersion | None:
    return await content_of(context, lambda known: known.escalation, number)


def _types(context: Context, at: datetime) -> Container[str] | None:
    """The codes of all types at a time; None: there is no catalogue, and every code is good."""
    catalogue = context.configuration.catalogue
    version = None if catalogue is None else catalogue.in_force(at)
    return None if version is None else {each.code for each in version.types}


def _problem(problem: policy_problems.PolicyProblem) -> PolicyProblem:
    return PolicyProblem(index=problem.index, flaw=problem.flaw, code=problem.code)


def _rule(rule: sla.ClockRule) -> ClockRule:
    return ClockRule(
        clock=rule.clock,
        limit=ClockLimit(
            amount=rule.limit.amount,
            unit=rule.limit.unit,
            begins=rule.limit.begins,
            ends=rule.limit.ends,
        ),
        types=[CaseType(code=code) for code in rule.types],
        urgencies=list(rule.urgencies),
        emergency=rule.emergency,
        calendar=rule.calendar,
    )


def _reason(reason: sla.SuspensionReason) -> SuspensionReason:
    return SuspensionReason(
        code=reason.code,
        label_zh=reason.label.zh,
        label_en=reason.label.en,
        stops_clock=reason.stops_clock,
    )


def _ladder(ladder: escalation.Ladder) -> Ladder:
    return Ladder(
        clocks=list(ladder.clocks),
        types=[CaseType(code=code) for code in ladder.types],
        rungs=[
            Rung(
                percent=rung.percent,
                notify=list(rung.notify),
                order=rung.order,
                interview=rung.interview,
                repeat_every=rung.repeat_every,
            )
            for rung in ladder.rungs
        ],
    )
