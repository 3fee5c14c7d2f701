"""An OIDC issuer on this machine: a real HTTP server that a test can rotate, slow down or break."""

import asyncio
import json
import time
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from app.oidc.issuers import Issuer

AUDIENCE = "wardbook"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})


@dataclass
class LocalIssuer:
    """url: as its tokens name it. asked: the paths asked for. gate: holds every answer back.

    answer: the bytes of every answer in place of the right one. status: of every answer.
    """

    url: str
    keys: list[Key] = field(default_factory=lambda: [RSA])
    published: list[dict[str, Any]] | None = None
    configuration: dict[str, Any] | None = None
    answer: bytes | None = None
    status: str = "200 OK"
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def settings(self, **given: Any) -> Issuer:
        return Issuer(**{"issuer": self.url, "audience": AUDIENCE, **given})

    def token(self, key: Key = RSA, alg: str = "RS256", **given: Any) -> str:
        """A token that is right but for what is given; header: parts of the header."""
        header = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **given.pop("header", {})}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "p-0417",
            "iat": now,
            "exp": now + 600,
            **given,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.encode(
                {name: value for name, value in header.items() if value is not None},
                {name: value for name, value in claims.items() if value is not None},
                key,
                algorithms=[alg],
                default_type=None,
            )

    async def respond(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split()[1].decode()
            self.asked.append(path)
            await self.gate.wait()
            writer.write(self.answer or self._answer(path))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def _answer(self, path: str) -> bytes:
        if path.endswith("/openid-configuration"):
            content: Any = self.configuration or {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
            }
        else:
            published = [key.as_dict(private=False) for key in self.keys]
            content = {"keys": published if self.published is None else self.published}
        body = json.dumps(content).encode()
        head = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


@asynccontextmanager
async def issuing() -> AsyncIterator[LocalIssuer]:
    """A running issuer, until the block ends."""
    issuer = LocalIssuer("")
    server = await asyncio.start_server(issuer.respond, "127.0.0.1", 0)
    async with server:
        issuer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield issuer
        issuer.gate.set()
