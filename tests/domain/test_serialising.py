"""Every event survives being written as JSON types and read back: its hints say all of it."""

import msgspec
import pytest
from eventsourcing.domain import AggregateEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.events import domain_events
from tests.domain.strategies import events


@pytest.mark.parametrize("kind", domain_events().values(), ids=lambda kind: kind.TOPIC)
@given(data=st.data())
@settings(max_examples=30)
def test_an_event_survives_being_written_and_read(
    kind: type[AggregateEvent], data: st.DataObject
) -> None:
    event = data.draw(events(kind))
    written = msgspec.json.encode(event)
    assert msgspec.json.decode(written, type=kind) == event
    assert msgspec.convert(msgspec.to_builtins(event), kind) == event
