"""What the mutations of the SLA policy and the escalation policy take."""

import strawberry
from strawberry import field

from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit
from domain.catalogue.content import Label
from domain.escalation_policy import content as escalation
from domain.escalation_policy.commands import DraftEscalationPolicy
from domain.identity import Role
from domain.sla_policy import content as sla
from domain.sla_policy.commands import DraftSlaPolicy
from domain.vocabulary import ClockKind, OrderLevel, Urgency
from schema.case.inputs.base import CommandInput
from schema.configuration.inputs import PublishVersionInput, VersionInput


@strawberry.input(description="How long something may take.")
class LimitInput:
    """A limit."""

    amount: int = field(description="How much: at least 1.")
    unit: LimitUnit = field(description="Of what.")
    begins: LimitBegins = field(default=LimitBegins.INSTANT, description="From when it counts.")
    ends: LimitEnds = field(default=LimitEnds.INSTANT, description="When it is over.")

    def value(self) -> Limit:
        """The domain's limit; the domain refuses an amount that is none."""
        return Limit(self.amount, self.unit, self.begins, self.ends)


@strawberry.input(
    description="How long a step may take. A condition that is left out is always met."
)
class ClockRuleInput:
    """A rule."""

    clock: ClockKind = field(description="What is timed.")
    limit: LimitInput = field(description="How long it may take.")
    types: list[str] = field(default_factory=list, description="Any of these, or below them.")
    urgencies: list[Urgency] = field(default_factory=list, description="Any of these urgencies.")
    emergency: bool | None = field(
        default=None, description="Whether an emergency is declared; null: it does not matter."
    )
    calendar: str | None = field(
        default=None, description="Code of the calendar that it counts by; the default one."
    )

    def value(self) -> sla.ClockRule:
        """The domain's rule."""
        return sla.ClockRule(
            clock=self.clock,
            limit=self.limit.value(),
            types=tuple(self.types),
            urgencies=tuple(self.urgencies),
            emergency=self.emergency,
            calendar=self.calendar,
        )


@strawberry.input(description="Why a case may rest.")
class SuspensionReasonInput:
    """A reason."""

    code: str = field(description="Its code: 1 to 64 letters, digits and . _ / -")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    stops_clock: bool = field(
        default=True, description="Whether the time of the case stands still meanwhile."
    )

    def value(self) -> sla.SuspensionReason:
        """The domain's reason."""
        return sla.SuspensionReason(
            self.code, Label(self.label_zh, self.label_en), self.stops_clock
        )


@strawberry.input(description="Write a version of the SLA policy down.")
class DraftSlaPolicyInput(CommandInput):
    """draftSlaPolicy."""

    title: str = field(description="What the version is called.")
    rules: list[ClockRuleInput] = field(
        description="All its rules; the first that fits a case is its limit."
    )
    suspension_reasons: list[SuspensionReasonInput] = field(
        default_factory=list, description="Why a case may rest."
    )
    most_suspensions: int = field(default=3, description="How often, in one cycle.")
    most_suspended_days: int = field(default=90, description="Calendar days in all, in one cycle.")
    most_extensions: int = field(default=1, description="How often, in one cycle.")
    most_extension_days: int = field(default=30, description="Calendar days, each time.")
    pack: str | None = field(default=None, description="The pack it comes from, as name@version.")

    def command(self) -> DraftSlaPolicy:
        """The command."""
        return DraftSlaPolicy(
            **self.common(),
            title=self.title,
            pack=self.pack,
            rules=tuple(each.value() for each in self.rules),
            suspension_reasons=tuple(each.value() for each in self.suspension_reasons),
            most_suspensions=self.most_suspensions,
            most_suspended_days=self.most_suspended_days,
            most_extensions=self.most_extensions,
            most_extension_days=self.most_extension_days,
        )


@strawberry.input(description="Answer for a draft of the SLA policy.")
class ProposeSlaPolicyInput(VersionInput):
    """proposeSlaPolicy."""


@strawberry.input(
    description="Put a version of the SLA policy in force that somebody else proposed."
)
class PublishSlaPolicyInput(PublishVersionInput):
    """publishSlaPolicy."""


@strawberry.input(description="End a version of the SLA policy.")
class RetireSlaPolicyInput(VersionInput):
    """retireSlaPolicy."""


@strawberry.input(description="What happens when so much of a limit is used.")
class RungInput:
    """A rung."""

    percent: int = field(description="How much of the limit, in percent: at least 1.")
    notify: list[Role] = field(default_factory=list, description="The roles that are told.")
    order: OrderLevel | None = field(
        default=None, description="The supervision order 督办单 that is issued."
    )
    interview: bool = field(default=False, description="Whether the order needs an interview 约谈.")
    repeat_every: int | None = field(
        default=None,
        description="Of the last rung: it comes again each time so many percent more are used.",
    )

    def value(self) -> escalation.Rung:
        """The domain's rung."""
        return escalation.Rung(
            percent=self.percent,
            notify=tuple(self.notify),
            order=self.order,
            interview=self.interview,
            repeat_every=self.repeat_every,
        )


@strawberry.input(description="The ladder 督办 by which lateness of some clocks goes up.")
class LadderInput:
    """A ladder."""

    rungs: list[RungInput] = field(description="Its rungs, upwards.")
    clocks: list[ClockKind] = field(
        default_factory=list, description="The clocks that it is for; left out: all."
    )
    types: list[str] = field(
        default_factory=list,
        description="The types of case, with what is below them, that it is for; left out: all.",
    )

    def value(self) -> escalation.Ladder:
        """The domain's ladder."""
        rungs = tuple(each.value() for each in self.rungs)
        return escalation.Ladder(rungs, tuple(self.clocks), tuple(self.types))


@strawberry.input(description="Write a version of the escalation policy down.")
class DraftEscalationPolicyInput(CommandInput):
    """draftEscalationPolicy."""

    title: str = field(description="What the version is called.")
    ladders: list[LadderInput] = field(
        description="All its ladders; the first that fits a clock is its own."
    )
    arbitration_after_returns: int = field(
        default=2, description="After so many returns upheld in a cycle a case is arbitrated."
    )
    escalate_after_reworks: int = field(
        default=2, description="After so often being sent back for rework a case goes up."
    )
    escalate_after_reopenings: int = field(
        default=2, description="After so often being reopened a case goes up."
    )
    fallback_percent: int = field(
        default=escalation.BREACH,
        description="At how much of the limit for dispatching, in percent, the fall-back owner "
        "answers for a case that nobody was given.",
    )
    pack: str | None = field(default=None, description="The pack it comes from, as name@version.")

    def command(self) -> DraftEscalationPolicy:
        """The command."""
        return DraftEscalationPolicy(
            **self.common(),
            title=self.title,
            pack=self.pack,
            ladders=tuple(each.value() for each in self.ladders),
            arbitration_after_returns=self.arbitration_after_returns,
            escalate_after_reworks=self.escalate_after_reworks,
            escalate_after_reopenings=self.escalate_after_reopenings,
            fallback_percent=self.fallback_percent,
        )


@strawberry.input(description="Answer for a draft of the escalation policy.")
class ProposeEscalationPolicyInput(VersionInput):
    """proposeEscalationPolicy."""


@strawberry.input(
    description="Put a version of the escalation policy in force that somebody else proposed."
)
class PublishEscalationPolicyInput(PublishVersionInput):
    """publishEscalationPolicy."""


@strawberry.input(description="End a version of the escalation policy.")
class RetireEscalationPolicyInput(VersionInput):
    """retireEscalationPolicy."""
