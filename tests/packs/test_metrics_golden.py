"""Every metric of the pack over five cases that are told hour by hour, counted by hand.

Asked at hour 30, over all time. The water works have A and B, the road works C in the end and D;
E was entered by mistake.
"""

from typing import Final

import msgspec.structs
import pytest

from app.packs.reading import folder_of, read_pack
from domain.case import extension, suspension
from domain.case.clocks.clock import Pause
from domain.case.contact import FirstContactMade
from domain.case.officers import ResponsibilityHandedOver
from domain.case.publication import PublicationApproved, PublicationProposed
from domain.case.vocabulary import Channel, ContactWay, LinkKind, ResolutionOutcome
from domain.catalogue.content import Label
from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.figures import Figure, composed
from domain.metrics.rows import History
from domain.vocabulary import ClockKind
from tests.domain import supervising
from tests.domain.counting import breached, due_in, figure_of, hour, timed, told, warned
from tests.domain.endings import answered, asked, closed, lapsed, reopened, verified, voided
from tests.domain.histories import (
    accepted,
    dispatched_to,
    registered,
    resolution,
    reworked,
    signed_for,
)
from tests.domain.passages import return_requested, return_upheld
from tests.domain.scenario import Fact, happened
from tests.domain.structures import linked

CLOSING: Final = due_in(ClockKind.RESOLUTION, 0, 10)
CONTACT: Final = due_in(ClockKind.FIRST_CONTACT, 1, 3, "water")
SIGN_OFF: Final = due_in(ClockKind.SIGN_OFF, 1, 2, "water")
STAGE: Final = due_in(ClockKind.STAGE, 1, 8, "water")
FIRST: Final = timed(SIGN_OFF, CONTACT, STAGE)

contacted: Final = happened(FirstContactMade, way=ContactWay.TELEPHONE, result="Reached")


def decided(kind: type, **said: object) -> Fact:
    return happened(kind, decider="ann", **said)


A: Final = told(
    (0, registered(channel=Channel.GRID_PATROL, area="grid-1")),
    (0, accepted),
    (0, timed(CLOSING)),
    (1, dispatched_to("water")),
    (1, FIRST),
    (2, signed_for),
    (3, contacted),
    (5.6, warned(STAGE)),
    (6, resolution()),
    (8, verified),
    (8, asked()),
    (9, answered(resolved=True, satisfaction=5)),
    (9, closed()),
    (10, happened(PublicationProposed, title="A lamp", summary=None, proposer="ann")),
    (12, happened(PublicationApproved)),
)
B: Final = told(
    (0, registered(area="grid-1")),
    (0, accepted),
    (0, timed(CLOSING)),
    (1, dispatched_to("water")),
    (1, FIRST),
    (3, signed_for),
    (
        4,
        happened(
            ResponsibilityHandedOver,
            from_officer="ann",
            to_officer="bo",
            position=None,
            accepted_by="bo",
        ),
    ),
    (6.6, warned(STAGE)),
    (12, resolution()),
    (13, reworked),
    (14, resolution()),
    (15, verified),
    (15, asked()),
    (16, answered(resolved=False, satisfaction=2)),
    (16, closed()),
    (20, reopened(2)),
)
PAUSED: Final = msgspec.structs.replace(CLOSING, pauses=(Pause(hour(3)),))
C: Final = told(
    (0, registered(area="grid-2")),
    (0, accepted),
    (0, timed(CLOSING)),
    (1, dispatched_to("water")),
    (1, timed(SIGN_OFF)),
    (1.5, return_requested()),
    (1.8, return_upheld("water")),
    (2, dispatched_to("roads")),
    (
        2,
        timed(
            due_in(ClockKind.SIGN_OFF, 2, 3, "roads", number=2),
            due_in(ClockKind.STAGE, 2, 9, "roads"),
        ),
    ),
    (2.5, signed_for),
    (
        3,
        decided(
            suspension.CaseSuspended,
            number=1,
            suspension_reason="weather",
            label=Label(zh="天气", en="Weather"),
            expected_resume=hour(4),
            clocks=(PAUSED,),
        ),
    ),
    (
        4,
        happened(
            suspension.CaseResumed,
            clocks=(
                msgspec.structs.replace(
                    CLOSING, pauses=(Pause(hour(3), hour(4)),), due=hour(11), first_due=hour(10)
                ),
            ),
            paused=(),
            due=hour(11),
        ),
    ),
    (7, resolution(outcome=ResolutionOutcome.PARTLY)),
    (8, verified),
    (8, asked()),
    (12, lapsed),
    (12, closed()),
)
EXTENDED: Final = msgspec.structs.replace(CLOSING, due=hour(14), extensions=1)
D: Final = told(
    (0, registered(area="grid-2")),
    (0, linked(LinkKind.FOLLOW_UP, is_later=True)),
    (0, accepted),
    (0, timed(CLOSING)),
    (1, dispatched_to("roads")),
    (4, decided(extension.ExtensionDenied, number=1, ground="Too early")),
    (
        5,
        decided(
            extension.ExtensionApproved,
            number=2,
            days=1,
            late=False,
            clocks=(EXTENDED,),
            due=hour(14),
        ),
    ),
    (11, supervising.issued(unit="roads", due=hour(13))),
    (11.2, warned(EXTENDED)),
    (12, supervising.replied()),
    (13, supervising.released()),
    (14, breached(msgspec.structs.replace(EXTENDED, breached_at=hour(14)))),
)
E: Final = told((0, registered()), (0, accepted), (0, timed(CLOSING)), (1, voided))
CASES: Final[tuple[History, ...]] = (A, B, C, D, E)

