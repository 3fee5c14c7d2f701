"""Makes logs as nasty as real ones, always the same for the same arguments."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from app.exchange.xes_writer import XesWriter
from domain.case.vocabulary import Attribute

BEGAN = datetime(2010, 10, 2, 9, 44, 16, 609000, timezone(timedelta(hours=2)))
ACTIVITIES = [f"T{number:02} Step {number}" for number in range(25)] + ["核实", 'Say "no" & <stop>']
RESOURCES = [f"Resource{number:02}" for number in range(47)] + ["张三"]
ZONES = [timezone(timedelta(hours=hours)) for hours in (2, 0, 8, -5)]


def write_log(path: Path, cases: int, events: int, *, name: str = "nasty") -> None:
    """A log of so many cases and events at `path`: ties, times going back, every type, nesting."""
    chance = random.Random(cases)
    writer = XesWriter()
    with path.open("wb") as file:
        file.write(writer.begin(name))
        for number, length in enumerate(_lengths(chance, cases, events)):
            own = [
                Attribute("concept:name", "string", f"case-{number}"),
                Attribute("department", "string", chance.choice(["General", "城管", "a\tb"])),
            ]
            file.write(writer.trace(own, _events(chance, length)))
        file.write(writer.end())


def _lengths(chance: random.Random, cases: int, events: int) -> list[int]:
    """One event for each case, the others spread unevenly."""
    lengths = [1] * cases
    for _ in range(events - cases):
        lengths[int(chance.triangular(0, cases, cases // 4)) % cases] += 1
    return lengths


def _events(chance: random.Random, length: int) -> Iterator[list[Attribute]]:
    at = BEGAN + timedelta(hours=chance.randrange(24 * 365))
    for index in range(length):
        # A third of the events happens at the moment of the one before, a tenth before it.
        at += timedelta(seconds=chance.choice([0, 0, 0, 1, 3_600, 86_400.5, 7e6, 90, -600, 0.001]))
        written = at.astimezone(chance.choice(ZONES)).isoformat(timespec="milliseconds")
        activity = ACTIVITIES[min(index, 5) if chance.random() < 0.7 else chance.randrange(27)]
        yield [
            Attribute("org:group", "string", f"Group {chance.randrange(10)}"),
            Attribute("concept:name", "string", activity),
            Attribute("time:timestamp", "date", written),
            Attribute("lifecycle:transition", "string", "complete"),
            *([Attribute("org:resource", "string", chance.choice(RESOURCES))] * (index % 5 > 0)),
            *(_extra(chance) if chance.random() < 0.1 else ()),
        ]


def _extra(chance: random.Random) -> Iterator[Attribute]:
    """One of each type, with attributes of attributes."""
    yield Attribute("cost", "int", f"{chance.randrange(-9, 9):+03}")
    yield Attribute("share", "float", f"{chance.random():.3e}")
    yield Attribute("urgent", "boolean", chance.choice(["true", "false"]))
    yield Attribute("ref", "id", f"urn:uuid:{chance.getrandbits(64):x}")
    yield Attribute("seen", "date", "2011-03-27T02:30:00.123456789+01:00")
    inner = Attribute("why", "string", "line 1\nline 2  ", (Attribute("by", "string", "’é"),))
    values = (Attribute("item", "string", "a", (inner,)), Attribute("item", "int", "1"))
    yield Attribute("steps", "list", None, (Attribute("", "values", None, values),))
    yield Attribute("note", "string", "", (inner,))
