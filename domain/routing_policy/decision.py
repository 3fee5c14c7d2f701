"""What a routing decision says: the rule, what it looked at, and why every other rule lost."""

from dataclasses import dataclass
from enum import StrEnum

from domain.vocabulary import Channel, Urgency


class Loss(StrEnum):
    """Why a rule was not chosen: the first condition that was not met, or what stood above it."""

    TYPE = "TYPE"
    AREA = "AREA"
    CHANNEL = "CHANNEL"
    URGENCY = "URGENCY"
    WORDS = "WORDS"
    LOWER_PRIORITY = "LOWER_PRIORITY"
    LESS_SPECIFIC = "LESS_SPECIFIC"
    LATER_ID = "LATER_ID"
    CANNOT_BE_EVALUATED = "CANNOT_BE_EVALUATED"


class Flaw(StrEnum):
    """Why a rule cannot be evaluated."""

    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    UNKNOWN_AREA = "UNKNOWN_AREA"
    UNIT_NOT_ACTIVE = "UNIT_NOT_ACTIVE"


@dataclass(frozen=True)
class Problem:
    """A flaw of the policy at the time of the decision, for whoever keeps the catalogue.

    rule: None for the fall-back unit. code: of the type, area or unit that it is about.
    """

    rule: str | None
    flaw: Flaw
    code: str


@dataclass(frozen=True)
class Candidate:
    """A rule, and why it lost; None: it was chosen."""

    rule: str
    lost: Loss | None


@dataclass(frozen=True)
class RoutingInputs:
    """What the rules looked at. Paths lead from the root down to the case's own type and area.

    words: those of the policy's words that occur in title or description, which are not kept here.
    """

    type_path: tuple[str, ...]
    area_path: tuple[str, ...]
    channel: Channel
    urgency: Urgency
    words: tuple[str, ...]


@dataclass(frozen=True)
class RoutingDecision:
    """Where a case goes. rule: None where no rule fits, and the fall-back unit takes it.

    candidates: every rule of the version, highest priority first, then by id.
    """

    policy_version: int
    catalogue_version: int | None
    rule: str | None
    lead_unit: str
    co_units: tuple[str, ...]
    inputs: RoutingInputs
    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...]

    @property
    def is_fallback(self) -> bool:
        """Whether no rule was fit."""
        return self.rule is None
