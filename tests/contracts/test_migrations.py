"""A released migration never changes: its hash is committed, and recorded where it was applied."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.database.migrate import MigrationRefused, known_migrations

CONTRACT = Path("tests/contracts/migrations.txt")


@pytest.mark.contract
def test_released_migrations_are_frozen(contract: Callable[[Path, str], None]) -> None:
    lines = [f"{found.sha256.hex()}  {found.name}\n" for found in known_migrations()]
    contract(CONTRACT, "".join(lines))


def test_a_gap_in_the_numbers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").touch()
    (tmp_path / "0003_third.sql").touch()
    with pytest.raises(MigrationRefused, match=r"0003_third\.sql is not number 0002"):
        known_migrations(tmp_path)
