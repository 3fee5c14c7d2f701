from collections.abc import Callable
from pathlib import Path

import pytest

from schema.print import RELEASED, printed
from tests.contracts.sdl import untold_breaks

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


@pytest.mark.contract
def test_the_schema_is_the_committed_one(contract: Callable[[Path, str], None]) -> None:
    contract(Path("schema/schema.graphql"), printed())


def test_a_change_that_breaks_clients_is_in_the_change_log() -> None:
    changelog = CHANGELOG.read_text(encoding="utf-8")
    assert untold_breaks(RELEASED.read_text(encoding="utf-8"), printed(), changelog) == []


def test_a_field_that_went_away_is_noticed_until_the_change_log_tells() -> None:
    released = "type Query { case: String cases: String }"
    now = "type Query { case: String }"
    assert untold_breaks(released, now, "") == ["Field Query.cases was removed."]
    assert untold_breaks(released, now, "- **Breaking**: Field Query.cases was removed.") == []


def test_a_field_that_came_is_not_a_break() -> None:
    assert untold_breaks("type Query { a: Int }", "type Query { a: Int b: Int }", "") == []
