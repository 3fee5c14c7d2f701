"""The regions beside the lifecycle: each moves by itself (DOMAIN.md section 4)."""

from enum import StrEnum


class ReturnState(StrEnum):
    """Whether the lead unit has asked to give the case back, and who decides."""

    NONE = "NONE"
    REQUESTED = "REQUESTED"
    IN_ARBITRATION = "IN_ARBITRATION"


class FeedbackState(StrEnum):
    """Whether the reporter was asked in this cycle, and what came of it."""

    NONE = "NONE"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    LAPSED = "LAPSED"


class PublicationState(StrEnum):
    """Whether the public may read the case."""

    PRIVATE = "PRIVATE"
    PROPOSED = "PROPOSED"
    PUBLIC = "PUBLIC"
    WITHDRAWN = "WITHDRAWN"
