"""The other cases that a command on a case takes part of, in the same transaction."""

from typing import Final
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.refusals import NotLinked, SurvivorIsMerged
from domain.case.state import Case
from domain.case.vocabulary import LinkKind
from domain.command import Circumstances
from domain.refusal import InvalidInput, NotFound, OccurredBeforeRegistration

Cases = dict[UUID, Case]
"""By id. A command that begins a case adds it here; one that changes one leaves events pending."""

BY_HAND: Final = frozenset({LinkKind.RELATED, LinkKind.FOLLOW_UP, LinkKind.SAME_CAUSE})
"""The kinds of links that people choose; the others say what splitting a case did."""


def other_case(case: Case, other_id: UUID, by: Circumstances, others: Cases) -> Case:
    """The case that a command names beside its own, which must have been there at the time."""
    if other_id == case.id:
        raise InvalidInput(["otherCaseId"], "otherCaseId is the case itself")
    other = others.get(other_id)
    if other is None:
        raise NotFound(what="case")
    check_was_there(other, by)
    return other


def check_was_there(other: Case, by: Circumstances) -> None:
    """Refuse what happened to another case before that was brought."""
    if by.at < other.registered_at:
        raise OccurredBeforeRegistration(
            occurred_at=by.at.isoformat(), registered_at=other.registered_at.isoformat()
        )


def check_survivor(case: Case, _: Circumstances) -> None:
    """Refuse to reverse a merge into a case that was merged itself: that one comes out first."""
    if case.survivor_stage is Stage.MERGED:
        raise SurvivorIsMerged


def check_linked(case: Case, _: Circumstances) -> None:
    """Refuse to unlink a case that is linked to no other by hand."""
    if BY_HAND.isdisjoint(case.links.values()):
        raise NotLinked
