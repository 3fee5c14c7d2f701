"""Appeals: a reporter does not accept a rejection or a closing, and another person decides anew.

An appeal that is upheld reopens a closed case in a new cycle. It makes a rejected case accepted:
that it is ours to handle is what was decided.
"""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.intake import CaseAccepted
from domain.case.lifecycle import Stage
from domain.case.reopening import begin_cycle
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import ReopenedBy
from domain.command import Circumstances, Command
from domain.wording import required


class AppealFiled(CaseEvent):
    """The reporter does not accept what was decided. number: 1, 2, 3 ... of the case.

    against: the stage that the decision led to.
    """

    TOPIC: ClassVar[str] = "case.appeal_filed"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})

    number: int
    against: Stage
    ground: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.appeals_filed = self.number
        case.open_appeal = self.number
        case.appealed = True


class AppealDecided(CaseEvent):
    """Another person looked at it again. upheld: the reporter is right. finding: why."""

    TOPIC: ClassVar[str] = "case.appeal_decided"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"finding"})

    number: int
    upheld: bool
    finding: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.open_appeal = None


@dataclass(frozen=True, kw_only=True)
class FileAppeal(Command):
    """Not accept a rejection or a closing."""

    NAME: ClassVar[str] = "fileAppeal"

    case_id: UUID
    ground: str


@dataclass(frozen=True, kw_only=True)
class DecideAppeal(Command):
    """Uphold an appeal or dismiss it, with the finding."""

    NAME: ClassVar[str] = "decideAppeal"

    case_id: UUID
    upheld: bool
    finding: str


def file_appeal(case: Case, command: FileAppeal, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        AppealFiled,
        timestamp=by.at,
        number=case.appeals_filed + 1,
        against=case.stage,
        ground=required(["ground"], command.ground),
    )


def decide_appeal(case: Case, command: DecideAppeal, by: Circumstances) -> None:
    check(case, command, by)
    finding = required(["finding"], command.finding)
    case.trigger_event(
        AppealDecided,
        timestamp=by.at,
        number=case.appeals_filed,
        upheld=command.upheld,
        finding=finding,
    )
    if not command.upheld:
        return
    if case.stage is Stage.CLOSED:
        begin_cycle(case, by, finding, ReopenedBy.APPEAL)
    else:
        case.trigger_event(CaseAccepted, timestamp=by.at)


AppealCommand = FileAppeal | DecideAppeal


def decide(case: Case, command: AppealCommand, by: Circumstances) -> None:
    """Decide a command about an appeal."""
    match command:
        case FileAppeal():
            file_appeal(case, command, by)
        case DecideAppeal():
            decide_appeal(case, command, by)
        case _:
            assert_never(command)
