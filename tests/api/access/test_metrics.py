"""Figures of a small district with known answers, and what is behind them."""

import json
import re
from asyncio import to_thread
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
import strawberry

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.database import Database
from app.journal import Journal
from app.views.followers import past_before
from domain.catalogue.content import Label
from domain.metric_definitions.commands import (
    DraftMetricDefinitions,
    ProposeMetricDefinitions,
    PublishMetricDefinitions,
)
from domain.metric_definitions.content import Band, MetricDefinition, MetricKind, Part
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure, PeriodRule
from projections.metric_view import MetricsView
from tests.api.access.test_supervision import CHIEF, Told, a_district, on
from tests.servers import SERVERS, Server

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

LABEL: Final = Label(zh="指标", en="Metric")
CLOSING: Final = "on-time-closing"
DEFINITIONS: Final = (
    MetricDefinition(
        CLOSING,
        LABEL,
        MetricKind.RATE,
        Fact.CLOSING_DUE,
        Fact.CLOSED_IN_TIME,
        exclusions=(ExclusionCause.FORCE_MAJEURE,),
    ),
    MetricDefinition(
        "on-time-handling", LABEL, MetricKind.RATE, Fact.HANDLING_DUE, Fact.HANDLED_IN_TIME
    ),
    MetricDefinition("returns", LABEL, MetricKind.RATE, Fact.DISPATCHED, Fact.RETURN_ASKED),
    MetricDefinition(
        "per-case",
        LABEL,
        MetricKind.RATIO,
        Fact.TAKEN_ON,
        Fact.DISPATCHED,
        period=PeriodRule.HAPPENED,
    ),
    MetricDefinition(
        "overdue", LABEL, MetricKind.MEDIAN_P90, Fact.CLOSING_DUE, measure=Measure.MULTIPLE
    ),
    MetricDefinition(
        "composite",
        LABEL,
        MetricKind.COMPOSITE,
        parts=(Part(CLOSING, 0.6), Part("on-time-handling", 0.4)),
        bands=(Band("C", LABEL, 0.0), Band("A", LABEL, 0.5)),
    ),
)


@dataclass
class Counted:
    """The district with figures. before: the position before a case was left out of one."""

    told: Told
    before: int

    async def asked(self, who: str, selection: str, **given: Any) -> dict[str, Any]:
        """The report."""
        answer = await self.told.district.by(who).ask(_query(selection), **given)
        report: dict[str, Any] = answer["metrics"]
        return report

    async def figures(self, who: str, metric: str, **given: Any) -> dict[str | None, Any]:
        """The figures of one metric by unit."""
        given = {"metric": [metric], "by": "UNIT", **given}
        (result,) = (await self.asked(who, FIGURES, **given))["metrics"]
        return {figure["unit"] and figure["unit"]["code"]: figure for figure in result["figures"]}

    async def numbers(
        self, who: str, metric: str, **given: Any
    ) -> dict[str | None, tuple[Any, ...]]:
        """Numerator, denominator and what was left out, by unit."""
        found = await self.figures(who, metric, **given)
        return {
            unit: (each["numerator"], each["n"], each["excluded"]) for unit, each in found.items()
        }


def _query(selection: str) -> str:
    return f"""query Q(
        $metric: [String!], $period: Period, $by: MetricDimension, $every: MetricSpan,
        $filter: SupervisionFilter, $source: String, $asOf: AsOf, $version: Int
    ) {{
        metrics(metric: $metric, period: $period, by: $by, every: $every, filter: $filter,
            source: $source, asOf: $asOf, version: $version) {{ {selection} }}
    }}"""


FIGURES: Final = """
    position at definitionVersion
    metrics {
        metric { code } everywhere { value n }
        figures {
            unit { code } area { code } type { code } channel approver from
            value n numerator low high p90 band mayRank excluded
        }
    }
"""
ROWS: Final = """metrics { figures {
    unit { code }
    exclusions { approvedBy cause rows }
    drillDown(which: COUNTED, first: 9) {
        totalCount
        nodes { case { caseId } unit { code } instance dueAt countsAt endedAt hasNumerator }
    }
    missed: drillDown(which: MISSED, first: 9) { totalCount nodes { case { caseId } } }
    excludedOnes: drillDown(which: EXCLUDED, first: 9) { nodes { case { caseId } } }
} }"""


