"""The whole year of the district, as commands in the order of their times.

The same seed, number of cases and beginning give the same commands, ids included: so a loading
that was cut off goes on where it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from operator import attrgetter
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.demo.arranging import BETWEEN_COMMANDS, changes, set_up, unit_codes
from app.demo.chronicle import LATE_HOURS, Brought, Scene
from app.demo.course import Course
from app.demo.matters import MATTERS, STORM, Matter
from app.demo.phrases import FORMER
from app.demo.revising import AFTER, revision
from app.demo.routing import Forecast
from app.demo.staff import Staff, staffed
from app.demo.step import Step, Timed, drawn_id
from app.demo.telling import repeatable, twice
from app.packs.reading import Pack, folder_of, read_pack
from domain.calendar.content import CalendarVersion
from domain.calendar.timetable import Timetable
from domain.case.imported import Activity, ImportHistory
from domain.case.intake import RegisterCase
from domain.catalogue.content import TypeRules
from domain.directory.people import GrantQualification

PACK: Final = "cn-12345"
CASES: Final = 5_000
SEED: Final = 12345
DAYS: Final = 366
FIRST_CASES_AFTER: Final = timedelta(days=2)
LAST_BROUGHT: Final = timedelta(hours=2)
"""So long before the end of the year the last thing is brought up again."""

FORMER_AFTER: Final = timedelta(hours=20)
FORMER_ONE_OF: Final = 250
"""For so many cases there is one history that was brought in from before."""

LAST_COMMAND: Final = UUID("00000000-0000-8000-8000-0000000000de")
LAST_POST: Final = "directory-1"

WEEKDAYS: Final = (1.15, 1.1, 1.05, 1.05, 1.1, 0.75, 0.65)
HOURS: Final = (
    1,
    1,
    1,
    1,
    1,
    2,
    5,
    12,
    22,
    26,
    22,
    16,
    12,
    16,
    20,
    20,
    18,
    14,
    13,
    14,
    12,
    8,
    4,
    2,
)
TYPHOON_MONTHS: Final = (7, 8, 9)
TYPHOON_DAYS: Final = 2
REPEATED_EVERY: Final = 25
ENGLISH_ONE_OF: Final = 3
AGAIN_AFTER_HOURS: Final = (1, 140)
"""One thing in so many is brought up by two people; one of so many of these pairs is English."""

STORMY: Final = 0.75
"""Of what is brought up on a typhoon day."""


@dataclass(frozen=True)
class District:
    """Which district: everything follows from this. begins: a midnight of the jurisdiction."""

    begins: datetime
    zone: ZoneInfo
    administrator: str
    seed: int = SEED
    cases: int = CASES

    @property
    def ends(self) -> datetime:
        """When its year is over: nothing in it happens later."""
        return self.begins + timedelta(days=DAYS)


@dataclass(frozen=True)
class Plan:
    """The steps: those that set the district up, and those of its year, in order.

    repeats: pairs of cases about the same thing, the first one first.
    timed: what the service itself does in it when its time has come.
    """

    pack: Pack
    staff: Staff
    first_day: Sequence[Step]
    year: Sequence[Step]
    repeats: Sequence[tuple[UUID, UUID]]
    timed: Sequence[Timed]


def year_before(now: datetime, zone: ZoneInfo) -> datetime:
    """When a district begins whose year is just over."""
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=DAYS)).astimezone(UTC)


def planned(district: District) -> Plan:
    """Everything that will be recorded."""
    pack = read_pack(folder_of(PACK))
    staff = staffed(unit_codes(), district.begins, district.seed)
    first_day = list(set_up(pack, staff, district.begins, district.administrator, district.seed))
    courses = list(_courses(district, pack, staff))
    year = [
        *changes(staff, district.begins, district.seed),
        *revision(pack, staff, district.begins, district.seed),
        *_former_cases(district, staff),
        *_run(courses),
        _last(district, staff),
    ]
    year.sort(key=attrgetter("at"))
    steps = [step for step in year if step.at <= district.ends]
    timed = [each for course in courses for each in course.timed if each.at <= district.ends]
    return Plan(pack, staff, first_day, steps, _repeats(courses, steps), timed)


def _run(courses: Sequence[Course]) -> Iterator[Step]:
    earlier: dict[int, Course] = {}
    for number, course in enumerate(courses):
        yield from course.run(earlier)
        earlier[number] = course


def _repeats(courses: Sequence[Course], steps: Sequence[Step]) -> list[tuple[UUID, UUID]]:
    """The cases that repeat another one, as far as both are brought before the year is over."""
    registered = {step.command.case_id for step in steps if isinstance(step.command, RegisterCase)}
    pairs = [
        (courses[course.repeats].case_id, course.case_id)
        for course in courses
        if course.repeats is not None
    ]
    return [pair for pair in pairs if registered.issuperset(pair)]


def _courses(district: District, pack: Pack, staff: Staff) -> Iterator[Course]:
    forecast, hours = Forecast(pack, district.begins + AFTER), _hours(pack, district)
    paper_until = district.ends - timedelta(hours=LATE_HOURS[1])
    scene = Scene(
        staff,
        forecast,
        hours,
        district.zone,
        residents=max(10, district.cases // 8),
        paper_until=paper_until,
    )
    calendar = _Calendar(district)
    for brought in _brought(district, forecast, calendar):
        rng = Random(f"{district.seed}/course/{brought.number}")
        yield Course(scene, brought, rng)


def _brought(district: District, forecast: Forecast, calendar: "_Calendar") -> Iterator[Brought]:
    """What is brought up; the last but one of each `REPEATED_EVERY` is brought up again."""
    again: Brought | None = None
    for number in range(district.cases):
        if again is not None:
            yield again
            again = None
            continue
        rng = Random(f"{district.seed}/case/{number}")
        at, matter = calendar.drawn(rng)
        told = None
        pairs, place = divmod(number, REPEATED_EVERY)
        if place == REPEATED_EVERY - 2:
            in_english = pairs % ENGLISH_ONE_OF == 0
            matter = rng.choice(repeatable(in_english=in_english))
            told, other = twice(rng, matter, in_english=in_english)
            later = at + timedelta(hours=rng.uniform(*AGAIN_AFTER_HOURS))
            later = max(at, min(later, district.ends - LAST_BROUGHT))
            again = Brought(number + 1, later, matter, _rules(forecast, matter), other, number)
        yield Brought(number, at, matter, _rules(forecast, matter), told)


def _hours(pack: Pack, district: District) -> Timetable:
    """When the offices work by the default calendar of the pack."""
    default = pack.default_calendar
    if default is None:
        raise LookupError(pack.id)
    zone = district.zone.key
    version = CalendarVersion(1, pack.title, pack.id, zone, default, pack.calendars)
    table = version.timetable()
    if table is None:
        raise LookupError(default)
    return table


def _former_cases(district: District, staff: Staff) -> Iterator[Step]:
    """A few histories of the hotline that the district had before."""
    rng = Random(f"{district.seed}/former")
    at = district.begins + FORMER_AFTER
    for number in range(1 + district.cases // FORMER_ONE_OF):
        at += BETWEEN_COMMANDS
        began = district.begins - timedelta(days=rng.uniform(20, 300))
        activities = tuple(
            Activity(activity=name, occurred_at=began + timedelta(hours=30 * place), unit="12345")
            for place, name in enumerate(FORMER)
        )
        command = ImportHistory(
            command_id=drawn_id(rng),
            source="former-hotline",
            external_id=f"OLD-{number + 1:05}",
            attributes=(),
            activities=(*activities[:-1], replace(activities[-1], closes=True)),
        )
        yield Step(at, staff.acting("system-1", at), command)


def _rules(forecast: Forecast, matter: Matter) -> TypeRules:
    rules = forecast.catalogue.rules(matter.code)
    if rules is None:
        raise LookupError(matter.code)
    return rules


def _last(district: District, staff: Staff) -> Step:
    """What tells that the district is complete."""
    person = staff.acting(LAST_POST, district.ends)
    command = GrantQualification(
        command_id=LAST_COMMAND, person=person, qualification="records-management"
    )
    return Step(district.ends, person, command)


class _Calendar:
    """On which days of the year how much is brought up."""

    def __init__(self, district: District) -> None:
        rng = Random(f"{district.seed}/weather")
        first = (district.begins + FIRST_CASES_AFTER).astimezone(district.zone)
        last = district.ends.astimezone(district.zone)
        self._days = [first + timedelta(days=day) for day in range((last - first).days)]
        self._stormy = {
            (month, day + more)
            for month in TYPHOON_MONTHS
            for day in [rng.randrange(3, 25)]
            for more in range(TYPHOON_DAYS)
        }
        self._of_month = [
            list(accumulate(matter.weight * matter.months[month] for matter in MATTERS))
            for month in range(12)
        ]
        self._of_storm = list(accumulate(matter.weight for matter in STORM))
        self._of_days = list(accumulate(self._busy(day) for day in self._days))

    def drawn(self, rng: Random) -> tuple[datetime, Matter]:
        """When something is brought up, and what."""
        day = rng.choices(self._days, cum_weights=self._of_days)[0]
        hour = rng.choices(range(24), HOURS)[0]
        at = day.replace(hour=hour) + timedelta(seconds=rng.randrange(3600))
        if self._is_stormy(day) and rng.random() < STORMY:
            return at.astimezone(UTC), rng.choices(STORM, cum_weights=self._of_storm)[0]
        of_month = self._of_month[day.month - 1]
        return at.astimezone(UTC), rng.choices(MATTERS, cum_weights=of_month)[0]

    def _busy(self, day: datetime) -> float:
        busy = self._of_month[day.month - 1][-1] * WEEKDAYS[day.weekday()]
        return busy * (4 if self._is_stormy(day) else 1)

    def _is_stormy(self, day: datetime) -> bool:
        return (day.month, day.day) in self._stormy
