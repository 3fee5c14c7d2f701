"""Whatever an issuer answers, fetching ends soon, small, and with a document or a reason."""

import asyncio
import socket

import pytest

from app.oidc.fetching import CannotFetch, fetch_json
from tests.oidc.issuer import LocalIssuer


async def refused(url: str, seconds: float = 5, most: int = 10_000) -> str:
    with pytest.raises(CannotFetch) as error:
        await fetch_json(url, seconds, most)
    return str(error.value)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + b'{"a": 1} ',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n',
        b'HTTP/1.0 200 OK\r\n\r\n{"a": 1}',
    ],
    ids=["length", "chunks", "end of connection"],
)
async def test_a_document_however_it_is_framed(issuer: LocalIssuer, answer: bytes) -> None:
    issuer.answer = answer
    assert await fetch_json(f"{issuer.url}/x?y=1") == {"a": 1}
    assert issuer.asked == ["/x?y=1"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"\x16\x03\x01 nonsense\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{]}", "not JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "not JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + b"[" * 9_000, "cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "cut off"),
        (b"HTTP/1.1 200", "cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n" + b"[" * 8_000, "not JSON"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n{}", "larger than 10000"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 20_000, "larger than 10000"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}", "status 503"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "status 302"),
    ],
)
async def test_garbage_is_refused(issuer: LocalIssuer, answer: bytes, why: str) -> None:
    issuer.answer = answer
    assert why in await refused(issuer.url)


async def test_a_slow_issuer_is_not_waited_for(issuer: LocalIssuer) -> None:
    issuer.gate.clear()
    assert await refused(issuer.url, seconds=0.05) == "no answer within 0.05 seconds"


async def test_an_issuer_that_never_stops_is_cut_off() -> None:
    async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
                await writer.drain()
        except ConnectionError:
            writer.close()

    async with await asyncio.start_server(pour, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert "larger than" in await refused(f"http://127.0.0.1:{port}/")


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert await refused(f"http://127.0.0.1:{port}/")


async def test_no_tls_where_it_must_be(issuer: LocalIssuer) -> None:
    assert await refused(issuer.url.replace("http:", "https:"), seconds=0.5)


async def test_an_address_that_is_not_safe() -> None:
    assert "must be https" in await refused("http://id.example.org/")
