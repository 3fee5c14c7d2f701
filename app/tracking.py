"""Tracking codes, and the short-lived tokens they are exchanged for.

A code is 80 bits of a keyed hash of the case and the number of its codes so far: nobody can guess
it, nothing of it is stored, and it can be computed again for whoever repeats a registration under
the same command id. It is written in Crockford's base 32 with a check character, so that a slip of
the pen is told from a wrong code.
"""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.identity import (
    ALGORITHM,
    AUDIENCE,
    LEEWAY_SECONDS,
    MOST_CHARACTERS,
    Identifies,
    Identity,
    InvalidToken,
)
from domain.case.refusals import TrackingRefused
from domain.case.tracking import tracking_caller
from domain.command import Command, Executed
from domain.identity import Caller
from domain.refusal import CommandIdReused, InvalidInput
from projections.tracking import TrackedCase, tracked_by_id, tracked_by_number, tracked_since
from schema.context import Commands, Reads, TrackingAccess

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which people misread."""

CODE_BYTES: Final = 10
"""80 bits: 16 characters, and one that checks them."""

GROUP: Final = 4
LIFETIME_SECONDS: Final = 1800
TOKEN_TYPE: Final = "tracking+jwt"  # noqa: S105 - the type of a token, not one
ISSUER: Final = "wardbook-tracking"

_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

Fingerprint = Callable[[bytes], bytes]
"""A keyed hash of 32 bytes (`app.journal.keys.KeyProvider.fingerprint`)."""


class _Claims(msgspec.Struct):
    iss: Literal["wardbook-tracking"]
    aud: Literal["wardbook"]
    sub: UUID
    number: int
    iat: int
    exp: int


_CLAIMS: Final = msgspec.json.Decoder(_Claims)


def tracking_code(fingerprint: Fingerprint, case_id: UUID, number: int) -> str:
    """The tracking code of a case, as it is shown: 0123-4567-89AB-CDEF-G."""
    content = b"tracking code\0" + case_id.bytes + number.to_bytes(4, "big")
    bits = int.from_bytes(fingerprint(content)[:CODE_BYTES], "big")
    places = reversed(range(CODE_BYTES * 8 // 5))
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in places)
    return "-".join(_groups(letters + _check_character(letters)))


def normal_code(given: str) -> str:
    """A code as typed, without hyphens and what people misread. Raises InvalidInput for a slip."""
    code = given.strip().upper().translate(_MISREAD)
    length = CODE_BYTES * 8 // 5 + 1
    if len(code) != length or set(code) - set(ALPHABET) or code[-1] != _check_character(code[:-1]):
        raise InvalidInput(["trackingCode"], "trackingCode is mistyped")
    return code


def _groups(letters: str) -> list[str]:
    return [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]


def _check_character(letters: str) -> str:
    """Luhn's algorithm for base 32: tells one wrong letter and nearly every swap of neighbours."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = ALPHABET.index(letter) * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


class TrackingDesk:
    """Shows tracking codes, and exchanges them for tokens (`schema.context.Tracking`)."""

    def __init__(
        self, reads: Reads, fingerprint: Fingerprint, clock: Callable[[], float] = time.time
    ) -> None:
        self._reads = reads
        self._fingerprint = fingerprint
        self._clock = clock
        self._key = OctKey.import_key(fingerprint(b"tracking tokens"))

    async def code_of(self, case_id: UUID, position: int) -> str | None:
        """The code that a case had at a position; None where another opens it by now.

        So whoever repeats the command that gave them a code learns nothing of a later one.
        """
        async with self._reads.acquire() as connection:
            found = await tracked_since(connection, case_id, position)
        return None if found is None else tracking_code(self._fingerprint, case_id, found.number)

    async def open(self, case_no: str, code: str) -> TrackingAccess:
        """A token for whoever shows the code of a case.

        Raises TrackingRefused alike for a wrong code and for a case that is not there, and
        InvalidInput for a code that is none.
        """
        given = normal_code(code)
        async with self._reads.acquire() as connection:
            found = await tracked_by_number(connection, case_no.strip().upper())
        # A case that is not there takes as long as one that is.
        case = found or TrackedCase(UUID(int=0), 0)
        right = normal_code(tracking_code(self._fingerprint, case.case_id, case.number))
        if not hmac.compare_digest(given, right) or found is None:
            raise TrackingRefused
        return self._token(case)

    async def identify(self, token: str) -> Identity:
        """Whom a tracking token speaks for. Raises InvalidToken or ExpiredToken."""
        claims = self._verified(token)
        identity = Identity(tracking_caller(claims.sub), claims.exp)
        identity.require_fresh(self._clock())
        async with self._reads.acquire() as connection:
            found = await tracked_by_id(connection, claims.sub)
        if found is None or found.number != claims.number:
            raise InvalidToken
        return identity

    def _token(self, case: TrackedCase) -> TrackingAccess:
        now = int(self._clock())
        expires = now + LIFETIME_SECONDS
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(case.case_id),
            "number": case.number,
            "iat": now,
            "exp": expires,
        }
        header = {"alg": ALGORITHM, "typ": TOKEN_TYPE}
        token = jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])
        return TrackingAccess(case.case_id, token, datetime.fromtimestamp(expires, UTC))

    def _verified(self, token: str) -> _Claims:
        if len(token) > MOST_CHARACTERS or not token.isascii():
            raise InvalidToken
        try:
            signature = jws.extract_compact(token.encode("ascii"))
            if not jws.validate_compact(signature, self._key, algorithms=[ALGORITHM]):
                raise InvalidToken
            claims = _CLAIMS.decode(signature.payload or b"")
        except (JoseError, msgspec.MsgspecError, ValueError, RecursionError):
            raise InvalidToken from None
        if claims.iat > self._clock() + LEEWAY_SECONDS:
            raise InvalidToken
        return claims


def is_tracking_token(token: str) -> bool:
    """Whether a token says that it is one of ours for tracking; whether it is, is verified."""
    if len(token) > MOST_CHARACTERS or not token.isascii():
        return False
    try:
        return jws.extract_compact(token.encode("ascii")).headers().get("typ") == TOKEN_TYPE
    except (JoseError, ValueError, RecursionError):
        return False


@dataclass(frozen=True)
class WithTracking:
    """The issuer of everybody's tokens, and the desk that gives tokens for tracking codes."""

    tokens: Identifies
    desk: TrackingDesk

    async def identify(self, token: str) -> Identity:
        """As `Identifies.identify`."""
        if is_tracking_token(token):
            return await self.desk.identify(token)
        return await self.tokens.identify(token)


@dataclass(frozen=True)
class WithSecretIds:
    """Commands of strangers, under ids that follow from those they chose and do not lead back.

    All strangers are one principal, and whoever repeats a registration is shown its tracking code.
    So the id that they chose is a secret of theirs, while the staff sees the ids of commands.
    """

    commands: Commands
    fingerprint: Fingerprint

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """As `Commands.execute`."""
        hashed = self.fingerprint(b"command of a stranger\0" + command.command_id.bytes)
        secret = replace(command, command_id=UUID(bytes=hashed[:16], version=5))
        try:
            return await self.commands.execute(secret, caller)
        except CommandIdReused:
            raise CommandIdReused(command_id=str(command.command_id)) from None
