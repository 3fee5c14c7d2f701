"""The keys of one issuer, kept; fetched again when a token names one that is not known.

An issuer that is down changes nothing for keys that are known. Of many tokens with unknown keys,
one fetches and the others wait for it; within `PAUSE` of that, nobody fetches again.
"""

import asyncio
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.oidc.fetching import CannotFetch, fetch_json
from app.oidc.issuers import Issuer, is_loopback, place_of

PAUSE: Final = 30.0
"""Seconds from one fetch to the next, at least."""
STALE: Final = 3600.0
"""Seconds after which keys are looked at again behind the scenes: a key may be taken back."""
MOST_KEYS: Final = 100
SMALLEST_RSA: Final = 2048
MOST_OF_KEY_ID: Final = 200
DISCOVERY: Final = "/.well-known/openid-configuration"

_LOG: Final = structlog.stdlib.get_logger(__name__)
_CURVES: Final = {
    "P-256": ("ES256",),
    "P-384": ("ES384",),
    "P-521": ("ES512",),
    "Ed25519": ("EdDSA", "Ed25519"),
}
_RSA: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS: Final = frozenset({*_RSA, *(name for names in _CURVES.values() for name in names)})
"""Asymmetric alone: with HS256 a published key could be taken for a secret."""

Fetch = Callable[[str], Awaitable[object]]


@dataclass(frozen=True)
class PublicKey:
    """A key, and the algorithms that signatures by it may have."""

    key: RSAKey | ECKey | OKPKey
    algorithms: frozenset[str]


class NoKeys(Exception):
    """The keys of the issuer were never had, so that nothing can be said about its tokens."""


class _Discovered(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _KeySet(msgspec.Struct):
    keys: list[dict[str, object]]


class IssuerKeys:
    """The keys of one issuer. fetch and clock: the network's and the machine's, or a test's."""

    def __init__(
        self,
        issuer: Issuer,
        fetch: Fetch = fetch_json,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> PublicKey | None:
        """The key with this id; None: the issuer has none. Raises NoKeys."""
        found = self._keys.get(key_id)
        if found is None:
            await self._refresh()
            found = self._keys.get(key_id)
        elif self._is_stale():
            self._begin()
        if found is None and self._fetched_at is None:
            raise NoKeys
        return found

    async def load(self) -> int:
        """Fetch now; how many keys there are. Raises CannotFetch."""
        self._keys = await self._load()
        self._fetched_at = self._clock()
        return len(self._keys)

    async def _refresh(self) -> None:
        """Fetch, or wait for the fetch that is going on. Whoever gives up ends nobody's fetch."""
        fetching = self._begin()
        if fetching is not None:
            await asyncio.shield(fetching)

    def _begin(self) -> asyncio.Task[None] | None:
        """The fetch that is going on, a new one where it is time for it, or None."""
        now = self._clock()
        if self._fetching is None and (self._tried_at is None or now - self._tried_at >= PAUSE):
            self._tried_at = now
            self._fetching = asyncio.create_task(self._try())
        return self._fetching

    async def _try(self) -> None:
        try:
            count = await self.load()
            _LOG.info("keys of issuer fetched", issuer=self._issuer.issuer, keys=count)
        except CannotFetch as error:
            _LOG.warning("keys of issuer not fetched", issuer=self._issuer.issuer, why=str(error))
        finally:
            self._fetching = None

    def _is_stale(self) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at >= STALE

    async def _load(self) -> dict[str, PublicKey]:
        url = self._issuer.jwks_url or await self._discover()
        try:
            published = msgspec.convert(await self._fetch(url), _KeySet)
        except msgspec.ValidationError:
            raise CannotFetch("the answer is not a set of keys") from None
        if len(published.keys) > MOST_KEYS:
            raise CannotFetch(f"the issuer has more than {MOST_KEYS} keys")
        keys = usable(published.keys)
        if not keys:
            raise CannotFetch("no key of the issuer can be used: each needs a kid and a known type")
        return keys

    async def _discover(self) -> str:
        """Where the keys are, by the issuer's own word. Raises CannotFetch."""
        url = self._issuer.issuer.rstrip("/") + DISCOVERY
        try:
            found = msgspec.convert(await self._fetch(url), _Discovered)
            place = place_of(found.jwks_uri)
        except (msgspec.ValidationError, ValueError):
            raise CannotFetch("the answer is not an OpenID configuration") from None
        if found.issuer != self._issuer.issuer:
            raise CannotFetch("the OpenID configuration is that of another issuer")
        if is_loopback(place.host) and not is_loopback(place_of(self._issuer.issuer).host):
            raise CannotFetch("the issuer says that its keys are on this machine")
        return found.jwks_uri


def usable(published: list[dict[str, object]]) -> dict[str, PublicKey]:
    """The keys that can verify a signature, by id; the first of an id counts."""
    keys: dict[str, PublicKey] = {}
    for each in published:
        key_id = each.get("kid")
        if isinstance(key_id, str) and 0 < len(key_id) <= MOST_OF_KEY_ID and key_id not in keys:
            key = _usable(each)
            if key is not None:
                keys[key_id] = key
    return keys


def _usable(published: dict[str, object]) -> PublicKey | None:
    """One key, unless it is for something else, too weak, private, or not a key at all."""
    operations = published.get("key_ops", ["verify"])
    if published.get("use", "sig") != "sig" or "d" in published:
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    algorithms = _algorithms(published)
    named = published.get("alg")
    if named is not None:
        algorithms &= {str(named)}
    if not algorithms:
        return None
    parts = {name: part for name, part in published.items() if name in _PARTS}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # of a weak key, left out below
            key = _imported({name: part for name, part in parts.items() if isinstance(part, str)})
    except (JoseError, ValueError, TypeError, KeyError, ArithmeticError):
        return None
    if isinstance(key, RSAKey) and key.raw_value.key_size < SMALLEST_RSA:
        return None
    return PublicKey(key, algorithms)


_PARTS: Final = frozenset({"kty", "crv", "n", "e", "x", "y"})


def _imported(parts: dict[str, str | list[str]]) -> RSAKey | ECKey | OKPKey:
    match parts["kty"]:
        case "RSA":
            return RSAKey.import_key(parts)
        case "EC":
            return ECKey.import_key(parts)
        case _:
            return OKPKey.import_key(parts)


def _algorithms(published: dict[str, object]) -> frozenset[str]:
    """What signatures by a key of this type may be."""
    kind, curve = published.get("kty"), published.get("crv")
    if kind == "RSA":
        return frozenset(_RSA)
    fits = kind == ("OKP" if curve == "Ed25519" else "EC")
    return frozenset(_CURVES.get(str(curve), ()) if fits else ())
