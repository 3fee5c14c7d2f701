"""What a file has is handed on in batches of bounded size, whatever it has."""

from pathlib import Path

import pytest

from app.exchange.import_report import RefusedTrace
from app.exchange.log_file import LogFile
from app.exchange.reading import BATCH_EVENTS, BATCH_TRACES, SoundTrace, in_batches
from tests.exchange.test_csv_rows import read

REFUSED = RefusedTrace(1, "", "ROW_RAGGED", "Line 1")


def sound(events: int) -> SoundTrace:
    return SoundTrace(read().command, 1, [1] * events)


@pytest.mark.parametrize(
    ("found", "most"),
    [
        ([REFUSED] * 1_000, BATCH_TRACES),
        ([sound(1)] * 1_000, BATCH_TRACES),
        ([sound(BATCH_EVENTS // 2)] * 10, 2),
        ([sound(1), REFUSED] * 500, BATCH_TRACES),
    ],
)
def test_no_batch_is_larger_than_it_may_be(
    tmp_path: Path, found: list[SoundTrace | RefusedTrace], most: int
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    with LogFile(path) as file:
        batches = list(in_batches(iter(found), file))

    assert all(len(batch.traces) <= most and len(batch.refused) <= most for batch in batches)
    assert sum(len(batch.traces) + len(batch.refused) for batch in batches) == len(found)
