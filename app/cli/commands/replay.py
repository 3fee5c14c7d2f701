"""`wardbook replay`: a case told from its events, or every stream of the journal replayed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
import typer
from rich.console import Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from app.cli.console import Json, err, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.logging import configure_logging
from app.replay import Replayed, ReplayFailed, Step, Story, replay_all, story_at, story_to_version
from app.runtime import Runtime, runtime
from app.settings import LogLevel, Settings, load_settings
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_state import CaseState, is_of_case
from projections.cases import case_id_of

# Whoever runs the service can read all of it.
EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)


NOTHING: Final[tuple[object, ...]] = (None, "", [], False)
"""What need not be told."""

EXAMPLES: Final = (
    "wardbook replay 20261124-02B5CHQ9",
    "wardbook replay 20261124-02B5CHQ9 --at 2026-11-24T12:00:00+08:00",
    "wardbook replay --all",
)


def command(
    case: Annotated[
        str | None, typer.Argument(help="The number of a case, or its id as a UUID.")
    ] = None,
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Replay every stream, and say how fast that was.")
    ] = False,
    version: Annotated[
        int | None, typer.Option(min=1, help="Only up to this version of the case.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"],
            metavar="TIME",
            help="The case as it was at this time (RFC 3339), by when things occurred.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Tell a case from its events: what happened, who did it, and what it changed.

    Nothing is read from the views: this is what the journal itself says.
    """
    if (case is None) is not all_:
        raise CommandFailed("give a case, or --all", ExitCode.USAGE)
    if all_ and (version is not None or at is not None):
        raise CommandFailed("--version and --at are for one case", ExitCode.USAGE)
    if version is not None and at is not None:
        raise CommandFailed("give either --version or --at", ExitCode.USAGE)
    configure_logging(LogLevel.WARNING)
    settings = load_settings()
    if case is None:
        _show_rate(run(_replay_all(settings)), json=json)
        return
    events = run(_events_of(settings, case))
    if version is not None and version > len(events):
        raise CommandFailed(f"the case has {len(events)} versions, not {version}")
    story = story_to_version(events, version) if at is None else story_at(events, at)
    if json:
        print_json(_document(story))
    else:
        _tell(story)


async def _events_of(settings: Settings, case: str) -> Sequence[RecordedEvent]:
    async with runtime(settings) as running:
        case_id = await _case_id(running, case)
        events = await running.journal.read_stream(case_id) if case_id else []
    if not events or not is_of_case(events[0].event):
        raise CommandFailed(f'there is no case "{case}"')
    return events


async def _case_id(running: Runtime, case: str) -> UUID | None:
    try:
        return UUID(case)
    except ValueError:
        async with running.reads.acquire() as connection:
            return await case_id_of(connection, EVERYTHING, case)


async def _replay_all(settings: Settings) -> Replayed:
    async with runtime(settings) as running:
        columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        connection = await running.database.connect()
        try:
            with Progress(*columns, console=err, transient=True) as bars:
                bar = bars.add_task("replaying", total=None)
                return await replay_all(
                    running.journal,
                    connection,
                    lambda done, total: bars.update(bar, completed=done, total=total),
                )
        except ReplayFailed as failed:
            raise CommandFailed(str(failed)) from None
        finally:
            await connection.close()


def _show_rate(replayed: Replayed, *, json: bool) -> None:
    if json:
        print_json(
            {
                "streams": replayed.streams,
                "events": replayed.events,
                "seconds": round(replayed.seconds, 3),
                "eventsPerSecond": round(replayed.events_per_second),
            }
        )
        return
    out.print(
        f"{replayed.events:,} events of {replayed.streams:,} streams replayed in "
        f"{replayed.seconds:.1f} s: {replayed.events_per_second:,.0f} events/s",
        highlight=False,
    )


def _tell(story: Story) -> None:
    if story.state is None:
        out.print("Nothing had happened yet.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "Occurred", "Event", "By", "Changed"):
        table.add_column(column, no_wrap=column in {"", "Occurred"})
    for step in story.steps:
        recorded = step.recorded
        table.add_row(
            str(recorded.version),
            _time(recorded),
            recorded.topic,
            Text(recorded.actor.principal),
            Group(*_changes(step)),
        )
    out.print(Text(f"{story.state.case_no}  {story.state.stage}", style="bold"))
    out.print(table)


def _time(recorded: RecordedEvent) -> str:
    """When it occurred; with a mark where it was recorded on another day."""
    occurred = recorded.occurred_at
    late = "" if recorded.recorded_at.date() == occurred.date() else " *"
    return f"{occurred:%Y-%m-%d %H:%M}{late}"


def _changes(step: Step) -> list[Text]:
    told = (
        (change.field, in_words(change.before), in_words(change.after))
        for change in step.changes
        if change.before is not None or change.after not in NOTHING
    )
    return [Text(f"{field}: {was} → {now}") for field, was, now in told if was != now]


def in_words(value: object) -> str:
    """A value as JSON holds it, for people: what is in it, without what is empty."""
    match value:
        case {"kind": kind, "due": due, "breachedAt": breached_at}:
            return f"{kind} due {due}" if breached_at is None else f"{kind} due {due}, passed"
        case dict():
            return ", ".join(f"{k} {in_words(v)}" for k, v in value.items() if v not in NOTHING)
        case list():
            return "; ".join(map(in_words, value)) or "-"
        case None:
            return "-"
        case _:
            return str(value)


def _document(story: Story) -> object:
    return {
        "events": [
            {
                "version": step.recorded.version,
                "position": step.recorded.position,
                "type": step.recorded.topic,
                "occurredAt": step.recorded.occurred_at,
                "recordedAt": step.recorded.recorded_at,
                "by": step.recorded.actor.principal,
                "reason": step.recorded.reason,
                "changes": msgspec.to_builtins(step.changes),
            }
            for step in story.steps
        ],
        "state": _state(story.state),
    }


def _state(state: CaseState | None) -> object:
    return None if state is None else msgspec.to_builtins(state)
