"""Entries of every released shape are read as the newest, and stay as they were written."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import msgspec
import pytest
from eventsourcing.domain import AggregateEvent

from app.aggregates import replay
from app.journal import Journal
from app.journal.envelope import Append, NewEvent, decode_entry
from app.journal.mapper import seal
from tests.contracts.events import missing_upcasts
from tests.db.journal.making import append_of, new_event
from tests.db.journal.petitions import Petition, PetitionHanded, PetitionSupported

# What each version of the event wrote as payload, and which of it was protected.
HANDED: Mapping[int, Mapping[str, object]] = {
    1: {"signed_by": "Li, Wang"},
    2: {"signatures": ["Li", "Wang"]},
    3: {"signatures": ["Li", "Wang"], "channel": "WALK_IN"},
}
PROTECTED_THEN = {1: "signed_by", 2: "signatures", 3: "signatures"}


def written(
    stream_id: UUID,
    version: int,
    event_type: type[AggregateEvent],
    class_version: int,
    **said: object,
) -> NewEvent:
    """An event as the code of its time wrote it."""
    topic: str = vars(event_type)["TOPIC"]
    event = new_event(stream_id, version, payload=msgspec.json.encode(said), topic=topic)
    return msgspec.structs.replace(event, class_version=class_version)


def handed(journal: Journal, stream_id: UUID, class_version: int) -> Append:
    said = dict(HANDED[class_version])
    key = journal.keys.mint(stream_id)
    name = PROTECTED_THEN[class_version]
    said[name] = seal(journal.keys.cipher(stream_id), stream_id, 1, name, said[name])
    event = written(stream_id, 1, PetitionHanded, class_version, **said)
    return replace(append_of(event), new_keys=(key,))


@pytest.mark.parametrize(("class_version", "channel"), [(1, "PAPER"), (2, "PAPER"), (3, "WALK_IN")])
async def test_every_shape_is_read_as_the_newest(
    bare_journal: Journal, class_version: int, channel: str
) -> None:
    stream_id = uuid4()
    await bare_journal.append(handed(bare_journal, stream_id, class_version))
    (recorded,) = await bare_journal.read_stream(stream_id)
    event = recorded.event
    assert isinstance(event, PetitionHanded)
    assert (event.signatures, event.channel) == (("Li", "Wang"), channel)


async def test_a_stream_of_mixed_shapes_replays(bare_journal: Journal) -> None:
    stream_id = uuid4()
    await bare_journal.append(handed(bare_journal, stream_id, 1))
    await bare_journal.append(
        append_of(
            written(stream_id, 2, PetitionSupported, 1),
            written(stream_id, 3, PetitionSupported, 2, by=40),
        )
    )
    petition = replay((await bare_journal.events_of_streams([stream_id]))[stream_id])
    assert isinstance(petition, Petition)
    assert (petition.version, petition.support) == (3, 41)
    assert petition.signatures == ("Li", "Wang")


async def test_the_stored_bytes_stay_as_they_were_written(bare_journal: Journal) -> None:
    stream_id = uuid4()
    await bare_journal.append(handed(bare_journal, stream_id, 2))
    await bare_journal.read_stream(stream_id)
    (stored,) = [entry async for batch in bare_journal.read_entries() for entry in batch]
    entry = decode_entry(stored.entry)
    assert entry.class_version == 2
    assert set(msgspec.json.decode(entry.payload)) == {"signatures"}


def test_the_aggregate_of_these_tests_misses_no_step() -> None:
    kinds: list[type[AggregateEvent]] = [PetitionHanded, PetitionSupported]
    assert missing_upcasts({kind.__name__: kind for kind in kinds}) == []
