"""Scope: what a caller may see. Every read function takes one and puts it into its SQL."""

from dataclasses import dataclass
from uuid import UUID

from domain.identity import Caller
from domain.permissions import READ_ACCESS_LOG, READ_CASES, authority, readable
from domain.reach import NOWHERE, Range
from domain.vocabulary import Confidentiality


@dataclass(frozen=True)
class Scope:
    """The cases a caller may see, and how much of each.

    every_case: all cases of the journal. every_open: all that are not confidential; else those of
        them that one of `units` leads or helps with, and those that lie in one of `areas`.
    restricted, confidential: the same of the cases at these levels; not used with every_case.
    own: the principal whose own cases are visible (None: no own cases). tracked: the one case
        whose tracking code was shown.
    access_log: sees, of the journal, who read personal data.
    internal: sees internal notes, and who acted under which authority; not of cases that are
        visible as own ones only.
    """

    every_case: bool
    own: str | None
    internal: bool
    units: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    every_open: bool = False
    restricted: Range = NOWHERE
    confidential: Range = NOWHERE
    tracked: UUID | None = None
    access_log: bool = False


NOTHING = Scope(every_case=False, own=None, internal=False)


def scope_of(caller: Caller) -> Scope:
    """Staff see as far as their posts reach, a reporter their own cases, anybody else nothing."""
    if authority(caller, READ_CASES) is None:
        return NOTHING
    within = readable(caller)
    confidential = readable(caller, Confidentiality.CONFIDENTIAL)
    every_case = confidential.everywhere
    return Scope(
        every_case=every_case,
        own=caller.principal,
        internal=within != NOWHERE,
        units=within.units,
        areas=within.areas,
        tracked=caller.tracks,
        every_open=within.everywhere and not every_case,
        restricted=NOWHERE if every_case else readable(caller, Confidentiality.RESTRICTED),
        confidential=NOWHERE if every_case else confidential,
        access_log=authority(caller, READ_ACCESS_LOG) is not None,
    )
