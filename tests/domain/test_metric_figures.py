"""Golden sets: small sets of cases, and figures that were counted by hand (scenario 12)."""

from math import isclose

import msgspec.structs
import pytest

from domain.catalogue.content import Label
from domain.metric_definitions.content import Band, MetricKind, Part
from domain.metrics.figures import Figure, Tally, composed, counts_at, figure, measured
from domain.metrics.rows import Exclusion, History, Row
from domain.metrics.statistics import quantile, spread, wilson
from domain.metrics.vocabulary import (
    FACTS,
    POPULATION_OF,
    ExclusionCause,
    Measure,
    PeriodRule,
    Population,
)
from domain.metrics.vocabulary import Fact as Counted
from domain.vocabulary import Channel, ClockKind
from tests.domain.counting import Moment, due_in, figure_of, hour, metric, timed, told
from tests.domain.endings import answered, asked, closed, reopened, verified, voided
from tests.domain.histories import (
    accepted,
    dispatched_to,
    registered,
    resolution,
    signed_for,
    withdrawn,
)
from tests.domain.passages import arbitrated, return_requested, return_upheld

ON_TIME_CLOSING = metric(
    "on-time-closing", counted=Counted.CLOSING_DUE, numerator=Counted.CLOSED_IN_TIME
)
MULTIPLE = metric(
    "overdue-multiple",
    MetricKind.MEDIAN_P90,
    counted=Counted.PASSED,
    measure=Measure.MULTIPLE,
)


def case(*moments: Moment, area: str = "grid-7", due: float = 10) -> History:
    """A case of the water works, to be closed by an hour."""
    clock = due_in(ClockKind.RESOLUTION, 0, due)
    begin = (
        (0, registered(area=area)),
        (0, accepted),
        (0, timed(clock)),
        (0, dispatched_to("water")),
    )
    return told(*begin, *moments)


def closed_at(when: float, *, area: str = "grid-7", due: float = 10) -> History:
    return case(
        (when, signed_for),
        (when, resolution()),
        (when, verified),
        (when, closed()),
        area=area,
        due=due,
    )


def test_what_is_closed_is_counted_against_what_was_due_and_not_against_what_was_closed() -> None:
    """Of nine cases that are closed, or are not, in the first twelve hours.

    Due in them: A, B, C (late), D (open), E (withdrawn after its due time). Not due: F (due later,
    though closed already), G (withdrawn before), H (voided), I (due after the moment of asking).
    """
    cases = {
        "A": closed_at(9),
        "B": closed_at(10),
        "C": closed_at(11),
        "D": case(),
        "E": case((11, withdrawn)),
        "F": closed_at(5, due=20),
        "G": case((5, withdrawn)),
        "H": case((11, voided)),
        "I": case(due=11.75),
    }
    found = figure_of(ON_TIME_CLOSING, *cases.values(), within=(hour(0), hour(12)), at=hour(11.5))
    # 2 of 5, where closed against closed would say 3 of 4.
    assert (found.hits, found.n, found.value) == (2, 5, 0.4)
    assert not found.may_rank


def test_a_case_counts_in_the_period_in_which_it_falls_due() -> None:
    cases = [closed_at(5, due=20), closed_at(19, due=30)]
    first = figure_of(ON_TIME_CLOSING, *cases, within=(hour(0), hour(20)))
    second = figure_of(ON_TIME_CLOSING, *cases, within=(hour(20), hour(30)))
    assert (first.n, first.value) == (0, None)
    assert (second.n, second.value) == (1, 1.0)


def excluded(history: History, unit: str = "water") -> History:
    exclusion = Exclusion(
        "on-time-closing", unit, ExclusionCause.FORCE_MAJEURE, "duty desk", hour(12)
    )
    return msgspec.structs.replace(history, exclusions=(exclusion,))


def test_what_is_excluded_is_told_and_counts_in_neither_number() -> None:
    found = figure_of(
        ON_TIME_CLOSING, closed_at(9), closed_at(11), excluded(closed_at(12)), closed_at(13)
    )
    assert (found.hits, found.n, found.excluded) == (1, 3, 1)
    of_another = figure_of(ON_TIME_CLOSING, excluded(closed_at(12), "roads"))
    assert (of_another.n, of_another.excluded) == (1, 0)
    elsewhere = metric("other", counted=Counted.CLOSING_DUE, numerator=Counted.CLOSED_IN_TIME)
    assert figure_of(elsewhere, excluded(closed_at(12))).n == 1


