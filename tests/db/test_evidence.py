"""Evidence in a journal and a store: taken in, checked as a whole, swept, exported by its hash."""

import os
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.availability import AvailableReads
from app.commands import CommandHandler
from app.database import Database
from app.evidence.checking import EvidenceChecked, check_evidence
from app.evidence.desk import EvidenceDesk
from app.evidence.media_types import MEDIA_TYPES
from app.evidence.receiving import EvidenceLimits
from app.evidence.refusals import EvidenceDamaged, EvidenceErased
from app.evidence.store import FolderStore
from app.evidence.sweeping import sweep
from app.exchange.draft import Draft
from app.exchange.exporter import ExportRequest, Format, Sources, export
from app.exchange.selection import Selection
from app.journal import Journal
from app.journal.keys import FileKeyProvider, StreamKeys
from domain.case.evidence import AddEvidence
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Channel
from domain.scope import scope_of
from projections.evidence import Evidence, evidence_of
from tests.domain.people import AUDITOR, INTAKE, OFFICER
from tests.evidence.photos import PDF, PLANTED
from tests.servers import Server

LABEL = "The bar at night"


class Archive:
    """A journal with its store of evidence."""

    def __init__(
        self, journal: Journal, commands: CommandHandler, database: Database, folder: Path
    ) -> None:
        self.journal = journal
        self.commands = commands
        self.database = database
        self.folder = folder
        self.store = FolderStore(folder)
        limits = EvidenceLimits(frozenset(MEDIA_TYPES), 10_000_000)
        self.desk = EvidenceDesk(journal, self.store, limits)

    async def case(self) -> UUID:
        case_id = uuid4()
        command = RegisterCase(
            command_id=uuid4(), case_id=case_id, case_no=case_id.hex, channel=Channel.WEB
        )
        await self.commands.execute(command, INTAKE)
        return case_id

    async def add(self, case_id: UUID, content: bytes, *, record: bool = True) -> None:
        async with self.desk.receiving(case_id, "") as receiving:
            await receiving.add(content)
            received = await receiving.finish()
            await receiving.keep(received)
        if record:
            command = AddEvidence(
                command_id=uuid4(), case_id=case_id, label=LABEL, **vars(received)
            )
            await self.commands.execute(command, OFFICER)

    async def listed(self, case_id: UUID) -> list[Evidence]:
        async with self.database.pool(1) as reads, reads.acquire() as connection:
            return (await evidence_of(connection, scope_of(AUDITOR), [case_id]))[case_id]

    async def read(self, evidence: Evidence) -> bytes:
        async with self.desk.opened(evidence, original=True) as opened:
            return b"".join([chunk async for chunk in opened.chunks])

    async def checked(self) -> EvidenceChecked:
        keys = StreamKeys(FileKeyProvider("test", b"k" * 32))
        connection = await self.database.connect()
        try:
            return await check_evidence(connection, keys, self.store)
        finally:
            await connection.close()

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
async def archive(
    journal: Journal, commands: CommandHandler, database: Database, tmp_path: Path
) -> Archive:
    return Archive(journal, commands, database, tmp_path / "evidence")


def variants(count: int) -> list[bytes]:
    return [PDF + os.urandom(number * 100_000) for number in range(count)]


async def test_everything_stored_is_opened_and_compared(archive: Archive) -> None:
    contents = variants(4)
    for content in contents:
        await archive.add(await archive.case(), content)
    found = await archive.checked()
    assert (found.pieces, found.bytes, found.erased) == (4, sum(map(len, contents)), 0)
    assert not found.findings


async def test_what_is_missing_or_altered_is_named_with_its_position(archive: Archive) -> None:
    case_id = await archive.case()
    for content in variants(3):
        await archive.add(case_id, content)
    sound, missing, altered = await archive.listed(case_id)
    for file in archive.files():
        if file.name == missing.sha256:
            file.unlink()
        elif file.name == altered.sha256:
            file.write_bytes(file.read_bytes()[:-1] + b"x")
    found = await archive.checked()
    assert (found.pieces, found.bytes) == (1, sound.size)
    assert [(each.code, each.detail) for each in found.findings] == [
        ("EVIDENCE_MISSING", f"sha256 {missing.sha256} of case {case_id}"),
        ("EVIDENCE_DIFFERS", f"sha256 {altered.sha256} of case {case_id}"),
    ]
    assert all(each.position for each in found.findings)
    with pytest.raises(EvidenceDamaged):
        await archive.read(altered)


async def test_evidence_of_another_case_is_found_out(archive: Archive) -> None:
    one, other = await archive.case(), await archive.case()
    await archive.add(one, PDF)
    await archive.add(other, PDF)
    first, second = archive.files()
    first.write_bytes(second.read_bytes())
    assert [each.code for each in (await archive.checked()).findings] == ["EVIDENCE_DIFFERS"]


async def test_without_the_key_of_a_case_its_evidence_is_erased(
    archive: Archive, server: Server, database_name: str
) -> None:
    erased, kept = await archive.case(), await archive.case()
    await archive.add(erased, PDF)
    await archive.add(kept, PDF)
    listed = (await archive.listed(erased))[0]
    assert await archive.read(listed) == PDF
    connection = await asyncpg.connect(server.admin_dsn, database=database_name)
    await connection.execute(
        "UPDATE journal.keys SET state = 'destroyed', wrapped = NULL WHERE subject = $1", erased
    )
    await connection.close()
    with pytest.raises(EvidenceErased):
        await archive.read(listed)
    with pytest.raises(EvidenceErased):
        await archive.add(erased, PDF)
    assert await archive.read((await archive.listed(kept))[0]) == PDF
    found = await archive.checked()
    assert (found.pieces, found.erased, found.findings) == (1, 1, [])


async def test_what_no_event_names_is_swept_once_it_is_old(archive: Archive) -> None:
    case_id, other = await archive.case(), await archive.case()
    await archive.add(case_id, PDF)
    await archive.add(other, PDF, record=False)
    await archive.add(other, PDF + b"x", record=False)
    draft = archive.store.draft(other)
    draft.write(b"left behind by a process that was killed")
    async with archive.database.pool(1) as pool:
        reads = AvailableReads(pool)
        assert await sweep(archive.store, reads) == 0
        assert await sweep(archive.store, reads, older_than=0) == 3
        assert await sweep(archive.store, reads, older_than=0) == 0
    draft.close()
    assert [file.name for file in archive.files()] == [sha256(PDF).hexdigest()]
    assert await archive.read((await archive.listed(case_id))[0]) == PDF


async def test_exports_name_it_by_its_hash_and_keep_its_label_sealed(
    archive: Archive, tmp_path: Path
) -> None:
    await archive.add(await archive.case(), PDF + PLANTED)
    digest = sha256(PDF + PLANTED).hexdigest()
    async with archive.database.pool(2) as pool:
        sources = Sources(archive.journal, AvailableReads(pool), archive.commands)
        for kind in (Format.JSONL, Format.CSV):
            path = tmp_path / kind.value
            with Draft(path) as draft:
                request = ExportRequest(kind, Selection(), draft)
                await export(sources, request, AUDITOR, lambda _done, _total: None)
            written = path.read_text(encoding="utf-8")
            assert digest in written
            assert (LABEL in written) == (kind is Format.CSV)
            assert PLANTED.decode() not in written