@pytest.fixture(scope="module")
async def counted(server: Server, schema: strawberry.Schema) -> AsyncIterator[Counted]:
    """The district of supervision, and a case that was closed in time.

    Due to close: "late" of environment on day 8, "returned" of environment-east on day 9, "done"
    of environment-east on day 9. "late" is left out in the end.
    """
    async with a_district(server, schema) as told:
        order = told.district.order
        await order(DraftMetricDefinitions, title="Figures", metrics=DEFINITIONS)
        await order(ProposeMetricDefinitions, number=1)
        await order(PublishMetricDefinitions, second=True, number=1)
        done = await told.case("done", 1, "environment-east")
        await told.by("east-officer", "signForCase", done, 1.2)
        resolved = {"outcome": "RESOLVED", "measures": "It is quiet"}
        await told.by("east-officer", "submitResolution", done, 4, **resolved)
        await told.by("chief-registrar", "verifyResolution", done, 5, askFeedback=False)
        before = (await told.journal.head()).size
        late = next(iter(told.cases))
        exclusion = {"metric": CLOSING, "cause": "FORCE_MAJEURE", "ground": "The flood"}
        await told.by("chief-registrar", "approveMetricExclusion", late, 9, **exclusion)
        await taken_in(told.database, told.journal)
        yield Counted(told, before)


async def taken_in(database: Database, journal: Journal) -> None:
    """Everything that is recorded so far is counted."""
    connection = await database.connect()
    try:
        async for events in journal.read(0, (await journal.head()).size, 500):
            async with connection.transaction():
                past = past_before(journal, events[0].position)
                await MetricsView().apply(connection, events, past)
    finally:
        await connection.close()


async def test_a_figure_by_unit_tells_what_it_rests_on(counted: Counted) -> None:
    found = await counted.figures(CHIEF, CLOSING)
    assert {unit: (each["value"], each["n"]) for unit, each in found.items()} == {
        "environment": (None, 0),
        "environment-east": (0.5, 2),
    }
    east = found["environment-east"]
    # Wilson's interval of 1 of 2.
    assert (round(east["low"], 4), round(east["high"], 4)) == (0.0945, 0.9055)
    assert (east["mayRank"], east["excluded"], east["area"], east["from"]) == (
        False,
        0,
        None,
        None,
    )
    assert found["environment"]["excluded"] == 1


async def test_each_number_is_that_of_its_own_population(counted: Counted) -> None:
    assert await counted.numbers(CHIEF, "on-time-handling") == {
        "environment": (0, 1, 0),
        "environment-east": (1, 2, 0),
    }
    assert await counted.numbers(CHIEF, "returns") == {
        "environment": (0, 1, 0),
        "environment-east": (0, 2, 0),
        "police": (2, 2, 0),
    }
    (result,) = (await counted.asked("unit_leader", FIGURES, metric=["returns"]))["metrics"]
    assert result["everywhere"] is None
    by_case = await counted.figures(CHIEF, "per-case", by=None)
    assert by_case[None]["value"] == 1.0


async def test_a_report_has_every_metric_of_the_version_of_its_time(counted: Counted) -> None:
    report = await counted.asked(CHIEF, FIGURES)
    assert [each["metric"]["code"] for each in report["metrics"]] == [
        each.code for each in DEFINITIONS
    ]
    assert report["definitionVersion"] == 1
    assert int(report["position"]) > counted.before
    (composite,) = report["metrics"][-1]["figures"]
    # 0.6 x 1/2 + 0.4 x 1/3.
    assert (round(composite["value"], 4), composite["band"], composite["n"]) == (0.4333, "C", 2)
    assert (await counted.asked(CHIEF, FIGURES, version=1))["definitionVersion"] == 1


