"""Evidence looked at over HTTP: by whom, in which form, checked against its hash."""

import io
import os
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from PIL import Image

from app.evidence.sealing import CHUNK, MAGIC
from app.runtime import Runtime
from domain.identity import ActorKind, Caller, Role
from domain.permissions import PERMISSIONS, READ_CASES, READ_EVIDENCE
from tests.api.transport.conftest import serve
from tests.api.transport.evidence_office import Office, code, opened_office, schema_of_ours
from tests.domain.people import (
    ANONYMOUS,
    AUDITOR,
    INTAKE,
    NEIGHBOUR,
    OFFICER,
    OPERATOR,
    REPORTER,
    SUPERVISOR,
)
from tests.evidence.photos import PDF, PLANTED, photo
from tests.servers import Server

DOCUMENT = PDF + os.urandom(3 * CHUNK)
GONE = """
    UPDATE journal.keys SET state = 'destroyed', wrapped = NULL
    WHERE subject = (SELECT case_id FROM views.cases)
"""
ATTEMPTS = """{ events(first: 9, filter: { type: ["attempts.refused"] }) { nodes { payload } } }"""


@pytest.fixture
async def office(running: Runtime, tmp_path: Path) -> AsyncIterator[Office]:
    async with serve(tmp_path, schema=schema_of_ours(), services=running) as service:
        yield await opened_office(service, tmp_path / "evidence")


async def test_it_is_shown_as_an_attachment_that_no_browser_guesses_about(office: Office) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf", label="../../x.html")
    answer = await office.look(SUPERVISOR, evidence_id)
    assert answer.status_code == 200
    assert answer.content == PDF
    digest = sha256(PDF).hexdigest()
    expected = {
        "content-type": "application/pdf",
        "content-length": str(len(PDF)),
        "content-disposition": f'attachment; filename="evidence-{digest[:12]}.pdf"',
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "cache-control": "private, no-store",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "vary": "Authorization",
        "accept-ranges": "bytes",
        "etag": f'"{digest}"',
    }
    assert {name: answer.headers.get(name) for name in expected} == expected


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp"])
async def test_what_a_camera_wrote_is_in_the_original_alone(
    office: Office, media_type: str
) -> None:
    original = photo(media_type, orientation=6 if media_type == "image/jpeg" else 1)
    evidence_id = await office.added(OFFICER, original, media_type)
    shown = await office.look(SUPERVISOR, evidence_id)
    assert shown.headers["content-type"] == media_type
    assert PLANTED not in shown.content
    assert not Image.open(io.BytesIO(shown.content)).getexif()
    for by in (OFFICER, AUDITOR):
        assert (await office.look(by, evidence_id)).content == shown.content
        answer = await office.look(by, evidence_id, original=True)
        assert answer.content == original
        assert answer.headers["etag"] != shown.headers["etag"]
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("by", [REPORTER, INTAKE, SUPERVISOR])
async def test_the_original_is_not_for_everybody_who_sees_the_case(
    office: Office, by: Caller
) -> None:
    evidence_id = await office.added(OFFICER, photo(), audience="REPORTER")
    assert (await office.look(by, evidence_id)).status_code == 200
    answer = await office.look(by, evidence_id, original=True)
    assert (answer.status_code, code(answer)) == (403, "NOT_PERMITTED")


async def test_what_cannot_be_cleaned_is_shown_as_original_only(
    running: Runtime, tmp_path: Path
) -> None:
    film = b"\x00\x00\x00\x18ftypisom" + PLANTED
    async with serve(
        tmp_path, schema=schema_of_ours(), services=running, evidence_media_types="video/mp4"
    ) as service:
        office = await opened_office(service, tmp_path / "evidence")
        evidence_id = await office.added(OFFICER, film, "video/mp4")
        answer = await office.look(SUPERVISOR, evidence_id)
        assert (answer.status_code, code(answer)) == (403, "EVIDENCE_ONLY_ORIGINAL")
        assert (await office.look(AUDITOR, evidence_id, original=True)).content == film


async def test_evidence_of_the_staff_is_not_there_for_the_reporter(office: Office) -> None:
    internal = await office.added(OFFICER, photo())
    shared = await office.added(OFFICER, photo(), audience="REPORTER")
    hidden = await office.look(REPORTER, internal)
    assert (hidden.status_code, code(hidden)) == (404, "NOT_FOUND")
    assert (await office.look(REPORTER, shared)).status_code == 200
    assert [each["id"] for each in await office.evidence(REPORTER)] == [shared]
    assert [each["id"] for each in await office.evidence(OFFICER)] == [internal, shared]
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await office.ask(REPORTER, node, id=internal))["data"]["node"] is None
    assert (await office.ask(REPORTER, node, id=shared))["data"]["node"] == {"id": shared}
    timeline = (
        "query ($id: ID!) { case(id: $id) { timeline(first: 9) { nodes { type payload } } } }"
    )
    told = str(await office.ask(REPORTER, timeline, id=office.case_id))
    assert told.count("case.evidence_added") == 1


