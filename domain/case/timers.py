"""Timers: moments at which something happens to a case because nothing happened until then.

An event of a case says which timers it starts and stops (`domain.case.state.CaseEvent`); a case
that reaches an end stops all of its own but those that outlast it. A timer has its due time from
the event that started it, so a later calendar does not move it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class TimerKind(StrEnum):
    """What happens when the timer is due."""

    FEEDBACK = "FEEDBACK"
    EMERGENCY = "EMERGENCY"
    CO_REPLY = "CO_REPLY"
    SHARE = "SHARE"


OUTLASTING: Final = frozenset({TimerKind.SHARE})
"""A case that is closed stays shared until the share expires."""


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
