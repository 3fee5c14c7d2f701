"""What one case of the demonstration goes through: the steps so far, the time, and who is who."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Final, TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.demo import telling
from app.demo.matters import Matter
from app.demo.names import COMMUNITIES
from app.demo.papers import PAPER, PICTURE, paper, picture
from app.demo.routing import Forecast
from app.demo.staff import Staff
from app.demo.step import Step, Timed, drawn_id
from domain.calendar.timetable import Limit, LimitUnit, Timetable
from domain.case.evidence import AddEvidence
from domain.case.vocabulary import Audience, Channel, Urgency
from domain.case.windows import whole_days
from domain.catalogue.content import TypeRules
from domain.command import Command
from domain.vocabulary import ClockKind

T = TypeVar("T")

LATE_HOURS: Final = (3, 30)
"""After how long what is on paper is entered."""

SHARE: Final = "expireShare"

MOMENTS: Final = (0.02, 0.1)
"""Hours between two things that belong together."""

AFTER_OPENING: Final = 100
"""Minutes after the doors open within which what waited for it is done."""

UNHURRIED: Final = timedelta(days=5)
"""What its lead has so long for is gone about as anything is; what has less time, faster."""


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

    @property
    def is_repeated(self) -> bool:
        """Whether it is brought up again, later, by somebody else."""
        return self.told is not None and self.repeats is None


@dataclass(frozen=True)
class Scene:
    """What all cases of a district share.

    hours: when offices work. paper_until: what happens later is no longer entered from paper
    before the year is over.
    """

    staff: Staff
    forecast: Forecast
    hours: Timetable
    zone: ZoneInfo
    residents: int
    paper_until: datetime


class Chronicle:
    """Draws from `rng` what happens to one case. steps: in their order, as far as they go.

    timed: what the service will do. reporter: the account of whoever brought it; None: nobody's.
    hushed: fewer people than usual see it. rules: of the type that it has now. led: the units that
    it was sent to, in order. cycles: how often it began. ordered: how many supervision orders a
    person issued. accepted_at, dispatched_at: since when the time of the case, and of its lead,
    counts. later: by how much both are due later, for it rested or was given time. late: whether
    its lead was too late.
    """

    def __init__(self, scene: Scene, brought: Brought, rng: Random) -> None:
        self.scene, self.brought, self.rng = scene, brought, rng
        self.steps: list[Step] = []
        self.timed: list[Timed] = []
        self.at = brought.at
        self.case_id = case_id_of(brought.at, rng)
        self.rules = brought.rules
        self.urgency = brought.rules.urgency
        self.channel = Channel.HOTLINE
        self.told = brought.told or telling.told(rng, brought.matter)
        self.reporter: str | None = None
        self.led: list[str] = []
        self.cycles = 1
        self.ordered = 0
        self.accepted_at = self.dispatched_at = brought.at
        self.later = timedelta()
        self.late = self.extended = False
        self.helping: tuple[str, ...] = ()
        self.satisfied = self.hushed = self.assigned = self.shared = self.watched = False
        self.pressing = True
        self.open_steps = 0
        self.questions = 0
        self.emergency_until: datetime | None = None
        self._papers = 0
        self._turns: list[tuple[datetime, bool]] = []

    def part(self, title: str) -> "Chronicle":
        """A part of the case that goes on as a case of its own, from now on."""
        part = Chronicle(self.scene, replace(self.brought, at=self.at, repeats=None), self.rng)
        part.told = replace(self.told, title=title, description="", point=None)
        part.channel, part.reporter, part.urgency = self.channel, self.reporter, self.urgency
        part.rules = self.rules
        part.accepted_at = part.at
        part.foresee()
        return part

    @property
    def lead(self) -> str:
        """The unit that it was or will be sent to last; "": none yet."""
        return self.led[-1] if self.led else ""

    @lead.setter
    def lead(self, unit: str) -> None:
        if unit and unit != self.lead:
            self.led.append(unit)

    @property
    def community(self) -> str:
        """Its English name, as it stands in the codes of posts."""
        return COMMUNITIES[self.told.community][1].lower()

    @property
    def desk(self) -> str:
        """Whoever speaks with the reporter for the command centre, and may see the case."""
        return self.post("registrar", 3) if self.hushed else self.post("intake", 6)

    @property
    def voice(self) -> str:
        """The reporter, or whoever writes down what they say."""
        if self.reporter is not None and self.happens(0.7):
            return self.reporter
        return self.desk

    def foresee(self) -> None:
        """Where the rules will send it, by what is known now."""
        text = f"{self.told.title}\n{self.told.description}"
        route = self.scene.forecast.route(self.rules.code, self.channel, self.urgency, text)
        self.lead, self.helping = route

    def happens(self, share: float) -> bool:
        """Whether something does that happens in this share of cases."""
        return self.rng.random() < share

    def one_of(self, texts: Sequence[T]) -> T:
        """Any of them."""
        return self.rng.choice(texts)

    def post(self, stem: str, many: int) -> str:
        """One of several equal posts."""
        return f"{stem}-{self.rng.randint(1, many)}"

    def another(self, stem: str, many: int, than: str) -> str:
        """One of several equal posts on which somebody else acts."""
        posts = [f"{stem}-{number}" for number in range(1, many + 1)]
        return self.rng.choice([each for each in posts if self.acting(each) != than])

    def officer(self) -> str:
        """A post of the lead unit."""
        return self.post(f"{self.lead}-officer", 2)

    def acting(self, by: str) -> str:
        """Who acts on a post now; a person is themselves."""
        staff = self.scene.staff
        return staff.acting(by, self.at) if by in staff.posts else by

    def do(
        self,
        by: str,
        command: type[Command],
        *,
        backdated: bool = False,
        **facts: object,
    ) -> str:
        """Who did it. by: a post, or a person. backdated: entered from paper."""
        occurred = self.at
        if backdated:
            self.at += timedelta(hours=self.rng.uniform(*LATE_HOURS))
        person = self.acting(by)
        given = command(
            command_id=drawn_id(self.rng),
            case_id=self.case_id,  # type: ignore[call-arg]  # every command on a case has one
            occurred_at=occurred if backdated else None,
            **facts,  # type: ignore[arg-type]  # the caller knows which
        )
        self.steps.append(Step(self.at, person, given))
        return person

    def do_if_needed(self, by: str, command: type[Command], place: str, **facts: object) -> None:
        """As `do`, where there is something to do. place: tells it from others of this moment.

        Nothing is drawn for it: what comes after it stays as it is.
        """
        name = f"{len(self.steps)}/{command.NAME}/{place}"
        given = command(
            command_id=uuid5(self.case_id, name),
            case_id=self.case_id,  # type: ignore[call-arg]  # every command on a case has one
            **facts,  # type: ignore[arg-type]  # the caller knows which
        )
        self.steps.append(Step(self.at, self.acting(by), given, spare=True))

    def show(
        self, by: str, label: str, *, pictured: bool, audience: Audience | None = None
    ) -> None:
        """Add evidence: a picture, or a page."""
        self._papers += 1
        content = (picture if pictured else paper)(self.case_id, self._papers)
        self.do(
            by,
            AddEvidence,
            sha256=sha256(content).hexdigest(),
            size=len(content),
            media_type=PICTURE if pictured else PAPER,
            label=f"{label} {self._papers}",
            audience=audience,
        )
        self.steps[-1] = replace(self.steps[-1], paper=content)

    def ends(self) -> None:
        """It came to an end, now: the service has no more to do with it, but to end its shares."""
        self.pressing = False
        self._turns.append((self.at, False))
        self.timed = [each for each in self.timed if each.at <= self.at or each.command == SHARE]

    def goes_on(self) -> None:
        """It came back, now."""
        self.cycles += 1
        self.pressing, self.accepted_at = True, self.at
        self.later, self.late, self.extended = timedelta(), False, False
        self._turns.append((self.at, True))

    def is_active(self, since: datetime, until: datetime) -> bool:
        """Whether it was open all that time."""
        before = [active for at, active in self._turns if at < since]
        between = [at for at, _ in self._turns if since <= at <= until]
        return since > self.steps[0].at and not between and (not before or before[-1])

    def expect(self, at: datetime, command: str) -> None:
        """The service will do that, unless it is called off."""
        self.timed.append(Timed(at, command))

    def call_off(self, command: str) -> None:
        """Somebody did it before the time."""
        last = max(place for place, each in enumerate(self.timed) if each.command == command)
        del self.timed[last]

    def days_after(self, days: int) -> datetime:
        """The end of the last of so many working days after today."""
        return self.scene.hours.due(self.at, whole_days(days))

    def in_working_minutes(self, minutes: int) -> datetime:
        """The instant so much working time from now."""
        return self.scene.hours.after_working_minutes(self.at, minutes)

    def moment(self) -> None:
        """A few minutes go by."""
        self.at += timedelta(hours=self.rng.uniform(*MOMENTS))

    def due(self, kind: ClockKind, since: datetime) -> datetime:
        """When what begins then is due, by the policy of the pack as it is then."""
        limit = self.limit(kind, since)
        return since + UNHURRIED if limit is None else self.scene.hours.due(since, limit)

    def limit(self, kind: ClockKind, at: datetime) -> Limit | None:
        """How long that may take, by the policy in force then; None: for ever."""
        limits = self.scene.forecast.limits_at(at)
        if limits is None:
            return None
        emergency = self.emergency_until is not None
        rule = limits.rule(kind, self.rules.path, self.urgency, emergency=emergency)
        return None if rule is None else rule.limit

    @property
    def closing_due(self) -> datetime:
        """By when the case as a whole is to be done with."""
        return self.due(ClockKind.RESOLUTION, self.accepted_at) + self.later

    @property
    def handling_due(self) -> datetime:
        """By when its lead is to be done with it."""
        return min(self.due(ClockKind.STAGE, self.dispatched_at) + self.later, self.closing_due)

    @property
    def tempo(self) -> float:
        """Which part of the usual time things take: from nearly 0 to 1."""
        limit = self.limit(ClockKind.STAGE, self.at) if self.pressing else None
        if limit is None:
            return 1
        if limit.unit in {LimitUnit.WALL_MINUTES, LimitUnit.WORKING_MINUTES}:
            return min(1, timedelta(minutes=limit.amount) / UNHURRIED)
        return min(1, timedelta(days=limit.amount) / UNHURRIED)

    @property
    def is_unhurried(self) -> bool:
        """Whether its lead has days for it."""
        return self.urgency is not Urgency.EMERGENCY and self.tempo == 1

    def opening(self, at: datetime) -> datetime:
        """That time, or soon after people are at work again; where it presses, somebody is."""
        hours, limit = self.scene.hours, self.limit(ClockKind.STAGE, at)
        by_the_wall = limit is not None and limit.unit is LimitUnit.WALL_MINUTES
        if self.pressing and (by_the_wall or self.urgency is not Urgency.NORMAL):
            return at
        if hours.is_working(at):
            return at
        return hours.next_working(at) + timedelta(minutes=self.rng.uniform(0, AFTER_OPENING))

    def wait(self, hours: float) -> None:
        """About so many hours go by, fewer where it presses."""
        usual = 0.05 + self.rng.expovariate(1 / hours)
        self.at = self.opening(self.at + timedelta(hours=usual * self.tempo))


def case_id_of(at: datetime, rng: Random) -> UUID:
    """An id as RFC 9562 version 7 has it, of that moment."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62)
    )