@pytest.mark.parametrize("by", [NEIGHBOUR, ANONYMOUS, OPERATOR])
@pytest.mark.parametrize("original", [False, True])
async def test_whoever_does_not_see_the_case_finds_no_evidence(
    office: Office, by: Caller, original: bool
) -> None:
    evidence_id = await office.added(OFFICER, photo(), audience="REPORTER")
    answer = await office.look(by, evidence_id, original=original)
    assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")
    absent = await office.look(by, evidence_id[:-8] + "MDAwMDA=", original=original)
    assert absent.status_code in {400, 404}


def test_whoever_reads_cases_sees_what_belongs_to_them() -> None:
    # `EvidenceDownload` relies on it: it asks the case's scope, and then only for the permission.
    assert PERMISSIONS[READ_EVIDENCE] == PERMISSIONS[READ_CASES]


async def test_refused_looks_are_on_record(office: Office) -> None:
    evidence_id = await office.added(OFFICER, photo())
    await office.look(OPERATOR, evidence_id)
    await office.look(SUPERVISOR, evidence_id, original=True)
    await office.add(AUDITOR, photo())
    found = await office.ask(AUDITOR, ATTEMPTS)
    refused = [node["payload"] for node in found["data"]["events"]["nodes"]]
    assert [(each["permission"], each["refusal"]) for each in refused] == [
        ("readEvidence", "NOT_FOUND"),
        ("readOriginalEvidence", "NOT_PERMITTED"),
        ("addEvidence", "NOT_PERMITTED"),
    ]


@pytest.mark.parametrize("evidence_id", ["x", "Q2FzZTox", "%00", "..%2f..%2fetc%2fpasswd"])
async def test_an_id_that_names_nothing_is_told_so(office: Office, evidence_id: str) -> None:
    answer = await office.look(OFFICER, evidence_id)
    assert answer.status_code in {400, 404}
    assert code(answer) in {"INVALID_INPUT", "NO_SUCH_PAGE"}


async def test_an_id_of_a_case_is_no_id_of_evidence(office: Office) -> None:
    answer = await office.look(OFFICER, office.case_id)
    assert (answer.status_code, code(answer)) == (400, "INVALID_INPUT")


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        (f"bytes={CHUNK - 3}-{2 * CHUNK + 5}", CHUNK - 3, 2 * CHUNK + 6),
        (f"bytes={CHUNK}-", CHUNK, len(DOCUMENT)),
        ("bytes=-7", len(DOCUMENT) - 7, len(DOCUMENT)),
        ("bytes=5-99999999999", 5, len(DOCUMENT)),
    ],
)
async def test_a_part_is_sent_where_one_is_asked_for(
    office: Office, header: str, start: int, stop: int
) -> None:
    evidence_id = await office.added(OFFICER, DOCUMENT, "application/pdf")
    answer = await office.look(OFFICER, evidence_id, Range=header)
    assert answer.status_code == 206
    assert answer.content == DOCUMENT[start:stop]
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(DOCUMENT)}"


@pytest.mark.parametrize("header", ["bytes=0-1,3-4", "lines=0-1", "bytes=9-5", "bytes=-", "x"])
async def test_what_is_no_range_is_answered_with_all(office: Office, header: str) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf")
    answer = await office.look(OFFICER, evidence_id, Range=header)
    assert (answer.status_code, answer.content) == (200, PDF)


async def test_a_part_fits_only_what_its_asker_has_begun_with(office: Office) -> None:
    evidence_id = await office.added(OFFICER, photo())
    shown = await office.look(OFFICER, evidence_id)
    ask: dict[str, Any] = {"Range": "bytes=0-9", "If-Range": shown.headers["etag"]}
    assert (await office.look(OFFICER, evidence_id, **ask)).content == shown.content[:10]
    other = await office.look(OFFICER, evidence_id, original=True, **ask)
    assert (other.status_code, other.content) == (200, photo())


