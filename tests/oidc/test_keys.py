"""The keys of an issuer: fetched when one is unknown, seldom, once for all who wait, and kept."""

import asyncio
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.oidc.fetching import CannotFetch
from app.oidc.keys import PAUSE, STALE, IssuerKeys, NoKeys, usable
from tests.api.transport.conftest import until
from tests.oidc.issuer import EC, ED, RSA, LocalIssuer

PUBLIC: dict[str, Any] = dict(RSA.as_dict(private=False))


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def keys_of(issuer: LocalIssuer, clock: Clock, **given: Any) -> IssuerKeys:
    return IssuerKeys(issuer.settings(**given), clock=clock)


async def test_keys_are_where_the_configuration_says(issuer: LocalIssuer, clock: Clock) -> None:
    issuer.keys = [RSA, EC, ED]
    keys = keys_of(issuer, clock)
    for kid in ("rsa", "ec", "ed"):
        assert await keys.find(kid) is not None
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


async def test_keys_are_where_the_settings_say(issuer: LocalIssuer, clock: Clock) -> None:
    keys = keys_of(issuer, clock, jwks_url=f"{issuer.url}/own")
    assert await keys.find("rsa") is not None
    assert issuer.asked == ["/own"]


async def test_a_hundred_unknown_keys_are_one_fetch(issuer: LocalIssuer, clock: Clock) -> None:
    keys = keys_of(issuer, clock, jwks_url=f"{issuer.url}/keys")
    issuer.gate.clear()
    asking = [asyncio.ensure_future(keys.find(f"kid-{number}")) for number in range(100)]
    known = asyncio.ensure_future(keys.find("rsa"))
    await until(lambda: bool(issuer.asked))
    issuer.gate.set()
    assert await asyncio.gather(*asking) == [None] * 100
    assert await known is not None
    assert len(issuer.asked) == 1


async def test_whoever_stops_waiting_ends_nobody_elses_fetch(
    issuer: LocalIssuer, clock: Clock
) -> None:
    keys = keys_of(issuer, clock)
    issuer.gate.clear()
    impatient = asyncio.ensure_future(keys.find("rsa"))
    patient = asyncio.ensure_future(keys.find("rsa"))
    await until(lambda: bool(issuer.asked))
    impatient.cancel()
    issuer.gate.set()
    assert await patient is not None


async def test_a_new_key_is_found_after_the_pause(issuer: LocalIssuer, clock: Clock) -> None:
    keys = keys_of(issuer, clock, jwks_url=f"{issuer.url}/keys")
    assert await keys.find("rsa") is not None
    issuer.keys = [EC]
    clock.now += PAUSE - 1
    assert await keys.find("ec") is None
    assert len(issuer.asked) == 1
    clock.now += 1
    assert await keys.find("ec") is not None
    assert len(issuer.asked) == 2
    assert await keys.find("rsa") is None, "a key that was taken back is forgotten"


async def test_keys_are_kept_while_the_issuer_is_down(issuer: LocalIssuer, clock: Clock) -> None:
    keys = keys_of(issuer, clock)
    assert await keys.find("rsa") is not None
    issuer.status = "500 Broken"
    clock.now += STALE
    assert await keys.find("unknown") is None
    assert await keys.find("rsa") is not None


async def test_an_issuer_that_was_down_at_the_start(issuer: LocalIssuer, clock: Clock) -> None:
    issuer.status = "503 Busy"
    keys = keys_of(issuer, clock)
    for _ in range(2):
        with pytest.raises(NoKeys):
            await keys.find("rsa")
    assert len(issuer.asked) == 1
    issuer.status = "200 OK"
    clock.now += PAUSE
    assert await keys.find("rsa") is not None


async def test_old_keys_are_looked_at_again_while_they_serve(
    issuer: LocalIssuer, clock: Clock
) -> None:
    keys = keys_of(issuer, clock, jwks_url=f"{issuer.url}/keys")
    assert await keys.find("rsa") is not None
    issuer.keys = [EC]
    clock.now += STALE
    assert await keys.find("rsa") is not None
    assert await keys.find("ec") is not None, "it waits for the fetch that is going on"
    assert await keys.find("rsa") is None
    assert len(issuer.asked) == 2


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://other.example", "jwks_uri": "https://other.example/keys"},
        {"issuer": "", "jwks_uri": "http://id.example.org/keys"},
        {"jwks_uri": "https://id.example.org/keys"},
        {"issuer": 1, "jwks_uri": []},
    ],
)
async def test_a_configuration_that_is_not_the_issuers(
    issuer: LocalIssuer, clock: Clock, configuration: dict[str, Any]
) -> None:
    issuer.configuration = {**configuration}
    with pytest.raises(CannotFetch, match="OpenID configuration"):
        await keys_of(issuer, clock).load()


async def test_a_distant_issuer_cannot_send_us_to_this_machine(issuer: LocalIssuer) -> None:
    async def fetch(_url: str) -> object:
        return {"issuer": "https://id.example.org", "jwks_uri": f"{issuer.url}/keys"}

    with pytest.raises(CannotFetch, match="on this machine"):
        await IssuerKeys(issuer.settings(issuer="https://id.example.org"), fetch).load()


@pytest.mark.parametrize(
    ("published", "why"),
    [
        ([], "no key"),
        ([{}], "no key"),
        ([{**PUBLIC, "kid": f"{number}"} for number in range(101)], "more than 100"),
    ],
)
async def test_sets_of_keys_that_are_no_use(
    issuer: LocalIssuer, clock: Clock, published: list[dict[str, Any]], why: str
) -> None:
    issuer.published = published
    with pytest.raises(CannotFetch, match=why):
        await keys_of(issuer, clock).load()


@pytest.mark.parametrize(
    "changed",
    [
        {"kid": None},
        {"kid": ""},
        {"kid": 7},
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"kty": "oct"},
        {"kty": "EC"},
        {"kty": None},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": "ES256"},
        {"n": "AA"},
        {"n": None},
        {"e": "!"},
        {"d": "private"},
    ],
)
def test_a_key_that_cannot_verify_is_left_out(changed: dict[str, Any]) -> None:
    ours: dict[str, Any] = dict(EC.as_dict(private=False))
    assert set(usable([{**PUBLIC, **changed}, ours])) == {"ec"}


def test_weak_and_secret_keys_are_left_out() -> None:
    with pytest.warns(SecurityWarning):
        weak = RSAKey.generate_key(1024, {"kid": "weak"}).as_dict(private=False)
    curve = ECKey.generate_key("secp256k1", {"kid": "curve"}).as_dict(private=False)
    secret = OctKey.generate_key(256, {"kid": "secret"}).as_dict()
    assert usable([dict(weak), dict(curve), dict(secret)]) == {}


def test_the_first_key_of_an_id_counts() -> None:
    second: dict[str, Any] = {**dict(EC.as_dict(private=False)), "kid": "rsa"}
    assert "RS256" in usable([PUBLIC, second])["rsa"].algorithms


def test_a_key_is_for_the_algorithm_it_names() -> None:
    assert usable([{**PUBLIC, "alg": "PS256"}])["rsa"].algorithms == {"PS256"}