async def test_before_any_definition_was_in_force_nothing_is_counted(counted: Counted) -> None:
    report = await counted.asked(CHIEF, FIGURES, asOf={"position": 5})
    assert (report["definitionVersion"], report["metrics"]) == (None, [])


async def test_as_of_a_past_position_nothing_later_is_known(counted: Counted) -> None:
    then = {"asOf": {"position": str(counted.before)}}
    assert await counted.numbers(CHIEF, CLOSING, **then) == {
        "environment": (0, 1, 0),
        "environment-east": (1, 2, 0),
    }
    report = await counted.asked(CHIEF, FIGURES, **then)
    assert int(report["position"]) == counted.before


async def test_what_is_behind_a_figure_are_its_cases(counted: Counted) -> None:
    given = {"metric": [CLOSING], "by": "UNIT"}
    (result,) = (await counted.asked(CHIEF, ROWS, **given))["metrics"]
    environment, east = result["figures"]
    names = counted.told.cases
    assert east["drillDown"]["totalCount"] == 2
    shown = {
        names[node["case"]["caseId"]]: (node["hasNumerator"], node["unit"]["code"])
        for node in east["drillDown"]["nodes"]
    }
    assert shown == {
        "done": (True, "environment-east"),
        "returned": (False, "environment-east"),
    }
    assert [names[node["case"]["caseId"]] for node in east["missed"]["nodes"]] == ["returned"]
    assert environment["drillDown"]["nodes"] == []
    assert [names[each["case"]["caseId"]] for each in environment["excludedOnes"]["nodes"]] == [
        "late"
    ]
    assert environment["exclusions"] == [
        {"approvedBy": "chief-registrar", "cause": "FORCE_MAJEURE", "rows": 1}
    ]
    assert east["exclusions"] == []


async def test_rows_are_paged_through_in_the_order_of_their_time(counted: Counted) -> None:
    page = """metrics { figures { drillDown(%s) {
        nodes { countsAt case { caseId } } pageInfo { endCursor hasNextPage startCursor }
    } } }"""

    async def one(arguments: str) -> dict[str, Any]:
        answer = await counted.asked(CHIEF, page % arguments, metric=["returns"])
        rows: dict[str, Any] = answer["metrics"][0]["figures"][0]["drillDown"]
        return rows

    whole = (await one("first: 100"))["nodes"]
    found, arguments = [], "first: 2"
    for _ in whole[::2]:
        part = await one(arguments)
        found += part["nodes"]
        arguments = f'first: 2, after: "{part["pageInfo"]["endCursor"]}"'
    assert found == whole
    assert [row["countsAt"] for row in whole] == sorted(row["countsAt"] for row in whole)
    last = await one("last: 2")
    assert last["nodes"] == whole[-2:]
    earlier = await one(f'last: 2, before: "{last["pageInfo"]["startCursor"]}"')
    assert earlier["nodes"] == whole[-4:-2]


async def test_a_filter_counts_with_all_that_is_below(counted: Counted) -> None:
    within = await counted.numbers(CHIEF, "returns", filter={"unit": ["environment"]})
    assert set(within) == {"environment", "environment-east"}
    street = await counted.figures(CHIEF, "returns", by="AREA", filter={"area": ["street-2"]})
    assert [each["area"]["code"] for each in street.values()] == ["street-2"]
    kinds = await counted.figures(CHIEF, "returns", by="CHANNEL", filter={"type": ["noise"]})
    assert [(each["channel"], each["n"]) for each in kinds.values()] == [("WEB", 5)]
    types = await counted.figures(CHIEF, "returns", by="TYPE", filter={"channel": ["EMAIL"]})
    assert types == {}
    assert await counted.figures(CHIEF, "returns", source="log") == {}


async def test_a_period_is_that_in_which_it_falls_due(counted: Counted) -> None:
    early = {"from": on(7.5), "to": on(8.5)}
    assert await counted.numbers(CHIEF, CLOSING, period=early) == {"environment": (0, 0, 1)}
    by_year = {"metric": ["returns"], "every": "YEAR"}
    (result,) = (await counted.asked(CHIEF, FIGURES, **by_year))["metrics"]
    assert sum(each["n"] for each in result["figures"]) == 5
    # A year begins in Beijing.
    assert all(each["from"].endswith("-12-31T16:00:00Z") for each in result["figures"])


