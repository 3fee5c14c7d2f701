"""A step for each command about supervision orders, and about what figures leave out."""

from typing import Any, Final

from tests.api.schema.steps import Before, Step
from tests.domain.people import OFFICER, REGISTRAR, SUPERVISOR

DEMAND: Final = {"demand": "Light it by Friday"}
REPLY: Final = {"number": 1, "reply": "On Friday", "remedialPlan": "Two more lifts"}
EXCLUSION: Final = {"metric": "response", "cause": "FORCE_MAJEURE", "ground": "The flood"}
_issued: Final[Before] = ("issueOrder", SUPERVISOR, {"level": "ORANGE", **DEMAND})
_replied: Final[Before] = ("replyToOrder", OFFICER, REPLY)


def _step(command: str, by: Any, event: str, **more: Any) -> Step:
    return Step(command, "in_progress", by, "IN_PROGRESS", [f"order.{event}"], **more)


SUPERVISION: Final = [
    _step("issueOrder", SUPERVISOR, "issued", given=_issued[2]),
    _step("replyToOrder", OFFICER, "replied", given=REPLY, before=[_issued]),
    _step("escalateOrder", SUPERVISOR, "escalated", given={"number": 1}, before=[_issued]),
    _step(
        "recordInterview",
        SUPERVISOR,
        "interview_held",
        given={"number": 1, "position": "head", "record": "He came"},
        before=[_issued],
    ),
    _step(
        "releaseOrder",
        SUPERVISOR,
        "released",
        given={"number": 1, "finding": "It is lit"},
        before=[_issued, _replied],
    ),
    Step(
        "approveMetricExclusion",
        "in_progress",
        SUPERVISOR,
        "IN_PROGRESS",
        ["case.metric_exclusion_approved"],
        given=EXCLUSION,
    ),
    Step(
        "revokeMetricExclusion",
        "in_progress",
        REGISTRAR,
        "IN_PROGRESS",
        ["case.metric_exclusion_revoked"],
        given={"metric": "response", "ground": "It had ended"},
        before=[("approveMetricExclusion", SUPERVISOR, EXCLUSION)],
    ),
]
