"""Evidence 证据: pictures and papers that belong to a case.

The journal knows them by their hash; their bytes are kept apart, sealed under the key of the case.
"""

import re
from dataclasses import dataclass
from typing import ClassVar, Final, assert_never
from uuid import UUID, uuid5

from domain.case.exhibits import Exhibit
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances, Command
from domain.refusal import AudienceNotOpen, InvalidInput
from domain.wording import TITLE_LIMIT, optional

EVIDENCE: Final = UUID("c7d0f7a0-6f5f-5b0b-9a0e-52d7f9f2b3a4")
"""Names pieces of evidence; any constant does, but it never changes."""

SHA256: Final = re.compile(r"[0-9a-f]{64}")
MEDIA_TYPE: Final = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,80}")
LABEL_LIMIT: Final = TITLE_LIMIT
"""Characters of what somebody calls a piece of evidence: one line of a list."""


class EvidenceAdded(CaseEvent):
    """Somebody added a picture or a paper; its audience says who may see it.

    sha256: of the bytes as they came, 64 hexadecimal digits. size: of them, in bytes.
    media_type: what the bytes are, not what they were said to be. label: what the giver calls it.
    by_reporter: whether it came from the reporter's side, not from the staff's.
    """

    TOPIC: ClassVar[str] = "case.evidence_added"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"label"})

    evidence_id: UUID
    sha256: str
    size: int
    media_type: str
    label: str | None
    audience: Audience
    by_reporter: bool

    def readers(self) -> Audience | None:
        return self.audience

    def apply(self, case: Case) -> None:
        case.evidence = (
            *case.evidence,
            Exhibit(
                self.evidence_id,
                self.sha256,
                self.size,
                self.media_type,
                self.audience,
                case.cycle,
                self.by_reporter,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class AddEvidence(Command):
    """Add what was stored before; None as audience: for the giver's own side.

    sha256, size, media_type: as whoever stored the bytes found them to be.
    """

    NAME: ClassVar[str] = "addEvidence"

    case_id: UUID
    sha256: str
    size: int
    media_type: str
    label: str | None = None
    audience: Audience | None = None


def evidence_id(case_id: UUID, sha256: str, audience: Audience) -> UUID:
    """The same bytes of a case, for the same audience, are one piece of evidence."""
    return uuid5(EVIDENCE, f"{case_id.hex} {sha256} {audience.value}")


def audience_of(wanted: Audience | None, *, as_reporter: bool) -> Audience:
    """For whom it is: what a reporter adds is for their own side, and open to the staff anyway."""
    own_side = Audience.REPORTER if as_reporter else Audience.INTERNAL
    audience = wanted or own_side
    if as_reporter and audience is not Audience.REPORTER:
        raise AudienceNotOpen(allowed=own_side.value, audience=audience.value)
    return audience


def add_evidence(case: Case, command: AddEvidence, by: Circumstances) -> None:
    check(case, command, by)
    _check_content(command)
    audience = audience_of(command.audience, as_reporter=by.as_reporter)
    known = evidence_id(command.case_id, command.sha256, audience)
    label = optional(["label"], command.label, LABEL_LIMIT)
    if any(each.evidence_id == known for each in case.evidence):
        return
    case.trigger_event(
        EvidenceAdded,
        timestamp=by.at,
        evidence_id=known,
        sha256=command.sha256,
        size=command.size,
        media_type=command.media_type,
        label=label,
        audience=audience,
        by_reporter=by.as_reporter,
    )


def _check_content(command: AddEvidence) -> None:
    if not SHA256.fullmatch(command.sha256):
        raise InvalidInput(["sha256"], "sha256 is 64 hexadecimal digits in small letters")
    if command.size < 1:
        raise InvalidInput(["size"], "there is nothing in it")
    if not MEDIA_TYPE.fullmatch(command.media_type):
        raise InvalidInput(["mediaType"], "mediaType is a media type, as image/jpeg")


EvidenceCommand = AddEvidence


def decide(case: Case, command: EvidenceCommand, by: Circumstances) -> None:
    """Decide a command about evidence."""
    match command:
        case AddEvidence():
            add_evidence(case, command, by)
        case _:
            assert_never(command)
