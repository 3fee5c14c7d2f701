"""What the handling of a case asks of others, and the guards that look at what is open of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.command import Circumstances
from domain.refusal import Refusal

if TYPE_CHECKING:  # a case holds questions
    from domain.case.state import Case


@dataclass(frozen=True)
class Question:
    """Information that is asked for and not there yet. unit: of whom; None: of the reporter."""

    number: int
    unit: str | None = None


class CoRepliesAwaited(Refusal):
    """The replies of {units} are awaited; after their due time they count as consent."""

    code = "CO_REPLIES_AWAITED"


class NoCoReplyAwaited(Refusal):
    """No unit was asked to help, or all have replied."""

    code = "NO_CO_REPLY_AWAITED"


class CoReplyNotAwaited(Refusal):
    """No reply of unit {unit} is awaited."""

    code = "CO_REPLY_NOT_AWAITED"


class CoReplyAlreadyAwaited(Refusal):
    """Unit {unit} was asked already and has not replied."""

    code = "CO_REPLY_ALREADY_AWAITED"


class ReplierNotInUnit(Refusal):
    """Whoever replies holds a position in the unit {unit} that was asked."""

    code = "REPLIER_NOT_IN_UNIT"


class FirstContactAlreadyMade(Refusal):
    """The reporter was contacted in this cycle already."""

    code = "FIRST_CONTACT_ALREADY_MADE"


class NoInformationAwaited(Refusal):
    """No information is awaited that you could give."""

    code = "NO_INFORMATION_AWAITED"


class InformationNotAwaited(Refusal):
    """No information number {number} is awaited that you could give."""

    code = "INFORMATION_NOT_AWAITED"


def check_co_replies(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse while a unit that was asked to help has not replied."""
    if case.co_asked:
        raise CoRepliesAwaited(units=sorted(case.co_asked))


def check_co_reply_awaited(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse where nobody was asked to help."""
    if not case.co_asked:
        raise NoCoReplyAwaited


def check_replier(case: "Case", by: Circumstances) -> None:
    """Refuse whoever holds a position in none of the units that were asked."""
    directory = by.directory
    if directory is None or not directory.has_units():
        return
    who = by.actor.principal
    if not any(directory.holds_position_in(who, unit, by.at) for unit in case.co_asked):
        raise ReplierNotInUnit(unit=", ".join(sorted(case.co_asked)))


def check_first_contact(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse a second first contact of a cycle."""
    if case.contacted:
        raise FirstContactAlreadyMade


def check_information_awaited(case: "Case", by: Circumstances) -> None:
    """Refuse where nothing is asked of whoever it is."""
    if not answerable(case, by):
        raise NoInformationAwaited


def answerable(case: "Case", by: Circumstances) -> dict[int, Question]:
    """The open questions that the actor may answer: a reporter those to them, the staff any."""
    return {
        question.number: question
        for question in case.questions
        if question.unit is None or not by.as_reporter
    }
