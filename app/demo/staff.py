"""Who holds which post of the district when: posts change hands, and are delegated in between."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.demo.names import COMMAND_CENTRE, COMMUNITIES, GIVEN, ROOT, STREETS, SURNAMES
from domain.directory.vocabulary import Position
from domain.identity import Role

SHARE_THAT_CHANGES_HANDS: Final = 0.3
DELEGATIONS: Final = 14
WEEKS_AWAY: Final = (1, 3)

# Code of the unit, beginning of the posts' codes, how many, title, roles.
_OFFICES: Final = (
    (COMMAND_CENTRE, "intake", 6, "受理员", "Intake clerk", (Role.INTAKE,)),
    (COMMAND_CENTRE, "registrar", 3, "值班长", "Registrar on duty", (Role.REGISTRAR,)),
    (COMMAND_CENTRE, "dispatcher", 3, "派遣员", "Dispatcher", (Role.DISPATCHER,)),
    (COMMAND_CENTRE, "evaluator", 3, "回访员", "Evaluator", (Role.EVALUATOR,)),
    (ROOT, "supervisor", 2, "督办员", "Supervisor", (Role.SUPERVISOR,)),
    (ROOT, "auditor", 1, "审计员", "Auditor", (Role.AUDITOR,)),
    (ROOT, "privacy", 2, "隐私专员", "Privacy officer", (Role.PRIVACY_OFFICER,)),
    (ROOT, "system", 1, "系统管理员", "System administrator", (Role.SYSTEM_ADMIN,)),
    ("justice", "mediator", 2, "调解员", "Mediator", (Role.MEDIATOR,)),
    ("volunteers", "volunteer", 4, "志愿者", "Volunteer", (Role.VOLUNTEER,)),
)
# The last to be filled: until then the administrators of the first entry stand in for them.
_ADMINISTRATORS: Final = (
    (ROOT, "catalogue", 2, "目录管理员", "Catalogue administrator", (Role.CATALOGUE_ADMIN,)),
    (ROOT, "directory", 1, "组织管理员", "Directory administrator", (Role.DIRECTORY_ADMIN,)),
)
LASTING: Final = frozenset({"catalogue-1", "catalogue-2", "directory-1"})


@dataclass(frozen=True)
class Tenure:
    """A person holds a post from a moment on, until the next one does."""

    person: str
    name: str
    since: datetime


@dataclass(frozen=True)
class Away:
    """Who holds a post is away, and another one acts for them."""

    post: str
    tenure: int
    delegate: str
    since: datetime
    until: datetime


@dataclass
class Staff:
    """Posts and their holders."""

    posts: dict[str, Position] = field(default_factory=dict)
    tenures: dict[str, list[Tenure]] = field(default_factory=dict)
    away: dict[str, list[Away]] = field(default_factory=dict)

    def acting(self, post: str, at: datetime) -> str:
        """Who acts on a post: its holder, or the delegate while they are away."""
        for away in self.away.get(post, ()):
            if away.since <= at < away.until:
                return away.delegate
        tenures = self.tenures[post]
        return tenures[bisect_right(tenures, at, key=lambda tenure: tenure.since) - 1].person


def staffed(units: Sequence[str], begins: datetime, seed: int) -> Staff:
    """The posts of these units, and who holds them in the year from `begins` on."""
    rng, staff = Random(f"{seed}/staff"), Staff()
    numbers = iter(range(1, 10_000))

    def person() -> tuple[str, str]:
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2))
        return f"p-{next(numbers):04}", name

    for code, position in _positions(units):
        staff.posts[code] = position
        staff.tenures[code] = [Tenure(*person(), begins)]
        if code not in LASTING and rng.random() < SHARE_THAT_CHANGES_HANDS:
            since = begins + timedelta(days=rng.randrange(30, 340))
            staff.tenures[code].append(Tenure(*person(), since))
    _delegate(staff, begins, rng)
    return staff


def _delegate(staff: Staff, begins: datetime, rng: Random) -> None:
    """Colleagues act for each other, within the tenure of who delegates."""
    shared = [code for code in staff.posts if code.endswith(("-1", "-2")) and code not in LASTING]
    for code in rng.sample(shared, DELEGATIONS):
        stem, number = code.rsplit("-", 1)
        colleague = f"{stem}-{3 - int(number)}"
        if colleague not in staff.posts or colleague in staff.away:
            continue
        since = begins + timedelta(days=rng.randrange(20, 320))
        until = since + timedelta(weeks=rng.randint(*WEEKS_AWAY))
        for each in (code, colleague):
            changes = [tenure.since for tenure in staff.tenures[each][1:]]
            if any(since <= change <= until for change in changes):
                break
        else:
            held = [tenure.since <= since for tenure in staff.tenures[code]]
            delegate = staff.acting(colleague, since)
            staff.away[code] = [Away(code, sum(held), delegate, since, until)]


def _positions(units: Sequence[str]) -> Iterator[tuple[str, Position]]:
    for unit in units:
        if unit in {ROOT, "volunteers"}:
            continue
        yield f"{unit}-leader", Position(unit, "负责人", "Head", (Role.UNIT_LEADER,))
        for number in (1, 2):
            code = f"{unit}-officer-{number}"
            yield code, Position(unit, "承办人", "Officer", (Role.OFFICER,))
    for number, (_, english) in enumerate(COMMUNITIES):
        street = STREETS[number // 3][0]
        area = f"yl-{street}-{number % 3 + 1}"
        code = f"grid-worker-{english.lower()}"
        roles = (Role.GRID_WORKER,)
        yield code, Position(f"street-{street}", "网格员", "Grid worker", roles, (area,))
    for unit, stem, many, zh, en, roles in (*_OFFICES, *_ADMINISTRATORS):
        for number in range(1, many + 1):
            yield f"{stem}-{number}", Position(unit, zh, en, roles)
