"""Facts and examples of cases that hang together."""

from typing import Final
from uuid import UUID

from domain.case import linking, merging, splitting
from domain.case.lifecycle import Stage
from domain.case.vocabulary import LinkKind
from domain.command import Command
from tests.domain.scenario import OTHER, Fact, ask, happened

PART: Final = UUID("0190a000-0000-7000-8000-000000000003")


def merged(stage_before: Stage = Stage.REGISTERED, survivor: UUID = OTHER) -> Fact:
    return happened(
        merging.CaseMergedInto, survivor=survivor, survivor_no="OTHER", stage_before=stage_before
    )


def linked(
    kind: LinkKind = LinkKind.RELATED, to: UUID = OTHER, is_later: bool | None = None
) -> Fact:
    """is_later: None: of cases brought at the same time, the later one by its id."""
    later = to != OTHER if is_later is None else is_later
    return happened(linking.CasesLinked, other_case=to, kind=kind, is_later=later)


PREPARED: Final[dict[str, tuple[Fact, ...]]] = {"unlinkCases": (linked(),)}

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(merging.MergeCase, other_case=OTHER),
    ask(merging.ReverseMerge),
    ask(splitting.SplitCase, new_case_id=PART, new_case_no="PART", title="The lamp as well"),
    ask(linking.LinkCases, other_case=OTHER, kind=LinkKind.SAME_CAUSE),
    ask(linking.UnlinkCases, other_case=OTHER),
)
