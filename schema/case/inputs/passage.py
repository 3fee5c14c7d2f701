"""What the mutations about whose a case is take."""

from datetime import datetime

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from domain.case.emergency import LONGEST
from domain.case.vocabulary import ExternalStatus, Step
from domain.wording import NAME_LIMIT
from schema.case.inputs.base import CODE, TEXT, CaseInput

PERSON = f", as their token names them, at most {NAME_LIMIT} characters"


@strawberry.input(description="Have the place of a registered case looked at.")
class RequestFieldVerificationInput(CaseInput):
    """requestFieldVerification."""

    area: str | None = field(
        default=None,
        description="Code of the area whose grid worker looks; the case lies there from then on. "
        f"Left out: where it lies already{CODE}.",
    )


@strawberry.input(description="Say what was found at the place.")
class RecordFieldVerificationInput(CaseInput):
    """recordFieldVerification."""

    findings: str = field(description=f"What was found{TEXT}.")
    confirmed: bool = field(description="Whether it is as the request says.")


@strawberry.input(description="Propose not to accept a case; another person decides.")
class ProposeRejectionInput(CaseInput):
    """proposeRejection."""

    legal_basis: str = field(description=f"The law or rule that it would rest on{TEXT}.")
    remedy: str = field(description=f"What the reporter could do then{TEXT}.")


@strawberry.input(description="Give a case another type.")
class ReclassifyCaseInput(CaseInput):
    """reclassifyCase."""

    type_code: str = field(description=f"Code of the right type{CODE}.")
    fields: JSON | None = field(
        default=None, description="Answers to its questions, as for registerCase."
    )
    redispatch: bool = field(
        default=False,
        description="Whether a lead unit that is not competent for it loses the case, which is "
        "then to be dispatched anew.",
    )
    recompute_clocks: bool = field(
        default=False,
        description="Whether the clocks that run get the limits of that type, by the versions in "
        "force; else they keep theirs.",
    )


@strawberry.input(description="Name who answers for an accepted case until it is dispatched.")
class AssignFallbackOwnerInput(CaseInput):
    """assignFallbackOwner."""

    unit: str | None = field(
        default=None,
        description="Code of the unit; left out: the fall-back unit of the routing policy in "
        f"force{CODE}.",
    )


@strawberry.input(description="Say who of the lead unit handles a case.")
class AssignOfficerInput(CaseInput):
    """assignOfficer."""

    officer: str = field(description=f"The person{PERSON}.")
    position: str | None = field(
        default=None,
        description="Code of the position of the lead unit that they do it in; left out: the "
        f"first that they hold there{CODE}.",
    )


@strawberry.input(description="Ask somebody of the lead unit to take a case over.")
class OfferHandOverInput(CaseInput):
    """offerHandOver."""

    to: str = field(description=f"The person{PERSON}.")
    position: str | None = field(default=None, description="As for assignOfficer.")


@strawberry.input(description="Take a case over: from now on the caller answers for it.")
class AcceptHandOverInput(CaseInput):
    """acceptHandOver."""


@strawberry.input(description="Do not take a case over.")
class DeclineHandOverInput(CaseInput):
    """declineHandOver."""


@strawberry.input(description="Ask to give a dispatched case back.")
class RequestReturnInput(CaseInput):
    """requestReturn."""

    ground: str = field(description=f"Why it is not the unit's own{TEXT}.")
    basis: str | None = field(default=None, description=f"The rule that says so{TEXT}.")
    suggested_unit: str | None = field(
        default=None, description=f"Code of the unit that it belongs to instead{CODE}."
    )


@strawberry.input(description="Take a case back from a unit that asked for it.")
class UpholdReturnInput(CaseInput):
    """upholdReturn."""


@strawberry.input(description="Leave a case with a unit that asked to give it back.")
class RejectReturnInput(CaseInput):
    """rejectReturn."""

    ground: str = field(description=f"Why it stays there{TEXT}.")


@strawberry.input(description="Ask to have it decided for good whose case it is.")
class RequestArbitrationInput(CaseInput):
    """requestArbitration."""

    ground: str = field(description=f"What is to be weighed{TEXT}.")


@strawberry.input(description="Name the lead unit of a case for good.")
class ArbitrateResponsibilityInput(CaseInput):
    """arbitrateResponsibility."""

    lead_unit: str = field(description=f"Code of the unit{CODE}.")
    ground: str = field(description=f"Why it is that one's{TEXT}.")


@strawberry.input(description="Refer a case to a body outside.")
class ReferCaseOutInput(CaseInput):
    """referCaseOut."""

    target: str = field(description=f"The code or name of that body{CODE}.")
    basis: str = field(description=f"The rule that it rests on{TEXT}.")


@strawberry.input(description="Record what the body outside says of a case.")
class RecordExternalStatusInput(CaseInput):
    """recordExternalStatus."""

    status: ExternalStatus = field(description="How it stands there.")
    text: str | None = field(default=None, description=f"What they say beside that{TEXT}.")


@strawberry.input(description="Record that a case did not arrive there: it is ours again.")
class RecordDeliveryFailureInput(CaseInput):
    """recordDeliveryFailure."""

    text: str = field(description=f"What went wrong{TEXT}.")


@strawberry.input(description="Declare an emergency: for a while steps may wait.")
class DeclareEmergencyInput(CaseInput):
    """declareEmergency."""

    expires: datetime = field(
        description=f"Until when, at most {LONGEST.days} days from now on; said again, it counts "
        "until then instead."
    )


@strawberry.input(description="End an emergency before it expires.")
class EndEmergencyInput(CaseInput):
    """endEmergency."""


@strawberry.input(description="Make a step good that an emergency let pass.")
class RegulariseStepInput(CaseInput):
    """regulariseStep."""

    step: Step = field(description="Which one.")
    finding: str = field(description=f"What looking at it afterwards showed{TEXT}.")


@strawberry.input(description="Say that one waits for a case, or that its reporter does.")
class UrgeCaseInput(CaseInput):
    """urgeCase."""

    text: str | None = field(default=None, description=f"What else is to be said{TEXT}.")
