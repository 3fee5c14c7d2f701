"""Tokens: the local issuer, and who stands behind a bearer token.

The local issuer is for a first look and for tests: with OIDC issuers (app/oidc) it is off.

Issuer and verifier are the same service, so a token is signed with a secret that only it holds:
HS256 and nothing else, with one key per key id. A second process verifies what the first issued
when both read the same key file.
"""

import json
import math
import os
import secrets
import tempfile
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Final, Literal, Protocol

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from domain.identity import ANONYMOUS, NOBODY_ELSE, ActorKind, Caller, Role

ALGORITHM: Final = "HS256"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - RFC 9068: no other sort of JWT can pass for a token
ISSUER: Final = "wardbook"
AUDIENCE: Final = "wardbook"
LEEWAY_SECONDS: Final = 5
KEY_BYTES: Final = 32
MOST_CHARACTERS: Final = 4096
MOST_OF_PRINCIPAL: Final = 200
KEY_FILE: Final = "token-keys.json"


class InvalidToken(Exception):
    """The bearer token is not valid for this service."""

    code: ClassVar[str] = "INVALID_TOKEN"

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or self.code).splitlines()[0])


class ExpiredToken(InvalidToken):
    """The bearer token has expired."""

    code: ClassVar[str] = "EXPIRED_TOKEN"


class IssuerUnavailable(Exception):
    """The token cannot be verified now: its issuer does not answer; try again in a minute."""

    code: ClassVar[str] = "ISSUER_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or self.code).splitlines()[0])


class TokenKeysUnusable(Exception):
    """The file of token keys cannot be used. The message says how to mend it."""


@dataclass(frozen=True)
class Identity:
    """A caller, and until when (seconds since 1970) the token speaks for them; None: for ever."""

    caller: Caller
    expires_at: float | None = None

    def require_fresh(self, now: float) -> None:
        """Raises ExpiredToken when the token's time is over."""
        if self.seconds_left(now) <= 0:
            raise ExpiredToken

    def seconds_left(self, now: float) -> float:
        """How long it still speaks for the caller, the leeway for clocks included."""
        return math.inf if self.expires_at is None else self.expires_at + LEEWAY_SECONDS - now


NOBODY: Final = Identity(ANONYMOUS)


class Identifies(Protocol):
    """Knows whom a token speaks for: the local issuer's keys, or OIDC issuers (app/oidc)."""

    async def identify(self, token: str) -> Identity:
        """Whom it speaks for. Raises InvalidToken, ExpiredToken or IssuerUnavailable."""
        ...


class _Claims(msgspec.Struct):
    """The payload. Unknown roles and kinds, and wrong types, fail to decode."""

    iss: Literal["wardbook"]
    aud: Literal["wardbook"]
    sub: str
    iat: int
    exp: int
    kind: Literal["PERSON", "SERVICE"]
    roles: list[Role]
    unit: str | None = None
    position: str | None = None


_CLAIMS: Final = msgspec.json.Decoder(_Claims)


class Tokens:
    """Issues tokens with the first of its keys and verifies them with any.

    To change keys, put a new one first in the file and remove the old one when the last token
    signed with it has expired.
    """

    def __init__(
        self,
        keys: Collection[tuple[str, bytes]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = {key_id: OctKey.import_key(secret) for key_id, secret in keys}
        self._signing_id = next(iter(self._keys))
        self._clock = clock

    @classmethod
    def open(cls, path: Path) -> "Tokens":
        """Read the key file; make it (mode 0600) where there is none.

        Raises TokenKeysUnusable for a file that others can read or that is not ours.
        """
        if not path.exists():
            _create_key_file(path)
        if path.stat().st_mode & 0o077:
            raise TokenKeysUnusable(f"{path} can be read by others; chmod 600 {path}")
        return cls(_read_key_file(path))

    def issue(self, caller: Caller, lifetime: timedelta) -> str:
        """A signed token that speaks for `caller` from now on.

        Raises ValueError for a principal or a role that no token may name.
        """
        if not is_principal(caller.principal):
            raise ValueError(f"a principal has 1 to {MOST_OF_PRINCIPAL} printable characters")
        if Role.SERVICE in caller.roles:
            raise ValueError(f"nobody is given the role {Role.SERVICE}")
        now = int(self._clock())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": caller.principal,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": secrets.token_urlsafe(12),
            "kind": caller.kind.value,
            "roles": sorted(caller.roles),
            "unit": caller.unit,
            "position": caller.position,
        }
        header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": self._signing_id}
        return jwt.encode(header, claims, self._keys[self._signing_id], algorithms=[ALGORITHM])

    def verify(self, token: str) -> Identity:
        """Who the token speaks for. Raises InvalidToken or ExpiredToken, and never says why."""
        identity = self._verify(token)
        identity.require_fresh(self._clock())
        return identity

    async def identify(self, token: str) -> Identity:
        """As `verify`."""
        return self.verify(token)

    def _verify(self, token: str) -> Identity:
        if len(token) > MOST_CHARACTERS or not token.isascii():
            raise InvalidToken
        try:
            claims = _CLAIMS.decode(self._signed_payload(token))
        except (JoseError, msgspec.MsgspecError, ValueError, RecursionError):
            raise InvalidToken from None
        if claims.iat > self._clock() + LEEWAY_SECONDS or not claims.roles:
            raise InvalidToken
        if not is_principal(claims.sub) or Role.SERVICE in claims.roles:
            raise InvalidToken
        caller = Caller(
            principal=claims.sub,
            kind=ActorKind(claims.kind),
            roles=frozenset(claims.roles),
            unit=claims.unit,
            position=claims.position,
        )
        return Identity(caller, claims.exp)

    def _signed_payload(self, token: str) -> bytes:
        """The payload, once type, key id, algorithm and signature are found in order."""
        signature = jws.extract_compact(token.encode("ascii"))
        headers = signature.headers()
        key = self._keys.get(str(headers.get("kid")))
        if key is None or headers.get("typ") != TOKEN_TYPE:
            raise InvalidToken
        if not jws.validate_compact(signature, key, algorithms=[ALGORITHM]):
            raise InvalidToken
        return signature.payload or b""


def is_principal(name: str) -> bool:
    """Short and printable, as it is written into every entry; no name of nobody or the service."""
    return 0 < len(name) <= MOST_OF_PRINCIPAL and name.isprintable() and name not in NOBODY_ELSE


def issue_token(data_dir: Path, caller: Caller, lifetime: timedelta) -> str:
    """A token signed with the key of this data directory; the running service accepts it."""
    return Tokens.open(data_dir / KEY_FILE).issue(caller, lifetime)


def _read_key_file(path: Path) -> list[tuple[str, bytes]]:
    """The keys by id, the signing key first."""
    try:
        keys = [
            (str(key["kid"]), urlsafe_b64decode(str(key["k"]) + "=="))
            for key in json.loads(path.read_bytes())["keys"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise TokenKeysUnusable(f"{path} is not a file of token keys") from error
    if not keys or any(len(secret) < KEY_BYTES for _, secret in keys):
        raise TokenKeysUnusable(f"{path} needs at least one key, each of {KEY_BYTES} bytes")
    return keys


def _create_key_file(path: Path) -> None:
    """Write it completely or not at all; whoever comes second uses the first's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).rstrip(b"=").decode()
    key = {"kty": "oct", "kid": secrets.token_hex(8), "alg": ALGORITHM, "k": secret}
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump({"keys": [key]}, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
