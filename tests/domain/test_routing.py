import pytest

from domain.case import routing
from domain.wording import CODE_LIMIT
from tests.domain.histories import accepted, dispatched, dispatched_to, registered
from tests.domain.people import DISPATCHER, OFFICER
from tests.domain.scenario import Outcome, ask, given, happened


def to(lead_unit: str, *co_units: str) -> Outcome:
    command = ask(routing.DispatchCase, lead_unit=lead_unit, co_units=co_units)
    return given(registered(), accepted).when(command, by=DISPATCHER)


def test_a_case_goes_to_one_lead_unit() -> None:
    to("environment").then(dispatched_to("environment"))


def test_other_units_help_it_each_once_in_order() -> None:
    to("environment", "police", "housing", "police").then(
        dispatched_to("environment", "police", "housing")
    )


def test_the_lead_does_not_help_itself() -> None:
    to("environment", "police", "environment").then(dispatched_to("environment", "police"))


@pytest.mark.parametrize(
    ("units", "path"),
    [
        ((" ",), ["leadUnit"]),
        (("x" * (CODE_LIMIT + 1),), ["leadUnit"]),
        (("environment", "police", ""), ["coUnits", "1"]),
        (("environment", *map(str, range(routing.MOST_CO_UNITS + 1))), ["coUnits"]),
    ],
)
def test_units_that_cannot_be_stored_are_located(units: tuple[str, ...], path: list[str]) -> None:
    to(*units).refused("INVALID_INPUT", path=path)


def test_as_many_units_as_any_case_needs_may_help() -> None:
    units = tuple(map(str, range(routing.MOST_CO_UNITS)))
    to("environment", *units).then(dispatched_to("environment", *units))


def test_the_unit_signs_for_the_case() -> None:
    given(registered(), accepted, dispatched).when(ask(routing.SignForCase), by=OFFICER).then(
        happened(routing.CaseSignedFor)
    )
