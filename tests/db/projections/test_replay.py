"""A case is told from its events alone, in the order of versions or as it was at a time."""

import json
from uuid import uuid4

import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.replay import replay_all, story_at, story_to_version
from domain.case.lifecycle import Stage
from tests.db.projections.test_followers import register
from tests.db.projections.test_rebuild import opened
from tests.projections.recorded import LATER, hour, recorded, registered

TOLD = [(registered(), 0), (LATER[0], 1), (LATER[1], 4), (LATER[2], 2)]
EVENTS = [
    recorded(said, version=n, position=n, occurred_at=hour(when))
    for n, (said, when) in enumerate(TOLD, 1)
]


def test_a_story_goes_up_to_a_version() -> None:
    story = story_to_version(EVENTS, 3)
    assert [step.recorded.version for step in story.steps] == [1, 2, 3]
    assert story.state is not None
    assert (story.state.stage, story.state.lead_unit) == (Stage.DISPATCHED, "environment")
    changed = [change.field for change in story.steps[2].changes]
    assert changed == ["stage", "leadUnit", "coUnits"]


def test_a_story_at_a_time_is_told_in_the_order_of_occurrence() -> None:
    story = story_at(EVENTS, hour(9))
    assert [step.recorded.version for step in story.steps] == [1, 2, 4, 3]
    assert story.state is not None
    assert story.state.lead_unit == "environment"
    earlier = story_at(EVENTS, hour(3)).state
    assert earlier is not None
    assert earlier.lead_unit == "water"
    assert story_at(EVENTS, hour(-1)).state is None


async def test_every_stream_is_replayed(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 3)
    await opened(commands)
    connection = await database.connect()
    seen: list[tuple[int, int]] = []
    replayed = await replay_all(journal, connection, lambda *said: seen.append(said))
    await connection.close()
    assert (replayed.streams, replayed.events) == (7, (await journal.head()).size)
    assert seen == [(replayed.events, replayed.events)]
    assert replayed.events_per_second > 0


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        ([], ExitCode.USAGE),
        (["x", "--all"], ExitCode.USAGE),
        (["--all", "--version", "2"], ExitCode.USAGE),
        (["x", "--version", "0"], ExitCode.USAGE),
        (["x", "--at", "yesterday"], ExitCode.USAGE),
        (["x", "--at", "2024-01-01T00:00:00+00:00", "--version", "1"], ExitCode.USAGE),
    ],
)
def test_what_cannot_be_replayed_is_said(
    arguments: list[str], exit_code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["replay", *arguments]) == exit_code
    assert capsys.readouterr().out == ""


def test_the_command_line_tells_a_case(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.mktemp("replay")
    monkeypatch.setenv("WARDBOOK_DATA_DIR", str(folder / "data"))
    log = folder / "log.xes"
    log.write_text(
        """<log xmlns="http://www.xes-standard.org/"><string key="concept:name" value="small"/>
        <trace><string key="concept:name" value="one"/>
        <event><string key="concept:name" value="Ask"/>
        <date key="time:timestamp" value="2024-03-01T09:00:00+08:00"/></event>
        <event><string key="concept:name" value="Answer"/>
        <date key="time:timestamp" value="2024-03-02T09:00:00+08:00"/></event>
        </trace></log>"""
    )
    assert run(["import", "xes", str(log), "--json"]) == ExitCode.OK
    capsys.readouterr()
    assert run(["replay", "small/one", "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert [event["version"] for event in told["events"]] == [1, 2, 3]
    assert told["state"]["source"] == "small"
    assert run(["replay", "small/one", "--at", "2024-03-01T12:00:00+08:00"]) == ExitCode.OK
    assert "small/one" in capsys.readouterr().out
    assert run(["replay", str(uuid4())]) == ExitCode.REFUSED
    assert run(["rebuild", "cases", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["same"] is True
    assert run(["rebuild", "nothing"]) == ExitCode.USAGE
