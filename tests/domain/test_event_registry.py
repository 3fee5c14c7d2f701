"""The closed registry of topics."""

from typing import ClassVar

import pytest
from eventsourcing.domain import AggregateCreated, AggregateEvent
from eventsourcing.utils import resolve_topic

from domain.event import AGGREGATE_OF, EVENT_TYPES, Recorded, TopicTaken
from tests.contracts.events import domain_events

EVENTS = domain_events()


@pytest.mark.parametrize("topic", EVENTS)
def test_a_topic_names_its_class(topic: str) -> None:
    assert EVENT_TYPES[topic] is EVENTS[topic]
    assert resolve_topic(topic) is EVENTS[topic]


@pytest.mark.parametrize("topic", EVENTS)
def test_every_event_is_documented(topic: str) -> None:
    doc = EVENTS[topic].__doc__
    assert doc
    assert not doc.startswith(EVENTS[topic].__name__), "a dataclass's own signature"


@pytest.mark.parametrize(
    "kind", [kind for kind in EVENTS.values() if issubclass(kind, AggregateCreated)]
)
def test_every_beginning_names_its_aggregate(kind: type[AggregateCreated]) -> None:
    assert issubclass(kind, AggregateCreated)
    assert resolve_topic(AGGREGATE_OF[kind]).TOPIC == AGGREGATE_OF[kind]


def test_a_topic_is_taken_once() -> None:
    with pytest.raises(TopicTaken, match=r"case\.accepted"):
        type("Again", (Recorded, AggregateEvent), {"TOPIC": "case.accepted"})


def test_a_base_without_a_topic_of_its_own_is_not_stored() -> None:
    known = set(EVENT_TYPES)

    class Base(Recorded, AggregateEvent):
        pass

    class NotAnEvent(Recorded):
        TOPIC: ClassVar[str] = "not.an.event"

    assert set(EVENT_TYPES) == known
    assert NotAnEvent.TOPIC not in EVENT_TYPES
