"""A table shaped like Boston's service requests, with every nasty row; and its facts, plainly.

What is read here is read without any code of ours: `facts` is what the answers are compared with.
"""

import csv
import io
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

NEW_YORK: Final = ZoneInfo("America/New_York")
COLUMNS: Final = (  # noqa: SIM905 - one line, as in the file
    "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,case_title,"
    "subject,reason,type,queue,department,submittedphoto,closedphoto,location,fire_district,"
    "pwd_district,city_council_district,police_district,neighborhood,"
    "neighborhood_services_district,ward,precinct,location_street_name,location_zipcode,latitude,"
    "longitude,source"
).split(",")
RENAMED: Final = {
    "target_dt": "sla_target_dt",
    "ontime": "on_time",
    "submittedphoto": "submitted_photo",
    "closedphoto": "closed_photo",
}
"""Columns of newer years, which also have geom_4326."""

CHANNELS: Final = {
    "Citizens Connect App": "APP",
    "City Worker App": "GRID_PATROL",
    "Constituent Call": "HOTLINE",
    "Employee Generated": "WALK_IN",
    "Maximo Integration": "TRANSFERRED",
    "Self Service": "WEB",
    "Twitter": "MEDIA",
}
"""How each source is to be called."""

TYPES: Final = (
    "Parking Enforcement",
    "Request for Pothole Repair",
    "Street Light Outages",
    "Sidewalk Cover / Manhole",
    "Unsatisfactory Utilities - Electrical  Plumbing",
)
PLACES: Final = ("Allston / Brighton", "Dorchester", "South Boston / South Boston Waterfront", "")
FIRST_DAY: Final = datetime(2022, 1, 1)  # noqa: DTZ001 - local
EXTRACTED: Final = datetime(2022, 12, 1, 5, tzinfo=UTC)
"""When the flags of open requests were judged."""

Row = dict[str, str]


@dataclass(frozen=True)
class Planned:
    """What was written. refused: (line, column, code) of each row that cannot be taken."""

    rows: int
    refused: Sequence[tuple[int, str, str]]


class _Writer:
    """Writes rows as one encoding of RFC 4180, and counts lines."""

    def __init__(self) -> None:
        self.content = bytearray(b"\xef\xbb\xbf")
        self.line = 1
        self.rows = 0
        self.refused: list[tuple[int, str, str]] = []

    def raw(self, text: str | bytes) -> None:
        encoded = text.encode() if isinstance(text, str) else text
        self.content += encoded + b"\r\n"
        self.line += 1 + encoded.count(b"\n")

    def row(self, row: Row, column: str = "", code: str = "") -> None:
        if code:
            self.refused.append((self.line, column, code))
        self.rows += 1
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(list(row.values()))
        self.raw(out.getvalue())


def write_boston(path: Path, rows: int, seed: int = 1) -> Planned:
    """Write so many sound rows, and one of each kind that is not."""
    chance = random.Random(seed)
    writer = _Writer()
    writer.raw(",".join(COLUMNS))
    sound = [_row(chance, number) for number in range(rows)]
    for row in sound:
        writer.row(row)
    _write_odd(writer, _row(chance, rows))
    _write_bad(writer, _row(chance, rows), sound[0]["case_enquiry_id"])
    path.write_bytes(bytes(writer.content).removesuffix(b"\r\n"))
    return Planned(writer.rows, writer.refused)