def test_a_rate_has_an_interval_and_ranks_from_ten_on() -> None:
    few = figure_of(ON_TIME_CLOSING, *[closed_at(9)] * 9)
    enough = figure_of(ON_TIME_CLOSING, *[closed_at(9)] * 9, closed_at(11))
    assert (few.may_rank, enough.may_rank) == (False, True)
    assert enough.bounds is not None
    # Wilson's interval of 9 of 10, as tables have it.
    assert isclose(enough.bounds.low, 0.5958, abs_tol=1e-4)
    assert isclose(enough.bounds.high, 0.9821, abs_tol=1e-4)
    share = metric(
        "s", MetricKind.SHARE, counted=Counted.CLOSING_DUE, numerator=Counted.CLOSED_IN_TIME
    )
    assert figure_of(share, closed_at(9)).bounds is None


def test_the_multiple_of_an_open_case_is_that_of_the_moment_of_asking() -> None:
    """Closed after 11, 15 and 20 of 10 hours, and one that is open after 30."""
    cases = [closed_at(11), closed_at(15), closed_at(20), closed_at(9)]
    found = figure_of(MULTIPLE, *cases, at=hour(30))
    assert (found.value, found.n) == (1.5, 3)
    assert found.p90 is not None
    assert isclose(found.p90, 1.9)
    still_open = Row(
        Population.CLOSING, "1", hour(0), (Counted.CLOSING_DUE, Counted.PASSED), due=hour(10)
    )
    assert measured(still_open, Measure.MULTIPLE, hour(30)) == 3.0
    at_once = msgspec.structs.replace(still_open, due=hour(0), ended=hour(1))
    assert measured(at_once, Measure.MULTIPLE, hour(30)) == 60.0


def test_a_row_without_a_due_time_has_no_multiple_and_no_lead() -> None:
    row = Row(Population.CYCLE, "1", hour(1), (Counted.TAKEN_ON,))
    assert measured(row, Measure.MULTIPLE, hour(9)) is None
    assert measured(row, Measure.LEAD_HOURS, hour(9)) is None
    assert measured(row, Measure.HOURS, hour(9)) is None
    due = msgspec.structs.replace(row, due=hour(5))
    assert measured(due, Measure.LEAD_HOURS, hour(9)) == 4.0
    assert counts_at(row, PeriodRule.DUE) == hour(1)
    assert counts_at(due, PeriodRule.DUE) == hour(5)
    assert counts_at(due, PeriodRule.HAPPENED) == hour(1)


def test_equity_is_the_slowest_area_by_the_fastest() -> None:
    """Medians: grid-1 of 2 and 4 hours is 3; grid-2 of 9 is 9; nowhere counts in neither."""
    equity = metric("equity", MetricKind.SPREAD, counted=Counted.CLOSED, measure=Measure.HOURS)
    cases = [
        closed_at(2, area="grid-1"),
        closed_at(4, area="grid-1"),
        closed_at(9, area="grid-2"),
        told((0, registered(area=None)), (0, accepted), (99, closed())),
    ]
    found = figure_of(equity, *cases)
    assert (found.value, found.n) == (3.0, 4)
    assert figure_of(equity, cases[0], cases[1]).value is None
    assert spread((1.0,)) is None
    # A close that was told to lie before the beginning leaves nothing to compare others with.
    found = figure_of(equity, *cases, closed_at(-1, area="grid-3"))
    assert (found.value, found.n) == (3.0, 5)


def said(resolved: bool | None, satisfaction: int | None) -> History:
    return case(
        (5, resolution()),
        (6, verified),
        (6, asked()),
        (7, answered(resolved=resolved, satisfaction=satisfaction)),
        (7, closed()),
    )


SAID = [
    said(resolved=True, satisfaction=5),
    said(resolved=True, satisfaction=3),
    said(resolved=False, satisfaction=4),
    said(resolved=None, satisfaction=1),
    case((5, resolution()), (6, verified), (6, asked())),
]
"""Asked five; four answered; three said whether it is resolved, two of them that it is; four rated,
two of them with 4 or 5; all five were claimed to be resolved."""


@pytest.mark.parametrize(
    ("counted", "numerator", "hits", "n"),
    [
        (Counted.RESOLUTION_ANSWERED, Counted.SAID_RESOLVED, 2, 3),
        (Counted.FEEDBACK_ASKED, Counted.FEEDBACK_ANSWERED, 4, 5),
        (Counted.FEEDBACK_ASKED, Counted.CLAIMED_RESOLVED, 5, 5),
        (Counted.RATED, Counted.SATISFIED, 2, 4),
    ],
)
def test_what_reporters_say_is_counted_of_those_who_said_it(
    counted: Counted, numerator: Counted, hits: int, n: int
) -> None:
    found = figure_of(metric("m", counted=counted, numerator=numerator), *SAID)
    assert (found.hits, found.n) == (hits, n)


PASSED_ON = [
    case(),
    case((1, return_requested()), (2, return_upheld("water")), (3, dispatched_to("roads"))),
    case(
        (1, return_requested()),
        (2, return_upheld("water")),
        (3, dispatched_to("roads")),
        (4, return_requested()),
        (5, arbitrated("roads", "roads")),
    ),
]
"""Three cases, five dispatches: three given back, two of them taken back, one that was shirked."""


