"""Facts and examples of what is asked of others, how a case ends, and who is shown it."""

from datetime import datetime, timedelta
from typing import Any, Final

from domain.case import (
    appeals,
    closing,
    cohandling,
    confidentiality,
    contact,
    feedback,
    information,
    outcome,
    reopening,
    sharing,
    voiding,
)
from domain.case.lifecycle import Stage
from domain.case.vocabulary import CasePart, ContactWay, ReopenedBy, VoidReason
from domain.catalogue.state import CaseTypeCatalogue
from domain.command import Arrangements, Command
from domain.vocabulary import Confidentiality
from tests.domain.configuring import Configuring, case_type, draft_catalogue
from tests.domain.people import REGISTRAR, SUPERVISOR
from tests.domain.scenario import BEGAN, NOW, Fact, ask, happened

EXPIRES: Final = NOW + timedelta(days=30)

verified: Final = happened(outcome.ResolutionVerified, checker=SUPERVISOR.principal)
lapsed: Final = happened(feedback.FeedbackLapsed)
archived: Final = happened(closing.CaseArchived)
voided: Final = happened(voiding.CaseVoided, void_reason=VoidReason.TEST)


def asked(due: datetime | None = None) -> Fact:
    return happened(feedback.FeedbackRequested, due=due, calendar=None)


def answered(**said: object) -> Fact:
    usual = {"contacted": True, "resolved": None, "satisfaction": None}
    return happened(feedback.FeedbackReceived, **{**usual, **said})


not_reached: Final = answered(contacted=False)


def closed(public_reason: str | None = None) -> Fact:
    return happened(closing.CaseClosed, public_reason=public_reason)


def reopened(cycle: int, by: ReopenedBy | None = ReopenedBy.SUPERVISOR) -> Fact:
    return happened(reopening.CaseReopened, cycle=cycle, ground="As loud as before.", by=by)


def co_requested(unit: str = "police", due: datetime = NOW) -> Fact:
    return happened(
        cohandling.CoHandlingRequested,
        unit=unit,
        question="Was there a fight?",
        due=due,
        calendar=None,
    )


def co_replied(unit: str = "police", *, agrees: bool = True) -> Fact:
    return happened(cohandling.CoHandlingReplied, unit=unit, agrees=agrees, reply="No")


def deemed_agreed(unit: str = "police") -> Fact:
    return happened(cohandling.CoHandlingDeemedAgreed, unit=unit)


def information_requested(number: int = 1, unit: str | None = None) -> Fact:
    return happened(
        information.InformationRequested, number=number, unit=unit, question="Which door?"
    )


def information_received(number: int = 1, unit: str | None = None) -> Fact:
    return happened(
        information.InformationReceived, number=number, unit=unit, answer="The green one"
    )


def appeal_filed(number: int = 1, against: Stage = Stage.CLOSED) -> Fact:
    return happened(appeals.AppealFiled, number=number, against=against, ground="Not measured")


def appeal_decided(number: int = 1, *, upheld: bool = False) -> Fact:
    return happened(appeals.AppealDecided, number=number, upheld=upheld, finding="Looked at")


def void_requested(by: str = REGISTRAR.principal) -> Fact:
    return happened(
        voiding.VoidRequested, void_reason=VoidReason.TEST, explanation=None, requested_by=by
    )


def shared_with(unit: str = "police", *parts: CasePart) -> Fact:
    return happened(
        sharing.CaseShared, unit=unit, purpose="To look for it", parts=parts, expires=EXPIRES
    )


def confidential(level: Confidentiality = Confidentiality.CONFIDENTIAL) -> Fact:
    return happened(confidentiality.ConfidentialityChanged, level=level)


PREPARED: Final[dict[str, tuple[Fact, ...]]] = {
    "replyCoHandling": (co_requested(),),
    "deemCoHandlingAgreed": (co_requested(),),
    "receiveInformation": (information_requested(),),
    "decideAppeal": (appeal_filed(),),
    "approveVoid": (void_requested(),),
    "refuseVoid": (void_requested(),),
    "revokeShare": (shared_with(),),
    "expireShare": (shared_with(),),
}

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(cohandling.RequestCoHandling, unit="police", question="Was there a fight?"),
    ask(cohandling.ReplyCoHandling, unit="police", reply="No"),
    ask(cohandling.DeemCoHandlingAgreed, unit="police"),
    ask(contact.RecordFirstContact, way=ContactWay.TELEPHONE, result="Will wait"),
    ask(information.RequestInformation, question="Which door?"),
    ask(information.ReceiveInformation, number=1, answer="The green one"),
    ask(feedback.RecordFeedback, contacted=True, resolved=True, satisfaction=5),
    ask(feedback.RecordFeedback, contacted=False),
    ask(feedback.LapseFeedback),
    ask(outcome.CloseCase),
    ask(reopening.ReopenCase, ground="It is as loud as before."),
    ask(appeals.FileAppeal, ground="Not measured", occurred_at=BEGAN + timedelta(days=2)),
    ask(appeals.DecideAppeal, upheld=True, finding="Looked at"),
    ask(appeals.DecideAppeal, upheld=False, finding="Looked at"),
    ask(voiding.RequestVoid, void_reason=VoidReason.TEST),
    ask(voiding.ApproveVoid),
    ask(voiding.RefuseVoid, explanation="It is one"),
    ask(closing.ArchiveCase),
    ask(confidentiality.SetConfidentiality, level=Confidentiality.CONFIDENTIAL),
    ask(
        sharing.ShareCase,
        unit="police",
        purpose="To look for it",
        parts=(CasePart.TEXT,),
        expires=EXPIRES,
    ),
    ask(sharing.RevokeShare, unit="police"),
    ask(sharing.ExpireShare, unit="police"),
)


def where_noise(**said: Any) -> Arrangements:
    """A catalogue whose version 1 says so of the type "noise"."""
    made = Configuring("Catalogue")
    made.given(draft_catalogue(case_type("noise", **said)))
    assert isinstance(made.kept, CaseTypeCatalogue)
    return Arrangements(catalogue=made.kept)
