"""Leaving a case out of a metric: by whom, for which cause, and of which unit."""

from typing import Any, Final

import pytest

from domain.case.excluding import ApproveMetricExclusion, RevokeMetricExclusion
from domain.command import Arrangements, circumstances
from domain.identity import ActorKind, Caller, Role
from domain.metric_definitions.commands import (
    DraftMetricDefinitions,
    ProposeMetricDefinitions,
    PublishMetricDefinitions,
)
from domain.metric_definitions.commands import decide as decide_metrics
from domain.metric_definitions.content import MetricKind
from domain.metric_definitions.state import MetricDefinitions
from domain.metrics.vocabulary import ExclusionCause
from domain.metrics.vocabulary import Fact as Counted
from tests.domain.counting import metric
from tests.domain.excluding import METRIC, counted_again, left_out
from tests.domain.histories import CLOSED, IN_PROGRESS
from tests.domain.office import appointed, carried_out, position, unit
from tests.domain.people import REGISTRAR, SUPERVISOR, person
from tests.domain.scenario import BEGAN, ask, given

AUTHOR: Final = person("author", Role.CATALOGUE_ADMIN)
PUBLISHER: Final = person("publisher", Role.CATALOGUE_ADMIN)


def leave_out(**said: Any) -> ApproveMetricExclusion:
    usual = {"metric": METRIC, "cause": ExclusionCause.FORCE_MAJEURE, "ground": "The flood"}
    return ask(ApproveMetricExclusion, **{**usual, **said})


def of(unit_code: str) -> Caller:
    """A supervisor of a unit, by the claims of their token."""
    roles = frozenset({Role.SUPERVISOR})
    return Caller("supervisor", ActorKind.PERSON, roles, unit=unit_code, position="head")


def definitions() -> MetricDefinitions:
    """On-time closing, which leaves out for a flood, and a number, which leaves out nothing."""
    wanted = ask(
        DraftMetricDefinitions,
        title="2024",
        metrics=(
            metric(
                METRIC,
                counted=Counted.CLOSING_DUE,
                numerator=Counted.CLOSED_IN_TIME,
                exclusions=(ExclusionCause.FORCE_MAJEURE,),
            ),
            metric("cases", MetricKind.COUNT, counted=Counted.REGISTERED),
        ),
    )
    kept: MetricDefinitions | None = None
    for command, by in (
        (wanted, AUTHOR),
        (ask(ProposeMetricDefinitions, number=1), AUTHOR),
        (ask(PublishMetricDefinitions, number=1), PUBLISHER),
    ):
        kept = decide_metrics(kept, command, circumstances(command, by, BEGAN))
        kept.collect_events()
    assert kept is not None
    return kept


def test_somebody_of_another_unit_leaves_a_case_out() -> None:
    given(*CLOSED).when(leave_out(), by=of("centre")).then(left_out())
    given(*CLOSED).when(leave_out(unit="water"), by=SUPERVISOR).then(left_out(unit="water"))
    given(*IN_PROGRESS).when(leave_out(), by=REGISTRAR).then(left_out())


def test_an_appraised_unit_does_not_leave_itself_out() -> None:
    given(*CLOSED).when(leave_out(), by=of("environment")).refused("APPRAISED_EXCLUDES")
    given(*CLOSED).when(leave_out(unit="water"), by=of("environment")).then(left_out(unit="water"))
    revoked = ask(RevokeMetricExclusion, metric=METRIC, ground="It had ended")
    given(*CLOSED, left_out()).when(revoked, by=of("environment")).refused("APPRAISED_EXCLUDES")


def test_nor_does_anybody_with_a_position_within_it() -> None:
    directory = carried_out(
        unit("bureau"),
        unit("environment", parent="bureau"),
        unit("team", parent="environment"),
        unit("centre"),
        position("head", "centre", roles=(Role.SUPERVISOR,)),
        position("member", "team"),
        position("chief", "bureau"),
        appointed("head", "supervisor"),
        appointed("chief", "supervisor"),
    )
    where = Arrangements(directory=directory)
    given(*CLOSED).where(where).when(leave_out(), by=of("centre")).then(left_out())
    also = carried_out(
        unit("environment"),
        unit("team", parent="environment"),
        unit("centre"),
        position("member", "team"),
        appointed("member", "supervisor"),
    )
    within = Arrangements(directory=also)
    given(*CLOSED).where(within).when(leave_out(), by=of("centre")).refused("APPRAISED_EXCLUDES")
    given(*CLOSED).where(within).when(leave_out(unit="nowhere"), by=of("centre")).refused(
        "UNIT_NOT_ACTIVE"
    )


def test_a_case_that_nobody_leads_is_left_out_of_a_unit_that_is_named() -> None:
    given(*CLOSED[:1]).when(leave_out()).refused("INVALID_INPUT")


def test_a_case_is_left_out_once_and_can_count_again() -> None:
    given(*CLOSED, left_out()).when(leave_out()).refused("ALREADY_EXCLUDED")
    given(*CLOSED, left_out()).when(leave_out(metric="other")).then(left_out("other"))
    revoked = ask(RevokeMetricExclusion, metric=METRIC, ground="It had ended")
    given(*CLOSED, left_out()).when(revoked).then(counted_again())
    given(*CLOSED, left_out("other")).when(revoked).refused("NOT_EXCLUDED")
    given(*CLOSED, left_out(), counted_again()).when(revoked).refused("NOT_EXCLUDED")


def test_a_definition_says_for_which_causes() -> None:
    where = Arrangements(metrics=definitions())
    given(*CLOSED).where(where).when(leave_out()).then(left_out())
    fault = leave_out(cause=ExclusionCause.SYSTEM_FAULT)
    given(*CLOSED).where(where).when(fault).refused("CAUSE_NOT_ALLOWED")
    given(*CLOSED).where(where).when(leave_out(metric="cases")).refused("CAUSE_NOT_ALLOWED")
    given(*CLOSED).where(where).when(leave_out(metric="unheard-of")).refused("INVALID_INPUT")


@pytest.mark.parametrize("blank", ["metric", "ground"])
def test_an_exclusion_says_of_what_and_why(blank: str) -> None:
    given(*CLOSED).when(leave_out(**{blank: " "})).refused("INVALID_INPUT")
