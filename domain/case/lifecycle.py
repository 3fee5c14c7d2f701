"""The lifecycle region of a case: one table of data (DOMAIN.md section 4)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a case stands. IMPORTED: a history from elsewhere, outside the lifecycle."""

    REGISTERED = "REGISTERED"
    VERIFYING = "VERIFYING"
    ACCEPTED = "ACCEPTED"
    DISPATCHED = "DISPATCHED"
    IN_PROGRESS = "IN_PROGRESS"
    RESOLVED = "RESOLVED"
    AWAITING_FEEDBACK = "AWAITING_FEEDBACK"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    REFERRED = "REFERRED"
    MERGED = "MERGED"
    VOIDED = "VOIDED"
    ARCHIVED = "ARCHIVED"
    IMPORTED = "IMPORTED"


ACTIVE: Final = frozenset(
    {
        Stage.REGISTERED,
        Stage.VERIFYING,
        Stage.ACCEPTED,
        Stage.DISPATCHED,
        Stage.IN_PROGRESS,
        Stage.RESOLVED,
        Stage.AWAITING_FEEDBACK,
    }
)
"""Neither closed nor at a side end."""

ENDS: Final = frozenset(Stage) - ACTIVE - {Stage.IMPORTED}
"""Where what was still asked or requested is no longer wanted."""


@dataclass(frozen=True)
class Rule:
    """From which stages a command is possible, and where it may lead (empty: it stays)."""

    sources: frozenset[Stage]
    targets: frozenset[Stage] = frozenset()


def _rule(sources: frozenset[Stage] | set[Stage], *targets: Stage) -> Rule:
    return Rule(frozenset(sources), frozenset(targets))


_UNDECIDED: Final = frozenset({Stage.REGISTERED, Stage.VERIFYING})
"""Whether the case is ours has not been decided."""

_WITH_UNIT: Final = frozenset({Stage.DISPATCHED, Stage.IN_PROGRESS})
"""The lead unit is at it."""

_UNRESOLVED: Final = _UNDECIDED | _WITH_UNIT | {Stage.ACCEPTED}
"""Something may still have to be found out."""

_SUPERVISED: Final = ACTIVE - {Stage.AWAITING_FEEDBACK}
"""Where a supervision order may be open: what waits for the reporter's answer alone closes with it,
so nothing may stand in its way."""

_APPEALABLE: Final = frozenset({Stage.REJECTED, Stage.CLOSED})
"""Somebody decided, and another person can decide otherwise."""

_EVER: Final = frozenset(Stage) - {Stage.IMPORTED}

