"""The `eventsourcing` library's own test cases for recorders, run against our journal.

Not run, and why: `optional_test_insert_subscribe` tests the library's threaded subscriptions,
which we do not implement (`test_following.py` tests ours); tracking and process recorders store
what our views store with themselves; the infrastructure factory is the library's own wiring.
"""

from collections.abc import Iterator
from unittest import TestCase

import pytest
from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder
from eventsourcing.tests import persistence as library

from app.database import Database
from app.journal.keys import FileKeyProvider
from tests.db.journal.library_recorder import (
    JournalAggregateRecorder,
    JournalApplicationRecorder,
)


class AggregateCase(library.AggregateRecorderTestCase):
    __test__ = False  # run by the functions below, with a database
    recorder: JournalAggregateRecorder

    def create_recorder(self) -> AggregateRecorder:
        return self.recorder


class ApplicationCase(library.ApplicationRecorderTestCase[ApplicationRecorder]):
    __test__ = False  # run by the functions below, with a database
    recorder: JournalApplicationRecorder

    def create_recorder(self) -> ApplicationRecorder:
        return self.recorder


class NonInterleavingCase(library.NonInterleavingNotificationIDsBaseCase):
    __test__ = False  # run by the functions below, with a database
    recorder: JournalApplicationRecorder

    def create_recorder(self) -> ApplicationRecorder:
        return self.recorder


@pytest.fixture
def aggregate_recorder(
    database: Database, provider: FileKeyProvider
) -> Iterator[JournalAggregateRecorder]:
    recorder = JournalAggregateRecorder(database, provider)
    yield recorder
    recorder.close()


@pytest.fixture
def application_recorder(
    database: Database, provider: FileKeyProvider
) -> Iterator[JournalApplicationRecorder]:
    recorder = JournalApplicationRecorder(database, provider)
    yield recorder
    recorder.close()


@pytest.mark.parametrize("method", ["test_insert_and_select", "test_performance"])
def test_aggregate_recorder(method: str, aggregate_recorder: JournalAggregateRecorder) -> None:
    run(AggregateCase(method), aggregate_recorder)


@pytest.mark.parametrize(
    "method",
    [
        "test_insert_select",
        "test_performance",
        "test_concurrent_no_conflicts",
        "test_concurrent_throughput",
    ],
)
def test_application_recorder(
    method: str, application_recorder: JournalApplicationRecorder
) -> None:
    run(ApplicationCase(method), application_recorder)


def test_notification_ids_of_two_appends_do_not_interleave(
    application_recorder: JournalApplicationRecorder,
) -> None:
    run(NonInterleavingCase("test"), application_recorder)


def run(case: TestCase, recorder: JournalAggregateRecorder) -> None:
    """Run one of the library's tests; its failure is ours."""
    vars(case)["recorder"] = recorder
    case.debug()