@pytest.mark.parametrize("header", [f"bytes={len(PDF)}-", "bytes=-0"])
async def test_a_part_beyond_the_end_is_refused(office: Office, header: str) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf")
    answer = await office.look(OFFICER, evidence_id, Range=header)
    assert (answer.status_code, code(answer)) == (416, "RANGE_NOT_SATISFIABLE")
    assert answer.headers["content-range"] == f"bytes */{len(PDF)}"


async def test_head_says_what_get_would_send(office: Office) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf")
    url = f"/evidence/{evidence_id}"
    answer = await office.service.client.head(url, headers=office.as_(OFFICER))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(PDF))
    assert (await office.service.client.post(url)).status_code == 405


def damage(office: Office, place: int) -> None:
    (file,) = office.files()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("place", [0, len(MAGIC), -1])
async def test_what_is_damaged_at_once_is_told_and_logged(
    office: Office, place: int, capfd: pytest.CaptureFixture[str]
) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf")
    damage(office, place)
    answer = await office.look(OFFICER, evidence_id)
    assert (answer.status_code, code(answer)) == (500, "EVIDENCE_DAMAGED")
    assert "evidence is not as it was stored" in "".join(capfd.readouterr())


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-99"}])
async def test_what_is_damaged_at_its_end_is_not_sent_whole(
    office: Office, headers: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    evidence_id = await office.added(OFFICER, DOCUMENT, "application/pdf")
    damage(office, -100)
    if headers:
        # A part that is small enough waits for the end before it begins.
        answer = await office.look(OFFICER, evidence_id, **headers)
        assert (answer.status_code, code(answer)) == (500, "EVIDENCE_DAMAGED")
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            await office.look(OFFICER, evidence_id)
    assert "evidence is not as it was stored" in "".join(capfd.readouterr())


async def test_what_is_missing_is_told(office: Office) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf")
    office.files()[0].unlink()
    answer = await office.look(OFFICER, evidence_id)
    assert (answer.status_code, code(answer)) == (500, "EVIDENCE_DAMAGED")


async def test_handing_it_in_again_mends_it(office: Office) -> None:
    evidence_id = await office.added(OFFICER, PDF, "application/pdf")
    damage(office, -1)
    assert (await office.add(OFFICER, PDF, "application/pdf")).status_code == 200
    assert (await office.look(OFFICER, evidence_id)).content == PDF


async def test_without_the_key_of_its_case_nobody_sees_it_again(
    office: Office, server: Server, database_name: str
) -> None:
    evidence_id = await office.added(OFFICER, photo(), audience="REPORTER")
    assert (await office.look(OFFICER, evidence_id)).status_code == 200
    await execute(server, database_name, GONE)
    for by in (OFFICER, AUDITOR, REPORTER):
        answer = await office.look(by, evidence_id)
        assert (answer.status_code, code(answer)) == (410, "EVIDENCE_ERASED")
    answer = await office.look(AUDITOR, evidence_id, original=True)
    assert (answer.status_code, code(answer)) == (410, "EVIDENCE_ERASED")
    # Nobody who could not see it before learns anything now.
    assert (await office.look(NEIGHBOUR, evidence_id)).status_code == 404
    again = await office.add(OFFICER, PDF, "application/pdf")
    assert (again.status_code, code(again)) == (410, "EVIDENCE_ERASED")


async def test_evidence_is_listed_as_of_any_moment(office: Office) -> None:
    await office.added(OFFICER, photo(), label="First", occurredAt=None)
    await office.added(OFFICER, PDF, "application/pdf", label="Second")
    now = await office.evidence(OFFICER)
    assert [each["label"] for each in now] == ["First", "Second"]
    assert now[0]["addedBy"] == {"principal": OFFICER.principal}
    assert (now[1]["sha256"], now[1]["size"]) == (sha256(PDF).hexdigest(), len(PDF))
    assert [each["label"] for each in await office.evidence(OFFICER, version=2)] == ["First"]
    assert await office.evidence(OFFICER, version=1) == []
    before = {"occurredAt": now[0]["addedAt"]}
    assert [each["label"] for each in await office.evidence(OFFICER, **before)] == ["First"]


async def test_a_right_that_is_gone_counts_at_once(office: Office) -> None:
    volunteer = Caller("vol", ActorKind.PERSON, frozenset({Role.VOLUNTEER}))
    evidence_id = await office.added(OFFICER, photo())
    assert (await office.look(volunteer, evidence_id)).status_code == 404


async def execute(server: Server, database_name: str, statement: str) -> None:
    """As the journal's owner would: the service may destroy no key yet."""
    connection = await asyncpg.connect(server.admin_dsn, database=database_name)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