def _row(chance: random.Random, number: int) -> Row:
    opened = FIRST_DAY + timedelta(minutes=chance.randrange(300 * 24 * 60))
    opened = opened.replace(hour=max(opened.hour, 4), second=chance.randrange(60))
    target = closed = None
    if chance.random() < 0.9:
        target = opened + timedelta(hours=chance.choice([8, 24, 72, 200]))
    if chance.random() < 0.8:
        closed = opened + timedelta(minutes=chance.randrange(1, 20_000))
        # Clocks change before four.
        if closed.hour < 4 or closed.month < opened.month:
            closed = opened
    end = closed or EXTRACTED.astimezone(NEW_YORK).replace(tzinfo=None)
    text = chance.choice([" ", "Case Noted", 'said "no",\r\nand left', "=1+1", "路灯 🏮"])
    known = chance.random() < 0.95
    return {
        "case_enquiry_id": str(101_004_000_000 + number),
        "open_dt": f"{opened}",
        "target_dt": f"{target or ''}",
        "closed_dt": f"{closed or ''}",
        "ontime": "OVERDUE" if target is not None and end > target else "ONTIME",
        "case_status": "Closed" if closed else "Open",
        "closure_reason": text if closed else " ",
        "case_title": chance.choice([*TYPES, ""]),
        "subject": "Public Works Department",
        "reason": "Street Lights",
        "type": chance.choice(TYPES),
        "queue": f"PWDx_{chance.randrange(9)}",
        "department": "PWDx",
        "submittedphoto": "",
        "closedphoto": "",
        "location": f"{number} Main St  Boston  MA  02134",
        "fire_district": "11",
        "pwd_district": "04",
        "city_council_district": "9",
        "police_district": "D14",
        "neighborhood": chance.choice(PLACES),
        "neighborhood_services_district": "15",
        "ward": "Ward 21",
        "precinct": "2105",
        "location_street_name": f"{number} Main St",
        "location_zipcode": "02134",
        "latitude": f"42.{chance.randrange(3000, 3999)}" if known else "",
        "longitude": f"-71.{chance.randrange(1000, 1999)}" if known else "",
        "source": chance.choice([*CHANNELS, "Carrier Pigeon"]),
    }


def _write_odd(writer: _Writer, row: Row) -> None:
    """Rows that look wrong and are to be taken."""
    still_open = {
        **row,
        "closed_dt": "",
        "case_status": "Open",
        "ontime": "ONTIME",
        "target_dt": "",
    }
    odd: list[Row] = [
        {"open_dt": "2022-11-06 01:30:00"},  # twice: the first
        {"open_dt": "2022-03-12 02:30:00", "target_dt": "2022-03-13 02:30:00", "ontime": "OVERDUE"},
        {
            "open_dt": "2022-05-01 10:00:00",
            "closed_dt": "2022-05-01 09:59:58",
            "case_status": "Closed",
        },
        {"open_dt": "2022-05-01T10:00:00"},
        {"open_dt": " 05/01/2022 02:07:00 PM "},
        {"case_title": " ", "type": " "},
        {"closure_reason": "x" * 20_000},
    ]
    for number, changed in enumerate(odd):
        writer.row({**still_open, **changed, "case_enquiry_id": f"odd-{number}"})
        writer.raw("")  # an empty line is no row


def _write_bad(writer: _Writer, row: Row, taken: str) -> None:
    """Rows that cannot be taken, each for its own reason; between them one that can."""
    closed = {**row, "closed_dt": "2022-11-01 10:00:00", "case_status": "Closed"}
    still_open = {
        **row,
        "closed_dt": "",
        "case_status": "Open",
        "ontime": "ONTIME",
        "target_dt": "",
    }
    bad: list[tuple[Row, str, str]] = [
        ({**still_open, "open_dt": "2022-03-13 02:30:00"}, "open_dt", "TIME_NONEXISTENT"),
        ({**still_open, "open_dt": "yesterday"}, "open_dt", "TIME_UNREADABLE"),
        ({**still_open, "open_dt": "2022-02-30 08:00:00"}, "open_dt", "TIME_UNREADABLE"),
        ({**still_open, "open_dt": ""}, "open_dt", "CELL_MISSING"),
        ({**closed, "closed_dt": "2022-13-01 08:00:00"}, "closed_dt", "TIME_UNREADABLE"),
        ({**closed, "case_status": "Open"}, "case_status", "STATUS_CONTRADICTS"),
        ({**still_open, "case_status": "Closed"}, "case_status", "STATUS_CONTRADICTS"),
        ({**still_open, "case_status": "Pending"}, "case_status", "CELL_UNKNOWN"),
        ({**still_open, "type": "x" * 101}, "type", "CELL_TOO_LONG"),
        ({**still_open, "case_title": "x" * 201}, "case_title", "CELL_TOO_LONG"),
        ({**still_open, "latitude": "91"}, "latitude", "POINT_INVALID"),
        ({**still_open, "latitude": "nan"}, "latitude", "POINT_INVALID"),
        ({**still_open, "longitude": ""}, "latitude", "POINT_INVALID"),
        ({**still_open, "location": "1 Main\0St"}, "location", "CELL_UNSTORABLE"),
        ({**closed, "closure_reason": "y" * 200_000}, "", "ROW_TOO_LARGE"),
    ]
    for number, (changed, column, code) in enumerate(bad):
        writer.row({**changed, "case_enquiry_id": f"bad-{number}"}, column, code)
        writer.row({**still_open, "case_enquiry_id": f"between-{number}"})
    writer.row({**still_open, "case_enquiry_id": ""}, "case_enquiry_id", "CELL_MISSING")
    writer.row({**still_open, "case_enquiry_id": taken}, "case_enquiry_id", "ROW_DUPLICATE")
    for cells in (COLUMNS[:-1], [*COLUMNS, "more"]):
        writer.refused.append((writer.line, "", "ROW_RAGGED"))
        writer.rows += 1
        writer.raw(",".join(cells))
    writer.refused.append((writer.line, "location", "CELL_UNSTORABLE"))
    writer.rows += 1
    values = {**still_open, "case_enquiry_id": "latin", "closure_reason": "", "location": "Caf@"}
    writer.raw(",".join(values.values()).encode().replace(b"@", b"\xe9"))


