"""What may go wrong at the journal's door. The docstring is the message."""

from uuid import UUID

from app.journal.envelope import Appended
from domain.personal_data import Keeping


class StreamConflict(Exception):
    """Another event was appended to the stream first."""

    def __init__(self, stream_id: UUID, expected: int, current: int) -> None:
        self.stream_id = stream_id
        self.expected = expected
        self.current = current
        super().__init__(f"stream {stream_id} is at version {current}, expected {expected}")


class AlreadyAppended(Exception):
    """The command id was recorded before."""

    def __init__(self, input_hash: bytes, first: Appended) -> None:
        self.input_hash = input_hash
        self.first = first
        super().__init__(f"recorded before, up to position {first.position}")


class SameCommandInFlight(Exception):
    """The same command id is being recorded at this moment."""


class QueueFull(Exception):
    """Too many appends are waiting."""


class EntryTooLarge(Exception):
    """An entry is larger than 64 KiB."""

    def __init__(self, topic: str, size: int) -> None:
        self.topic = topic
        self.size = size
        super().__init__(f"an entry {topic} of {size} bytes is over the limit")


class SimulatedTimeRefused(Exception):
    """Simulated times are for the journal of a demonstration, and lie in the past."""


class JournalClosed(Exception):
    """The journal is closed."""


class OutcomeUnknown(Exception):
    """The database went away before it could be asked whether the command was recorded."""


class UnknownTopic(Exception):
    """A stored entry has a topic that no released event has."""


class PersonKeyLost(Exception):
    """Another key of the same person was recorded first, or theirs was closed meanwhile."""


class PersonKeyClosed(Exception):
    """The key of a person is sealed or destroyed."""

    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping
        super().__init__(f"the key of this person is {keeping.lower()}")


class KeyUnavailable(Exception):
    """The key of a stream was destroyed, or was never there."""