@pytest.mark.parametrize(
    ("counted", "numerator", "hits", "n"),
    [
        (Counted.FIRST_DISPATCHED, Counted.NEVER_REDISPATCHED, 1, 3),
        (Counted.DISPATCHED, Counted.RETURN_ASKED, 3, 5),
        (Counted.RETURN_ASKED, Counted.RETURN_UPHELD, 2, 3),
        (Counted.DISPATCHED, Counted.SHIRKED, 1, 5),
    ],
)
def test_dispatches_and_returns_are_counted_by_dispatch(
    counted: Counted, numerator: Counted, hits: int, n: int
) -> None:
    found = figure_of(metric("m", counted=counted, numerator=numerator), *PASSED_ON)
    assert (found.hits, found.n) == (hits, n)


def test_a_ratio_has_numbers_of_two_populations() -> None:
    per_case = metric(
        "dispatches-per-case",
        MetricKind.RATIO,
        counted=Counted.REGISTERED,
        numerator=Counted.DISPATCHED,
    )
    found = figure_of(per_case, *PASSED_ON)
    assert (found.hits, found.n) == (5, 3)
    assert found.value is not None
    assert isclose(found.value, 5 / 3)


def test_shares_and_numbers_of_cases() -> None:
    cases = [
        told((0, registered(channel=Channel.GRID_PATROL))),
        told((0, registered())),
        told((0, registered()), (0, accepted), (1, closed()), (2, reopened(2))),
        told((0, registered()), (0, accepted), (1, closed())),
    ]
    proactive = metric(
        "p", MetricKind.SHARE, counted=Counted.REGISTERED, numerator=Counted.PROACTIVE
    )
    again = metric("r", counted=Counted.CLOSED, numerator=Counted.REOPENED)
    number = metric("n", MetricKind.COUNT, counted=Counted.REGISTERED)
    assert figure_of(proactive, *cases).value == 0.25
    assert (figure_of(again, *cases).hits, figure_of(again, *cases).n) == (1, 2)
    assert (figure_of(number, *cases).value, figure_of(number).value) == (4.0, 0.0)


PARTS = (Part("response", 0.30), Part("resolution", 0.35), Part("satisfaction", 0.35))
BANDS = tuple(
    Band(code, Label(zh=code, en=code), least)
    for code, least in (("C", 0.0), ("B", 0.8), ("A", 0.9))
)
COMPOSITE = metric("composite", MetricKind.COMPOSITE, parts=PARTS, bands=BANDS)


def test_a_composite_is_weighted_and_lies_in_a_band() -> None:
    """0.30 x 1.0 + 0.35 x 0.9 + 0.35 x 0.8 = 0.895."""
    parts = {
        "response": Figure("response", 1.0, 40),
        "resolution": Figure("resolution", 0.9, 30, excluded=2),
        "satisfaction": Figure("satisfaction", 0.8, 20),
    }
    found = composed(COMPOSITE, parts)
    assert found.value is not None
    assert isclose(found.value, 0.895)
    assert (found.n, found.band, found.excluded, found.may_rank) == (20, "B", 2, False)
    nothing = composed(COMPOSITE, {**parts, "resolution": Figure("resolution", None, 0)})
    assert (nothing.value, nothing.n) == (None, 0)
    assert composed(COMPOSITE, {}).value is None
    high = metric("high", MetricKind.COMPOSITE, parts=PARTS, bands=BANDS[1:])
    assert composed(high, {**parts, "response": Figure("response", 0.0, 1)}).band is None
    assert figure(COMPOSITE, Tally(3)).value is None


def test_a_figure_in_bands_is_not_ranked() -> None:
    banded = metric("b", counted=Counted.CLOSING_DUE, numerator=Counted.CLOSED_IN_TIME, bands=BANDS)
    found = figure(banded, Tally(20, 19))
    assert (found.band, found.may_rank) == ("A", False)


def test_an_interval_stays_within_shares_and_is_wide_for_few() -> None:
    assert wilson(0, 0) is None
    none, every = wilson(0, 5), wilson(5, 5)
    assert none is not None
    assert every is not None
    assert none.low == 0.0
    assert every.high == 1.0
    assert none.high > 0.4


def test_quantiles_lie_between_values() -> None:
    assert quantile([], 0.5) is None
    assert quantile([7.0], 0.9) == 7.0
    assert quantile([4.0, 1.0, 2.0, 3.0], 0.5) == 2.5
    assert isclose(quantile([float(n) for n in range(11)], 0.9) or 0, 9.0)


def test_each_fact_is_of_one_population() -> None:
    named = [fact for facts in FACTS.values() for fact in facts]
    assert sorted(named) == sorted(Counted)
    assert set(FACTS) == set(Population)
    assert len(POPULATION_OF) == len(Counted)
