"""The duplicates that the demonstration plants, in both languages, are found again."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.database import Database
from app.demo.plan import District, Plan, planned, year_before
from app.demo.routing import Forecast
from domain.case.intake import CaseRegistered, RegisterCase, register
from domain.command import Circumstances
from domain.directory import Directory, DirectoryCommand, decide
from domain.identity import Actor, ActorKind, Authority
from domain.neighbourhood import neighbouring_areas, related_types
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_view import CasesView
from projections.duplicates import Sought, duplicate_candidates
from projections.likeness import Request
from projections.texts import normalised
from tests.db.projections.applying import apply, rolled_back
from tests.domain.scenario import pending_events

CASES = 5000
WANTED, AMONG = 0.9, 5
CLERK = Actor("clerk", ActorKind.PERSON)
EVERYTHING = Scope(every_case=True, own=None, internal=True)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def brought(plan: Plan) -> dict[UUID, tuple[RegisterCase, datetime]]:
    """Every request of the year, and when it was brought."""
    return {
        step.command.case_id: (step.command, step.command.occurred_at or step.at)
        for step in plan.year
        if isinstance(step.command, RegisterCase)
    }


def recorded(position: int, command: RegisterCase, at: datetime) -> RecordedEvent:
    # What was answered to the questions of a type is not compared.
    (event,) = pending_events(
        register(replace(command, fields=None), Circumstances(CLERK, at, at))
    )[:1]
    return RecordedEvent(
        event=event,
        event_id=uuid5(command.case_id, "1"),
        position=position,
        stream_id=command.case_id,
        version=1,
        topic=CaseRegistered.TOPIC,
        occurred_at=at,
        recorded_at=at,
        actor=CLERK,
        authority=Authority("registerCase", 1),
        channel=None,
        reason=None,
        command_id=command.command_id,
        causation_id=None,
        correlation_id=command.command_id,
    )


def directory_of(plan: Plan) -> Directory:
    directory: Directory | None = None
    for step in plan.first_day:
        assert isinstance(step.command, DirectoryCommand)
        directory = decide(directory, step.command, Circumstances(CLERK, step.at, step.at))
    assert directory is not None
    return directory


async def test_nine_of_ten_are_among_the_first_five(database: Database) -> None:
    begins = year_before(datetime(2026, 3, 18, tzinfo=UTC), SHANGHAI)
    plan = planned(District(begins, SHANGHAI, "administrator", 7, CASES))
    requests, directory = brought(plan), directory_of(plan)
    catalogue = Forecast(plan.pack, begins).catalogue
    found: dict[bool, list[bool]] = {True: [], False: []}
    async with rolled_back(database) as connection:
        events = [recorded(place, *each) for place, each in enumerate(requests.values(), 1)]
        await apply(CasesView(), connection, events)
        for first, again in plan.repeats:
            command, at = requests[again]
            assert command.area is not None
            assert command.type_code is not None
            sought = Sought(
                Request(
                    normalised(command.title, command.description),
                    at,
                    command.type_code,
                    command.area,
                    command.point,
                ),
                neighbouring_areas(directory, command.area, at),
                related_types(catalogue, command.type_code),
                again,
            )
            candidates = await duplicate_candidates(connection, EVERYTHING, sought, AMONG)
            is_english = sought.request.normal.isascii()
            found[is_english].append(first in {each.case.case_id for each in candidates})
    for in_one_language in found.values():
        assert len(in_one_language) >= CASES / 100
        assert sum(in_one_language) >= WANTED * len(in_one_language)
