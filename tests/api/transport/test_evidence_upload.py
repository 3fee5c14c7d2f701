"""Evidence handed in over HTTP: streamed, looked at, limited, stored before it is recorded."""

import asyncio
import os
import resource
import socket
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.runtime import Runtime
from domain.case.exhibits import MOST_OF_REPORTER
from domain.identity import Caller
from schema import ids
from tests.api.transport.conftest import serve, until
from tests.api.transport.evidence_office import Office, code, opened_office, schema_of_ours
from tests.domain.people import (
    ANONYMOUS,
    AUDITOR,
    INTAKE,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
)
from tests.evidence.photos import PDF, PLANTED, photo

MIB = 1024 * 1024


@pytest.fixture
async def office(running: Runtime, tmp_path: Path) -> AsyncIterator[Office]:
    async with serve(tmp_path, schema=schema_of_ours(), services=running) as service:
        yield await opened_office(service, tmp_path / "evidence")


async def pieces(content: bytes, size: int = 10_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_what_is_handed_in_is_recorded_and_kept_sealed(office: Office) -> None:
    content = photo()
    answer = await office.add(OFFICER, content, label="酒吧夜景", audience="REPORTER")
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["evidence"] == {
        "id": told["evidence"]["id"],
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "mediaType": "image/jpeg",
        "label": "酒吧夜景",
        "audience": "REPORTER",
    }
    assert told["version"] == 2
    assert int(told["position"]) > 1
    (file,) = office.files()
    assert file.name == sha256(content).hexdigest()
    assert PLANTED not in file.read_bytes()
    (listed,) = await office.evidence(REPORTER)
    assert listed["id"] == told["evidence"]["id"]


async def test_a_reporter_hands_in_for_themselves(office: Office) -> None:
    answer = await office.add(REPORTER, photo())
    assert answer.json()["evidence"]["audience"] == "REPORTER"
    (listed,) = await office.evidence(REPORTER)
    assert (listed["byReporter"], listed["addedBy"]) == (True, None)
    refused = await office.add(REPORTER, photo(size=(9, 9)), audience="INTERNAL")
    assert (refused.status_code, code(refused)) == (400, "AUDIENCE_NOT_OPEN")


@pytest.mark.parametrize(
    ("by", "status", "expected"),
    [
        (ANONYMOUS, 403, "NOT_PERMITTED"),
        (NEIGHBOUR, 404, "NOT_FOUND"),
        (AUDITOR, 403, "NOT_PERMITTED"),
    ],
)
async def test_nobody_else_hands_anything_in(
    office: Office, by: Caller, status: int, expected: str
) -> None:
    answer = await office.add(by, photo())
    assert (answer.status_code, code(answer)) == (status, expected)
    assert not office.files()


async def test_a_case_that_is_not_there_is_answered_like_one_that_is_hidden(
    office: Office,
) -> None:
    hidden = await office.add(NEIGHBOUR, photo())
    absent = await office.add(NEIGHBOUR, photo(), case_id=ids.case_id(uuid4()))
    assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())


async def test_a_bad_token_is_never_taken_for_nobody(office: Office) -> None:
    answer = await office.add(ANONYMOUS, photo(), headers={"Authorization": "Bearer x"})
    assert (answer.status_code, code(answer)) == (401, "INVALID_TOKEN")
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (b"", None, "EVIDENCE_TYPE_REFUSED"),
        (b"\xff\xd8", None, "EVIDENCE_TYPE_REFUSED"),
        (b"<html><script>alert(1)</script></html>", "image/jpeg", "EVIDENCE_TYPE_REFUSED"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "EVIDENCE_TYPE_REFUSED"),
        (photo("image/gif"), "image/gif", "EVIDENCE_TYPE_REFUSED"),
        (photo("image/png"), "image/jpeg", "EVIDENCE_TYPE_DIFFERS"),
        (PDF, "text/html", "EVIDENCE_TYPE_DIFFERS"),
        (photo()[:300], "image/jpeg", "EVIDENCE_UNREADABLE"),
        (b"\x89PNG\r\n\x1a\n" + os.urandom(99), "image/png", "EVIDENCE_UNREADABLE"),
    ],
)
async def test_only_what_is_of_a_type_that_is_taken_comes_in(
    office: Office, content: bytes, media_type: str | None, expected: str
) -> None:
    answer = await office.add(OFFICER, content, media_type)
    assert (answer.status_code, code(answer)) == (415, expected)
    assert not office.files()
    assert not await office.evidence(OFFICER)


