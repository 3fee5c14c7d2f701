"""The course of one case: what happens to it, who does it, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.demo import telling, wording
from app.demo.matters import Matter
from app.demo.names import COMMUNITIES
from app.demo.papers import MEDIA_TYPE, paper
from app.demo.routing import Forecast
from app.demo.staff import Staff
from app.demo.step import Step, drawn_id
from domain.case.correction import CorrectCase
from domain.case.evidence import AddEvidence
from domain.case.feedback import RecordFeedback
from domain.case.handling import AddNote, RecordProgress
from domain.case.intake import AcceptCase, RegisterCase, RejectCase, WithdrawCase
from domain.case.outcome import (
    FOUNDED,
    PROVED,
    CloseCase,
    OrderRework,
    SubmitResolution,
    VerifyResolution,
)
from domain.case.reopening import ReopenCase
from domain.case.routing import DispatchCase, SignForCase
from domain.case.vocabulary import (
    Audience,
    Channel,
    Relation,
    ResolutionOutcome,
    Urgency,
)
from domain.case.windows import DEFAULT
from domain.catalogue.content import TypeRules
from domain.command import Command
from schema.case.numbers import case_number

REJECTED: Final = 0.04
WITHDRAWN: Final = 0.025
ON_PAPER: Final = 0.05
REWORKED: Final = 0.07
REOPENED: Final = 0.03
ASKED_FOR_FEEDBACK: Final = 0.86
NO_ANSWER: Final = 0.14
NOTED: Final = 0.15
CORRECTED: Final = 0.03
PROGRESS_TOLD: Final = 0.45

CHANNELS: Final = {
    Channel.HOTLINE: 55,
    Channel.APP: 17,
    Channel.WEB: 9,
    Channel.WALK_IN: 8,
    Channel.EMAIL: 3,
    Channel.TRANSFERRED: 6,
    Channel.MEDIA: 2,
}
PATROLLED: Final = ("urban.", "safety.fire", "safety.disaster", "transport.road")
ON_PATROL: Final = 0.35
"""Of what can be seen in the street or on the stairs."""

LATE_HOURS: Final = (3, 30)
"""After how long what is on paper is entered."""

OWN: Final = frozenset({Channel.APP, Channel.WEB})
"""Through these people bring their requests themselves."""

NAMELESS: Final = frozenset({Channel.GRID_PATROL, Channel.MEDIA, Channel.TRANSFERRED})
"""Through these nobody says who they are."""

NAMED: Final = 0.8

REACHED: Final = 0.93
"""Of the visits to reporters."""
OUTCOMES: Final = {
    ResolutionOutcome.RESOLVED: 74,
    ResolutionOutcome.PARTLY: 9,
    ResolutionOutcome.EXPLAINED: 11,
    ResolutionOutcome.NOT_POSSIBLE: 3,
    ResolutionOutcome.NOT_RESPONSIBLE: 3,
}
HANDLING_HOURS: Final = {Urgency.EMERGENCY: 3.0, Urgency.URGENT: 22.0, Urgency.NORMAL: 80.0}
"""On average, from the signature to the resolution."""

OPENS, CLOSES, SUNDAY_AND_SATURDAY = 8, 18, 5


@dataclass(frozen=True)
class Brought:
    """What a case begins with.

    told: what is said of it; None: whatever comes to mind.
    repeats: the number of the case that it is about, too.
    """

    number: int
    at: datetime
    matter: Matter
    rules: TypeRules
    told: telling.Told | None = None
    repeats: int | None = None


@dataclass(frozen=True)
class Scene:
    """What all cases of a district share.

    paper_until: what happens later is no longer entered from paper before the year is over.
    """

    staff: Staff
    forecast: Forecast
    zone: ZoneInfo
    residents: int
    paper_until: datetime


class Course:
    """Draws the steps of one case from `rng`; they are in `steps`, in their order."""

    def __init__(self, scene: Scene, brought: Brought, rng: Random) -> None:
        self.steps: list[Step] = []
        self._scene, self._brought, self._rng = scene, brought, rng
        self._at = brought.at
        self.case_id, self.repeats = _case_id(brought.at, rng), brought.repeats
        self._urgency = brought.rules.urgency
        self._channel = self._drawn_channel()
        self._reporter: str | None = None
        self._satisfied = False
        self._papers = 0

    def run(self) -> Sequence[Step]:
        """From the registration to wherever it ends."""
        self._register()
        if self._happens(CORRECTED):
            self._pass(0.2)
            self._do(
                self._post("intake", 6),
                CorrectCase,
                title=f"{self._title}（已核实地点）",
                reason="核实地点",
            )
        self._pass(0.6)
        if self._happens(REJECTED):
            basis, remedy = self._rng.choice(wording.REJECTIONS)
            self._do(self._post("registrar", 3), RejectCase, legal_basis=basis, remedy=remedy)
            return self.steps
        self._do(self._post("registrar", 3), AcceptCase)
        while self._handled() and self._happens(REOPENED):
            closed_at = self._at
            self._pass(90)
            in_time = self._at - closed_at < timedelta(days=self._brought.rules.reopening_days)
            by = self._reporter if in_time and not self._satisfied else None
            self._do(
                by or self._post("supervisor", 2),
                ReopenCase,
                ground=self._rng.choice(wording.GROUNDS),
            )
        return self.steps

    def _register(self) -> None:
        rng, brought = self._rng, self._brought
        told = brought.told or telling.told(rng, brought.matter)
        self._title, description = told.title, told.description
        _, english = COMMUNITIES[told.community]
        on_behalf = self._channel not in OWN and self._happens(0.08)
        day = self._at.astimezone(self._scene.zone).date()
        self._do(
            self._registrar_of(english),
            RegisterCase,
            backdated=self._channel in {Channel.WALK_IN, Channel.GRID_PATROL}
            and self._happens(ON_PAPER * 5)
            and self._at < self._scene.paper_until,
            case_no=case_number(self.case_id),
            channel=self._channel,
            type_code=brought.matter.code,
            title=self._title,
            description=description,
            area=told.area,
            point=told.point,
            on_behalf=on_behalf,
            relation=rng.choice(list(Relation)) if on_behalf else None,
            fields=wording.answers(rng, brought.rules.fields, told.place, day),
            **self._said_of_the_reporter(told.place),
        )
        self._lead = self._scene.forecast.lead_unit(
            brought.matter.code, self._channel, self._urgency, f"{self._title}\n{description}"
        )

    def _handled(self) -> bool:
        """One cycle; whether the case was closed in the end."""
        self._pass(0.5)
        self._do(self._post("dispatcher", 3), DispatchCase)
        if self._withdrawn():
            return False
        self._pass(5)
        officer = f"{self._lead}-officer-{self._rng.randint(1, 2)}"
        self._do(officer, SignForCase)
        self._noted()
        while True:
            self._work(officer)
            self._pass(9)
            if not self._happens(REWORKED):
                break
            self._do(
                self._post("registrar", 3), OrderRework, demand=self._rng.choice(wording.REWORK)
            )
        return self._checked()

    def _work(self, officer: str) -> None:
        hours = HANDLING_HOURS[self._urgency]
        if self._happens(PROGRESS_TOLD):
            self._pass(hours * 0.4)
            text = self._rng.choice(wording.PROGRESS)
            self._do(officer, RecordProgress, backdated=self._happens(ON_PAPER), text=text)
        self._pass(hours * 0.6)
        outcome = self._rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        measures = self._rng.choice(wording.MEASURES[outcome])
        if outcome in PROVED and self._brought.rules.evidence:
            self._add_paper(officer)
        basis = self._rng.choice(wording.BASES) if outcome in FOUNDED else None
        self._do(officer, SubmitResolution, outcome=outcome, measures=measures, basis=basis)

    def _add_paper(self, officer: str) -> None:
        self._papers += 1
        content = paper(self.case_id, self._papers)
        self._do(
            officer,
            AddEvidence,
            sha256=sha256(content).hexdigest(),
            size=len(content),
            media_type=MEDIA_TYPE,
            label=f"办理记录 {self._papers}",
        )
        self.steps[-1] = replace(self.steps[-1], paper=content)

    def _checked(self) -> bool:
        self._satisfied = False
        checker = self._post("supervisor", 2) if self._happens(0.1) else self._post("registrar", 3)
        if not self._happens(ASKED_FOR_FEEDBACK):
            self._do(checker, VerifyResolution, ask_feedback=False, public_reason="办理完毕")
            return True
        self._do(checker, VerifyResolution)
        self._pass(5)
        if self._happens(NO_ANSWER):
            reason = self._rng.choice(wording.CLOSINGS)
            self._do(self._post("registrar", 3), CloseCase, public_reason=reason)
            return True
        for _ in range(DEFAULT.most_visits):
            if self._happens(REACHED):
                self._answered()
                break
            self._do(self._post("evaluator", 3), RecordFeedback, contacted=False)
            self._pass(6)
        return True

    def _answered(self) -> None:
        self._satisfied = self._happens(0.84)
        satisfaction = self._rng.choices(
            (1, 2, 3, 4, 5), (5, 3, 8, 30, 54) if self._satisfied else (40, 30, 20, 8, 2)
        )
        self._do(
            self._reporter
            if self._reporter is not None and self._happens(0.5)
            else self._post("evaluator", 3),
            RecordFeedback,
            contacted=True,
            resolved=self._satisfied,
            satisfaction=satisfaction[0],
        )

    def _withdrawn(self) -> bool:
        if not self._happens(WITHDRAWN):
            return False
        self._pass(6)
        by = self._reporter or self._post("intake", 6)
        self._do(by, WithdrawCase, reason=self._rng.choice(wording.WITHDRAWALS))
        return True

    def _noted(self) -> None:
        if self._happens(NOTED):
            self._pass(8)
            text, audience = self._rng.choice(wording.NOTES), self._rng.choice(list(Audience))
            self._do(self._post("dispatcher", 3), AddNote, text=text, audience=audience)

    def _do(
        self, by: str, command: type[Command], *, backdated: bool = False, **facts: object
    ) -> None:
        """by: a post, or a person where there is no such post. backdated: entered from paper."""
        staff = self._scene.staff
        person = staff.acting(by, self._at) if by in staff.posts else by
        occurred = self._at
        if backdated:
            self._at += timedelta(hours=self._rng.uniform(*LATE_HOURS))
            person = staff.acting(by, self._at) if by in staff.posts else by
        given = command(
            command_id=drawn_id(self._rng),
            case_id=self.case_id,  # type: ignore[call-arg]  # every command on a case has one
            occurred_at=occurred if backdated else None,
            **facts,  # type: ignore[arg-type]  # the caller knows which
        )
        self.steps.append(Step(self._at, person, given))

    def _said_of_the_reporter(self, place: dict[str, str]) -> dict[str, object]:
        if self._channel in NAMELESS or not self._happens(NAMED):
            return {}
        details = wording.reporter(self._rng, place)
        return {"reporter_id": drawn_id(self._rng), "reporter": details}

    def _registrar_of(self, community: str) -> str:
        if self._channel is Channel.GRID_PATROL:
            return f"grid-worker-{community.lower()}"
        if self._channel not in OWN:
            return self._post("intake", 6)
        # A few bring much, most of them little.
        drawn = int(self._scene.residents * self._rng.random() ** 1.5)
        self._reporter = f"r-{drawn:05}"
        return self._reporter

    def _drawn_channel(self) -> Channel:
        if self._brought.matter.code.startswith(PATROLLED) and self._happens(ON_PATROL):
            return Channel.GRID_PATROL
        return self._rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]

    def _post(self, stem: str, many: int) -> str:
        return f"{stem}-{self._rng.randint(1, many)}"

    def _happens(self, share: float) -> bool:
        return self._rng.random() < share

    def _pass(self, hours: float) -> None:
        """About so many hours go by; what is no emergency waits for the office to open."""
        self._at += timedelta(hours=0.05 + self._rng.expovariate(1 / hours))
        if self._urgency is Urgency.EMERGENCY:
            return
        local = self._at.astimezone(self._scene.zone)
        opening = local.replace(hour=OPENS, minute=0)
        if local.hour >= CLOSES:
            opening += timedelta(days=1)
        elif local.hour >= OPENS and local.weekday() < SUNDAY_AND_SATURDAY:
            return
        while opening.weekday() >= SUNDAY_AND_SATURDAY:
            opening += timedelta(days=1)
        self._at = opening.astimezone(UTC) + timedelta(minutes=self._rng.uniform(0, 200))


def _case_id(at: datetime, rng: Random) -> UUID:
    """An id as RFC 9562 version 7 has it, of that moment."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62)
    )
