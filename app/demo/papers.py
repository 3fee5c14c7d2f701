"""Papers that the district's officers add to their cases: a page that says which case it is of."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from app.evidence.desk import EvidenceDesk
from app.evidence.receiving import EvidenceLimits
from app.evidence.store import FolderStore
from app.journal import Journal

MEDIA_TYPE: Final = "application/pdf"
FONT: Final = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
LIMITS: Final = EvidenceLimits(bytes=10_000, media_types=frozenset({MEDIA_TYPE}))

Keep = Callable[[UUID, bytes], Awaitable[None]]
"""Puts the bytes of a paper of a case where evidence is kept."""


def paper(case_id: UUID, sheet: int) -> bytes:
    """A page of PDF. sheet: 1, 2 ... of the case: each has a hash of its own."""
    text = f"BT /F1 14 Tf 60 760 Td (Handling record, case {case_id}, sheet {sheet}) Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources{FONT}>>",
        f"<</Length {len(text)}>>\nstream\n{text}\nendstream",
    )
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{each}\nendobj\n".encode()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    table = f"xref\n0 {count}\n0000000000 65535 f \n{rows}trailer\n<</Size {count}/Root 1 0 R>>\n"
    return content + f"{table}startxref\n{len(content)}\n%%EOF\n".encode()


def keeper(journal: Journal, folder: Path) -> Keep:
    """Keeps papers in that folder, as whoever hands evidence in over HTTP does."""
    desk = EvidenceDesk(journal, FolderStore(folder), LIMITS)

    async def keep(case_id: UUID, content: bytes) -> None:
        async with desk.receiving(case_id, MEDIA_TYPE) as receiving:
            await receiving.add(content)
            await receiving.keep(await receiving.finish())

    return keep


async def nowhere(_case_id: UUID, _content: bytes) -> None:
    """Keeps nothing: where only what is recorded is wanted."""