@pytest.mark.parametrize("media_type", [None, "application/octet-stream", "IMAGE/PNG; x=y"])
async def test_a_type_need_not_be_said(office: Office, media_type: str | None) -> None:
    answer = await office.add(OFFICER, photo("image/png"), media_type)
    assert answer.json()["evidence"]["mediaType"] == "image/png"


@pytest.mark.parametrize("streamed", [False, True])
async def test_what_is_too_large_is_refused_while_it_comes(
    running: Runtime, tmp_path: Path, streamed: bool
) -> None:
    limit = 64 * 1024
    async with serve(
        tmp_path, schema=schema_of_ours(), services=running, max_evidence_bytes=limit
    ) as service:
        office = await opened_office(service, tmp_path / "evidence")
        whole = PDF + bytes(limit - len(PDF))
        assert (await office.add(OFFICER, whole, "application/pdf")).status_code == 201
        above = whole + b"x"
        sent = pieces(above) if streamed else above
        answer = await office.add(OFFICER, sent, "application/pdf")
        assert (answer.status_code, code(answer)) == (413, "EVIDENCE_TOO_LARGE")
        assert len(office.files()) == 1


async def test_settings_say_what_is_taken(running: Runtime, tmp_path: Path) -> None:
    async with serve(
        tmp_path,
        schema=schema_of_ours(),
        services=running,
        evidence_media_types="video/mp4, image/gif",
        evidence_dir=tmp_path / "elsewhere",
    ) as service:
        office = await opened_office(service, tmp_path / "elsewhere")
        film = b"\x00\x00\x00\x18ftypisom" + os.urandom(5000)
        assert (await office.add(OFFICER, film, "video/mp4")).status_code == 201
        assert (await office.add(OFFICER, photo("image/gif"), "image/gif")).status_code == 201
        assert (await office.add(OFFICER, photo(), "image/jpeg")).status_code == 415
        assert len(office.files()) == 2


