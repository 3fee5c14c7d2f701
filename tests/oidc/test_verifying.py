"""Tokens of OIDC issuers: only what is signed, for us, of the right type and in time."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc.jwk import ECKey, Key, RSAKey

from app.identity import ExpiredToken, InvalidToken, IssuerUnavailable
from app.oidc.verifying import OidcTokens
from domain.identity import ActorKind, Role
from tests.oidc.issuer import EC, ED, RSA, LocalIssuer

OTHER = RSAKey.generate_key(2048, {"kid": "rsa"})
P384 = ECKey.generate_key("P-384", {"kid": "p384"})
NOW = int(time.time())  # when the tests were collected: a day away is far enough


def tokens_of(issuer: LocalIssuer, **given: Any) -> OidcTokens:
    return OidcTokens([issuer.settings(**given)])


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        *((RSA, f"{family}{size}") for family in ("RS", "PS") for size in (256, 384, 512)),
        (EC, "ES256"),
        (P384, "ES384"),
        (ED, "EdDSA"),
        (ED, "Ed25519"),
    ],
)
async def test_a_token_names_a_person(issuer: LocalIssuer, key: Key, alg: str) -> None:
    issuer.keys = [key]
    identity = await tokens_of(issuer).identify(issuer.token(key, alg))
    caller = identity.caller
    assert (caller.principal, caller.kind) == ("p-0417", ActorKind.PERSON)
    assert identity.expires_at is not None


async def test_roles_are_not_the_tokens_to_give(issuer: LocalIssuer) -> None:
    token = issuer.token(roles=["AUDITOR"], unit="u1", kind="SERVICE")
    caller = (await tokens_of(issuer).identify(token)).caller
    assert caller.roles == {Role.PUBLIC, Role.REPORTER}
    assert (caller.unit, caller.kind) == (None, ActorKind.PERSON)


@pytest.mark.parametrize(
    "given",
    [
        {"aud": ["else", "wardbook"]},
        {"iat": NOW - 0.5, "exp": NOW + 86_400.5},
        {"nbf": NOW - 5},
        {"header": {"typ": "application/AT+JWT"}},
    ],
)
async def test_what_else_is_right(issuer: LocalIssuer, given: dict[str, Any]) -> None:
    await tokens_of(issuer).identify(issuer.token(**given))


@pytest.mark.parametrize(
    "given",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "else"},
        {"aud": []},
        {"aud": None},
        {"aud": 7},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e300},
        {"iat": None},
        {"iat": NOW + 86_400},
        {"nbf": NOW + 86_400},
        {"sub": None},
        {"sub": ""},
        {"sub": "anonymous"},
        {"sub": "li.na@example.org"},
        {"sub": "x" * 201},
        {"sub": "line\nbreak"},
        {"header": {"typ": "JWT"}},
        {"header": {"typ": None}},
        {"header": {"typ": "dpop+jwt"}},
        {"header": {"kid": "unknown"}},
        {"header": {"kid": None}},
        {"key": OTHER},
    ],
)
async def test_what_is_not_right_is_invalid(issuer: LocalIssuer, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        await tokens_of(issuer).identify(issuer.token(**given))


async def test_another_type_where_the_issuer_has_it(issuer: LocalIssuer) -> None:
    tokens = tokens_of(issuer, types=("JWT",))
    await tokens.identify(issuer.token(header={"typ": "JWT"}))
    with pytest.raises(InvalidToken):
        await tokens.identify(issuer.token())


async def test_an_expired_token_says_so(issuer: LocalIssuer) -> None:
    with pytest.raises(ExpiredToken):
        await tokens_of(issuer).identify(issuer.token(exp=NOW - 60))


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def header_of(alg: object) -> str:
    return encoded(json.dumps({"alg": alg, "typ": "at+jwt", "kid": "rsa"}).encode())


class TestAlgorithms:
    """A public key is no secret, and what is not signed is not signed."""

    async def test_none(self, issuer: LocalIssuer) -> None:
        _, payload, _ = issuer.token().split(".")
        with pytest.raises(InvalidToken):
            await tokens_of(issuer).identify(f"{header_of('none')}.{payload}.")

    async def test_the_public_key_as_a_secret(self, issuer: LocalIssuer) -> None:
        _, payload, _ = issuer.token().split(".")
        signed = f"{header_of('HS256')}.{payload}"
        digest = hmac.digest(RSA.as_pem(private=False), signed.encode(), "sha256")
        token = f"{signed}.{encoded(digest)}"
        with pytest.raises(InvalidToken):
            await tokens_of(issuer).identify(token)

    @pytest.mark.parametrize("alg", ["ES256", "HS256", "none", "RS999", 7, None, ["RS256"]])
    async def test_another_than_the_keys(self, issuer: LocalIssuer, alg: object) -> None:
        _, payload, signature = issuer.token().split(".")
        with pytest.raises(InvalidToken):
            await tokens_of(issuer).identify(f"{header_of(alg)}.{payload}.{signature}")

    async def test_a_key_that_names_its_algorithm(self, issuer: LocalIssuer) -> None:
        issuer.published = [{**dict(RSA.as_dict(private=False)), "alg": "PS256"}]
        tokens = tokens_of(issuer)
        await tokens.identify(issuer.token(alg="PS256"))
        with pytest.raises(InvalidToken):
            await tokens.identify(issuer.token(alg="RS256"))

    async def test_extensions_that_must_be_understood(self, issuer: LocalIssuer) -> None:
        token = issuer.token(header={"crit": ["b64"], "b64": True})
        with pytest.raises(InvalidToken):
            await tokens_of(issuer).identify(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "a" * 5000, "e30.e30.e30"])
async def test_what_is_no_token(issuer: LocalIssuer, token: str) -> None:
    with pytest.raises(InvalidToken):
        await tokens_of(issuer).identify(token)
    assert issuer.asked == []


async def test_a_changed_claim_breaks_the_signature(issuer: LocalIssuer) -> None:
    header, _, signature = issuer.token().split(".")
    _, payload, _ = issuer.token(sub="p-0001").split(".")
    with pytest.raises(InvalidToken):
        await tokens_of(issuer).identify(f"{header}.{payload}.{signature}")


async def test_an_issuer_that_never_answered(issuer: LocalIssuer) -> None:
    issuer.status = "503 Busy"
    with pytest.raises(IssuerUnavailable):
        await tokens_of(issuer).identify(issuer.token())


async def test_persons_of_several_issuers_are_not_mixed_up(issuer: LocalIssuer) -> None:
    street = issuer.settings(issuer=f"{issuer.url}/street", jwks_url=issuer.url, name="street")
    tokens = OidcTokens([issuer.settings(), street])
    of_street = issuer.token(iss=street.issuer, sub="p-1")
    assert (await tokens.identify(of_street)).caller.principal == "street|p-1"
    assert (await tokens.identify(issuer.token(sub="auth|p-1"))).caller.principal == "auth|p-1"
    with pytest.raises(InvalidToken):
        await tokens.identify(issuer.token(sub="street|p-1"))
