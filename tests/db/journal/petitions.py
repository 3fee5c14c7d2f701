"""An aggregate whose event really changed shape, twice.

Version 1 said who signed in one text, version 2 kept the signatures apart, version 3 knows how
the petition came in. Journals hold entries of all three.
"""

from typing import ClassVar

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.event import Recorded, stream_begins_with


class Petition(Aggregate):
    def __init__(self) -> None:
        self.signatures: tuple[str, ...] = ()
        self.channel = ""
        self.support = 0


Petition.TOPIC = "test.petition"  # type: ignore[attr-defined]


class PetitionHanded(Recorded, AggregateCreated):
    """A petition was handed in."""

    TOPIC: ClassVar[str] = "test.petition_handed"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"signatures"})
    class_version: ClassVar[int] = 3

    signatures: tuple[str, ...]
    channel: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        state["signatures"] = [name.strip() for name in str(state.pop("signed_by")).split(",")]

    @staticmethod
    def upcast_v2_v3(state: dict[str, object]) -> None:
        state["channel"] = "PAPER"

    def apply(self, petition: Petition) -> None:
        petition.signatures = self.signatures
        petition.channel = self.channel


class PetitionSupported(Recorded, AggregateEvent):
    """More people stand behind it. Version 1 was recorded once for each of them."""

    TOPIC: ClassVar[str] = "test.petition_supported"
    class_version: ClassVar[int] = 2

    by: int

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        state["by"] = 1

    def apply(self, petition: Petition) -> None:
        petition.support += self.by


stream_begins_with(PetitionHanded, Petition)