async def test_a_large_upload_takes_little_memory(running: Runtime, tmp_path: Path) -> None:
    size = 200 * MIB
    block = os.urandom(MIB)
    digest = sha256(PDF)
    for _ in range(size // MIB):
        digest.update(block)

    async def blocks() -> AsyncIterator[bytes]:
        yield PDF
        for _ in range(size // MIB):
            yield block

    async with serve(
        tmp_path, schema=schema_of_ours(), services=running, max_evidence_bytes=2 * size
    ) as service:
        office = await opened_office(service, tmp_path / "evidence")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        evidence_id = await office.added(OFFICER, blocks(), "application/pdf")  # type: ignore[arg-type]
        found = sha256()
        url = f"/evidence/{evidence_id}"
        async with service.client.stream("GET", url, headers=office.as_(OFFICER)) as answer:
            assert int(answer.headers["content-length"]) == size + len(PDF)
            async for piece in answer.aiter_bytes():
                found.update(piece)
        assert found.digest() == digest.digest()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 48 * 1024, f"{grown} KiB more"


async def test_the_same_command_again_tells_what_it_did_first(office: Office) -> None:
    said: dict[str, Any] = {"commandId": str(uuid4()), "label": "First"}
    first = await office.add(OFFICER, photo(), **said)
    again = await office.add(OFFICER, photo(), **said)
    assert again.json() == first.json()
    other = await office.add(OFFICER, photo(size=(9, 9)), **said)
    assert (other.status_code, code(other)) == (409, "COMMAND_ID_REUSED")
    assert len(await office.evidence(OFFICER)) == 1


async def test_the_same_again_tells_nothing_of_what_is_out_of_sight_by_now(office: Office) -> None:
    content = photo()
    said: dict[str, Any] = {"commandId": str(uuid4())}
    assert (await office.add(INTAKE, content, **said)).status_code == 201
    hidden = """mutation ($id: ID!) {
        setConfidentiality(input: { caseId: $id, level: CONFIDENTIAL }) { __typename }
    }"""
    done = await office.ask(REGISTRAR, hidden, id=office.case_id)
    assert done["data"]["setConfidentiality"]["__typename"] == "CaseChanged"
    again = await office.add(INTAKE, content, **said)
    assert (again.status_code, code(again)) == (404, "NOT_FOUND")


async def test_the_same_bytes_again_are_there_already(office: Office) -> None:
    first = await office.add(OFFICER, photo(), label="First")
    again = await office.add(OFFICER, photo(), label="Second")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["evidence"] == first.json()["evidence"]
    assert again.json()["version"] == first.json()["version"]


async def test_a_retry_is_answered_also_when_the_case_is_full_by_then(office: Office) -> None:
    said: dict[str, Any] = {"commandId": str(uuid4())}
    first = await office.add(REPORTER, photo(), **said)
    for number in range(1, MOST_OF_REPORTER):
        assert (await office.add(REPORTER, PDF + b"%d" % number, "application/pdf")).is_success
    full = await office.add(REPORTER, PDF, "application/pdf")
    assert (full.status_code, code(full)) == (409, "TOO_MUCH_EVIDENCE")
    assert (await office.add(REPORTER, photo(), **said)).json() == first.json()


async def test_a_version_that_has_passed_is_a_conflict(office: Office) -> None:
    assert (await office.add(OFFICER, photo(), expectedVersion=1)).status_code == 201
    answer = await office.add(OFFICER, photo(size=(9, 9)), expectedVersion=1)
    assert (answer.status_code, code(answer)) == (409, "VERSION_CONFLICT")


async def test_what_arrives_otherwise_than_announced_is_not_taken(office: Office) -> None:
    right = sha256(photo()).hexdigest().upper()
    assert (await office.add(OFFICER, photo(), sha256=right)).status_code == 201
    answer = await office.add(OFFICER, photo(size=(9, 9)), sha256=right)
    assert (answer.status_code, code(answer)) == (400, "EVIDENCE_DIFFERS")
    assert len(office.files()) == 1


@pytest.mark.parametrize(
    "header",
    [
        b"{",
        b"[]",
        b'{"label": 1}',
        b'{"unknown": 1}',
        b'{"audience": "EVERYBODY"}',
        b'{"commandId": "1"}',
        b'{"occurredAt": "2024-03-01T09:00:00"}',
        b'{"label": "\xff"}',
        b"[" * 5000,
    ],
)
async def test_an_input_that_cannot_be_read_is_refused(office: Office, header: bytes) -> None:
    headers: Any = office.as_(OFFICER) | {"Wardbook-Input": header}
    url = f"/cases/{office.case_id}/evidence"
    answer = await office.service.client.post(url, content=photo(), headers=headers)
    assert (answer.status_code, code(answer)) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "said",
    [
        {"label": "x" * 201},
        {"label": "\x00"},
        {"reason": "x" * 1001},
        {"occurredAt": "1066-10-14T09:00:00Z"},
    ],
)
async def test_an_input_beyond_its_limits_is_refused(office: Office, said: dict[str, Any]) -> None:
    answer = await office.add(OFFICER, photo(), **said)
    assert (answer.status_code, code(answer)) == (400, "INVALID_INPUT")
    assert not await office.evidence(OFFICER)
    assert not office.files()


@pytest.mark.parametrize(
    "case_id", ["x", "Q2FzZTox", "..%2f..%2fetc%2fpasswd", "%00", "Case:1", "RXZpZGVuY2U6eA=="]
)
async def test_an_id_that_names_no_case_is_told_so(office: Office, case_id: str) -> None:
    answer = await office.add(OFFICER, photo(), case_id=case_id)
    assert answer.status_code in {400, 404}
    assert code(answer) in {"INVALID_INPUT", "NO_SUCH_PAGE"}
    assert not office.files()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_it_is_handed_in_by_post_alone(office: Office, method: str) -> None:
    url = f"/cases/{office.case_id}/evidence"
    answer = await office.service.client.request(method, url, headers=office.as_(OFFICER))
    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"


async def beginning(office: Office) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection over which half of an upload has come."""
    address = httpx.URL(office.service.url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    head = (
        f"POST /cases/{office.case_id}/evidence HTTP/1.1\r\nHost: {address.host}\r\n"
        f"Authorization: {office.service.bearer(OFFICER)}\r\n"
        f"Content-Type: application/pdf\r\nContent-Length: {MIB}\r\n\r\n"
    )
    writer.write(head.encode() + PDF + os.urandom(MIB // 2))
    await writer.drain()
    await until(lambda: bool(office.files()))
    return reader, writer


async def test_an_upload_cut_off_leaves_nothing(office: Office) -> None:
    _, writer = await beginning(office)
    at_once = b"\x01\0\0\0\0\0\0\0"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    writer.close()
    await until(lambda: not office.files())
    assert not await office.evidence(OFFICER)


async def test_a_sender_that_dawdles_is_let_go(running: Runtime, tmp_path: Path) -> None:
    async with serve(
        tmp_path, schema=schema_of_ours(), services=running, client_timeout_seconds=1
    ) as service:
        office = await opened_office(service, tmp_path / "evidence")
        reader, writer = await beginning(office)
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"BODY_TOO_SLOW" in answer
        assert not office.files()
        assert not await office.evidence(OFFICER)


async def test_a_full_store_is_said_so_and_nothing_is_recorded(office: Office) -> None:
    office.folder.write_text("in the way")
    answer = await office.add(OFFICER, photo())
    assert (answer.status_code, code(answer)) == (503, "EVIDENCE_STORE_UNUSABLE")
    assert not await office.evidence(OFFICER)


async def test_what_was_stored_for_a_command_that_was_refused_is_taken_back(
    office: Office,
) -> None:
    assert (await office.add(OFFICER, photo())).status_code == 201
    kept = office.files()
    too_long = "x" * 201
    for content in (photo(size=(9, 9)), photo()):
        assert (await office.add(OFFICER, content, label=too_long)).status_code == 400
        assert office.files() == kept


async def test_answers_are_in_the_language_of_the_request(office: Office) -> None:
    answer = await office.add(OFFICER, b"MZ", headers={"Accept-Language": "zh"})
    assert answer.headers["content-language"] == "zh-Hans"
    assert "证据" in answer.json()["errors"][0]["message"]


async def test_pages_of_other_origins_may_hand_in_only_where_a_setting_says_so(
    running: Runtime, tmp_path: Path
) -> None:
    preflight = {
        "Origin": "https://front.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, wardbook-input",
    }
    async with serve(tmp_path, schema=schema_of_ours(), services=running) as service:
        answer = await service.client.options("/cases/x/evidence", headers=preflight)
        assert "access-control-allow-origin" not in answer.headers
    async with serve(
        tmp_path,
        schema=schema_of_ours(),
        services=running,
        cors_origins="https://front.example",
    ) as service:
        answer = await service.client.options("/cases/x/evidence", headers=preflight)
        assert answer.headers["access-control-allow-origin"] == "https://front.example"


async def test_no_label_and_no_id_is_in_the_log_or_the_metrics(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    evidence_id = await office.added(OFFICER, photo(), label=PLANTED.decode())
    await office.look(OFFICER, evidence_id)
    metrics = ""
    async with asyncio.timeout(60):
        # An answer is counted when it has gone out.
        while 'route="/evidence/{evidence_id}"' not in metrics:
            metrics = (await office.service.client.get("/metrics")).text
    assert 'route="/cases/{case_id}/evidence"' in metrics
    said = metrics + "".join(capfd.readouterr())
    for secret in (PLANTED.decode(), evidence_id, office.case_id):
        assert secret not in said
