"""A drive for every way in which a command moves a case, as clients take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.case.lifecycle import ACTIVE, Stage
from domain.identity import Caller
from tests.api.schema.ending_steps import SECOND
from tests.api.schema.passage_steps import GROUND, REJECTION
from tests.api.schema.steps import Before
from tests.domain.people import (
    DISPATCHER,
    EVALUATOR,
    GRID_WORKER,
    INTAKE,
    OFFICER,
    REGISTRAR,
    SUPERVISOR,
)

LONG_AGO: Final = {"occurredAt": (datetime.now(UTC) - timedelta(days=40)).isoformat()}
"""Long enough for a case to be archived."""

OTHER: Final = "OTHER"
"""Stands in an input for the caseId of another case, which is just registered."""

_RESOLUTION: Final[Before] = (
    "submitResolution",
    OFFICER,
    {"outcome": "RESOLVED", "measures": "A new lamp"},
)
_REFERRAL: Final = {"target": "railway", "basis": "Article 30"}
_AREA: Final[Before] = ("correctCase", INTAKE, {"area": "grid-7"})
_ACCEPTED: Final[list[Before]] = [("acceptCase", REGISTRAR, {})]
_DISPATCHED: Final[list[Before]] = [*_ACCEPTED, ("dispatchCase", DISPATCHER, {"leadUnit": "light"})]
_IN_PROGRESS: Final[list[Before]] = [*_DISPATCHED, ("signForCase", OFFICER, {})]
_RESOLVED: Final[list[Before]] = [*_IN_PROGRESS, _RESOLUTION]

PATHS: Final[dict[Stage, list[Before]]] = {
    Stage.REGISTERED: [],
    Stage.VERIFYING: [_AREA, ("requestFieldVerification", INTAKE, {})],
    Stage.ACCEPTED: _ACCEPTED,
    Stage.DISPATCHED: _DISPATCHED,
    Stage.IN_PROGRESS: _IN_PROGRESS,
    Stage.RESOLVED: _RESOLVED,
    Stage.AWAITING_FEEDBACK: [*_RESOLVED, ("verifyResolution", REGISTRAR, {})],
    Stage.CLOSED: [*_RESOLVED, ("verifyResolution", REGISTRAR, {"askFeedback": False})],
    Stage.REJECTED: [("rejectCase", REGISTRAR, REJECTION)],
    Stage.REFERRED: [("referCaseOut", REGISTRAR, _REFERRAL)],
    Stage.MERGED: [("mergeCase", DISPATCHER, {"otherCaseId": OTHER})],
}
"""The commands that bring a new case to a stage."""


@dataclass(frozen=True)
class Drive:
    """A command at a stage, by whom, with what, and where it leads.

    path: how the case comes to that stage, where not as in PATHS. before: what the command needs
    there. begins: what is said when the case is registered.
    """

    command: str
    source: Stage
    target: Stage
    by: Caller
    given: Mapping[str, Any] = field(default_factory=dict)
    before: Sequence[Before] = ()
    path: Sequence[Before] | None = None
    begins: Mapping[str, Any] = field(default_factory=dict)

    def way(self) -> Sequence[Before]:
        """Everything that is given before it."""
        return [*(PATHS[self.source] if self.path is None else self.path), *self.before]


_REFUSED_RETURN: Final[list[Before]] = [
    ("requestReturn", OFFICER, GROUND),
    ("rejectReturn", DISPATCHER, {"ground": "It is"}),
]
_UPHELD_RETURN: Final[list[Before]] = [
    ("requestReturn", OFFICER, GROUND),
    ("upholdReturn", DISPATCHER, {}),
]
_ARBITRATION: Final[Before] = ("requestArbitration", OFFICER, GROUND)


def _at_any_stage(
    command: str,
    target: Stage | None,
    by: Caller,
    given: Mapping[str, Any] | None = None,
    before: Sequence[Before] = (),
) -> list[Drive]:
    """target: None: it stays where it is."""
    return [
        Drive(command, stage, target or stage, by, given or {}, before) for stage in sorted(ACTIVE)
    ]


def _long_ago(path: Sequence[Before]) -> list[Before]:
    return [(command, by, {**given, **LONG_AGO}) for command, by, given in path]


_TO: Final = {"leadUnit": "roads", "ground": "By the list of duties"}
_APPEAL: Final[list[Before]] = [("fileAppeal", INTAKE, {"ground": "It is dark"})]
_UPHELD: Final = {"upheld": True, "finding": "It is"}
_DISMISSED: Final = {"upheld": False, "finding": "It is not"}
_VOID: Final[list[Before]] = [("requestVoid", REGISTRAR, {"voidReason": "TEST"})]

DRIVES: Final = [
    Drive("requestFieldVerification", Stage.REGISTERED, Stage.VERIFYING, INTAKE, before=[_AREA]),
    Drive("acceptCase", Stage.REGISTERED, Stage.ACCEPTED, REGISTRAR),
    Drive(
        "acceptCase",
        Stage.VERIFYING,
        Stage.ACCEPTED,
        REGISTRAR,
        before=[("recordFieldVerification", GRID_WORKER, {"findings": "Dark", "confirmed": True})],
    ),
    Drive("rejectCase", Stage.REGISTERED, Stage.REJECTED, REGISTRAR, REJECTION),
    Drive("rejectCase", Stage.VERIFYING, Stage.REJECTED, REGISTRAR, REJECTION),
    Drive("dispatchCase", Stage.ACCEPTED, Stage.DISPATCHED, DISPATCHER, {"leadUnit": "light"}),
    Drive("signForCase", Stage.DISPATCHED, Stage.IN_PROGRESS, OFFICER),
    Drive(
        "upholdReturn",
        Stage.DISPATCHED,
        Stage.ACCEPTED,
        DISPATCHER,
        before=[("requestReturn", OFFICER, GROUND)],
    ),
    Drive(
        "arbitrateResponsibility",
        Stage.DISPATCHED,
        Stage.DISPATCHED,
        REGISTRAR,
        _TO,
        [*_REFUSED_RETURN, _ARBITRATION],
    ),
    Drive(
        "arbitrateResponsibility",
        Stage.IN_PROGRESS,
        Stage.IN_PROGRESS,
        REGISTRAR,
        {**_TO, "leadUnit": "light"},
        [_ARBITRATION],
        path=[*_DISPATCHED, *_REFUSED_RETURN, ("signForCase", OFFICER, {})],
    ),
    Drive(
        "arbitrateResponsibility",
        Stage.ACCEPTED,
        Stage.DISPATCHED,
        REGISTRAR,
        _TO,
        [("requestArbitration", DISPATCHER, GROUND)],
        path=[*_DISPATCHED, *_UPHELD_RETURN, _DISPATCHED[-1], *_UPHELD_RETURN],
    ),
    Drive(
        "submitResolution",
        Stage.IN_PROGRESS,
        Stage.RESOLVED,
        OFFICER,
        _RESOLUTION[2],
    ),
    Drive("orderRework", Stage.RESOLVED, Stage.IN_PROGRESS, REGISTRAR, {"demand": "The other too"}),
    Drive("verifyResolution", Stage.RESOLVED, Stage.AWAITING_FEEDBACK, SUPERVISOR),
    Drive("verifyResolution", Stage.RESOLVED, Stage.CLOSED, SUPERVISOR, {"askFeedback": False}),
    Drive(
        "recordFeedback",
        Stage.AWAITING_FEEDBACK,
        Stage.AWAITING_FEEDBACK,
        EVALUATOR,
        {"contacted": False},
    ),
    Drive(
        "recordFeedback",
        Stage.AWAITING_FEEDBACK,
        Stage.CLOSED,
        EVALUATOR,
        {"contacted": True, "resolved": True, "satisfaction": 5},
    ),
    Drive("closeCase", Stage.AWAITING_FEEDBACK, Stage.CLOSED, REGISTRAR),
    Drive("reopenCase", Stage.CLOSED, Stage.ACCEPTED, SUPERVISOR, {"ground": "Dark again"}),
    Drive("decideAppeal", Stage.CLOSED, Stage.ACCEPTED, SECOND, _UPHELD, _APPEAL),
    Drive("decideAppeal", Stage.CLOSED, Stage.CLOSED, SECOND, _DISMISSED, _APPEAL),
    Drive("decideAppeal", Stage.REJECTED, Stage.ACCEPTED, SECOND, _UPHELD, _APPEAL),
    Drive("decideAppeal", Stage.REJECTED, Stage.REJECTED, SECOND, _DISMISSED, _APPEAL),
    Drive(
        "archiveCase",
        Stage.CLOSED,
        Stage.ARCHIVED,
        REGISTRAR,
        path=_long_ago(PATHS[Stage.CLOSED]),
        begins=LONG_AGO,
    ),
    Drive(
        "recordDeliveryFailure",
        Stage.REFERRED,
        Stage.ACCEPTED,
        REGISTRAR,
        {"text": "Unknown there"},
    ),
    *_at_any_stage("withdrawCase", Stage.WITHDRAWN, INTAKE),
    *_at_any_stage("approveVoid", Stage.VOIDED, SECOND, before=_VOID),
    *_at_any_stage("referCaseOut", Stage.REFERRED, REGISTRAR, _REFERRAL),
    *_at_any_stage("reclassifyCase", None, DISPATCHER, {"typeCode": "lighting.street"}),
    *_at_any_stage("mergeCase", Stage.MERGED, DISPATCHER, {"otherCaseId": OTHER}),
    *(
        Drive(
            "reverseMerge",
            Stage.MERGED,
            stage,
            DISPATCHER,
            path=[*PATHS[stage], *PATHS[Stage.MERGED]],
        )
        for stage in sorted(ACTIVE)
    ),
]
"""At least one for each stage from which, and each to which, a command moves a case."""
