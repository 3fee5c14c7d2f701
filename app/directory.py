"""The directory as this process knows it: asked for each request, never read for one."""

from collections.abc import Collection

from app.commands import CommandHandler
from app.followed import FollowedAggregate, Following
from app.journal import Journal
from domain.directory import DIRECTORY_STREAM, Directory
from domain.journal import GENESIS_STREAM, JournalOpened


class CurrentDirectory:
    """The directory, followed. Start it once the journal is open and has its genesis entry.

    What this process records is known here before the command returns, what others record a
    moment later.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._followed = FollowedAggregate(journal, DIRECTORY_STREAM, Directory)
        self._following = Following(journal, self._followed)
        self._administrators: Collection[str] = ()

    def current(self) -> Directory | None:
        """The directory, with all its past and plans; None: nothing was recorded in it yet."""
        return self._followed.current()

    @property
    def administrators(self) -> Collection[str]:
        """Whom the genesis entry names."""
        return self._administrators

    def problems(self) -> list[str]:
        """Why this process is not ready: it cannot take in what others record."""
        return self._following.problems()

    async def start(self, commands: CommandHandler) -> None:
        """Read the directory, and follow it: at once what these commands record in it."""
        commands.when_recorded(DIRECTORY_STREAM, self.catch_up)
        for recorded in await self._journal.read_stream(GENESIS_STREAM):
            if isinstance(recorded.event, JournalOpened):
                self._administrators = recorded.event.administrators
        await self._following.start()

    async def close(self) -> None:
        """Follow no longer."""
        await self._following.close()

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        await self._followed.catch_up()
