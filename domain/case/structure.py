"""Structure: how cases hang together. Its commands are decided on several cases at once."""

from collections.abc import Mapping
from typing import assert_never
from uuid import UUID

from domain.case.lifecycle import LIFECYCLE
from domain.case.linking import LinkCases, UnlinkCases, link, unlink
from domain.case.merging import MergeCase, ReverseMerge, follow_on, merge, reverse
from domain.case.others import Cases
from domain.case.splitting import SplitCase, split
from domain.case.state import Case
from domain.command import Circumstances, Command

StructureCommand = MergeCase | ReverseMerge | SplitCase | LinkCases | UnlinkCases


def named_by(command: Command) -> UUID | None:
    """The other case that a command names, on which it has to be permitted too."""
    return command.other_case if isinstance(command, MergeCase | LinkCases | UnlinkCases) else None


def taken_by(command: Command, case: Case | None, others: Mapping[UUID, Case]) -> frozenset[UUID]:
    """The other cases that a command on `case` takes part of, as far as can be told by now.

    case: None while it is not known. others: those that are known; with more of them it may be
    more. A command on a case takes those that go on in it, for it may come to an end.
    """
    taken: set[UUID] = set()
    match command:
        case MergeCase() | LinkCases() | UnlinkCases():
            taken.add(command.other_case)
        case SplitCase():
            taken.add(command.new_case_id)
        case _:
            pass
    if case is not None and case.merged_into is not None and isinstance(command, ReverseMerge):
        taken.add(case.merged_into)
    if case is not None and case.absorbed and command.NAME in LIFECYCLE:
        taken.update(follow_on(case, others))
    return frozenset(taken)


def decide(case: Case, command: StructureCommand, by: Circumstances, others: Cases) -> None:
    """Decide a command about how cases hang together."""
    match command:
        case MergeCase():
            merge(case, command, by, others)
        case ReverseMerge():
            reverse(case, command, by, others)
        case SplitCase():
            split(case, command, by, others)
        case LinkCases():
            link(case, command, by, others)
        case UnlinkCases():
            unlink(case, command, by, others)
        case _:
            assert_never(command)
