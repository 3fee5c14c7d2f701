"""How a case hangs together with others, as its state has it: ids, kinds and times."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from domain.case.linking import CasesLinked, CasesUnlinked
from domain.case.merging import AbsorptionReversed, CaseAbsorbed
from domain.case.splitting import CaseSplit, CaseSplitFrom
from domain.case.vocabulary import LinkKind

OF_TWO: Final = tuple(
    kind.TOPIC
    for kind in (
        CasesLinked,
        CasesUnlinked,
        CaseSplit,
        CaseSplitFrom,
        CaseAbsorbed,
        AbsorptionReversed,
    )
)
"""The events that say which other case a case has to do with, as `other_case`."""


class Link(msgspec.Struct, frozen=True):
    """Another case that this one has to do with."""

    other_case: UUID
    kind: LinkKind
    since: datetime


class Absorbed(msgspec.Struct, frozen=True):
    """A case that goes on in this one."""

    other_case: UUID
    since: datetime


def linked(links: tuple[Link, ...], event: CasesLinked) -> tuple[Link, ...]:
    """With the link; of two cases there is one at most."""
    return _with(links, event.other_case, event.kind, event.timestamp)


def unlinked(links: tuple[Link, ...], event: CasesUnlinked) -> tuple[Link, ...]:
    """Without the link."""
    return tuple(link for link in links if link.other_case != event.other_case)


def split(links: tuple[Link, ...], event: CaseSplit | CaseSplitFrom) -> tuple[Link, ...]:
    """With the link between a case and what was split from it."""
    kind = LinkKind.SPLIT_INTO if isinstance(event, CaseSplit) else LinkKind.SPLIT_FROM
    return _with(links, event.other_case, kind, event.timestamp)


def absorbed(
    known: tuple[Absorbed, ...], event: CaseAbsorbed | AbsorptionReversed
) -> tuple[Absorbed, ...]:
    """With a case that goes on in this one, or without one that does so no longer."""
    rest = tuple(each for each in known if each.other_case != event.other_case)
    if isinstance(event, AbsorptionReversed):
        return rest
    return (*rest, Absorbed(event.other_case, event.timestamp.astimezone(UTC)))


def _with(
    links: tuple[Link, ...], other_case: UUID, kind: LinkKind, since: datetime
) -> tuple[Link, ...]:
    rest = tuple(link for link in links if link.other_case != other_case)
    return (*rest, Link(other_case, kind, since.astimezone(UTC)))
