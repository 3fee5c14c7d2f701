"""Facts and examples of suspension and extension."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from eventsourcing.domain import AggregateEvent

from domain.calendar.state import WorkCalendars
from domain.case import CaseCommand, decide, extension, intake, register, routing, suspension
from domain.case.clocks.changing import paused
from domain.case.clocks.clock import Clock
from domain.case.vocabulary import Channel
from domain.command import Arrangements, Command, circumstances
from domain.identity import Caller
from domain.sla_policy.content import ClockRule, SuspensionReason
from domain.sla_policy.state import SlaPolicy
from domain.vocabulary import ClockKind
from tests.domain.configuring import BO, Configuring, draft_calendar, draft_sla, label
from tests.domain.people import DISPATCHER, EVERYBODY_ON_DUTY, OFFICER
from tests.domain.scenario import BEGAN, CASE, NOW, Fact, ask, happened, pending_events
from tests.domain.timing import clock, started

EXPECTED: Final = NOW + timedelta(days=10)
SOIL: Final = SuspensionReason("SOIL", label("soil"))
PAPERS: Final = SuspensionReason("PAPERS", label("papers"), stops_clock=False)


def policy(*rules: ClockRule, **said: Any) -> SlaPolicy:
    """Version 1 knows two reasons, of which one stops the clock; it is drafted, not in force."""
    made = Configuring("SlaPolicy")
    made.given(draft_sla(*rules, suspension_reasons=(SOIL, PAPERS), **said))
    assert isinstance(made.kept, SlaPolicy)
    return made.kept


HELD: Final = Arrangements(sla=policy())
"""The clocks of `timing` are pinned to a policy that is there; no other clock starts by it."""


def suspension_requested(number: int = 1, **said: Any) -> Fact:
    usual: dict[str, Any] = {
        "suspension_reason": SOIL.code,
        "label": SOIL.label,
        "expected_resume": EXPECTED,
        "ground": "The soil is frozen",
        "requester": OFFICER.principal,
        "unit": "environment",
    }
    return happened(suspension.SuspensionRequested, number=number, **{**usual, **said})


def suspension_denied(number: int = 1) -> Fact:
    return happened(
        suspension.SuspensionDenied, number=number, ground="Dig", decider=DISPATCHER.principal
    )


def suspended(*clocks: Clock, number: int = 1, **said: Any) -> Fact:
    """clocks: those that stand still from now on."""
    usual: dict[str, Any] = {
        "suspension_reason": SOIL.code,
        "label": SOIL.label,
        "expected_resume": EXPECTED,
        "decider": DISPATCHER.principal,
    }
    return happened(suspension.CaseSuspended, number=number, clocks=clocks, **{**usual, **said})


def resumed(*clocks: Clock, **said: Any) -> Fact:
    usual: dict[str, Any] = {"paused": (), "due": None}
    return happened(suspension.CaseResumed, clocks=clocks, **{**usual, **said})


def extension_requested(number: int = 1, **said: Any) -> Fact:
    usual: dict[str, Any] = {
        "days": 5,
        "late": True,
        "ground": "The machine is late",
        "requester": OFFICER.principal,
        "unit": "environment",
    }
    return happened(extension.ExtensionRequested, number=number, **{**usual, **said})


def extension_denied(number: int = 1) -> Fact:
    return happened(
        extension.ExtensionDenied, number=number, ground="Hire one", decider=DISPATCHER.principal
    )


def extension_approved(*clocks: Clock, number: int = 1, **said: Any) -> Fact:
    usual: dict[str, Any] = {
        "days": 5,
        "late": False,
        "due": clocks[0].due if clocks else None,
        "decider": DISPATCHER.principal,
    }
    return happened(extension.ExtensionApproved, number=number, clocks=clocks, **{**usual, **said})


def standing(at: datetime = BEGAN) -> Clock:
    """The clock of `timing`, standing still."""
    return paused(clock(), at)


PREPARED: Final[dict[str, tuple[Fact, ...]]] = {
    "requestSuspension": (started(),),
    "approveSuspension": (started(), suspension_requested()),
    "denySuspension": (started(), suspension_requested()),
    "resumeCase": (started(), suspended(standing(BEGAN + timedelta(hours=1)))),
    "requestExtension": (started(),),
    "approveExtension": (started(), extension_requested()),
    "denyExtension": (started(), extension_requested()),
}

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(
        suspension.RequestSuspension,
        suspension_reason=SOIL.code,
        expected_resume=EXPECTED,
        ground="The soil is frozen",
    ),
    ask(suspension.ApproveSuspension),
    ask(suspension.DenySuspension, ground="Dig"),
    ask(suspension.ResumeCase),
    ask(extension.RequestExtension, days=5, ground="The machine is late"),
    ask(extension.ApproveExtension),
    ask(extension.DenyExtension, ground="Hire one"),
)


@cache
def in_force(*rules: ClockRule, **said: Any) -> Arrangements:
    """The same policy and office hours, both in force since before the case began."""
    long_ago = BEGAN - timedelta(days=30)
    limits, calendar = Configuring("SlaPolicy"), Configuring("Calendar")
    limits.given(draft_sla(*rules, suspension_reasons=(SOIL, PAPERS), **said), at=long_ago)
    calendar.given(draft_calendar(), at=long_ago)
    for made in (limits, calendar):
        made.given(made.command("propose", 1), at=long_ago)
        made.given(made.command("publish", 1), by=BO, at=long_ago)
    assert isinstance(limits.kept, SlaPolicy)
    assert isinstance(calendar.kept, WorkCalendars)
    return Arrangements(sla=limits.kept, calendar=calendar.kept)


class Handled:
    """A case that its lead unit handles since BEGAN, whose time is limited.

    events: all that happened to it.
    """

    def __init__(self, *rules: ClockRule, **said: Any) -> None:
        self.arranged = in_force(*rules, **said)
        first = circumstances(REGISTRATION, EVERYBODY_ON_DUTY, BEGAN, self.arranged)
        self.case = register(REGISTRATION, first)
        self.events = pending_events(self.case)
        for command in TO_PROGRESS:
            self.do(command, BEGAN)

    def do(
        self, command: Command, at: datetime, by: Caller = EVERYBODY_ON_DUTY
    ) -> list[AggregateEvent]:
        """What follows from a command at a moment. Raises the refusal."""
        self.case.collect_events()
        assert isinstance(command, CaseCommand)
        decide(self.case, command, circumstances(command, by, at, self.arranged))
        found = pending_events(self.case)
        self.events += found
        return found

    def rest(self, begin: datetime, expected: datetime, reason: str = SOIL.code) -> None:
        """Let it rest from then on."""
        wanted = ask(
            suspension.RequestSuspension,
            suspension_reason=reason,
            expected_resume=expected,
            ground="Frozen",
        )
        self.do(wanted, begin, OFFICER)
        self.do(ask(suspension.ApproveSuspension), begin, DISPATCHER)

    def clock(self, kind: ClockKind = ClockKind.RESOLUTION) -> Clock:
        return self.case.clocks[kind]


TO_PROGRESS: Final[tuple[Command, ...]] = (
    ask(intake.AcceptCase),
    ask(routing.DispatchCase, lead_unit="environment"),
    ask(routing.SignForCase),
)
REGISTRATION: Final = ask(
    intake.RegisterCase, case_id=CASE, case_no="20240301-0000001H", channel=Channel.HOTLINE
)
