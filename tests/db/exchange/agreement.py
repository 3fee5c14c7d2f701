"""A log goes in and comes out: pm4py finds the same in both, and so does GraphQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.exchange.exporter import Format
from tests.db.exchange.conftest import Desk
from tests.exchange.judge import Verdict, by_name, judge


async def check(
    desk: Desk, log: Path, source: str, as_of: Sequence[datetime] | None = None
) -> Verdict:
    """Bring it in, ask GraphQL, take it out, and have both judged.

    as_of: None for three moments between the log's first event and its last.
    """
    judged = judge(log, as_of)
    moments = [datetime.fromisoformat(moment) for moment in judged["as_of"]]
    assert len(moments) == 3
    report = await desk.bring_in(log, source=source)
    assert report.refusals == []
    agree(await desk.facts(source), judged["facts"])
    for moment in moments:
        facts = await desk.facts(source, moment.isoformat())
        agree(facts, judged["as_of"][moment.isoformat()])
    out = desk.folder / f"{source}.xes"
    taken = await desk.take_out(Format.XES, out, source=source)
    again = judge(out, moments)
    assert (taken.cases, taken.events) == (judged["facts"]["cases"], judged["facts"]["events"])
    assert again["facts"] == judged["facts"]
    assert again["as_of"] == judged["as_of"]
    assert by_name(again["content"]) == by_name(judged["content"])
    return again


def agree(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """GraphQL and pm4py count the same."""
    counted = ("cases", "events", "activities", "resources", "variants")
    assert {name: ours[name] for name in counted} == {name: theirs[name] for name in counted}
    assert ours["throughputMedian"] == pytest.approx(theirs["throughput_median"], abs=1e-3)
    assert ours["throughputMean"] == pytest.approx(theirs["throughput_mean"], abs=1e-3)
