"""What the mutations of intake take."""

from uuid import UUID

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from domain.case.answers import checked_answers
from domain.case.intake import RegisterCase
from domain.case.reporters import ReporterDetails
from domain.case.vocabulary import (
    Channel,
    Point,
    Precision,
    Relation,
    Urgency,
)
from schema.case.inputs.base import CODE, DETAIL, TEXT, TITLE, CaseInput, CommandInput


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

    name: str | None = field(default=None, description=f"The name{DETAIL}.")
    contact: str | None = field(
        default=None, description=f"How to reach them, as a telephone number{DETAIL}."
    )
    address: str | None = field(default=None, description=f"Where they live{DETAIL}.")

    def value(self) -> ReporterDetails:
        """The domain's value."""
        return ReporterDetails(name=self.name, contact=self.contact, address=self.address)


@strawberry.input(description="Register a request.")
class RegisterCaseInput(CommandInput):
    """registerCase."""

    channel: Channel = field(description="How the request reached us.")
    type_code: str | None = field(default=None, description=f"Code of the case type{CODE}.")
    title: str | None = field(default=None, description=f"The request in one line{TITLE}.")
    description: str | None = field(default=None, description=f"The request in full{TEXT}.")
    area: str | None = field(default=None, description=f"Code of the area or grid cell{CODE}.")
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
    description="Put details right. Null leaves one as it is, a blank text clears it. Another type "
    "is reclassifyCase."
)
class CorrectCaseInput(CaseInput):
    """correctCase."""

    title: str | None = field(default=None, description=f"The right title{TITLE}.")
    description: str | None = field(default=None, description=f"The right description{TEXT}.")
    area: str | None = field(default=None, description=f"Code of the right area{CODE}.")
    point: PointInput | None = field(default=None, description="Where it really is.")
    urgency: Urgency | None = field(default=None, description="How soon it must be met.")
    channel: Channel | None = field(default=None, description="How it really reached us.")


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

    legal_basis: str = field(description=f"The law or rule that the rejection rests on{TEXT}.")
    remedy: str = field(description=f"What the reporter can do now{TEXT}.")


@strawberry.input(description="Take a request back.")
class WithdrawCaseInput(CaseInput):
    """withdrawCase."""
