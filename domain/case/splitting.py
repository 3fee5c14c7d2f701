"""Splitting: a request that is two goes on as two cases."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from domain.case.guards import check_area, type_rules
from domain.case.intake import CaseAccepted, CaseRegistered
from domain.case.lifecycle import Stage
from domain.case.others import Cases
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import LinkKind
from domain.command import Circumstances, Command
from domain.event import begin_stream
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required

NOT_ACCEPTED: Final = frozenset({Stage.REGISTERED, Stage.VERIFYING})
"""The stages of a case before anybody answers for it: what is split from it is not accepted."""


class CaseSplit(CaseEvent):
    """A part of the case goes on as a case of its own."""

    TOPIC: ClassVar[str] = "case.split"

    other_case: UUID

    def apply(self, case: Case) -> None:
        case.links = {**case.links, self.other_case: LinkKind.SPLIT_INTO}


class CaseSplitFrom(CaseEvent):
    """The case was a part of another. reporter_id: who brought both, said at the other one."""

    TOPIC: ClassVar[str] = "case.split_from"

    other_case: UUID
    reporter_id: UUID | None

    def apply(self, case: Case) -> None:
        case.links = {**case.links, self.other_case: LinkKind.SPLIT_FROM}
        case.reporter_id = self.reporter_id
        case.split_from = self.other_case


@dataclass(frozen=True, kw_only=True)
class SplitCase(Command):
    """Let a part of the case go on as a case of its own.

    new_case_id, new_case_no: chosen by the caller of the domain. What is None is as in this case,
    but the title and the description, which say what the part is about.
    """

    NAME: ClassVar[str] = "splitCase"

    case_id: UUID
    new_case_id: UUID
    new_case_no: str
    title: str
    description: str | None = None
    type_code: str | None = None
    area: str | None = None


def split(case: Case, command: SplitCase, by: Circumstances, others: Cases) -> None:
    """The new case is brought when this one was, by the same reporter, and as far accepted."""
    check(case, command, by)
    type_code = optional(["typeCode"], command.type_code, CODE_LIMIT)
    area = optional(["area"], command.area, CODE_LIMIT)
    catalogue_version = case.catalogue_version
    if type_code is not None:
        _, catalogue_version = type_rules(type_code, by)
    check_area(area, by)
    part = begin_stream(
        Case,
        CaseRegistered,
        stream_id=command.new_case_id,
        timestamp=case.registered_at,
        case_no=command.new_case_no,
        channel=case.channel,
        type_code=type_code or case.type_code,
        title=required(["title"], command.title, TITLE_LIMIT),
        description=optional(["description"], command.description),
        area=area or case.area,
        point=None,
        urgency=case.urgency,
        on_behalf=case.on_behalf,
        relation=None,
        reporter=case.reporter,
        catalogue_version=catalogue_version,
        fields=None,
    )
    part.trigger_event(
        CaseSplitFrom, timestamp=by.at, other_case=case.id, reporter_id=case.reporter_id
    )
    if case.stage not in NOT_ACCEPTED:
        part.trigger_event(CaseAccepted, timestamp=by.at)
    case.trigger_event(CaseSplit, timestamp=by.at, other_case=part.id)
    others[part.id] = part
