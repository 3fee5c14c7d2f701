"""Links: two cases have to do with each other, and each of them says so."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.others import BY_HAND, Cases, other_case
from domain.case.refusals import LinkNotByHand, NotLinked
from domain.case.rules import check, check_stage
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import LinkKind
from domain.command import Circumstances, Command


class CasesLinked(CaseEvent):
    """The case and another have to do with each other; the other one says the same.

    is_later: whether it was brought after the other one, so that of two that are about the same one
    alone says it again; None: version 1 did not say.
    """

    TOPIC: ClassVar[str] = "case.linked"
    class_version: ClassVar[int] = 2

    other_case: UUID
    kind: LinkKind
    is_later: bool | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 did not say which of the two was there first."""
        state["is_later"] = None

    def apply(self, case: Case) -> None:
        case.links = {**case.links, self.other_case: self.kind}


class CasesUnlinked(CaseEvent):
    """The case and another have nothing to do with each other after all."""

    TOPIC: ClassVar[str] = "case.unlinked"

    other_case: UUID

    def apply(self, case: Case) -> None:
        case.links = {each: kind for each, kind in case.links.items() if each != self.other_case}


@dataclass(frozen=True, kw_only=True)
class LinkCases(Command):
    """Say that two cases have to do with each other; a link of another kind is replaced."""

    NAME: ClassVar[str] = "linkCases"

    case_id: UUID
    other_case: UUID
    kind: LinkKind


@dataclass(frozen=True, kw_only=True)
class UnlinkCases(Command):
    """Take a link back."""

    NAME: ClassVar[str] = "unlinkCases"

    case_id: UUID
    other_case: UUID


def link(case: Case, command: LinkCases, by: Circumstances, others: Cases) -> None:
    """Both cases say it. Raises NotFound where there is no such other case."""
    check(case, command, by)
    other = other_case(case, command.other_case, by, others)
    check_stage(other, command.NAME, by.at)
    if command.kind not in BY_HAND:
        raise LinkNotByHand(kind=command.kind.value, allowed=sorted(BY_HAND))
    if case.links.get(other.id, command.kind) not in BY_HAND:
        raise LinkNotByHand(kind=case.links[other.id].value, allowed=sorted(BY_HAND))
    if {case.links.get(other.id), other.links.get(case.id)} == {command.kind}:
        return
    # Where one of them seems to say it already, what is known of that one is out of date: its
    # event is refused for its version, and both are decided anew.
    for one, another in ((case, other), (other, case)):
        one.trigger_event(
            CasesLinked,
            timestamp=by.at,
            other_case=another.id,
            kind=command.kind,
            is_later=(another.registered_at, another.id) < (one.registered_at, one.id),
        )


def unlink(case: Case, command: UnlinkCases, by: Circumstances, others: Cases) -> None:
    """Neither case says it any more."""
    check(case, command, by)
    other = other_case(case, command.other_case, by, others)
    check_stage(other, command.NAME, by.at)
    if case.links.get(other.id) not in BY_HAND:
        raise NotLinked
    for one, another in ((case, other), (other, case)):
        one.trigger_event(CasesUnlinked, timestamp=by.at, other_case=another.id)
