"""`wardbook report` as it is typed, against a database of its own."""

import asyncio
import json
from pathlib import Path

import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.database import Database

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _settings(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", database.dsn)
    monkeypatch.setenv("WARDBOOK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")


async def report(*arguments: str) -> int:
    return await asyncio.to_thread(run, ["report", *arguments])


async def test_it_writes_a_page_of_what_is_defined(tmp_path: Path, capsys: Printed) -> None:
    assert await asyncio.to_thread(run, ["pack", "load", "cn-12345"]) == ExitCode.OK
    capsys.readouterr()
    page = tmp_path / "report.html"
    arguments = ("--period", "2026-Q1", "--out", str(page))
    assert await report(*arguments, "--json") == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["definitionVersion"], told["overdue"]) == (1, 0)
    assert told["file"] == str(page)
    html = page.read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in html
    assert "按期处置率" in html
    assert "2026-01-01 至 2026-03-31" in html
    assert await report(*arguments, "--language", "en") == ExitCode.OK
    assert "On-time handling" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--period", "last month"), "--period: must be as 2026, 2026-Q1"),
        (("--period", "2026", "--unit", "no-such"), "--unit: there is no unit no-such"),
    ],
)
async def test_what_it_cannot_tell_of_leaves_no_file(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: Printed
) -> None:
    page = tmp_path / "report.html"
    assert await report(*arguments, "--out", str(page)) == ExitCode.USAGE
    assert said in capsys.readouterr().err
    assert not page.exists()
