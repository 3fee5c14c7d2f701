"""What a case holds as evidence, and the rules that look at it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain.case.refusals import TooMuchEvidence
from domain.case.vocabulary import Audience
from domain.command import Circumstances

if TYPE_CHECKING:  # a case holds exhibits
    from domain.case.state import Case

MOST_EXHIBITS: Final = 100
"""In a case: enough for a long dispute, too little to fill a disk with one request."""

MOST_OF_REPORTER: Final = 20
"""Of them from the reporter's side, which may be anybody's."""


@dataclass(frozen=True)
class Exhibit:
    """A piece of evidence. sha256, size, media_type: of its bytes. cycle: in which it was added."""

    evidence_id: UUID
    sha256: str
    size: int
    media_type: str
    audience: Audience
    cycle: int
    by_reporter: bool


def check_room(case: "Case", by: Circumstances) -> None:
    """Refuse more evidence than a case holds, or than its reporter may give."""
    given = sum(each.by_reporter for each in case.evidence)
    if by.as_reporter and given >= MOST_OF_REPORTER:
        raise TooMuchEvidence(most=MOST_OF_REPORTER)
    if len(case.evidence) >= MOST_EXHIBITS:
        raise TooMuchEvidence(most=MOST_EXHIBITS)


def shows_handling(case: "Case") -> bool:
    """Whether the staff added evidence in this cycle of what it did.

    What was there in an earlier cycle, and what the reporter brought, shows nothing of that.
    """
    before = {each.sha256 for each in case.evidence if each.by_reporter or each.cycle < case.cycle}
    return any(each.sha256 not in before for each in case.evidence)
