"""What can be counted, by name: the closed vocabulary that metric definitions are written in.

A case's history yields rows of several populations (`domain.metrics.history`); each row holds the
facts that are true of it. A definition names facts, never expressions.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Population(StrEnum):
    """What there is one row of.

    CASE: of a case. CYCLE: of a case from its acceptance, or from being reopened, on.
    DISPATCH: of a unit that the case was given to. CONTACT, SIGN_OFF, HANDLING, CLOSING: of a clock
    FIRST_CONTACT, SIGN_OFF, STAGE, RESOLUTION. FEEDBACK: of a question to the reporter.
    HAND_OVER: from one officer to another. SUSPENSION, EXTENSION: of a decision about a request.
    ORDER: of a supervision order. WARNING: of a clock STAGE or RESOLUTION that warned.
    PUBLICATION: of a proposal.
    """

    CASE = "CASE"
    CYCLE = "CYCLE"
    DISPATCH = "DISPATCH"
    CONTACT = "CONTACT"
    SIGN_OFF = "SIGN_OFF"
    HANDLING = "HANDLING"
    CLOSING = "CLOSING"
    FEEDBACK = "FEEDBACK"
    HAND_OVER = "HAND_OVER"
    SUSPENSION = "SUSPENSION"
    EXTENSION = "EXTENSION"
    ORDER = "ORDER"
    WARNING = "WARNING"
    PUBLICATION = "PUBLICATION"


class Fact(StrEnum):
    """What may be true of a row.

    PROACTIVE: found on patrol, before anybody asked. REPEATED: the case was merged into another,
        or is linked with one as its follow-up or by the same cause.
    NEVER_REDISPATCHED: the first dispatch of its cycle, and no other unit was given the case.
    SHIRKED: the unit asked to give the case back, and arbitration left it there.
    *_DUE: a clock that came to its due time, or was kept before. *_IN_TIME: and was kept by then.
    PASSED: the due time passed. EXTENDED, SUSPENDED: the clock was given time, or stood still.
    RESOLUTION_ANSWERED: the reporter said whether it is resolved. CLAIMED_RESOLVED: the unit did.
    SATISFIED: 4 or 5 of 5. WARNED_RIGHTLY: the clock that warned was passed.
    """

    REGISTERED = "REGISTERED"
    PROACTIVE = "PROACTIVE"
    REPEATED = "REPEATED"
    TAKEN_ON = "TAKEN_ON"
    RESOLVED = "RESOLVED"
    REWORKED = "REWORKED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    PUBLISHED = "PUBLISHED"
    DISPATCHED = "DISPATCHED"
    FIRST_DISPATCHED = "FIRST_DISPATCHED"
    NEVER_REDISPATCHED = "NEVER_REDISPATCHED"
    RETURN_ASKED = "RETURN_ASKED"
    RETURN_UPHELD = "RETURN_UPHELD"
    SHIRKED = "SHIRKED"
    CONTACT_DUE = "CONTACT_DUE"
    CONTACTED_IN_TIME = "CONTACTED_IN_TIME"
    SIGN_OFF_DUE = "SIGN_OFF_DUE"
    SIGNED_IN_TIME = "SIGNED_IN_TIME"
    HANDLING_DUE = "HANDLING_DUE"
    HANDLED_IN_TIME = "HANDLED_IN_TIME"
    CLOSING_DUE = "CLOSING_DUE"
    CLOSED_IN_TIME = "CLOSED_IN_TIME"
    PASSED = "PASSED"
    EXTENDED = "EXTENDED"
    SUSPENDED = "SUSPENDED"
    FEEDBACK_ASKED = "FEEDBACK_ASKED"
    FEEDBACK_ANSWERED = "FEEDBACK_ANSWERED"
    RESOLUTION_ANSWERED = "RESOLUTION_ANSWERED"
    SAID_RESOLVED = "SAID_RESOLVED"
    CLAIMED_RESOLVED = "CLAIMED_RESOLVED"
    RATED = "RATED"
    SATISFIED = "SATISFIED"
    HANDED_OVER = "HANDED_OVER"
    SUSPENSION_DECIDED = "SUSPENSION_DECIDED"
    SUSPENSION_APPROVED = "SUSPENSION_APPROVED"
    EXTENSION_DECIDED = "EXTENSION_DECIDED"
    EXTENSION_APPROVED = "EXTENSION_APPROVED"
    ORDER_ISSUED = "ORDER_ISSUED"
    ORDER_ANSWERED = "ORDER_ANSWERED"
    ORDER_ANSWERED_IN_TIME = "ORDER_ANSWERED_IN_TIME"
    ORDER_RELEASED = "ORDER_RELEASED"
    WARNED = "WARNED"
    WARNED_RIGHTLY = "WARNED_RIGHTLY"
    PUBLICATION_PROPOSED = "PUBLICATION_PROPOSED"
    PUBLICATION_RELEASED = "PUBLICATION_RELEASED"


FACTS: Final[Mapping[Population, tuple[Fact, ...]]] = {
    Population.CASE: (Fact.REGISTERED, Fact.PROACTIVE, Fact.REPEATED),
    Population.CYCLE: (
        Fact.TAKEN_ON,
        Fact.RESOLVED,
        Fact.REWORKED,
        Fact.CLOSED,
        Fact.REOPENED,
        Fact.PUBLISHED,
    ),
    Population.DISPATCH: (
        Fact.DISPATCHED,
        Fact.FIRST_DISPATCHED,
        Fact.NEVER_REDISPATCHED,
        Fact.RETURN_ASKED,
        Fact.RETURN_UPHELD,
        Fact.SHIRKED,
    ),
    Population.CONTACT: (Fact.CONTACT_DUE, Fact.CONTACTED_IN_TIME),
    Population.SIGN_OFF: (Fact.SIGN_OFF_DUE, Fact.SIGNED_IN_TIME),
    Population.HANDLING: (Fact.HANDLING_DUE, Fact.HANDLED_IN_TIME),
    Population.CLOSING: (
        Fact.CLOSING_DUE,
        Fact.CLOSED_IN_TIME,
        Fact.PASSED,
        Fact.EXTENDED,
        Fact.SUSPENDED,
    ),
    Population.FEEDBACK: (
        Fact.FEEDBACK_ASKED,
        Fact.FEEDBACK_ANSWERED,
        Fact.RESOLUTION_ANSWERED,
        Fact.SAID_RESOLVED,
        Fact.CLAIMED_RESOLVED,
        Fact.RATED,
        Fact.SATISFIED,
    ),
    Population.HAND_OVER: (Fact.HANDED_OVER,),
    Population.SUSPENSION: (Fact.SUSPENSION_DECIDED, Fact.SUSPENSION_APPROVED),
    Population.EXTENSION: (Fact.EXTENSION_DECIDED, Fact.EXTENSION_APPROVED),
    Population.ORDER: (
        Fact.ORDER_ISSUED,
        Fact.ORDER_ANSWERED,
        Fact.ORDER_ANSWERED_IN_TIME,
        Fact.ORDER_RELEASED,
    ),
    Population.WARNING: (Fact.WARNED, Fact.WARNED_RIGHTLY),
    Population.PUBLICATION: (Fact.PUBLICATION_PROPOSED, Fact.PUBLICATION_RELEASED),
}
"""By population; the first is true of each of its rows."""

POPULATION_OF: Final[Mapping[Fact, Population]] = {
    fact: population for population, facts in FACTS.items() for fact in facts
}


class Measure(StrEnum):
    """What is measured of a row.

    HOURS: from when it began to when it ended; nothing where it has not. MULTIPLE: that time, up to
    the moment of asking where it has not ended, by the time that there was until it was due.
    LEAD_HOURS: from when it began to when it was due.
    """

    HOURS = "HOURS"
    MULTIPLE = "MULTIPLE"
    LEAD_HOURS = "LEAD_HOURS"


class PeriodRule(StrEnum):
    """By which time a row counts.

    DUE: of its clock; of CYCLE and FEEDBACK that of the cycle's clock RESOLUTION; where there is
    none, when it happened. HAPPENED: when it began.
    """

    DUE = "DUE"
    HAPPENED = "HAPPENED"


class ExclusionCause(StrEnum):
    """Why a case may be left out of a figure, by somebody who is not appraised by it."""

    FORCE_MAJEURE = "FORCE_MAJEURE"
    BEYOND_COMPETENCE = "BEYOND_COMPETENCE"
    UNFOUNDED_DEMAND = "UNFOUNDED_DEMAND"
    MALICIOUS_REPEAT = "MALICIOUS_REPEAT"
    SYSTEM_FAULT = "SYSTEM_FAULT"
