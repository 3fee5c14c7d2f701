import inspect
from string import Formatter
from uuid import UUID

import pytest

from domain import refusal
from domain.refusal import InvalidInput, Refusal, VersionConflict, WrongStage
from tests.contracts.refusals import every_refusal

REFUSALS = every_refusal()


def fact_names(kind: type[Refusal]) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(inspect.getdoc(kind) or "") if name}


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_the_message_is_the_docstring_with_its_facts(kind: type[Refusal]) -> None:
    made = kind.__new__(kind)
    Refusal.__init__(made, **{name: f"<{name}>" for name in fact_names(kind)})
    assert "{" not in made.message
    assert all(f"<{name}>" in made.message for name in fact_names(kind))
    assert str(made) == made.message


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in REFUSALS]
    assert len(codes) == len(set(codes))
    assert Refusal.code not in codes


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_code_is_the_name_in_capitals(kind: type[Refusal]) -> None:
    assert kind.code.replace("_", "").lower() == kind.__name__.lower()


def test_a_list_of_facts_is_read_as_words() -> None:
    made = WrongStage(command="acceptCase", stage="CLOSED", allowed=["ACCEPTED", "REGISTERED"])
    assert made.message == (
        "acceptCase is not possible while the case is CLOSED; it needs ACCEPTED, REGISTERED."
    )


def test_a_fact_may_hold_braces() -> None:
    assert refusal.CaseAlreadyRegistered(case_no="{0}").message.startswith("The case number {0}")


def test_invalid_input_knows_where() -> None:
    made = InvalidInput(["point", "latitude"], "latitude is not within -90..90")
    assert made.path == ["point", "latitude"]
    assert made.facts == {"path": made.path, "problem": made.message}


def test_a_version_conflict_knows_the_stream_and_tells_only_versions() -> None:
    made = VersionConflict(UUID(int=1), 3, 5)
    assert (made.stream_id, made.expected_version, made.current_version) == (UUID(int=1), 3, 5)
    assert made.facts == {"expected_version": 3, "current_version": 5}
