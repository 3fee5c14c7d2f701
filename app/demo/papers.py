"""Evidence in the district's cases: a page that says which case it is of, or a small picture."""

import struct
import zlib
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path
from typing import Final
from uuid import UUID

from app.evidence.desk import EvidenceDesk
from app.evidence.receiving import EvidenceLimits
from app.evidence.store import FolderStore
from app.journal import Journal

PAPER: Final = "application/pdf"
PICTURE: Final = "image/png"
WIDTH, HEIGHT = 48, 36
FONT: Final = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
LIMITS: Final = EvidenceLimits(bytes=10_000, media_types=frozenset({PAPER, PICTURE}))

Keep = Callable[[UUID, str, bytes], Awaitable[None]]
"""Puts the bytes of a piece of evidence of a case, of a media type, where evidence is kept."""


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


def picture(case_id: UUID, sheet: int) -> bytes:
    """A picture in PNG: a house under a sky, in colours of its own. sheet: as for `paper`."""
    drawn = blake2b(case_id.bytes + sheet.to_bytes(2), digest_size=8).digest()
    sky, ground, wall = drawn[:3], drawn[3:6], bytes((drawn[6], 255 - drawn[6], drawn[7]))
    left = WIDTH // 6 + drawn[7] % (WIDTH // 3)
    rows = []
    for row in range(HEIGHT):
        behind = sky if row < HEIGHT * 2 // 3 else ground
        if HEIGHT // 3 <= row < HEIGHT * 5 // 6:
            house = wall * (WIDTH // 3)
            rest = WIDTH - left - WIDTH // 3
            rows.append(b"\0" + behind * left + house + behind * rest)
        else:
            rows.append(b"\0" + behind * WIDTH)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows))
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + _checksum(kind + content)


def _checksum(content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(content))


def keeper(journal: Journal, folder: Path) -> Keep:
    """Keeps papers in that folder, as whoever hands evidence in over HTTP does."""
    desk = EvidenceDesk(journal, FolderStore(folder), LIMITS)

    async def keep(case_id: UUID, media_type: str, content: bytes) -> None:
        async with desk.receiving(case_id, media_type) as receiving:
            await receiving.add(content)
            await receiving.keep(await receiving.finish())

    return keep


async def nowhere(_case_id: UUID, _media_type: str, _content: bytes) -> None:
    """Keeps nothing: where only what is recorded is wanted."""
