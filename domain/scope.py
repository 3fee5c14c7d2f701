"""Scope: what a caller may see. Every read function takes one and puts it into its SQL."""

from dataclasses import dataclass

from domain.identity import Caller
from domain.permissions import READ_CASES, authority, readable
from domain.reach import NOWHERE


@dataclass(frozen=True)
class Scope:
    """The cases a caller may see, and how much of each.

    every_case: all cases of the journal; else those that one of `units` leads or helps with, and
        those that lie in one of `areas`.
    own: the principal whose own cases are visible (None: no own cases).
    internal: sees internal notes, and who acted under which authority; not of cases that are
        visible as own ones only.
    """

    every_case: bool
    own: str | None
    internal: bool
    units: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


NOTHING = Scope(every_case=False, own=None, internal=False)


def scope_of(caller: Caller) -> Scope:
    """Staff see as far as their posts reach, a reporter their own cases, anybody else nothing."""
    if authority(caller, READ_CASES) is None:
        return NOTHING
    within = readable(caller)
    return Scope(
        every_case=within.everywhere,
        own=caller.principal,
        internal=within != NOWHERE,
        units=within.units,
        areas=within.areas,
    )
