"""Evidence looked at: `GET /evidence/{id}`, and `GET /evidence/{id}/original` for a few.

No browser shows it as a page or guesses what it is, nobody on the way keeps it, and the last byte
leaves only when the whole has the hash that the journal has of it.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.types import Send

from app.attempts import record_refused
from app.evidence.desk import Opened
from app.evidence.refusals import EvidenceDamaged, EvidenceStoreUnusable
from app.web.contexts import Access
from app.web.errors import Code, refuse
from app.web.evidence import EvidenceEndpoint
from app.web.ranges import RangeNotSatisfiable, wanted_range
from domain.permissions import READ_EVIDENCE, READ_ORIGINAL_EVIDENCE, authority
from domain.refusal import NotFound, NotPermitted
from projections.evidence import Evidence, evidence_of
from schema import ids
from schema.context import Context
from schema.ids import EvidenceKey

POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAINTING: Final = 1
"""Raised when what is shown of the same bytes comes out differently: no part fits another then."""
EXPOSED: Final = ("Accept-Ranges", "Content-Disposition", "Content-Range", "ETag")
"""What a page of another origin, where that is allowed, may read of an answer."""


@dataclass(frozen=True)
class EvidenceDownload(EvidenceEndpoint):
    """Shows evidence. original: as it came, with all that a camera wrote beside it."""

    original: bool = False

    async def answer(self, request: Request, access: Access, send: Send) -> None:
        """Look it up, open it, and send all of it or a part."""
        evidence = await self._find(access.context(), request.path_params["evidence_id"])
        answer = _Answer(send, self.patience)
        try:
            async with self.desk.opened(evidence, original=self.original) as opened:
                await _send(request, evidence, opened, answer)
        except (EvidenceDamaged, EvidenceStoreUnusable):
            # Once it has begun nothing can be said any more: it ends too early, which is an error
            # to whoever counts the bytes.
            if not answer.begun:
                raise
        except ReaderTooSlow:
            return

    async def _find(self, context: Context, evidence_id: str) -> Evidence:
        key = ids.parse_evidence(evidence_id, "id")
        permission = READ_ORIGINAL_EVIDENCE if self.original else READ_EVIDENCE
        try:
            return await self._permitted(context, key, permission)
        except (NotFound, NotPermitted) as refused:
            await record_refused(context.commands, permission, key.case_id, context.caller, refused)
            raise

    async def _permitted(self, context: Context, key: EvidenceKey, permission: str) -> Evidence:
        """Who sees a case sees its evidence, as far as it is for them (`evidence_of`)."""
        async with context.reads.acquire() as connection:
            found = (await evidence_of(connection, context.scope, [key.case_id]))[key.case_id]
        evidence = next((each for each in found if each.evidence_id == key.evidence_id), None)
        if evidence is None:
            raise NotFound(what="evidence")
        if authority(context.caller, permission) is None:
            raise NotPermitted(permission=permission)
        if self.original:
            await self.desk.check_original(key.case_id, context.caller)
        return evidence


class ReaderTooSlow(Exception):
    """The client does not read what it is sent."""


class _Answer:
    """What goes out. patience: seconds that the client may take to read a piece."""

    def __init__(self, send: Send, patience: float) -> None:
        self.begun = False
        self._send = send
        self._patience = patience

    async def begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        """Status and headers."""
        self.begun = True
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def add(self, content: bytes, *, more: bool) -> None:
        """A piece of the body. Raises ReaderTooSlow."""
        try:
            async with asyncio.timeout(self._patience):
                await self._send({"type": "http.response.body", "body": content, "more_body": more})
        except TimeoutError:
            raise ReaderTooSlow from None


async def _send(request: Request, evidence: Evidence, opened: Opened, answer: _Answer) -> None:
    tag = f'"{evidence.sha256}{f"-shown{PAINTING}" if opened.repainted else ""}"'
    part = _part(request, opened.size, tag)
    start, stop = part or (0, opened.size)
    headers = _headers(evidence, opened, tag) | {"Content-Length": str(stop - start)}
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{opened.size}"
    status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
    if request.method == "HEAD":
        await answer.begin(status, headers)
        await answer.add(b"", more=False)
        return
    async with aclosing(cut(opened.chunks, start, stop)) as pieces:
        # The first piece before the status: of a small file all has been checked by then.
        first = await anext(pieces)
        await answer.begin(status, headers)
        await answer.add(first, more=True)
        async for piece in pieces:
            await answer.add(piece, more=True)
    await answer.add(b"", more=False)


def _part(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """Which part is asked for, of the bytes that its asker has begun with."""
    if request.headers.get("if-range", tag) != tag:
        return None
    try:
        return wanted_range(request.headers.get("range"), size)
    except RangeNotSatisfiable:
        raise refuse(
            Code.RANGE_NOT_SATISFIABLE,
            f"There are only {size} bytes.",
            416,
            headers={"Content-Range": f"bytes */{size}"},
        ) from None


def _headers(evidence: Evidence, opened: Opened, tag: str) -> dict[str, str]:
    name = f"evidence-{evidence.sha256[:12]}.{opened.media_type.ending}"
    return {
        "Content-Type": opened.media_type.name,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-store",
        "Vary": "Authorization",
        "Accept-Ranges": "bytes",
        "ETag": tag,
    }


async def cut(
    chunks: AsyncGenerator[bytes, None], start: int, stop: int
) -> AsyncGenerator[bytes, None]:
    """What of these chunks lies in start..stop, its last piece only after the last chunk came.

    So a part too is sent to its end only when the whole was found to be right.
    """
    held, offset = b"", 0
    async with aclosing(chunks):
        async for chunk in chunks:
            piece = chunk[max(0, start - offset) : max(0, stop - offset)]
            offset += len(chunk)
            if piece:
                if held:
                    yield held
                held = piece
    yield held
