"""The closed lists that cases, the catalogue and the rules of a jurisdiction share."""

from enum import StrEnum


class Channel(StrEnum):
    """How a request reached us."""

    WEB = "WEB"
    APP = "APP"
    HOTLINE = "HOTLINE"
    WALK_IN = "WALK_IN"
    GRID_PATROL = "GRID_PATROL"
    EMAIL = "EMAIL"
    OPEN311 = "OPEN311"
    MEDIA = "MEDIA"
    TRANSFERRED = "TRANSFERRED"
    IMPORT = "IMPORT"


class Urgency(StrEnum):
    """How soon a case must be met."""

    NORMAL = "NORMAL"
    URGENT = "URGENT"
    EMERGENCY = "EMERGENCY"


class Confidentiality(StrEnum):
    """How few may see a case; `domain.reach.CLEARED` says whom each level leaves."""

    NORMAL = "NORMAL"
    RESTRICTED = "RESTRICTED"
    CONFIDENTIAL = "CONFIDENTIAL"


class ClockKind(StrEnum):
    """What is timed of a case (DOMAIN.md section 7)."""

    ACCEPTANCE = "ACCEPTANCE"
    DISPATCH = "DISPATCH"
    SIGN_OFF = "SIGN_OFF"
    FIRST_CONTACT = "FIRST_CONTACT"
    STAGE = "STAGE"
    RESOLUTION = "RESOLUTION"
    CO_REPLY = "CO_REPLY"
    VERIFICATION = "VERIFICATION"
    FEEDBACK = "FEEDBACK"
    APPROVAL = "APPROVAL"
    SUPERVISION_REPLY = "SUPERVISION_REPLY"
    PUBLICATION = "PUBLICATION"


class OrderLevel(StrEnum):
    """How grave a supervision order 督办单 is, the gravest last."""

    BLUE = "BLUE"
    ORANGE = "ORANGE"
    RED = "RED"
