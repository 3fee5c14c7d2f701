"""What the mutations of a case take: a command's own fields beside what every command carries."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from domain import wording
from domain.case.answers import checked_answers
from domain.case.intake import RegisterCase
from domain.case.reporters import DETAIL_LIMIT, ReporterDetails
from domain.case.routing import MOST_CO_UNITS
from domain.case.vocabulary import (
    Audience,
    Channel,
    Point,
    Precision,
    Relation,
    ResolutionOutcome,
    Urgency,
)
from schema import ids

_TITLE: Final = f", at most {wording.TITLE_LIMIT} characters"
_TEXT: Final = f", at most {wording.TEXT_LIMIT:,} characters"
_DETAIL: Final = f", at most {DETAIL_LIMIT} characters"
_CODE: Final = f", at most {wording.CODE_LIMIT} characters"
_COMMON: Final = ("expected_version", "occurred_at", "reason")


@strawberry.input
class CommandInput:
    """What every command takes."""

    command_id: UUID | None = field(
        default=None,
        description=(
            "Idempotency key, chosen by the client: the same id and input again returns the first "
            "outcome; the same id with another input is refused. Left out, the service chooses "
            "one, and the same input again is another command."
        ),
    )
    expected_version: int | None = field(
        default=None,
        description="The version the client saw; if the case has moved on, VersionConflict.",
    )
    occurred_at: datetime | None = field(
        default=None, description="When it happened, if that was before now."
    )
    reason: str | None = field(
        default=None,
        description=f"Why, in the actor's words, at most {wording.REASON_LIMIT:,} characters.",
    )

    def common(self) -> dict[str, Any]:
        """The arguments that every command takes. Raises InvalidInput for any text here."""
        for path, text in _texts(self):
            wording.optional(path, text)
        given = {name: getattr(self, name) for name in _COMMON}
        return given | {"command_id": self.command_id or uuid4()}


@strawberry.input
class CaseInput(CommandInput):
    """What every command on an existing case takes."""

    case_id: strawberry.ID = field(description="The case's caseId.")

    def common(self) -> dict[str, Any]:
        return super().common() | {"case_id": ids.parse_current_case(self.case_id, "caseId")}


@strawberry.input(description="A point on the map, in degrees of WGS 84.")
class PointInput:
    """A point."""

    latitude: float = field(description="-90 to 90.")
    longitude: float = field(description="-180 to 180.")
    precision: Precision = field(
        default=Precision.EXACT, description="How exactly the point is known."
    )

    def value(self) -> Point:
        """The domain's point."""
        return Point(self.latitude, self.longitude, self.precision)


@strawberry.input(
    description="Who brings a case: sealed under a key of the person, and shown for a purpose."
)
class ReporterInput:
    """Who brings a case."""

    name: str | None = field(default=None, description=f"The name{_DETAIL}.")
    contact: str | None = field(
        default=None, description=f"How to reach them, as a telephone number{_DETAIL}."
    )
    address: str | None = field(default=None, description=f"Where they live{_DETAIL}.")

    def value(self) -> ReporterDetails:
        """The domain's value."""
        return ReporterDetails(name=self.name, contact=self.contact, address=self.address)


@strawberry.input(description="Register a request.")
class RegisterCaseInput(CommandInput):
    """registerCase."""

    channel: Channel = field(description="How the request reached us.")
    type_code: str | None = field(default=None, description=f"Code of the case type{_CODE}.")
    title: str | None = field(default=None, description=f"The request in one line{_TITLE}.")
    description: str | None = field(default=None, description=f"The request in full{_TEXT}.")
    area: str | None = field(default=None, description=f"Code of the area or grid cell{_CODE}.")
    point: PointInput | None = field(default=None, description="Where exactly.")
    urgency: Urgency | None = field(
        default=None,
        description="How soon it must be met; left out: as its type has it, else NORMAL.",
    )
    on_behalf: bool = field(
        default=False, description="Whether it is registered on behalf of somebody else."
    )
    relation: Relation | None = field(
        default=None, description="What the caller is to that person; only with onBehalf."
    )
    fields: JSON | None = field(
        default=None,
        description="Answers to the questions of the type, by the name of each field: an object "
        "as its jsonSchema describes it.",
    )

    reporter: ReporterInput | None = field(
        default=None, description="Who brings it, where they say so."
    )

    def command(self, case_id: UUID, case_no: str, reporter_id: UUID) -> RegisterCase:
        """The command, for a new case with this id and number, of a person with this id."""
        return RegisterCase(
            **self.common(),
            case_id=case_id,
            case_no=case_no,
            channel=self.channel,
            type_code=self.type_code,
            title=self.title,
            description=self.description,
            area=self.area,
            point=self.point.value() if self.point else None,
            urgency=self.urgency,
            on_behalf=self.on_behalf,
            relation=self.relation,
            fields=checked_answers(self.fields),
            reporter_id=None if self.reporter is None else reporter_id,
            reporter=None if self.reporter is None else self.reporter.value(),
        )


