"""`wardbook doctor` finds what is due and nobody acts on."""

from datetime import UTC, datetime, timedelta

import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.database import Database

START = """
INSERT INTO due_timers (case_id, kind, key, due, version, position)
VALUES (gen_random_uuid(), 'FEEDBACK', '', $1, 1, 1)
"""


@pytest.fixture
async def due_since(request: pytest.FixtureRequest, database: Database) -> str:
    """The address of a database with a timer that has been due for so long."""
    connection = await database.connect()
    await connection.execute(START, datetime.now(UTC) - request.param)
    await connection.close()
    return database.dsn


@pytest.mark.parametrize(
    ("due_since", "code", "said"),
    [
        (timedelta(seconds=5), ExitCode.OK, "1 due, none for long"),
        (timedelta(hours=1), ExitCode.REFUSED, "1 due and not acted on"),
        (-timedelta(hours=1), ExitCode.OK, "0 due"),
    ],
    indirect=["due_since"],
)
def test_what_was_due_long_ago_is_found(
    due_since: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: ExitCode,
    said: str,
) -> None:
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", due_since)
    assert run(["doctor", "--json"]) == code
    assert said in capsys.readouterr().out
