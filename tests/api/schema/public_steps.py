"""The commands about what the public and the reporter are given, step by step."""

from collections.abc import Mapping
from typing import Any, Final

from tests.api.schema.steps import Before, Step
from tests.domain.people import INTAKE, REGISTRAR

WORDS: Final[Mapping[str, Any]] = {"title": "Street lamp", "summary": "A lamp is out."}
PROPOSED: Final[Before] = ("proposePublication", INTAKE, WORDS)

PUBLIC: Final = [
    Step(
        "proposePublication",
        "accepted",
        INTAKE,
        "ACCEPTED",
        ["case.publication_proposed"],
        WORDS,
    ),
    Step(
        "approvePublication",
        "accepted",
        REGISTRAR,
        "ACCEPTED",
        ["case.publication_approved"],
        before=[PROPOSED],
    ),
    Step(
        "refusePublication",
        "accepted",
        REGISTRAR,
        "ACCEPTED",
        ["case.publication_refused"],
        {"reason": "It names a neighbour."},
        before=[PROPOSED],
    ),
    Step(
        "withdrawPublication",
        "accepted",
        REGISTRAR,
        "ACCEPTED",
        ["case.publication_withdrawn"],
        before=[PROPOSED],
    ),
    Step(
        "reissueTrackingCode",
        "registered",
        INTAKE,
        "REGISTERED",
        ["case.tracking_code_reissued"],
    ),
]
