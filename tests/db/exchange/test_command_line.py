"""`wardbook import` and `wardbook export` as processes, beside whatever else uses the journal."""

import asyncio
import json
import signal
from typing import Final

import pytest

from app.cli.exit_codes import ExitCode
from app.exchange.log_file import LogFile
from app.exchange.xes_reader import read_traces
from tests.db.exchange.processes import PATIENCE, Wardbook, grown
from tests.exchange.logs import write_log

ENTRIES: Final = "SELECT count(*), max(position), count(DISTINCT stream_id) FROM journal.entries"


async def test_an_import_killed_at_any_time_goes_on_without_doubling(wardbook: Wardbook) -> None:
    log = wardbook.folder / "nasty.xes"
    write_log(log, 1_500, 4_000)
    size = 1
    for _ in range(3):
        process = await wardbook.start("import", "xes", log)
        size = await grown(wardbook, process, size)
        process.send_signal(signal.SIGKILL)
        await asyncio.wait_for(process.communicate(), PATIENCE)

    report = await wardbook.answer("import", "xes", log)

    assert size < 5_501, "it was killed too late to prove anything"
    assert report["refused"] == report["extended"] == 0
    assert report["taken"] + report["present"] == 1_500
    assert report["present"] > 0
    assert report["taken"] > 0
    # The genesis entry, and for each trace its beginning and its events: no hole, nothing twice.
    assert await wardbook.row(ENTRIES) == (5_501, 5_501, 1_501)


async def test_what_went_in_comes_out_in_every_format(wardbook: Wardbook) -> None:
    log = wardbook.folder / "nasty.xes"
    write_log(log, 20, 50)

    report = await wardbook.answer("import", "xes", log, "--source", "Straße")
    assert (report["source"], report["taken"], report["events"]) == ("Straße", 20, 50)

    for kind, size in (("xes", 50), ("csv", 50), ("jsonl", 70)):
        out = wardbook.folder / f"out.{kind}.gz"
        taken = await wardbook.answer("export", kind, "--source", "Straße", "--out", out)
        assert (taken["format"], taken["events"], taken["file"]) == (kind, size, str(out))
        assert out.read_bytes()[:2] == b"\x1f\x8b"
    with LogFile(wardbook.folder / "out.xes.gz") as file:
        assert len(list(read_traces(file))) == 20


async def test_an_export_to_standard_output_is_the_export_alone(wardbook: Wardbook) -> None:
    code, out, err = await wardbook.run("export", "jsonl", "--out", "-")

    assert code == ExitCode.OK
    assert [json.loads(line).get("position") for line in out.splitlines()] == [None, 1]
    assert "1 events written" in err


async def test_what_was_refused_is_listed_and_the_exit_code_says_so(wardbook: Wardbook) -> None:
    log = wardbook.folder / "log.xes"
    log.write_text("<log>\n<trace/>\n<trace>\n<oops/></trace>\n</log>")

    code, out, err = await wardbook.run("import", "xes", log)
    assert code == ExitCode.PARTLY
    assert "refused" in out
    assert err.splitlines()[-2:] == [
        "Line 2: the trace has no concept:name. [TRACE_WITHOUT_NAME]",
        "Line 4: an element oops has no place here. [UNKNOWN_ELEMENT]",
    ]
    code, out, _ = await wardbook.run("import", "xes", log, "--json")
    assert code == ExitCode.PARTLY
    assert [refused["line"] for refused in json.loads(out)["refusals"]] == [2, 4]


async def test_a_broken_file_is_refused_with_code_and_line(wardbook: Wardbook) -> None:
    log = wardbook.folder / "log.xes"
    log.write_text("<log>\n<trace>\n</log>")

    code, _, err = await wardbook.run("import", "xes", log)
    assert code == ExitCode.REFUSED
    assert "Line 3, column 3: not well-formed XML (mismatched tag). [XML_MALFORMED]" in err
    code, out, _ = await wardbook.run("import", "xes", log, "--json")
    assert code == ExitCode.REFUSED
    assert json.loads(out) == {
        "code": "XML_MALFORMED",
        "message": "Line 3, column 3: not well-formed XML (mismatched tag).",
        "line": 3,
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "xes", "x", "--time-zone", "Moon"), "--time-zone: must be an IANA time zone"),
        (("export", "csv", "--out", "x", "--from", "soon"), "--from: must be a time as"),
        (("export", "csv", "--out", "x", "--to", "2024-07-01"), "--to: needs an offset from UTC"),
        (("export", "csv", "--out", "-", "--json"), "--json: standard output is taken"),
        (("export", "csv"), "--out"),
        (("export", "pdf", "--out", "x"), "pdf"),
    ],
)
async def test_an_argument_that_cannot_be_used_is_named(
    wardbook: Wardbook, arguments: tuple[str, ...], said: str
) -> None:
    code, _, err = await wardbook.run(*arguments)

    assert code == ExitCode.USAGE
    assert said in err
    assert "Traceback" not in err
