"""A step for each command about suspension and extension."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.api.schema.steps import Before, Step
from tests.domain.people import DISPATCHER, OFFICER, UNIT_LEADER

TOMORROW: Final = (datetime.now(UTC) + timedelta(days=1)).isoformat()
REST: Final = {"suspensionReason": "SOIL", "expectedResume": TOMORROW, "ground": "Frozen"}
MORE: Final = {"days": 5, "ground": "The lift is late"}
NO: Final = {"ground": "Use another"}
_rest: Final[Before] = ("requestSuspension", OFFICER, REST)
_rests: Final[Before] = ("approveSuspension", DISPATCHER, {})
_more: Final[Before] = ("requestExtension", UNIT_LEADER, MORE)


def _step(command: str, by: Any, event: str, **more: Any) -> Step:
    return Step(command, "limited", by, "IN_PROGRESS", [f"case.{event}"], **more)


HOLDING: Final = [
    _step("requestSuspension", OFFICER, "suspension_requested", given=REST),
    _step("approveSuspension", DISPATCHER, "suspended", before=[_rest]),
    _step("denySuspension", DISPATCHER, "suspension_denied", given=NO, before=[_rest]),
    _step("resumeCase", DISPATCHER, "resumed", before=[_rest, _rests]),
    _step("requestExtension", UNIT_LEADER, "extension_requested", given=MORE),
    _step("approveExtension", DISPATCHER, "extension_approved", before=[_more]),
    _step("denyExtension", DISPATCHER, "extension_denied", given=NO, before=[_more]),
]