async def test_everybody_counts_what_is_within_their_reach(counted: Counted) -> None:
    """The case in another street is not the supervisor's; a leader sees the own unit's cases."""
    assert await counted.numbers("supervisor", "returns") == {
        "environment": (0, 1, 0),
        "environment-east": (0, 2, 0),
        "police": (1, 1, 0),
    }
    assert await counted.numbers("unit_leader", CLOSING) == {
        "environment": (0, 0, 1),
        "environment-east": (1, 2, 0),
    }


@pytest.mark.parametrize("who", ["officer", "evaluator", "intake", "resident"])
async def test_whoever_does_not_steer_sees_no_figures(counted: Counted, who: str) -> None:
    refused = await counted.told.district.by(who).refused(_query("position"))
    assert refused["code"] == "NOT_PERMITTED"


@pytest.mark.parametrize(
    "given",
    [
        {"metric": ["unheard-of"]},
        {"version": 7},
        {"asOf": {"occurredAt": on(5)}},
        {"asOf": {"version": 1}},
        {"filter": {"unit": ["x" * 999]}},
    ],
)
async def test_what_makes_no_sense_is_told(counted: Counted, given: dict[str, Any]) -> None:
    refused = await counted.told.district.by(CHIEF).refused(_query("position"), **given)
    assert refused["code"] == "INVALID_INPUT"


def typed_in(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"WARDBOOK_{name}", value)


def rows_of(html: str) -> list[list[str]]:
    rows = re.findall("<tr>(<td.*?)</tr>", html)
    return [re.findall("<td[^>]*>(.*?)</td>", row) for row in rows]


async def test_the_page_of_a_unit_tells_of_it_alone(
    counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`wardbook report --unit`, as it is typed: its figures, and the cases that are behind them."""
    key_file = tmp_path / "key"
    key_file.touch(mode=0o600)
    key_file.write_text(json.dumps({"id": "test", "key": b64encode(b"k" * 32).decode()}))
    dsn = counted.told.database.dsn
    settings = {"DATABASE_URL": dsn, "DATA_DIR": str(tmp_path), "KEY_FILE": str(key_file)}
    typed_in(settings, monkeypatch)
    listed = await counted.told.district.by(CHIEF).ask(
        "{ cases(first: 9) { nodes { caseId caseNo } } }"
    )
    cases = {
        each["caseNo"]: counted.told.cases[each["caseId"]] for each in listed["cases"]["nodes"]
    }
    first, after = (datetime.fromisoformat(on(day)).date() for day in (-2, 12))
    about = ["report", "--period", f"{first}/{after}", "--unit", "environment"]
    for language, words in (
        ("zh", ("单位办理时限", "办结时限", "核查", "橙色督办")),
        ("en", ("Stage of the unit", "Resolution", "Check of the resolution", "Orange")),
    ):
        page = tmp_path / f"{language}.html"
        written = [*about, "--language", language, "--out", str(page)]
        assert await to_thread(run, written) == ExitCode.OK
        html = page.read_text(encoding="utf-8")
        assert f"environment · {first}" in html
        rows = rows_of(html)
        stage, resolution, verification, orange = words
        late = [(cases[row[0]], *row[1:3], row[4]) for row in rows if row[0] in cases]
        assert late == [
            ("late", stage, "environment", "198 %"),
            ("late", resolution, "environment", "125 %"),
            ("returned", stage, "environment-east", "138 %"),
            ("returned", resolution, "environment-east", "112 %"),
        ]
        for expected in (
            ["environment", "0.0 %", "1", "0.0 % – 79.3 %"],
            ["environment-east", "50.0 %", "2", "9.5 % – 90.5 %"],
            [stage, "100 %", "1"],
            [verification, "1", "24.0", "24.0"],
            [f"environment · {orange}", "1", "1"],
        ):
            assert expected in rows
        assert "police" not in html
