"""Rows of a district of any size, as the views would have written them: what boards are read from.

A case is open for some 250 days, so that at any time a third of all are. Positions are spread
evenly over two years.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from projections.control_facts import FactKind
from projections.history import NEVER
from projections.intervals import fork, time_fork
from projections.view import Connection
from tests.benchmarks.many_cases import AREAS, BEGAN, TYPES, UNITS

DAYS: Final = 730
END: Final = BEGAN + timedelta(days=DAYS)
OPEN_FOR: Final = 250
MOST_AT_A_POSITION: Final = 10_000
FACTS: Final = (
    FactKind.DISPATCHED,
    FactKind.RETURN_REQUESTED,
    FactKind.RETURN_REJECTED,
    FactKind.DECIDED,
    FactKind.HANDED_OVER,
    FactKind.BREACHED,
)

CASE_COLUMNS: Final = [
    "case_id",
    "version",
    "position",
    "updated_at",
    "stage",
    "case_no",
    "channel",
    "registered_at",
    "type_code",
    "area",
    "lead_unit",
    "co_units",
    "cycle",
    "on_behalf",
    "latest_at",
    "in_order",
    "details",
]
HISTORY_COLUMNS: Final = [
    *(name for name in CASE_COLUMNS if name not in {"latest_at", "in_order"}),
    *[
        "made_by",
        "seq",
        "by_version",
        "by_time",
        "next_position",
        "known_from",
        "known_to",
        "valid_from",
    ],
    *["valid_to", "valid_to_since", "fork", "time_fork"],
]
SPAN_COLUMNS: Final = [
    "case_id",
    "name",
    "since",
    "until",
    "fork",
    "kind",
    "late_from",
    "yellow_from",
    "unit",
    "lead_unit",
    "area",
    "type_code",
    "channel",
    "officer",
    "officer_position",
    "clock",
    "valid_from",
    "valid_to",
    "time_fork",
]
FACT_COLUMNS: Final = [
    "position",
    "seq",
    "occurred_at",
    "case_id",
    "kind",
    "unit",
    "decision",
    "since",
    "by_unit",
    "area",
    "type_code",
    "channel",
]


@dataclass
class Rows:
    """What a piece of the district lies in, by table."""

    cases: list[tuple[Any, ...]] = field(default_factory=list)
    history: list[tuple[Any, ...]] = field(default_factory=list)
    spans: list[tuple[Any, ...]] = field(default_factory=list)
    facts: list[tuple[Any, ...]] = field(default_factory=list)


async def fill(connection: Connection, cases: int, events: int) -> None:
    """A district of so many cases, in whose journal there were so many events."""
    facts = []
    for rows in _rows(cases, events):
        await _copy(connection, "cases", CASE_COLUMNS, rows.cases)
        await _copy(connection, "case_history", HISTORY_COLUMNS, rows.history)
        await _copy(connection, "clock_spans", SPAN_COLUMNS, rows.spans)
        facts += rows.facts
    facts.sort()
    placed = [
        (_position(fact[0], events), seq % MOST_AT_A_POSITION, *fact)
        for seq, fact in enumerate(facts)
    ]
    await _copy(connection, "control_facts", FACT_COLUMNS, placed)
    for table in ("cases", "case_history", "clock_spans", "control_facts"):
        await connection.execute(f"VACUUM ANALYZE {table}")


async def _copy(
    connection: Connection, table: str, columns: list[str], rows: list[tuple[Any, ...]]
) -> None:
    await connection.copy_records_to_table(table, columns=columns, records=rows)


def _rows(cases: int, events: int, at_once: int = 5_000) -> Iterator[Rows]:
    chance, rows = random.Random(1), Rows()
    for number in range(cases):
        _add(rows, chance, number, cases, events)
        if number % at_once == at_once - 1 or number == cases - 1:
            yield rows
            rows = Rows()


def _position(time: datetime, events: int) -> int:
    return 1 + int((time - BEGAN) / (END - BEGAN) * (events - 1))


def _time(position: int, events: int) -> datetime:
    return BEGAN + (END - BEGAN) * ((position - 1) / (events - 1))


def _add(rows: Rows, chance: random.Random, number: int, cases: int, events: int) -> None:
    case_id = UUID(int=number << 80 | 0x7000_8000_0000_0000_0000)
    registered = BEGAN + timedelta(days=number / cases * DAYS)
    over = registered + timedelta(days=chance.expovariate(1 / OPEN_FOR))
    ended = over if over < END else None
    began = _position(registered, events)
    until = None if ended is None else max(_position(ended, events), began + 1)
    place = {
        "unit": chance.choice(UNITS),
        "area": chance.choice(AREAS),
        "type_code": chance.choice(TYPES),
        "channel": "HOTLINE",
    }
    clocks = [
        _clock(chance, kind, registered)
        for kind in ("RESOLUTION", "STAGE", "CO_REPLY")[: chance.choice((2, 3))]
    ]
    _add_case(rows, case_id, number, place, clocks, registered, ended, began, until)
    for clock in clocks:
        until_then = until or events + 1
        _add_spans(rows, chance, case_id, place, clock, began, until_then, ended is None, events)
    for _ in range(3):
        time = min(registered + timedelta(days=chance.random() * 30), END)
        kind = chance.choice(FACTS)
        decided = kind is FactKind.DECIDED
        rows.facts.append(
            (
                time,
                case_id,
                kind,
                place["unit"],
                "RETURN" if decided else None,
                time - timedelta(hours=chance.random() * 48) if decided else None,
                chance.choice(UNITS),
                place["area"],
                place["type_code"],
                place["channel"],
            )
        )


def _clock(chance: random.Random, kind: str, started: datetime) -> dict[str, Any]:
    days = chance.uniform(100, 800)
    return {
        "kind": kind,
        "number": 1,
        "started_at": started.isoformat(),
        "limit": {"amount": int(days), "unit": "CALENDAR_DAYS"},
        "due": (started + timedelta(days=days)).isoformat(),
        "calendar": "24x7",
        "policy": 1,
        "next_percent": 80,
        "next_at": (started + timedelta(days=days * 0.8)).isoformat(),
    }


def _add_case(
    rows: Rows,
    case_id: UUID,
    number: int,
    place: dict[str, str],
    clocks: list[dict[str, Any]],
    registered: datetime,
    ended: datetime | None,
    began: int,
    until: int | None,
) -> None:
    timed = json.dumps({"clocks": clocks})

    def state(version: int, position: int, time: datetime, *, is_open: bool) -> list[Any]:
        return [
            case_id,
            version,
            position,
            time,
            "IN_PROGRESS" if is_open else "CLOSED",
            f"20240101-{number:08}",
            place["channel"],
            registered,
            place["type_code"],
            place["area"],
            place["unit"],
            [],
            1,
            False,
        ]

    if ended is None or until is None:
        row = [*state(1, began, registered, is_open=True), registered, True, timed]
        rows.cases.append(tuple(row))
        return
    rows.cases.append((*state(2, until, ended, is_open=False), ended, True, "{}"))
    left = [*state(1, began, registered, is_open=True), timed, 1, 0, True, True, until, began]
    rows.history.append(
        (
            *left,
            NEVER,
            registered,
            ended,
            until,
            fork(began, until - 1),
            time_fork(registered, ended),
        )
    )


def _add_spans(
    rows: Rows,
    chance: random.Random,
    case_id: UUID,
    place: dict[str, str],
    clock: dict[str, Any],
    began: int,
    end: int,
    runs: bool,
    events: int,
) -> None:
    """The clock in up to three pieces: it changed hands, or said something."""
    cuts = sorted({began, *(chance.randrange(began, end) for _ in range(2))})
    due = datetime.fromisoformat(clock["due"])
    yellow = datetime.fromisoformat(clock["next_at"])
    said = json.dumps(clock)
    for since, until in zip(cuts, [*cuts[1:], None if runs else end], strict=True):
        valid_from = _time(since, events)
        valid_to = None if until is None else _time(until, events)
        rows.spans.append(
            (
                case_id,
                clock["kind"],
                since,
                until,
                None if until is None else fork(since, until - 1),
                clock["kind"],
                due,
                yellow,
                place["unit"],
                place["unit"],
                place["area"],
                place["type_code"],
                place["channel"],
                "officer",
                "post",
                said,
                valid_from,
                valid_to,
                None if valid_to is None else time_fork(valid_from, valid_to),
            )
        )
