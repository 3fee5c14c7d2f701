"""`wardbook pack load` as it is typed, against a database of its own."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.database import Database

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _settings(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", database.dsn)
    monkeypatch.setenv("WARDBOOK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")


async def load(capsys: Printed, *arguments: str) -> dict[str, Any]:
    command = ["pack", "load", "generic-311", "--json", *arguments]
    assert await asyncio.to_thread(run, command) == ExitCode.OK
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


async def test_a_pack_is_loaded_once(capsys: Printed) -> None:
    first = await load(capsys, "--as", "p-1", "--second", "p-2")
    assert first == {
        "pack": "generic-311@1.1.0",
        "catalogue": {"number": 1, "changed": True},
        "routing": {"number": 1, "changed": True},
        "calendar": {"number": 1, "changed": True},
        "sla": {"number": 1, "changed": True},
        "escalation": {"number": 1, "changed": True},
        "metrics": {"number": 1, "changed": True},
        "as": "p-1",
        "second": "p-2",
    }
    again = await load(capsys)
    assert not again["catalogue"]["changed"]
    assert again["as"].startswith("cli:")
    assert again["second"] == f"{again['as']}:second"


async def test_people_read_a_table(capsys: Printed) -> None:
    assert await asyncio.to_thread(run, ["pack", "load", "cn-12345"]) == ExitCode.OK
    printed = capsys.readouterr().out
    assert "cn-12345@1.1.0" in printed
    assert printed.count("loaded") == 6
