"""The lifecycle region of a case: one table of data (DOMAIN.md section 4)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a case stands. IMPORTED: a history from elsewhere, outside the lifecycle."""

    REGISTERED = "REGISTERED"
    ACCEPTED = "ACCEPTED"
    DISPATCHED = "DISPATCHED"
    IN_PROGRESS = "IN_PROGRESS"
    RESOLVED = "RESOLVED"
    AWAITING_FEEDBACK = "AWAITING_FEEDBACK"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    IMPORTED = "IMPORTED"


ACTIVE: Final = frozenset(
    {
        Stage.REGISTERED,
        Stage.ACCEPTED,
        Stage.DISPATCHED,
        Stage.IN_PROGRESS,
        Stage.RESOLVED,
        Stage.AWAITING_FEEDBACK,
    }
)
"""Neither closed nor at a side end."""


@dataclass(frozen=True)
class Rule:
    """From which stages a command is possible, and where it may lead (empty: it stays)."""

    sources: frozenset[Stage]
    targets: frozenset[Stage] = frozenset()


def _rule(sources: frozenset[Stage] | set[Stage], *targets: Stage) -> Rule:
    return Rule(frozenset(sources), frozenset(targets))


LIFECYCLE: Final[dict[str, Rule]] = {
    "acceptCase": _rule({Stage.REGISTERED}, Stage.ACCEPTED),
    "rejectCase": _rule({Stage.REGISTERED}, Stage.REJECTED),
    "dispatchCase": _rule({Stage.ACCEPTED}, Stage.DISPATCHED),
    "signForCase": _rule({Stage.DISPATCHED}, Stage.IN_PROGRESS),
    "recordProgress": _rule({Stage.IN_PROGRESS}),
    "submitResolution": _rule({Stage.IN_PROGRESS}, Stage.RESOLVED),
    "orderRework": _rule({Stage.RESOLVED}, Stage.IN_PROGRESS),
    # With a feedback visit the case waits for the answer, without one it closes at once.
    "verifyResolution": _rule({Stage.RESOLVED}, Stage.AWAITING_FEEDBACK, Stage.CLOSED),
    "recordFeedback": _rule({Stage.AWAITING_FEEDBACK}, Stage.CLOSED),
    # The registrar closes when nobody answers: the feedback lapses.
    "closeCase": _rule({Stage.AWAITING_FEEDBACK}, Stage.CLOSED),
    # Back to ACCEPTED in a new cycle: it is dispatched anew, perhaps to another unit.
    "reopenCase": _rule({Stage.CLOSED}, Stage.ACCEPTED),
    "withdrawCase": _rule(ACTIVE, Stage.WITHDRAWN),
    # What was said or learnt about a case may be added at any time of its life.
    "correctCase": _rule(ACTIVE),
    "attachReporter": _rule(ACTIVE),
    "addNote": _rule(frozenset(Stage) - {Stage.IMPORTED}),
}
