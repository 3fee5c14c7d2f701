"""Reporters: who brings a case, under a key of the person, apart from what the case is about."""

from dataclasses import dataclass, field
from typing import ClassVar, Final
from uuid import UUID

from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.identity import ActorKind
from domain.personal_data import Category, person_id
from domain.refusal import InvalidInput
from domain.wording import optional

DETAIL_LIMIT: Final = 200
"""Characters of a name, a telephone number or an address: each stands on one line."""


@dataclass(frozen=True, kw_only=True)
class ReporterDetails:
    """Who a reporter is and how to reach them. The values are in no repr, and so in no log."""

    name: str | None = field(default=None, repr=False)
    contact: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


class ReporterAttached(CaseEvent):
    """It is known who brings the case, or more of it.

    reporter_id: the person, under whose key the rest is sealed. categories: what was given; it
        stays when the key is gone.
    """

    TOPIC: ClassVar[str] = "case.reporter_attached"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"name", "contact", "address"})
    SUBJECT: ClassVar[str | None] = "reporter_id"

    reporter_id: UUID
    categories: tuple[Category, ...]
    name: str | None
    contact: str | None
    address: str | None

    def apply(self, case: Case) -> None:
        case.reporter_id = self.reporter_id


@dataclass(frozen=True, kw_only=True)
class AttachReporter(Command):
    """Say who brings the case; what is left out stays as it was said before.

    reporter_id: of somebody who is not known yet, chosen by the caller of the domain.
    another: the case is brought by another person than was said before.
    """

    NAME: ClassVar[str] = "attachReporter"

    case_id: UUID
    reporter_id: UUID
    details: ReporterDetails
    another: bool = False


def attach_reporter(case: Case, command: AttachReporter, by: Circumstances) -> None:
    check(case, command, by)
    known = None if command.another else case.reporter_id
    if known is None:
        known = subject_of_reporter(command.reporter_id, on_behalf=case.on_behalf, by=by)
    attach(case, command.details, known, by)


def subject_of_reporter(fresh: UUID, *, on_behalf: bool, by: Circumstances) -> UUID:
    """Who a new reporter is: whoever signed in and speaks for themselves, or a stranger."""
    themselves = by.as_reporter and by.actor.kind is ActorKind.PERSON and not on_behalf
    return person_id(by.actor.principal) if themselves else fresh


def attach(case: Case, details: ReporterDetails, reporter_id: UUID, by: Circumstances) -> None:
    """ReporterAttached pending. Raises InvalidInput where nothing is said."""
    given = {
        category: optional(["reporter", category.lower()], text, DETAIL_LIMIT)
        for category, text in (
            (Category.NAME, details.name),
            (Category.CONTACT, details.contact),
            (Category.ADDRESS, details.address),
        )
    }
    if not any(given.values()):
        raise InvalidInput(["reporter"], "a reporter needs a name, a contact or an address")
    case.trigger_event(
        ReporterAttached,
        timestamp=by.at,
        reporter_id=reporter_id,
        categories=tuple(category for category, text in given.items() if text is not None),
        name=given[Category.NAME],
        contact=given[Category.CONTACT],
        address=given[Category.ADDRESS],
    )
