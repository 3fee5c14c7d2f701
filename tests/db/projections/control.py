"""Bringing a view up to the head of a journal, as its follower would; `control` by default."""

from app.database import Database
from app.journal import Journal
from app.views.followers import past_before
from projections.control_view import ControlView
from projections.view import ResumableView


async def taken_in(database: Database, journal: Journal, view: ResumableView | None = None) -> None:
    """Everything that is recorded so far is counted."""
    view = view or ControlView()
    connection = await database.connect()
    try:
        position = await view.position(connection)
        head = (await journal.head()).size
        async for events in journal.read(position, head, 500):
            async with connection.transaction():
                await view.apply(connection, events, past_before(journal, events[0].position))
    finally:
        await connection.close()
