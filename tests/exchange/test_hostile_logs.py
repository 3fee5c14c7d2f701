"""Whatever bytes a file has: its traces come, or a refusal with a line; never anything else."""

import gzip
import random
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from app.exchange.histories import history
from app.exchange.log_file import LogFile
from app.exchange.refusals import FileRefused, TraceRefused
from app.exchange.xes_reader import BadTrace, read_traces, survey
from tests.exchange.logs import write_log

ROUNDS: Final = 400
INSERTED: Final = (
    b"<", b">", b'"', b"&#0;", b"&lt;", b"<event>", b"</trace>", b"<values>", b'<list key="a">',
    b"</log>", b"\x00", b"\xff\xfe", b"\xe6\xa1", b"9" * 60, b"<!DOCTYPE log>", b"<![CDATA[",
)  # fmt: skip
KINDS: Final = (b"<int   ", b"<date  ", b"<list  ", b"<oops  ", b"<float ", b"<id    ")


def damaged(sound: bytes, chance: random.Random) -> bytes:
    """The log with a little of it changed."""
    content, place = bytearray(sound), chance.randrange(len(sound))
    match chance.randrange(5):
        case 0:
            content[place] = chance.randrange(256)
        case 1:
            del content[place : place + chance.randrange(40)]
        case 2:
            content[place:place] = chance.choice(INSERTED)
        case 3:
            at = content.find(b"<string", place)
            content[at : at + 7] = chance.choice(KINDS)
        case _:
            at = content.find(b'value="', place) + 7
            content[at:at] = chance.choice(INSERTED)
    return bytes(content)


def outcomes(path: Path) -> set[tuple[str, bool]]:
    """Read the file as an import does; the codes of what it refused, and whether with a line."""
    found = set()
    try:
        with LogFile(path) as file:
            for _ in survey(file):
                pass
        with LogFile(path) as file:
            for trace in read_traces(file):
                try:
                    if isinstance(trace, BadTrace):
                        raise trace.refusal
                    history(trace, "log", UUID(int=1))
                except TraceRefused as refusal:
                    found.add((refusal.code, refusal.line > 0))
    except FileRefused as refusal:
        found.add((refusal.code, refusal.line > 0))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_log_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance, path = random.Random(seed), tmp_path / "log.xes"
    write_log(path, 3, 10)
    sound = path.read_bytes()
    met: set[tuple[str, bool]] = set()

    for _ in range(ROUNDS):
        path.write_bytes(damaged(sound, chance))
        met |= outcomes(path)

    codes = {code for code, _ in met}
    assert {"XML_MALFORMED", "INVALID_VALUE", "UNKNOWN_ELEMENT"} <= codes
    assert all(located for _, located in met)


def test_a_damaged_gzip_file_is_read_or_refused(tmp_path: Path) -> None:
    chance, path = random.Random(4), tmp_path / "log.xes"
    write_log(path, 30, 100)
    sound = gzip.compress(path.read_bytes())
    met: set[tuple[str, bool]] = set()

    for _ in range(100):
        content = bytearray(sound[: chance.randrange(3, len(sound) + 1)])
        content[chance.randrange(2, len(content))] = chance.randrange(256)
        path.write_bytes(content)
        met |= outcomes(path)

    assert ("GZIP_BROKEN", True) in met
