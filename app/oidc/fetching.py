"""GET of a small JSON document, bounded in size and time; no redirects, no proxies.

httptools parses the answers, as it parses uvicorn's requests: no further library is needed.
"""

import asyncio
import ssl
from typing import Final

import httptools
import msgspec

from app.oidc.issuers import Place, place_of

MOST_BYTES: Final = 256 * 1024
"""Of an answer, its headers included."""
SECONDS: Final = 5.0
"""For everything: looking the name up, connecting, and reading the answer to its end."""

_CHUNK: Final = 16 * 1024
_OK: Final = 200


class CannotFetch(Exception):
    """The document is not to be had. The message says why, without quoting what was sent."""


async def fetch_json(url: str, seconds: float = SECONDS, most: int = MOST_BYTES) -> object:
    """The JSON document at an address. Raises CannotFetch."""
    try:
        place = place_of(url)
        async with asyncio.timeout(seconds):
            body = await _get(place, most)
        return msgspec.json.decode(body)
    except TimeoutError:
        raise CannotFetch(f"no answer within {seconds:g} seconds") from None
    except ssl.SSLError as error:
        raise CannotFetch(f"TLS: {error.reason or type(error).__name__}") from None
    except OSError as error:
        raise CannotFetch(error.strerror or type(error).__name__) from None
    except (msgspec.MsgspecError, RecursionError):
        raise CannotFetch("the answer is not JSON") from None
    except ValueError as error:
        raise CannotFetch(str(error)) from None


async def _get(place: Place, most: int) -> bytes:
    context = ssl.create_default_context() if place.secure else None
    reader, writer = await asyncio.open_connection(
        place.host, place.port, ssl=context, limit=_CHUNK
    )
    try:
        writer.write(
            f"GET {place.target} HTTP/1.1\r\n"
            f"Host: {place.authority}\r\n"
            "Accept: application/json\r\n"
            "Accept-Encoding: identity\r\n"
            "User-Agent: wardbook\r\n"
            "Connection: close\r\n\r\n".encode("ascii")
        )
        await writer.drain()
        return await _read(reader, most)
    finally:
        # Not waited for: a peer that never says goodbye must not hold us up.
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader, most: int) -> bytes:
    answer = _Answer()
    parser = httptools.HttpResponseParser(answer)
    size = 0
    while not answer.complete:
        chunk = await reader.read(_CHUNK)
        size += len(chunk)
        if size > most:
            raise CannotFetch(f"the answer is larger than {most} bytes")
        if not chunk and answer.ends_with_connection:
            break
        if not chunk:
            raise CannotFetch("the answer was cut off")
        try:
            parser.feed_data(chunk)
        except httptools.HttpParserError:
            raise CannotFetch("the answer is not HTTP") from None
        if answer.begun and parser.get_status_code() != _OK:
            raise CannotFetch(f"the answer has status {parser.get_status_code()}")
    return bytes(answer.body)


class _Answer:
    """What httptools has parsed so far."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.begun = False
        self.complete = False
        self._length_is_known = False

    @property
    def ends_with_connection(self) -> bool:
        """Whether the end of the connection is the end of the body."""
        return self.begun and not self._length_is_known

    def on_header(self, name: bytes, _value: bytes) -> None:
        if name.lower() in {b"content-length", b"transfer-encoding"}:
            self._length_is_known = True

    def on_headers_complete(self) -> None:
        self.begun = True

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = True
