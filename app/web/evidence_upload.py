"""Evidence handed in: `POST /cases/{caseId}/evidence`, with the bytes as the body.

What else the command takes stands in the header Wardbook-Input, as JSON with the names that inputs
have in GraphQL: it must be known before the first byte, and nothing that people write belongs into
a URL.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID, uuid4

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Send

from app.attempts import record_refused
from app.evidence.receiving import Received
from app.evidence.refusals import EvidenceDiffers, EvidenceTooLarge
from app.web.contexts import Access
from app.web.errors import Code, refuse
from app.web.evidence import EvidenceEndpoint
from app.web.execution import encode
from domain.case.evidence import AddEvidence
from domain.case.vocabulary import Audience
from domain.command import Executed
from domain.permissions import authority
from domain.refusal import NotFound, NotPermitted, Refusal, VersionConflict
from projections.cases import case_by_id
from projections.evidence import Evidence, evidence_of
from schema import ids
from schema.context import Context

INPUT_HEADER: Final = "Wardbook-Input"
SLOWEST: Final = 32 * 1024
"""Bytes a second: whoever sends less over all of an upload holds it open for its own sake."""


class _Input(msgspec.Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """As CommandInput in GraphQL, and what is said of the evidence."""

    command_id: UUID | None = None
    expected_version: int | None = None
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    reason: str | None = None
    label: str | None = None
    audience: Audience | None = None
    sha256: str | None = None


_decode: Final = msgspec.json.Decoder(_Input).decode


class EvidenceUpload(EvidenceEndpoint):
    """Hands evidence in."""

    async def answer(self, request: Request, access: Access, send: Send) -> None:
        """Check, take in, store, record: in this order, so that the journal promises nothing."""
        context = access.context()
        said = _said(request)
        case_id = ids.parse_current_case(request.path_params["case_id"], "caseId")
        command_id = said.command_id or uuid4()
        await self._check(context, case_id, command_id, said.expected_version)
        self._check_length(request)
        async with self.desk.receiving(case_id, _claimed(request)) as receiving:
            async with aclosing(self._body(request)) as body:
                async for content in body:
                    await receiving.add(content)
            received = await receiving.finish()
            if said.sha256 is not None and said.sha256.lower() != received.sha256:
                raise EvidenceDiffers
            await receiving.keep(received)
            command = _command(case_id, command_id, said, received)
            # Meanwhile the token may have expired, and the right may be gone.
            context = access.context()
            try:
                executed = await context.commands.execute(command, context.caller)
            except Refusal:
                await self.desk.take_back(case_id, receiving, received)
                raise
        shown = await _added(context, command, executed)
        response = Response(
            encode(_document(shown, executed)),
            HTTPStatus.CREATED if _is_new(executed) else HTTPStatus.OK,
            {"Content-Type": "application/json", "Cache-Control": "no-store"},
        )
        await response(request.scope, request.receive, send)

    async def _check(
        self, context: Context, case_id: UUID, command_id: UUID, expected: int | None
    ) -> None:
        """Refuse before anything is taken in what would be refused afterwards.

        Not where the command was recorded before: its sender is to learn what it did then.
        """
        refusal = await self._refusal(context, case_id, expected)
        if refusal is None or await self.desk.is_recorded(context.caller.principal, command_id):
            return
        await record_refused(context.commands, AddEvidence.NAME, case_id, context.caller, refusal)
        raise refusal

    async def _refusal(
        self, context: Context, case_id: UUID, expected: int | None
    ) -> Refusal | None:
        """What stands in the way now, whatever is handed in."""
        if authority(context.caller, AddEvidence.NAME) is None:
            return NotPermitted(permission=AddEvidence.NAME)
        async with context.reads.acquire() as connection:
            seen = await case_by_id(connection, context.scope, case_id)
        if seen is None:
            return NotFound(what="case")
        if expected not in {None, seen.version}:
            return VersionConflict(case_id, int(expected or 0), seen.version)
        # Without its key nothing of a case can be decided any more.
        await self.desk.check_key(case_id)
        offered = await context.actions.actions_on([case_id], context.caller)
        action = next(each for each in offered[case_id] if each.command == AddEvidence.NAME)
        return next(iter(action.blockers), None)

    def _check_length(self, request: Request) -> None:
        said, most = request.headers.get("content-length", ""), self.desk.limits.bytes
        if said.isdecimal() and int(said) > most:
            raise EvidenceTooLarge(most=most)

    async def _body(self, request: Request) -> AsyncGenerator[bytes, None]:
        """The body as it comes; a sender who is too slow, or is gone, does not get to its end."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.patience + self.desk.limits.bytes / SLOWEST
        stream = request.stream()
        try:
            while True:
                async with asyncio.timeout_at(min(ends, loop.time() + self.patience)):
                    content = await anext(stream, None)
                if content is None:
                    return
                yield content
        except TimeoutError:
            headers = {"Connection": "close"}
            raise refuse(
                Code.BODY_TOO_SLOW, "The evidence did not arrive in time.", 408, headers=headers
            ) from None
        except ClientDisconnect:
            raise refuse(Code.INVALID_REQUEST, "The evidence did not arrive whole.") from None


def _said(request: Request) -> _Input:
    header = request.headers.get(INPUT_HEADER)
    if header is None:
        return _Input()
    try:
        return _decode(header.encode("latin-1"))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise refuse(
            Code.INVALID_REQUEST,
            "The header Wardbook-Input must be a JSON object with the input of addEvidence.",
        ) from None


def _claimed(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _command(case_id: UUID, command_id: UUID, said: _Input, received: Received) -> AddEvidence:
    return AddEvidence(
        command_id=command_id,
        expected_version=said.expected_version,
        occurred_at=said.occurred_at,
        reason=said.reason,
        case_id=case_id,
        sha256=received.sha256,
        size=received.size,
        media_type=received.media_type,
        label=said.label,
        audience=said.audience,
    )


async def _added(context: Context, command: AddEvidence, executed: Executed) -> Evidence:
    """The evidence that the command added, or found to be there already.

    Raises NotFound: it was recorded before, and is out of the caller's sight by now.
    """
    async with context.reads.acquire() as connection:
        found = (await evidence_of(connection, context.scope, [command.case_id]))[command.case_id]
    same = [each for each in found if each.sha256 == command.sha256]
    own = range(executed.first_version, executed.last_version + 1)
    added = [each for each in same if each.version in own]
    # Added before for the audience that was named, or for the giver's own side, the narrower one.
    before = [each for each in same if command.audience in {None, each.audience}]
    before.sort(key=lambda each: each.audience is not Audience.INTERNAL)
    if not added and not before:
        raise NotFound(what="case")
    return (added or before)[0]


def _is_new(executed: Executed) -> bool:
    return executed.first_version <= executed.last_version


def _document(evidence: Evidence, executed: Executed) -> dict[str, object]:
    return {
        "evidence": {
            "id": ids.evidence_id(evidence.case_id, evidence.evidence_id),
            "sha256": evidence.sha256,
            "size": evidence.size,
            "mediaType": evidence.media_type,
            "label": evidence.label,
            "audience": evidence.audience.value,
        },
        "version": executed.last_version,
        "position": str(executed.position),
    }