LIFECYCLE: Final[dict[str, Rule]] = {
    "requestFieldVerification": _rule({Stage.REGISTERED}, Stage.VERIFYING),
    "recordFieldVerification": _rule({Stage.VERIFYING}),
    "acceptCase": _rule(_UNDECIDED, Stage.ACCEPTED),
    "proposeRejection": _rule(_UNDECIDED),
    "rejectCase": _rule(_UNDECIDED, Stage.REJECTED),
    "dispatchCase": _rule({Stage.ACCEPTED}, Stage.DISPATCHED),
    "assignFallbackOwner": _rule({Stage.ACCEPTED}),
    "signForCase": _rule({Stage.DISPATCHED}, Stage.IN_PROGRESS),
    "assignOfficer": _rule(_WITH_UNIT),
    "offerHandOver": _rule(_WITH_UNIT),
    "acceptHandOver": _rule(_WITH_UNIT),
    "declineHandOver": _rule(_WITH_UNIT),
    # A unit that has signed answers for the case; only an arbitration takes it away again.
    "requestReturn": _rule({Stage.DISPATCHED}),
    "upholdReturn": _rule({Stage.DISPATCHED}, Stage.ACCEPTED),
    "rejectReturn": _rule({Stage.DISPATCHED}),
    "requestArbitration": _rule({Stage.ACCEPTED, *_WITH_UNIT}),
    # The unit that leads already goes on where it is; another one has to sign.
    "arbitrateResponsibility": _rule({Stage.ACCEPTED, *_WITH_UNIT}, *_WITH_UNIT),
    "recordProgress": _rule({Stage.IN_PROGRESS}),
    "recordFirstContact": _rule(_WITH_UNIT),
    "requestCoHandling": _rule({Stage.IN_PROGRESS}),
    "replyCoHandling": _rule({Stage.IN_PROGRESS}),
    "deemCoHandlingAgreed": _rule({Stage.IN_PROGRESS}),
    "requestInformation": _rule(_UNRESOLVED),
    "receiveInformation": _rule(ACTIVE),
    # What the lead unit asks for of its time is for as long as it is at it.
    "requestSuspension": _rule({Stage.IN_PROGRESS}),
    "approveSuspension": _rule({Stage.IN_PROGRESS}),
    "denySuspension": _rule({Stage.IN_PROGRESS}),
    "resumeCase": _rule({Stage.IN_PROGRESS}),
    "requestExtension": _rule({Stage.IN_PROGRESS}),
    "approveExtension": _rule({Stage.IN_PROGRESS}),
    "denyExtension": _rule({Stage.IN_PROGRESS}),
    "submitResolution": _rule({Stage.IN_PROGRESS}, Stage.RESOLVED),
    "orderRework": _rule({Stage.RESOLVED}, Stage.IN_PROGRESS),
    # With a feedback visit the case waits for the answer, without one it closes at once.
    "verifyResolution": _rule({Stage.RESOLVED}, Stage.AWAITING_FEEDBACK, Stage.CLOSED),
    # Whoever was not reached stays asked.
    "recordFeedback": _rule({Stage.AWAITING_FEEDBACK}, Stage.AWAITING_FEEDBACK, Stage.CLOSED),
    "lapseFeedback": _rule({Stage.AWAITING_FEEDBACK}, Stage.CLOSED),
    # The registrar closes when nobody answers: the feedback lapses.
    "closeCase": _rule({Stage.AWAITING_FEEDBACK}, Stage.CLOSED),
    # Back to ACCEPTED in a new cycle: it is dispatched anew, perhaps to another unit.
    "reopenCase": _rule({Stage.CLOSED}, Stage.ACCEPTED),
    "fileAppeal": _rule(_APPEALABLE),
    # Upheld: a closed case begins a new cycle, a rejected one is accepted after all. Else it stays.
    "decideAppeal": _rule(_APPEALABLE, *_APPEALABLE, Stage.ACCEPTED),
    "withdrawCase": _rule(ACTIVE, Stage.WITHDRAWN),
    "requestVoid": _rule(ACTIVE),
    "approveVoid": _rule(ACTIVE, Stage.VOIDED),
    "refuseVoid": _rule(ACTIVE),
    "archiveCase": _rule({Stage.CLOSED}, Stage.ARCHIVED),
    "referCaseOut": _rule(ACTIVE, Stage.REFERRED),
    "recordExternalStatus": _rule({Stage.REFERRED}),
    # What did not arrive there is ours again.
    "recordDeliveryFailure": _rule({Stage.REFERRED}, Stage.ACCEPTED),
    "declareEmergency": _rule(ACTIVE),
    "endEmergency": _rule(ACTIVE),
    "regulariseStep": _rule(ACTIVE),
    "urgeCase": _rule(ACTIVE),
    # It stays where it is; or it is to be dispatched anew, where its lead is not competent.
    "reclassifyCase": _rule(ACTIVE, *ACTIVE),
    # What was said or learnt about a case may be added at any time of its life.
    "correctCase": _rule(ACTIVE),
    "attachReporter": _rule(ACTIVE),
    # Whoever lost the code of a closed case still follows it, and appeals or has it reopened.
    "reissueTrackingCode": _rule(frozenset(Stage) - {Stage.IMPORTED}),
    # The public reads what is being done as well as what was done; not what was never ours.
    "proposePublication": _rule(ACTIVE - _UNDECIDED | {Stage.CLOSED}),
    "approvePublication": _rule(ACTIVE - _UNDECIDED | {Stage.CLOSED}),
    "refusePublication": _rule(frozenset(Stage) - {Stage.IMPORTED}),
    "withdrawPublication": _rule(frozenset(Stage) - {Stage.IMPORTED}),
    "addNote": _rule(_EVER - {Stage.ARCHIVED}),
    # Who may see a case is a question for as long as it is kept.
    "setConfidentiality": _rule(_EVER),
    "shareCase": _rule(_EVER),
    "revokeShare": _rule(_EVER),
    "expireShare": _rule(_EVER),
    "amendClocks": _rule(ACTIVE),
    # Of a closed case its publication is timed still; of one from elsewhere what was set there.
    "raiseDeadline": _rule(frozenset(Stage)),
    "addEvidence": _rule(frozenset(Stage) - {Stage.IMPORTED}),
    "issueOrder": _rule(_SUPERVISED),
    "replyToOrder": _rule(_SUPERVISED),
    "escalateOrder": _rule(_SUPERVISED),
    "recordInterview": _rule(_SUPERVISED),
    "releaseOrder": _rule(_SUPERVISED),
    # A figure is looked at when it is due, which may be long after the case was closed.
    "approveMetricExclusion": _rule(_EVER),
    "revokeMetricExclusion": _rule(_EVER),
    "mergeCase": _rule(ACTIVE, Stage.MERGED),
    # To the stage that it had when it was merged.
    "reverseMerge": _rule({Stage.MERGED}, *ACTIVE),
    "splitCase": _rule(ACTIVE),
    "linkCases": _rule(frozenset(Stage) - {Stage.IMPORTED}),
    "unlinkCases": _rule(frozenset(Stage) - {Stage.IMPORTED}),
}
