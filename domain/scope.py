"""Scope: what a caller may see. Every read function takes one and puts it into its SQL."""

from dataclasses import dataclass

from domain.identity import Caller
from domain.permissions import READ_CASES, acts_as_reporter, sees_every_case


@dataclass(frozen=True)
class Scope:
    """The cases a caller may see, and how much of each.

    every_case: all cases of the journal.
    own: the principal whose own cases are visible (None: no own cases).
    internal: sees internal notes, and who acted under which authority.
    """

    every_case: bool
    own: str | None
    internal: bool


NOTHING = Scope(every_case=False, own=None, internal=False)


def scope_of(caller: Caller) -> Scope:
    """Staff who may read cases see all of them; a reporter their own; anybody else nothing."""
    if sees_every_case(caller):
        return Scope(every_case=True, own=caller.principal, internal=True)
    if acts_as_reporter(caller, READ_CASES):
        return Scope(every_case=False, own=caller.principal, internal=False)
    return NOTHING