@dataclass(frozen=True)
class Case:
    """One request as the file has it; times in UTC."""

    external_id: str
    opened: datetime
    due: datetime | None
    closed: datetime | None
    is_overdue: bool
    channel: str
    type: str | None
    neighborhood: str | None
    point: tuple[float, float] | None

    def is_there(self, at: datetime) -> bool:
        """Whether anything had happened by then."""
        return min(self.opened, self.closed or self.opened) <= at

    def is_closed(self, at: datetime) -> bool:
        return self.closed is not None and self.closed <= at

    def is_late(self, at: datetime) -> bool:
        """Whether it was closed after it was due, or was open then and past due."""
        end = self.closed if self.closed is not None and self.closed <= at else at
        return self.due is not None and end > self.due


def cases(path: Path, without: Collection[int] = ()) -> Iterator[Case]:
    """Every row of the file but those that begin on these lines."""
    csv.field_size_limit(4 * 1024 * 1024)  # of the process: whoever read a table before set it
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file)
        header = [RENAMED_BACK.get(name, name) for name in next(reader)]
        begins = reader.line_num + 1
        for cells in reader:
            if cells and begins not in without:
                yield _case(dict(zip(header, cells, strict=True)))
            begins = reader.line_num + 1


def last_of(facts: Sequence[Case]) -> datetime:
    """The last thing that happened in a table."""
    return max(max(case.opened, case.closed or case.opened) for case in facts)


def written_at(facts: Sequence[Case]) -> datetime:
    """When a table was written, as far as it tells; no table says so itself.

    Not before the last thing in it, nor before what is open and called overdue was due: the sample
    of 2022 has requests due weeks after anything else in it that are called overdue.
    """
    due = [case.due for case in facts if case.closed is None and case.is_overdue and case.due]
    return max([last_of(facts), *due]) + timedelta(microseconds=1)


RENAMED_BACK: Final = {new: old for old, new in RENAMED.items()}


def _case(row: Row) -> Case:
    opened = _time(row["open_dt"])
    assert opened is not None
    return Case(
        external_id=row["case_enquiry_id"].strip(),
        opened=opened,
        due=_time(row["target_dt"]),
        closed=_time(row["closed_dt"]),
        is_overdue=row["ontime"].strip() == "OVERDUE",
        channel=CHANNELS.get(row["source"].strip(), "IMPORT"),
        type=row["type"].strip() or None,
        neighborhood=row["neighborhood"].strip() or None,
        point=(float(row["latitude"]), float(row["longitude"])) if row["latitude"] else None,
    )


def _time(text: str) -> datetime | None:
    text = text.strip()
    if not text:
        return None
    if "/" in text:
        local = datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - local
    else:
        local = datetime.fromisoformat(text)
    return local.replace(tzinfo=NEW_YORK).astimezone(UTC)
