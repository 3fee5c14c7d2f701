"""A step for each command about what is asked of others, how a case ends, and who is shown it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.identity import Role
from tests.api.schema.steps import Before, Step
from tests.domain.people import DISPATCHER, INTAKE, OFFICER, REGISTRAR, UNIT_LEADER, person

SECOND: Final = person("second registrar", Role.REGISTRAR)
LATER: Final = (datetime.now(UTC) + timedelta(days=2)).isoformat()

_co_handling: Final[Before] = (
    "requestCoHandling",
    OFFICER,
    {"unit": "roads", "question": "Is the pole yours?"},
)
_information: Final[Before] = ("requestInformation", INTAKE, {"question": "Which corner?"})
_appeal: Final[Before] = ("fileAppeal", INTAKE, {"ground": "It is dark"})
_void: Final[Before] = ("requestVoid", REGISTRAR, {"voidReason": "TEST"})
_share: Final[Before] = (
    "shareCase",
    DISPATCHER,
    {"unit": "police", "purpose": "To patrol", "parts": ["LOCATION"], "expires": LATER},
)


def _step(command: str, start: str, by: Any, stage: str, *events: str, **more: Any) -> Step:
    return Step(command, start, by, stage, [f"case.{event}" for event in events], **more)


ENDINGS: Final = [
    _step(
        "requestCoHandling",
        "in_progress",
        OFFICER,
        "IN_PROGRESS",
        "co_handling_requested",
        given=_co_handling[2],
    ),
    _step(
        "replyCoHandling",
        "in_progress",
        OFFICER,
        "IN_PROGRESS",
        "co_handling_replied",
        given={"unit": "roads", "reply": "It is", "agrees": True},
        before=[_co_handling],
    ),
    _step(
        "recordFirstContact",
        "dispatched",
        OFFICER,
        "DISPATCHED",
        "first_contact_made",
        given={"way": "TELEPHONE", "result": "Will be at home"},
    ),
    _step(
        "requestInformation",
        "registered",
        INTAKE,
        "REGISTERED",
        "information_requested",
        given={"question": "Which corner?", "unit": "roads"},
    ),
    _step(
        "receiveInformation",
        "registered",
        INTAKE,
        "REGISTERED",
        "information_received",
        given={"number": 1, "answer": "The northern one"},
        before=[_information],
    ),
    _step("fileAppeal", "closed", INTAKE, "CLOSED", "appeal_filed", given={"ground": "It is dark"}),
    _step(
        "decideAppeal",
        "closed",
        SECOND,
        "ACCEPTED",
        "appeal_decided",
        "reopened",
        given={"upheld": True, "finding": "It is"},
        before=[_appeal],
    ),
    _step(
        "requestVoid",
        "in_progress",
        REGISTRAR,
        "IN_PROGRESS",
        "void_requested",
        given={"voidReason": "REGISTERED_TWICE", "explanation": "As number 7"},
    ),
    _step("approveVoid", "in_progress", SECOND, "VOIDED", "voided", before=[_void]),
    _step(
        "refuseVoid",
        "in_progress",
        SECOND,
        "IN_PROGRESS",
        "void_refused",
        given={"explanation": "Another lamp"},
        before=[_void],
    ),
    _step("archiveCase", "closed_long_ago", REGISTRAR, "ARCHIVED", "archived"),
    _step(
        "setConfidentiality",
        "accepted",
        REGISTRAR,
        "ACCEPTED",
        "confidentiality_changed",
        given={"level": "CONFIDENTIAL"},
    ),
    _step("shareCase", "in_progress", UNIT_LEADER, "IN_PROGRESS", "shared", given=_share[2]),
    _step(
        "revokeShare",
        "in_progress",
        DISPATCHER,
        "IN_PROGRESS",
        "share_revoked",
        given={"unit": "police"},
        before=[_share],
    ),
]
