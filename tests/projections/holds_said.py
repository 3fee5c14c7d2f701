"""What happens to the time of a lead unit, for tests of folds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventsourcing.domain import AggregateEvent

from domain.case.extension import ExtensionApproved, ExtensionDenied, ExtensionRequested
from domain.case.suspension import (
    CaseResumed,
    CaseSuspended,
    Resumption,
    SuspensionDenied,
    SuspensionRequested,
)
from domain.catalogue.content import Label

Said = tuple[type[AggregateEvent], dict[str, Any]]
DUE: Final = datetime(2024, 3, 5, 9, tzinfo=UTC)
SOIL: Final[dict[str, Any]] = {
    "suspension_reason": "SOIL",
    "label": Label("土壤", "soil"),
    "expected_resume": DUE - timedelta(days=1),
}


def requested(number: int = 1) -> Said:
    asked = {"ground": "Frozen", "requester": "officer", "unit": "environment"}
    return SuspensionRequested, {**SOIL, **asked, "number": number}


def suspended(number: int = 1) -> Said:
    return CaseSuspended, {**SOIL, "number": number, "clocks": (), "decider": "dispatcher"}


RESUMED: Said = (
    CaseResumed,
    {"clocks": (), "paused": (Resumption("RESOLUTION", timedelta(hours=1), DUE),), "due": DUE},
)
HOLDS: Final[Sequence[Said]] = (
    requested(),
    requested(2),
    (SuspensionDenied, {"number": 2, "ground": "Dig", "decider": "dispatcher"}),
    suspended(),
    RESUMED,
    (
        ExtensionRequested,
        {
            "number": 1,
            "days": 5,
            "late": False,
            "ground": "More",
            "requester": "officer",
            "unit": "environment",
        },
    ),
    (ExtensionDenied, {"number": 1, "ground": "Enough", "decider": "dispatcher"}),
    (
        ExtensionApproved,
        {"number": 1, "days": 2, "late": False, "clocks": (), "due": DUE, "decider": "dispatcher"},
    ),
)