SHARES: Final = {
    # A was contacted at hour 3, B never.
    "response-rate": (1, 2),
    # A at 2, C's second unit at 2.5; B at 3. C's first unit gave it back before it was due.
    "sign-off-punctuality": (2, 3),
    "on-time-handling": (2, 3),
    # A and C; B was late, D is open.
    "on-time-closing": (2, 4),
    # Of A and B, who answered; C was asked and did not.
    "resolution-rate": (1, 2),
    "answered-share": (2, 3),
    "claimed-resolution": (2, 2),
    "satisfaction": (1, 2),
    "first-dispatch-accuracy": (3, 4),
    "return-rate": (1, 5),
    "shirking": (0, 5),
    "rework-rate": (1, 3),
    "reopen-rate": (1, 3),
    "repeat-demand": (1, 4),
    "extension-share": (1, 4),
    "extensions-approved": (1, 2),
    "suspension-share": (1, 4),
    "suspensions-approved": (1, 1),
    # One in five cycles: B has two.
    "hand-overs": (1, 5),
    "orders-answered": (1, 1),
    "orders-released": (1, 1),
    "proactive-share": (1, 4),
    "published-share": (1, 3),
    # B and D were passed after they had warned, A was kept.
    "warning-precision": (2, 3),
}
"""Numerator and denominator."""

MEASURED: Final = {
    # B took 15 of 10 hours, D has taken 30 of 14.
    "overdue-multiple": (2, (1.5 + 30 / 14) / 2),
    # 9, 12 and 16 hours.
    "resolution-time": (3, 12.0),
    "publication-delay": (1, 2.0),
    # 2.4 hours before A was due, 1.4 before B, 2.8 before D.
    "warning-lead-time": (3, 2.4),
    # 12.5 hours in grid-1, 12 in grid-2.
    "equity": (3, 12.5 / 12),
    "orders-issued": (1, 1.0),
}
"""How many, and the value."""


def definitions() -> dict[str, MetricDefinition]:
    pack = read_pack(folder_of("cn-12345")).policies.metrics
    assert pack is not None
    return {each.code: each for each in pack.metrics}


PACK: Final = definitions()


def figure(code: str) -> Figure:
    return figure_of(PACK[code], *CASES, at=hour(30))


@pytest.mark.parametrize("code", SHARES)
def test_a_share_is_that_of_those_who_could_be_meant(code: str) -> None:
    found, (hits, n) = figure(code), SHARES[code]
    assert (found.hits, found.n) == (hits, n)
    assert found.value == pytest.approx(hits / n)


@pytest.mark.parametrize("code", MEASURED)
def test_a_measure_is_that_of_the_middle_one(code: str) -> None:
    found, (n, value) = figure(code), MEASURED[code]
    assert found.n == n
    assert found.value == pytest.approx(value)


def test_the_composite_is_weighted_as_the_pack_says() -> None:
    """0.30 x 1/2 + 0.35 x 1/2 + 0.35 x 1/2."""
    parts = {code: figure(code) for code in ("response-rate", "resolution-rate", "satisfaction")}
    found = composed(PACK["composite"], parts)
    assert found.value == pytest.approx(0.5)
    assert (found.n, found.may_rank) == (2, False)


def test_no_metric_of_the_pack_is_left_uncounted() -> None:
    composites = {code for code, each in PACK.items() if each.kind is MetricKind.COMPOSITE}
    assert {*SHARES, *MEASURED, *composites} == set(PACK)