@strawberry.input(
    description="Put title or description right. Null leaves one as it is, a blank text clears it."
)
class CorrectCaseInput(CaseInput):
    """correctCase."""

    title: str | None = field(default=None, description=f"The right title{_TITLE}.")
    description: str | None = field(default=None, description=f"The right description{_TEXT}.")


@strawberry.input(
    description="Say who brings a case; what is left out stays as it was said before."
)
class AttachReporterInput(CaseInput):
    """attachReporter."""

    reporter: ReporterInput = field(description="Who it is.")
    another: bool = field(
        default=False, description="Whether it is another person than was said before."
    )


@strawberry.input(description="Accept a registered case.")
class AcceptCaseInput(CaseInput):
    """acceptCase."""


@strawberry.input(description="Do not accept a registered case.")
class RejectCaseInput(CaseInput):
    """rejectCase."""

    legal_basis: str = field(description=f"The law or rule that the rejection rests on{_TEXT}.")
    remedy: str = field(description=f"What the reporter can do now{_TEXT}.")


@strawberry.input(
    description="Give an accepted case to a lead unit: the one given, or that of the policy."
)
class DispatchCaseInput(CaseInput):
    """dispatchCase."""

    lead_unit: str | None = field(
        default=None,
        description="Code of the unit that answers for the handling; left out: the one that the "
        f"routing policy in force says. Another one needs a reason{_CODE}.",
    )
    co_units: list[str] = field(
        default_factory=list,
        description="Codes of the units that help; none: without leadUnit those of the policy. "
        f"At most {MOST_CO_UNITS}.",
    )
    override: bool = field(
        default=False,
        description="Whether it goes to leadUnit although that is not competent; needs a reason.",
    )


@strawberry.input(description="Take a dispatched case over on behalf of the lead unit.")
class SignForCaseInput(CaseInput):
    """signForCase."""


@strawberry.input(description="Say what was done about a case in progress.")
class RecordProgressInput(CaseInput):
    """recordProgress."""

    text: str = field(description=f"What was done{_TEXT}.")


@strawberry.input(description="Add a note to a case.")
class AddNoteInput(CaseInput):
    """addNote."""

    text: str = field(description=f"The note{_TEXT}.")
    audience: Audience | None = field(
        default=None, description="Who may read it; left out, the writer's own side."
    )


@strawberry.input(description="Say how the handling of a case in progress ended.")
class SubmitResolutionInput(CaseInput):
    """submitResolution."""

    outcome: ResolutionOutcome = field(description="What was reached.")
    measures: str = field(description=f"What was done to reach it{_TEXT}.")
    basis: str | None = field(
        default=None, description=f"The rule it rests on, where one does{_TEXT}."
    )


@strawberry.input(description="Find a resolution good: ask the reporter, or close at once.")
class VerifyResolutionInput(CaseInput):
    """verifyResolution."""

    ask_feedback: bool = field(
        default=True, description="Whether the reporter is asked before the case closes."
    )
    public_reason: str | None = field(
        default=None,
        description="Why it closes, in words for the public; only where it closes at once.",
    )


@strawberry.input(description="Send a resolution back to the lead unit.")
class OrderReworkInput(CaseInput):
    """orderRework."""

    demand: str = field(description=f"What is still to be done{_TEXT}.")


@strawberry.input(description="Record what the reporter answered; it closes the case.")
class RecordFeedbackInput(CaseInput):
    """recordFeedback."""

    contacted: bool = field(description="Whether the reporter was reached.")
    resolved: bool | None = field(
        default=None, description="Whether the reporter says that it is resolved."
    )
    satisfaction: int | None = field(
        default=None, description="From 1, very dissatisfied, to 5, very satisfied."
    )


@strawberry.input(description="Close a case whose reporter did not answer.")
class CloseCaseInput(CaseInput):
    """closeCase."""

    public_reason: str | None = field(
        default=None, description="Why it closes, in words for the public."
    )


@strawberry.input(description="Begin a new cycle of a closed case.")
class ReopenCaseInput(CaseInput):
    """reopenCase."""

    ground: str = field(description=f"Why it was not finished after all{_TEXT}.")


@strawberry.input(description="Take a request back.")
class WithdrawCaseInput(CaseInput):
    """withdrawCase."""


def _texts(given: object, path: tuple[str, ...] = ()) -> Iterator[tuple[list[str], str]]:
    """Every text in an input with its path, also those of which no decision may look at first.

    The command's digest is taken before it is decided, and broken Unicode has none.
    """
    if isinstance(given, str):
        yield [*path], given
    elif isinstance(given, list):
        for index, item in enumerate(given):
            yield from _texts(item, (*path, str(index)))
    elif is_dataclass(given):
        for each in fields(given):
            yield from _texts(getattr(given, each.name), (*path, _camel(each.name)))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
