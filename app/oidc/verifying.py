"""Who a token of an OIDC issuer names. Roles are not the token's to give: the directory's."""

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning

from app.identity import (
    LEEWAY_SECONDS,
    MOST_CHARACTERS,
    Identity,
    InvalidToken,
    IssuerUnavailable,
    is_principal,
)
from app.oidc.issuers import SEPARATOR, Issuer
from app.oidc.keys import ALGORITHMS, IssuerKeys, NoKeys, PublicKey
from domain.identity import ActorKind, Caller, Role

ROLES: Final = frozenset({Role.REPORTER, Role.PUBLIC})
"""Of every person, whoever they are."""

LATEST: Final = 253_402_300_799.0
"""The end of the year 9999: what lies beyond cannot be waited for."""
_MEDIA_TYPE: Final = "application/"


class _Claims(msgspec.Struct):
    """What is looked at. Numbers are seconds since 1970, fractions included (RFC 7519)."""

    iss: str
    aud: str | list[str]
    sub: str
    exp: float
    iat: float
    nbf: float | None = None


_CLAIMS: Final = msgspec.json.Decoder(_Claims)


class OidcTokens:
    """Verifies tokens of the issuers of the settings, and of no others."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        keys: Callable[[Issuer], IssuerKeys] = IssuerKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuers: Mapping[str, tuple[Issuer, IssuerKeys]] = {
            issuer.issuer: (issuer, keys(issuer)) for issuer in issuers
        }
        self._reserved = tuple(
            f"{issuer.name}{SEPARATOR}" for issuer in issuers if issuer.name is not None
        )
        self._clock = clock

    async def identify(self, token: str) -> Identity:
        """Who the token speaks for.

        Raises InvalidToken or ExpiredToken, and never says why; IssuerUnavailable where the keys
        of its issuer were never to be had.
        """
        if len(token) > MOST_CHARACTERS or not token.isascii():
            raise InvalidToken
        try:
            signature = jws.extract_compact(token.encode("ascii"))
            claims = _CLAIMS.decode(signature.payload or b"")
        except (JoseError, msgspec.MsgspecError, ValueError, TypeError, RecursionError):
            raise InvalidToken from None
        issuer, keys = self._issuer_of(claims)
        self._check_header(issuer, signature.headers())
        await self._check_signature(signature, keys)
        return self._identity(issuer, claims)

    def _issuer_of(self, claims: _Claims) -> tuple[Issuer, IssuerKeys]:
        """The issuer, by its word alone so far: its keys are what the signature is held against."""
        found = self._issuers.get(claims.iss)
        if found is None:
            raise InvalidToken
        return found

    @staticmethod
    def _check_header(issuer: Issuer, header: Mapping[str, object]) -> None:
        kind = str(header.get("typ", "")).lower().removeprefix(_MEDIA_TYPE)
        if kind not in {each.lower().removeprefix(_MEDIA_TYPE) for each in issuer.types}:
            raise InvalidToken
        # crit: extensions that must be understood; we know none.
        if not isinstance(header.get("alg"), str) or not isinstance(header.get("kid"), str):
            raise InvalidToken
        if header["alg"] not in ALGORITHMS or "crit" in header:
            raise InvalidToken

    @staticmethod
    async def _check_signature(signature: jws.CompactSignature, keys: IssuerKeys) -> None:
        header = signature.headers()
        try:
            key = await keys.find(str(header["kid"]))
        except NoKeys:
            raise IssuerUnavailable from None
        if key is None or not _is_signed_by(signature, key, str(header["alg"])):
            raise InvalidToken

    def _identity(self, issuer: Issuer, claims: _Claims) -> Identity:
        now = self._clock()
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if (
            issuer.audience not in audiences
            or claims.exp > LATEST
            or claims.iat > now + LEEWAY_SECONDS
        ):
            raise InvalidToken
        if claims.nbf is not None and claims.nbf > now + LEEWAY_SECONDS:
            raise InvalidToken
        caller = Caller(self._principal(issuer, claims.sub), ActorKind.PERSON, ROLES)
        identity = Identity(caller, claims.exp)
        identity.require_fresh(now)
        return identity

    def _principal(self, issuer: Issuer, subject: str) -> str:
        """The person's principal, kept in every entry for ever: never an address of theirs."""
        principal = issuer.principal(subject)
        taken = issuer.name is None and subject.startswith(self._reserved)
        if taken or "@" in subject or not subject or not is_principal(principal):
            raise InvalidToken
        return principal


def _is_signed_by(signature: jws.CompactSignature, key: PublicKey, algorithm: str) -> bool:
    if algorithm not in key.algorithms:
        return False
    try:
        # RFC 9864 renames EdDSA to Ed25519; issuers that say EdDSA do nothing unsafe.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jws.validate_compact(signature, key.key, algorithms=[algorithm])
    except (JoseError, ValueError):
        return False
