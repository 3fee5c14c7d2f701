"""The closed lists that cases, the catalogue and routing rules share."""

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
