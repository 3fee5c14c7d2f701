"""A step for each command about clocks."""

from typing import Final

from tests.api.schema.steps import Step
from tests.domain.people import REGISTRAR

TIMING: Final = [
    Step(
        "amendClocks",
        "amendable",
        REGISTRAR,
        "IN_PROGRESS",
        ["case.clocks_amended"],
        given={"calendarVersion": 2, "reason": "The holidays of the year were set"},
    )
]
