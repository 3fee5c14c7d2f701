"""The guards of suspension and extension: what of the lead unit's time may be asked and decided.

Limits and reasons are those of the SLA policy that the clocks of the case are pinned to, whatever
policy is in force by now.
"""

from typing import TYPE_CHECKING, Final

from domain.case.regions import ExtensionAsked, SuspensionAsked
from domain.case.routing_refusals import RequesterDecides
from domain.command import Circumstances
from domain.refusal import Refusal
from domain.vocabulary import ClockKind

if TYPE_CHECKING:  # a case holds its clocks, and what is asked
    from collections.abc import Sequence

    from domain.case.clocks.clock import Clock
    from domain.case.state import Case
    from domain.sla_policy.content import SlaPolicyVersion

HELD: Final = (ClockKind.RESOLUTION, ClockKind.STAGE)
"""The clocks that a suspension pauses and an extension moves: of the case, and of its lead."""


class NoSlaPolicy(Refusal):
    """No SLA policy limits the time of this case; there is nothing to suspend or to extend."""

    code = "NO_SLA_POLICY"


class CaseIsSuspended(Refusal):
    """The case is suspended; it is expected to go on at {expected_resume}."""

    code = "CASE_IS_SUSPENDED"


class CaseNotSuspended(Refusal):
    """The case is not suspended."""

    code = "CASE_NOT_SUSPENDED"


class SuspensionAlreadyRequested(Refusal):
    """A suspension was requested already."""

    code = "SUSPENSION_ALREADY_REQUESTED"


class NoSuspensionRequested(Refusal):
    """Nobody has requested a suspension."""

    code = "NO_SUSPENSION_REQUESTED"


class TooManySuspensions(Refusal):
    """A case is suspended {most} times in a cycle at most."""

    code = "TOO_MANY_SUSPENSIONS"


class SuspendedTooLong(Refusal):
    """A case is suspended for {most} days in a cycle at most; it can be until {latest}."""

    code = "SUSPENDED_TOO_LONG"


class UnknownSuspensionReason(Refusal):
    """The SLA policy knows no reason {reason} for a suspension; it knows {known}."""

    code = "UNKNOWN_SUSPENSION_REASON"


class ExtensionAlreadyRequested(Refusal):
    """An extension was requested already."""

    code = "EXTENSION_ALREADY_REQUESTED"


class NoExtensionRequested(Refusal):
    """Nobody has requested an extension."""

    code = "NO_EXTENSION_REQUESTED"


class TooManyExtensions(Refusal):
    """The time of a case is extended {most} times in a cycle at most."""

    code = "TOO_MANY_EXTENSIONS"


class ExtensionTooLong(Refusal):
    """An extension is for {most} days at most."""

    code = "EXTENSION_TOO_LONG"


class DeciderOfAskingUnit(Refusal):
    """Somebody of another unit than {unit}, which requested it, decides."""

    code = "DECIDER_OF_ASKING_UNIT"


def held_clocks(case: "Case") -> "Sequence[Clock]":
    """Those of HELD that run, the one of the case first."""
    running = case.clocks.values()
    return [clock for kind in HELD for clock in running if clock.kind is kind]


def pinned_policy(case: "Case", by: Circumstances) -> "SlaPolicyVersion":
    """The version that limits the time of the case. Raises NoSlaPolicy."""
    clocks = held_clocks(case)
    policy = by.sla.content(clocks[0].policy) if clocks and by.sla is not None else None
    if policy is None:
        raise NoSlaPolicy
    return policy


def check_not_suspended(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse while the case rests."""
    if case.holding.until is not None:
        raise CaseIsSuspended(expected_resume=case.holding.until.isoformat())


def check_suspended(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse to let go on what does not rest."""
    if case.holding.since is None:
        raise CaseNotSuspended


def check_suspendable(case: "Case", by: Circumstances) -> None:
    """Refuse where no policy limits the time, or the case was suspended often enough."""
    policy = pinned_policy(case, by)
    if case.holding.suspensions >= policy.most_suspensions:
        raise TooManySuspensions(most=policy.most_suspensions)


def check_no_suspension_asked(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse a second request."""
    if case.holding.suspension_asked is not None:
        raise SuspensionAlreadyRequested


def check_suspension_asked(case: "Case", by: Circumstances) -> None:
    """Refuse to decide what nobody requested, or one's own unit did."""
    asked = case.holding.suspension_asked
    if asked is None:
        raise NoSuspensionRequested
    _check_decider(asked, by)


def check_extendable(case: "Case", by: Circumstances) -> None:
    """Refuse where no policy limits the time, or it was extended often enough."""
    policy = pinned_policy(case, by)
    if case.holding.extensions >= policy.most_extensions:
        raise TooManyExtensions(most=policy.most_extensions)


def check_no_extension_asked(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse a second request."""
    if case.holding.extension_asked is not None:
        raise ExtensionAlreadyRequested


def check_extension_asked(case: "Case", by: Circumstances) -> None:
    """Refuse to decide what nobody requested, or one's own unit did."""
    asked = case.holding.extension_asked
    if asked is None:
        raise NoExtensionRequested
    _check_decider(asked, by)


def _check_decider(asked: SuspensionAsked | ExtensionAsked, by: Circumstances) -> None:
    """DOMAIN.md section 7, rule 4: neither who asked, nor anybody else of that unit."""
    actor, unit = by.actor, asked.unit
    if actor.principal == asked.requester:
        raise RequesterDecides
    if unit is None:
        return
    directory = by.directory
    holds = directory is not None and directory.holds_position_in(actor.principal, unit, by.at)
    if holds or actor.unit == unit:
        raise DeciderOfAskingUnit(unit=unit)
