"""The real logs of ../shared/data: what its README.md says of them is what we say.

What the receipt log says of due times and ends is checked too, and on a log like it always.

These logs are too large to be kept with the code. Where the folder is laid beside the project and
one of them is missing, CI fails; where no such folder was laid at all, each test is skipped and
the end of the run says what was not checked.
"""

import os
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import ROOT
from tests.db.exchange.agreement import check
from tests.db.exchange.conftest import Desk
from tests.domain.people import AUDITOR
from tests.exchange.judge import Facts

DATA: Final = ROOT.parent / "shared" / "data"

KNOWN: Final[dict[str, dict[str, Any]]] = {
    "running-example": {"cases": 6, "events": 42, "activities": 8, "variants": 6},
    "receipt": {"cases": 1434, "events": 8577, "activities": 27, "variants": 116},
    "roadtraffic100": {"cases": 100},
}
"""What is known of each log without reading it."""


def log_named(name: str) -> Path:
    """The log whose file name begins so. Skips or fails where there is none."""
    if not DATA.is_dir():
        pytest.skip(f"NOT CHECKED against the real log {name}: there is no folder {DATA.name}")
    found = sorted(
        path
        for path in DATA.rglob("*")
        if path.name.replace("_", "-").startswith(name) and path.name.endswith((".xes", ".xes.gz"))
    )
    if not found:
        missing = f"NOT CHECKED: {DATA.name} has no log {name}*.xes or {name}*.xes.gz"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found[0]


@pytest.mark.parametrize("name", KNOWN)
async def test_every_fact_of_a_real_log_comes_out(desk: Desk, name: str) -> None:
    log = log_named(name)

    verdict = await check(desk, log, name)

    facts: Facts = verdict["facts"]
    assert {known: facts[known] for known in KNOWN[name]} == KNOWN[name]


LATE: Final = 377
"""Of the receipt log: cases that ended after their deadline."""

DUE, ENDED = "deadline", "enddate"
COUNT: Final = """
    query ($filter: EventFilter, $late: CaseFilter) {
      events(first: 100, filter: $filter) { totalCount nodes { occurredAt } }
      cases(first: 1, filter: $late) { totalCount }
    }
"""


async def late(desk: Desk, source: str) -> tuple[int, int, list[str]]:
    """How many deadlines were missed as events say, as the list of cases says, and when first."""
    answer = await desk.api.by(AUDITOR).ask(
        COUNT,
        filter={"type": ["case.deadline_breached"]},
        late={"source": source, "late": True},
    )
    events = answer["events"]
    times = [each["occurredAt"] for each in events["nodes"]]
    return events["totalCount"], answer["cases"]["totalCount"], times


def trace(number: int, due: int | None, ended: int | None) -> str:
    """A case that was begun on the first of March, due and ended on these days of it."""
    said = "".join(
        f'<date key="{key}" value="2011-03-{day:02}T09:00:00+01:00"/>'
        for key, day in ((DUE, due), (ENDED, ended))
        if day is not None
    )
    return f"""<trace><string key="concept:name" value="case-{number}"/>{said}
        <event><string key="concept:name" value="Confirmation of receipt"/>
        <date key="time:timestamp" value="2011-03-01T09:00:00+01:00"/></event></trace>"""


async def test_who_ended_late_is_told_by_events_with_their_own_times(desk: Desk) -> None:
    days = [(5, 6), (5, 5), (5, 4), (None, 9), (7, 31), (28, None), (None, None)]
    traces = "".join(trace(number, *day) for number, day in enumerate(days))

    report = await desk.bring_in(f"<log>{traces}</log>", source="permits", due=DUE, ended=ENDED)

    assert report.refusals == []
    assert (report.due, report.ended, report.late) == (5, 5, 2)
    # What has not ended is for the worker to say.
    missed = [f"2011-03-{day:02}T08:00:00Z" for day in (5, 7)]
    assert await late(desk, "permits") == (2, 3, missed)
    facts = await desk.facts("permits")
    assert (facts["cases"], facts["events"]) == (len(days), len(days))
    again = await desk.bring_in(f"<log>{traces}</log>", source="permits", due=DUE, ended=ENDED)
    assert (again.present, again.recorded) == (len(days), 0)


async def test_deadlines_and_ends_of_the_receipt_log(desk: Desk) -> None:
    log = log_named("receipt")
    report = await desk.bring_in(log, source="receipt", due=DUE, ended=ENDED)
    assert report.refusals == []
    assert report.late == LATE
    events, _, _ = await late(desk, "receipt")
    assert events == LATE
