"""Timers: moments at which something happens to a case because nothing happened until then.

An event of a case says which timers it starts and stops (`domain.case.state.CaseEvent`); a case
that reaches an end stops all of its own but those that outlast it. A timer has its due time from
the event that started it, so a later calendar does not move it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.vocabulary import ClockKind


class TimerKind(StrEnum):
    """What happens when the timer is due. A clock (..._CLOCK) acts at a share of its limit."""

    FEEDBACK = "FEEDBACK"
    EMERGENCY = "EMERGENCY"
    CO_REPLY = "CO_REPLY"
    SHARE = "SHARE"
    SUSPENSION = "SUSPENSION"
    ACCEPTANCE_CLOCK = "ACCEPTANCE_CLOCK"
    DISPATCH_CLOCK = "DISPATCH_CLOCK"
    SIGN_OFF_CLOCK = "SIGN_OFF_CLOCK"
    FIRST_CONTACT_CLOCK = "FIRST_CONTACT_CLOCK"
    STAGE_CLOCK = "STAGE_CLOCK"
    RESOLUTION_CLOCK = "RESOLUTION_CLOCK"
    CO_REPLY_CLOCK = "CO_REPLY_CLOCK"
    VERIFICATION_CLOCK = "VERIFICATION_CLOCK"
    FEEDBACK_CLOCK = "FEEDBACK_CLOCK"
    APPROVAL_CLOCK = "APPROVAL_CLOCK"
    SUPERVISION_REPLY_CLOCK = "SUPERVISION_REPLY_CLOCK"
    PUBLICATION_CLOCK = "PUBLICATION_CLOCK"


OUTLASTING: Final = frozenset({TimerKind.SHARE, TimerKind.PUBLICATION_CLOCK})
"""A case that is closed stays shared until the share expires, and can still be published."""


def timer_of(kind: ClockKind) -> TimerKind:
    """The kind of timer that acts at the next instant of a clock; its key is that of the clock."""
    return TimerKind(f"{kind.value}_CLOCK")


CLOCK_OF: Final = {timer_of(kind): kind for kind in ClockKind}
"""Of a timer: the kind of clock that it acts for."""


@dataclass(frozen=True)
class Timer:
    """One timer of a case.

    key: tells several of one kind apart, as the code of a unit; empty where there is one at most.
    due: when it acts, timezone-aware.
    """

    kind: TimerKind
    key: str
    due: datetime


@dataclass(frozen=True)
class Stopped:
    """A timer that is no longer wanted. key: None: all of the kind."""

    kind: TimerKind
    key: str | None = None
