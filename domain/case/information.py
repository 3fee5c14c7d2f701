"""Information: something is asked of the reporter or of a unit, and comes in. No clock stops."""

from dataclasses import dataclass
from typing import ClassVar, Final, assert_never
from uuid import UUID

from domain.case.asked import InformationNotAwaited, Question, answerable
from domain.case.guards import check_unit
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, optional, required

MOST_QUESTIONS: Final = 20
"""Open at once: whoever has asked so much waits for answers first."""


def _readers(unit: str | None) -> Audience | None:
    """What is asked of a unit is for the staff among itself."""
    return None if unit is None else Audience.INTERNAL


class InformationRequested(CaseEvent):
    """Something is asked. number: 1, 2, 3 ... of the case. unit: of whom; None: the reporter."""

    TOPIC: ClassVar[str] = "case.information_requested"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"question"})

    number: int
    unit: str | None
    question: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.questions_asked = self.number
        case.questions = (*case.questions, Question(self.number, self.unit))

    def readers(self) -> Audience | None:
        return _readers(self.unit)


class InformationReceived(CaseEvent):
    """What was asked came in. number, unit: as in the request."""

    TOPIC: ClassVar[str] = "case.information_received"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"answer"})

    number: int
    unit: str | None
    answer: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.questions = tuple(each for each in case.questions if each.number != self.number)

    def readers(self) -> Audience | None:
        return _readers(self.unit)


@dataclass(frozen=True, kw_only=True)
class RequestInformation(Command):
    """Ask the reporter, or a unit, for something that is needed."""

    NAME: ClassVar[str] = "requestInformation"

    case_id: UUID
    question: str
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReceiveInformation(Command):
    """Give what was asked, or take it down for whoever was asked."""

    NAME: ClassVar[str] = "receiveInformation"

    case_id: UUID
    number: int
    answer: str


def request_information(case: Case, command: RequestInformation, by: Circumstances) -> None:
    check(case, command, by)
    question = required(["question"], command.question)
    unit = optional(["unit"], command.unit, CODE_LIMIT)
    if unit is not None:
        check_unit(unit, by)
    if len(case.questions) >= MOST_QUESTIONS:
        raise InvalidInput(["question"], f"{MOST_QUESTIONS} questions are open already")
    case.trigger_event(
        InformationRequested,
        timestamp=by.at,
        number=case.questions_asked + 1,
        unit=unit,
        question=question,
    )


def receive_information(case: Case, command: ReceiveInformation, by: Circumstances) -> None:
    check(case, command, by)
    answer = required(["answer"], command.answer)
    question = answerable(case, by).get(command.number)
    if question is None:
        raise InformationNotAwaited(number=command.number)
    case.trigger_event(
        InformationReceived,
        timestamp=by.at,
        number=question.number,
        unit=question.unit,
        answer=answer,
    )


InformationCommand = RequestInformation | ReceiveInformation


def decide(case: Case, command: InformationCommand, by: Circumstances) -> None:
    """Decide a command about information that is asked for."""
    match command:
        case RequestInformation():
            request_information(case, command, by)
        case ReceiveInformation():
            receive_information(case, command, by)
        case _:
            assert_never(command)
