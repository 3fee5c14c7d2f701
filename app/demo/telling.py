"""What somebody brings up: the words, and where it is; and the same by somebody else.

Now and then one thing is brought up twice, by people who do not know of each other: in other words,
from a few steps away, hours or days later. Some of them write English.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from app.demo import wording
from app.demo.matters import MATTERS, PLACES, Matter
from app.demo.names import COMMUNITIES, DISTRICT, GRIDS_OF_A_COMMUNITY, STREETS
from domain.case.vocabulary import Point, Precision

SOUTH_WEST: Final = (30.02, 122.61)
"""Of the made-up district: it lies in the sea."""

GRID_DEGREES: Final = 0.004
STEPS_DEGREES: Final = 0.0003
"""How far from each other two people may stand who see the same."""

IN_A_GRID: Final = 0.85
COMMUNITY_DEPTH: Final = 2
"""Hyphens in the code of a community: district-street-number."""

WITH_A_POINT: Final = 0.6
IN_ENGLISH: Final = 0.06
"""Of what foreigners write about at all."""

REWORDED_PLACES: Final = {
    "{road}{n}号门前": "{road}{n}号附近",
    "{road}与{road2}交叉口": "{road2}{road}路口",
    "{road}{community}社区段": "{community}社区旁边的{road}上",
    "{estate}{n}号楼": "{estate}{n}栋",
    "{estate}{n}号楼{m}单元": "{estate}{n}栋{m}单元门口",
    "{estate}南门": "{estate}小区南大门",
    "{road}{n}号沿街商铺": "{road}{n}号临街店面",
    "{community}便民市场": "{community}菜市场",
    "{road}{n}号一家餐馆": "{road}{n}号的饭店",
    "{road}在建工地": "{road}上的工地",
    "{community}社区旧改工地": "{community}旧改施工现场",
    "{street}口袋公园": "{street}小公园",
    "{community}社区小广场": "{community}社区广场",
    "芦溪河{community}段": "{community}社区边上的芦溪河",
    "{street}霁湖岸边": "霁湖边（{street}）",
}
"""How others call the places of `matters.PLACES`; the rest has one name."""

ENGLISH: Final = {
    "urban.facility.street-lamp": ("Street lamp does not work", "The lamp stays dark all night"),
    "urban.appearance.litter": ("Rubbish piled up, not collected", "Rubbish bins overflow, smell"),
    "urban.order.barbecue": ("Barbecue smoke until midnight", "Smoke and noise of a barbecue"),
    "urban.order.bicycle-parking": ("Shared bikes block the pavement", "Heap of shared bicycles"),
    "urban.facility.manhole": ("Manhole cover missing", "Open manhole without a cover"),
    "transport.parking.illegal": ("Illegally parked cars", "Cars parked where they must not"),
    "transport.parking.fire-lane": ("Cars block the fire lane", "Fire lane blocked by parked cars"),
    "transport.road.pothole": ("Deep pothole in the road", "The road has sunk, a big pothole"),
    "environment.noise.construction": (
        "Construction noise at night",
        "The site is loud at 2 am",
    ),
    "environment.air.fumes": ("Kitchen fumes of a restaurant", "Restaurant blows fumes at us"),
    "housing.property.lift": ("The lift is out of order again", "Lift stopped, old people stuck"),
    "housing.utility.water-outage": ("No water since this morning", "Water cut off, no notice"),
    "housing.repair.leak": ("Rain leaks through the wall", "Outer wall leaks when it rains"),
    "safety.fire.ebike": ("E-bikes charge in the stairwell", "Somebody charges e-bikes on stairs"),
}
"""What foreigners write about, each in two ways."""

ENGLISH_PLACES: Final = {
    "road": ("outside No. {n} {road}", "near {road} {n}"),
    "estate": ("at building {n}, {community} {estate}", "in {community} {estate}, block {n}"),
    "shop": ("at the shop in {road} {n}", "{n} {road}, the shop there"),
    "site": ("at the building site in {road}", "works in {road}"),
}
ENGLISH_ROADS: Final = (
    "Wanfeng Road",
    "Chengxin Lane",
    "Ludi Street",
    "Tingyu Road",
    "Tongyin Road",
    "Shiqing Street",
    "Bailuwan Road",
    "Nanzhi Road",
)
ENGLISH_ESTATES: Final = ("Homes", "Residence", "New Village", "Court", "Gardens", "Apartments")
ENGLISH_REST: Final = (
    "It has been like this for a week. Please send somebody.",
    "My neighbours are worried too. Could you have a look?",
    "I called before and nothing happened. Please tell me what you will do.",
    "We have small children at home. Thank you for your help.",
)


@dataclass(frozen=True)
class Told:
    """What is said, and where it is. place: the parts of the words for it."""

    title: str
    description: str
    community: int
    place: dict[str, str]
    area: str
    point: Point | None


def told(rng: Random, matter: Matter) -> Told:
    """Somebody brings something up."""
    community = rng.randrange(len(COMMUNITIES))
    place = wording.place_of(rng, STREETS[community // 3][1], COMMUNITIES[community][0])
    title, description = wording.title_and_description(rng, matter, place)
    grid = rng.randrange(GRIDS_OF_A_COMMUNITY)
    area = f"{DISTRICT[0]}-{STREETS[community // 3][0]}-{community % 3 + 1}"
    said = Told(
        title,
        description,
        community,
        place,
        area=f"{area}-{grid + 1}" if rng.random() < IN_A_GRID else area,
        point=_point(rng, community, grid) if rng.random() < WITH_A_POINT else None,
    )
    if matter.code not in ENGLISH or rng.random() >= IN_ENGLISH:
        return said
    title, description = _in_english(rng, matter, said)[0]
    return replace(said, title=title, description=description)


def twice(rng: Random, matter: Matter, *, in_english: bool) -> tuple[Told, Told]:
    """One thing, brought up by two people."""
    first = told(rng, matter)
    said = _in_english(rng, matter, first) if in_english else _in_chinese(rng, matter, first)
    (title, description), (again, in_other_words) = said
    point = first.point and _near(rng, first.point)
    return (
        replace(first, title=title, description=description),
        replace(
            first,
            title=again,
            description=in_other_words,
            area=_neighbouring(rng, first.area),
            point=point,
        ),
    )


def repeatable(*, in_english: bool) -> list[Matter]:
    """What there are two ways to say of."""
    if in_english:
        return [each for each in MATTERS if each.code in ENGLISH]
    return [each for each in MATTERS if len(each.words) > 1]


Said = tuple[str, str]
"""Title and description."""


def _in_chinese(rng: Random, matter: Matter, first: Told) -> tuple[Said, Said]:
    where = rng.choice(PLACES[matter.where])
    said, again = rng.sample(matter.words, 2)
    here = where.format(**first.place)
    there = REWORDED_PLACES.get(where, where).format(**first.place)
    return (
        (f"{here}{said}", wording.described(rng, matter, here, said)),
        (f"{there}：{again}", wording.described(rng, matter, there, again)),
    )


def _in_english(rng: Random, matter: Matter, first: Told) -> tuple[Said, Said]:
    here, there = ENGLISH_PLACES[matter.where]
    names = {
        "n": first.place["n"],
        "road": rng.choice(ENGLISH_ROADS),
        "estate": rng.choice(ENGLISH_ESTATES),
        "community": COMMUNITIES[first.community][1],
    }
    said, again = ENGLISH[matter.code]
    rest, other_rest = rng.sample(ENGLISH_REST, 2)
    here, there = here.format(**names), there.format(**names)
    return (
        (f"{said} {here}", f"{said} {here}. {rest}"),
        (f"{again} ({there})", f"{there}: {again.lower()}. {other_rest}"),
    )


def _point(rng: Random, community: int, grid: int) -> Point:
    south, west = SOUTH_WEST
    row, column = divmod(community, 3)
    latitude = south + (row * 2 + grid // 2 + rng.random()) * GRID_DEGREES
    longitude = west + (column * 2 + grid % 2 + rng.random()) * GRID_DEGREES
    precision = rng.choice((Precision.EXACT, Precision.STREET))
    return Point(round(latitude, 6), round(longitude, 6), precision)


def _neighbouring(rng: Random, area: str) -> str:
    """Mostly the same; now and then the community that a grid lies in."""
    in_a_grid = area.count("-") > COMMUNITY_DEPTH
    return area if not in_a_grid or rng.random() < IN_A_GRID else area.rpartition("-")[0]


def _near(rng: Random, point: Point) -> Point:
    """Where somebody else stands."""
    latitude = point.latitude + rng.uniform(-STEPS_DEGREES, STEPS_DEGREES)
    longitude = point.longitude + rng.uniform(-STEPS_DEGREES, STEPS_DEGREES)
    return Point(round(latitude, 6), round(longitude, 6), point.precision)
