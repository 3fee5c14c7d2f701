"""How often a case may be urged: once in a working day by each person."""

from domain.case.routing_refusals import UrgedTooSoon
from domain.case.state import Case
from domain.case.windows import working_days_later
from domain.command import Circumstances

STAFF = ""
"""Whoever of the staff does it, does it on behalf of the reporter: together they count as one."""


def key_of(by: Circumstances) -> str:
    """Who urges, as far as it counts how often."""
    return by.actor.principal if by.as_reporter else STAFF


def check_not_urged(case: Case, by: Circumstances) -> None:
    """Refuse before a working day has gone by since the same person urged last."""
    last = case.urged_at.get(key_of(by))
    if last is None:
        return
    possible = working_days_later(by, last, 1)
    if by.at < possible:
        raise UrgedTooSoon(possible_at=possible.isoformat())
