"""A case that most may not see, with a word of its own wherever somebody can write a text."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from app.database import Database
from app.journal import Journal
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.deadlines import RaiseDeadline
from domain.catalogue.commands import DraftCatalogue, ProposeCatalogue, PublishCatalogue
from domain.catalogue.content import Label
from domain.directory.people import AppointPerson
from domain.directory.posts import CreatePosition
from domain.escalation_policy.commands import (
    DraftEscalationPolicy,
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
)
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import THE_SERVICE, Role
from domain.metric_definitions.commands import (
    DraftMetricDefinitions,
    ProposeMetricDefinitions,
    PublishMetricDefinitions,
)
from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.vocabulary import Fact
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule, SuspensionReason
from domain.vocabulary import ClockKind, OrderLevel
from projections.control_view import ControlView
from projections.metric_view import MetricsView
from projections.outside import OUTSIDE
from schema import ids
from tests.api.access.conftest import TYPES, District
from tests.api.access.walking import Aim
from tests.db.projections.control import taken_in

MARK: Final = "Zanzibar"
"""A word that occurs in the hidden case and nowhere else."""
BETWEEN_US: Final = "Timbuktu"
"""A word that occurs in it where its reporter may not read either."""
_BOTH: Final = f"{MARK} {BETWEEN_US}"

CHIEF: Final = "chief-supervisor"
TOLD_OUTSIDE: Final = frozenset(kind.TOPIC for kind in OUTSIDE)  # type: ignore[attr-defined]
BEGAN: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)
_DAY: Final = 24 * 60
_LABEL: Final = Label("标签", "Label")
_LIMITS: Final = {ClockKind.SIGN_OFF: 1, ClockKind.STAGE: 4, ClockKind.RESOLUTION: 7}
_RULES: Final = tuple(
    ClockRule(kind, Limit(days * _DAY, LimitUnit.WALL_MINUTES)) for kind, days in _LIMITS.items()
)
_LADDER: Final = Ladder((Rung(80), Rung(100, order=OrderLevel.BLUE)))
_METRICS: Final = (
    MetricDefinition(
        "on-time-closing", _LABEL, MetricKind.RATE, Fact.CLOSING_DUE, Fact.CLOSED_IN_TIME
    ),
    MetricDefinition("returns", _LABEL, MetricKind.RATE, Fact.DISPATCHED, Fact.RETURN_ASKED),
)


# The unit, which was given the case on day 0.2, has four days and one more, beside a day of rest.
WARNED_ON: Final = 0.2 + 0.8 * 5 + 1
LATE_ON: Final = 0.2 + 5 + 1


def on(days: float) -> str:
    """A time, in days since it all began; now is day ten."""
    return (BEGAN + timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Hidden:
    """A case of the police in another street, with the mark wherever a text may be.

    events: the ids of its events; internal: of those that its reporter is not told of.
    open_id: a case of environment in street-1; a limit of it was passed after those of this one.
    """

    case_id: str
    case_no: str
    events: tuple[str, ...]
    internal: tuple[str, ...]
    open_id: str

    def traces(self) -> set[str]:
        """What no answer may have in it that was not in the request."""
        return {MARK, BETWEEN_US, self.case_no, *self.events}

    def aim(self, **more: str) -> Aim:
        quoted = json.dumps(self.case_id)
        return Aim(
            {
                "id": quoted,
                "ids": quoted,
                "caseId": quoted,
                "otherCaseId": quoted,
                "duplicateCandidates.first": "20",
                "first": "100",
                "after": "null",
                "policyVersion": "1",
                **more,
            }
        )


async def limit_time(district: District) -> None:
    """Limits, a ladder and metrics, in force before anything happened."""
    order, before = district.order, BEGAN - timedelta(days=10)
    reasons = (SuspensionReason("SOIL", _LABEL),)
    await order(DraftCatalogue, title="Matters of before", types=TYPES)
    await order(ProposeCatalogue, number=2)
    await order(PublishCatalogue, second=True, number=2, valid_from=before)
    await order(DraftSlaPolicy, title="Limits", rules=_RULES, suspension_reasons=reasons)
    await order(ProposeSlaPolicy, number=1)
    await order(PublishSlaPolicy, second=True, number=1, valid_from=before)
    await order(DraftEscalationPolicy, title="Ladder", ladders=(_LADDER,))
    await order(ProposeEscalationPolicy, number=1)
    await order(PublishEscalationPolicy, second=True, number=1, valid_from=before)
    await order(DraftMetricDefinitions, title="Figures", metrics=_METRICS)
    await order(ProposeMetricDefinitions, number=1)
    await order(PublishMetricDefinitions, second=True, number=1)
    chief: dict[str, Any] = {"title_en": "Chief", "unit": "centre", "roles": (Role.SUPERVISOR,)}
    await order(CreatePosition, code=CHIEF, valid_from=before, **chief)
    await order(AppointPerson, position=CHIEF, person=CHIEF, valid_from=before)


async def deadline(district: District, case_id: str, clock: str, day: float) -> None:
    """A clock comes to a share of its limit, and the service notices."""
    command = RaiseDeadline(
        command_id=uuid4(),
        case_id=ids.parse_current_case(case_id),
        clock=clock,
        occurred_at=BEGAN + timedelta(days=day),
    )
    await district.commands.execute(command, THE_SERVICE)


async def happen(district: District) -> str:
    """Everything that a case can have about limits and supervision, in ten days. Its id."""
    case_id = await district.registered(
        by="neighbour",
        title=f"{MARK} title",
        description=f"{MARK} description",
        area="street-2",
        occurredAt=on(0),
    )

    async def by(who: str, command: str, day: float, **said: Any) -> None:
        await district.by(who).change(command, caseId=case_id, occurredAt=on(day), **said)

    ground = {"ground": f"{_BOTH} ground"}
    rest = {"suspensionReason": "SOIL", "expectedResume": on(5), **ground}
    await by("chief-registrar", "acceptCase", 0.1)
    dispatch = {"leadUnit": "police", "reason": f"{_BOTH} We know better"}
    await by("chief-dispatcher", "dispatchCase", 0.2, **dispatch)
    await by("police-officer", "requestReturn", 0.3, **ground)
    await by("chief-dispatcher", "rejectReturn", 0.4, **ground)
    await by("police-officer", "signForCase", 0.5, reason=f"{_BOTH} reason")
    for audience, word in (("INTERNAL", _BOTH), ("REPORTER", MARK)):
        await by("police-officer", "addNote", 0.6, text=f"{word} note", audience=audience)
    await by("police-officer", "recordProgress", 0.7, text=f"{MARK} progress")
    await by("police-officer", "requestSuspension", 1, **rest)
    await by("chief-dispatcher", "approveSuspension", 2)
    await by("chief-dispatcher", "resumeCase", 3)
    await by("police-officer", "requestExtension", 3.2, days=9, **ground)
    await by("chief-dispatcher", "denyExtension", 3.3, **ground)
    await by("police-officer", "requestExtension", 4, days=1, **ground)
    await by("chief-dispatcher", "approveExtension", 4.1)
    await supervised(district, case_id)
    return case_id


async def supervised(district: District, case_id: str) -> None:
    """It is late, goes up, is ordered to be dealt with twice, and left out of a figure."""

    async def by(who: str, command: str, day: float, **said: Any) -> None:
        await district.by(who).change(command, caseId=case_id, occurredAt=on(day), **said)

    demand = {"level": "ORANGE", "demand": f"{_BOTH} demand"}
    reply = {"number": 1, "reply": f"{_BOTH} reply", "remedialPlan": f"{_BOTH} plan"}
    interview = {"number": 1, "position": "police-officer", "record": f"{_BOTH} record"}
    exclusion = {"metric": "returns", "cause": "FORCE_MAJEURE", "ground": f"{_BOTH} ground"}
    await by(CHIEF, "issueOrder", 5, **demand)
    await by(CHIEF, "escalateOrder", 5.1, number=1, reason=f"{_BOTH} reason")
    await by("police-officer", "replyToOrder", 5.2, **reply)
    await by(CHIEF, "recordInterview", 5.3, **interview)
    await by(CHIEF, "releaseOrder", 5.4, number=1, finding=f"{_BOTH} finding")
    await by("chief-registrar", "approveMetricExclusion", 5.5, **exclusion)
    await deadline(district, case_id, "STAGE", WARNED_ON)
    await deadline(district, case_id, "STAGE", LATE_ON)
    await by(CHIEF, "issueOrder", 9.9, **demand)


async def watched_deadline(district: District) -> str:
    """A case of environment in street-1, which was signed for too late. Its id."""
    case_id = await district.registered(occurredAt=on(6))
    for who, command, day, said in (
        ("chief-registrar", "acceptCase", 6.1, {}),
        ("chief-dispatcher", "dispatchCase", 6.2, {"leadUnit": "environment"}),
    ):
        await district.by(who).change(command, caseId=case_id, occurredAt=on(day), **said)
    await deadline(district, case_id, "SIGN_OFF", 7.3)
    return case_id


async def hide(district: District, database: Database, journal: Journal) -> Hidden:
    """Let it all happen, and figures count it."""
    await limit_time(district)
    case_id = await happen(district)
    open_id = await watched_deadline(district)
    for view in (ControlView(), MetricsView()):
        await taken_in(database, journal, view)
    selection = "caseNo timeline(first: 99) { nodes { id type } }"
    case = await district.by("auditor").case(case_id, selection)
    assert case is not None
    told = case["timeline"]["nodes"]
    internal = (event["id"] for event in told if event["type"] not in TOLD_OUTSIDE)
    events = (event["id"] for event in told)
    return Hidden(case_id, case["caseNo"], tuple(events), tuple(internal), open_id)
