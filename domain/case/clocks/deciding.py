"""Amending by decision: the clocks of a case count by other versions from now on, for a reason."""

from dataclasses import dataclass
from typing import ClassVar, TypeVar
from uuid import UUID

from domain.case.clocks.amending import AmendmentBasis, amend
from domain.case.clocks.asking import AmendmentWithoutReason
from domain.case.clocks.recomputing import Versions, recomputed
from domain.case.rules import check
from domain.case.state import Case
from domain.command import Circumstances, Command
from domain.configuration import ConfigurationOf, VersionContent, VersionState
from domain.refusal import NotFound, WrongVersionState
from domain.wording import optional

Content = TypeVar("Content", bound=VersionContent)


@dataclass(frozen=True, kw_only=True)
class AmendClocks(Command):
    """Let the clocks that run count by these versions.

    calendar_version, policy_version: None: those that each clock is pinned to; without either,
        those in force.
    """

    NAME: ClassVar[str] = "amendClocks"

    case_id: UUID
    calendar_version: int | None = None
    policy_version: int | None = None


def amend_clocks(case: Case, command: AmendClocks, by: Circumstances) -> None:
    """Nothing where every clock comes out as it is."""
    check(case, command, by)
    if optional(["reason"], command.reason) is None:
        raise AmendmentWithoutReason
    if command.calendar_version is None and command.policy_version is None:
        versions = Versions.in_force(by)
    else:
        versions = Versions(
            published(by.calendar, command.calendar_version, command.NAME),
            published(by.sla, command.policy_version, command.NAME),
        )
    amend(case, recomputed(case, versions, by), AmendmentBasis.DECISION, by)


def published(
    kept: ConfigurationOf[Content] | None, number: int | None, command: str
) -> Content | None:
    """The content of a version that was published. Raises NotFound or WrongVersionState."""
    if number is None:
        return None
    record = None if kept is None else kept.record(number)
    if kept is None or record is None:
        raise NotFound(what="version")
    if record.state is not VersionState.PUBLISHED:
        raise WrongVersionState(
            command=command,
            number=number,
            state=record.state.value,
            allowed=[VersionState.PUBLISHED.value],
        )
    return kept.content(number)
