"""Facts and examples of suspension and extension."""

from datetime import datetime, timedelta
from typing import Any, Final

from domain.case import extension, suspension
from domain.case.clocks.changing import paused
from domain.case.clocks.clock import Clock
from domain.command import Arrangements, Command
from domain.sla_policy.content import ClockRule, SuspensionReason
from domain.sla_policy.state import SlaPolicy
from tests.domain.configuring import Configuring, draft_sla, label
from tests.domain.people import DISPATCHER, OFFICER
from tests.domain.scenario import BEGAN, NOW, Fact, ask, happened
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
