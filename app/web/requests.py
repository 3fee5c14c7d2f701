"""From bytes to the parameters of a GraphQL request. Whatever is wrong has a code, never a 500."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from app.web.errors import NUL_FORBIDDEN, Code, refuse

_ENCODINGS: Final = frozenset({"", "charset=utf-8", 'charset="utf-8"'})
_MOST_URL_PARAMETERS: Final = 16
_READ_ON: Final = 8
"""Times the limit of a body."""


@dataclass(frozen=True)
class BodyLimits:
    """bytes: of a body, a query string or a WebSocket message. nesting: of the JSON in it.

    seconds: how long a body may take to arrive.
    """

    bytes: int
    nesting: int
    seconds: float


@dataclass(frozen=True)
class Parameters:
    """What to run."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, object] | None = None


async def read_parameters(request: Request, limits: BodyLimits) -> Parameters:
    """The parameters of a GET or POST request. Raises RequestRefused."""
    if request.method == "GET":
        return _from_url(request.scope["query_string"], limits)
    _check_content_type(request.headers.get("content-type", ""))
    body = await _read_body(request, limits)
    return parameters_of(decode(body, limits))


def decode(data: bytes | str, limits: BodyLimits) -> object:
    """JSON, not nested deeper than allowed and without U+0000. Raises RequestRefused."""
    try:
        value = msgspec.json.decode(data)
    except RecursionError:
        raise _too_deep(limits) from None
    except (msgspec.MsgspecError, UnicodeError):
        raise refuse(Code.INVALID_JSON, "This is not JSON in UTF-8.") from None
    text = data if isinstance(data, bytes) else data.encode()
    # Counting is quick; only what has many brackets, or an escape of U+0000, is walked through.
    if text.count(b"[") + text.count(b"{") > limits.nesting and _is_deeper(value, limits.nesting):
        raise _too_deep(limits)
    if b"\\u0000" in text and any("\0" in string for string in _strings(value)):
        raise refuse(Code.FORBIDDEN_CHARACTER, NUL_FORBIDDEN)
    return value


def parameters_of(value: object) -> Parameters:
    """The parameters in a decoded body or message payload. Raises RequestRefused."""
    if isinstance(value, list):
        raise refuse(Code.BATCHING_NOT_SUPPORTED, "Send one operation at a time, not a list.")
    if not isinstance(value, dict):
        raise _invalid("The request must be a JSON object with a member 'query'.")
    query = value.get("query")
    if not isinstance(query, str):
        raise _invalid("'query' must be a string with a GraphQL document.")
    name = value.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _invalid("'operationName' must be a string or null.")
    variables = value.get("variables")
    for member in ("variables", "extensions"):
        if not isinstance(value.get(member), dict | None):
            raise _invalid(f"'{member}' must be an object or null.")
    return Parameters(query, name or None, variables)


def _from_url(query_string: bytes, limits: BodyLimits) -> Parameters:
    if len(query_string) > limits.bytes:
        raise refuse(Code.BODY_TOO_LARGE, f"At most {limits.bytes} bytes.", 414, limit=limits.bytes)
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), errors="strict", max_num_fields=_MOST_URL_PARAMETERS
        )
    except ValueError:
        raise _invalid("The URL's parameters cannot be read: few of them, in UTF-8.") from None
    given = dict(pairs)
    if len(given) < len(pairs):
        raise _invalid("A parameter of the URL is given twice.")
    members: dict[str, object] = {**given}
    for member in ("variables", "extensions"):
        if member in given:
            members[member] = decode(given[member], limits)
    return parameters_of(members)


def _check_content_type(header: str) -> None:
    media_type, _, parameters = header.lower().replace(" ", "").partition(";")
    if media_type != "application/json" or parameters not in _ENCODINGS:
        raise refuse(
            Code.UNSUPPORTED_MEDIA_TYPE,
            "Send application/json in UTF-8.",
            415,
            headers={"Accept-Post": "application/json"},
        )


async def _read_body(request: Request, limits: BodyLimits) -> bytes:
    """The whole body, never holding more than the limit and one chunk.

    What is over the limit is read on for a while and thrown away: a client that is cut off in
    the middle of sending would not see why.
    """
    body = bytearray()
    size = 0
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limits.bytes:
                    body += chunk
                elif size > limits.bytes * _READ_ON:
                    break
    except TimeoutError:
        raise refuse(
            Code.BODY_TOO_SLOW,
            f"The body did not arrive within {limits.seconds:g} seconds.",
            408,
            headers={"Connection": "close"},
        ) from None
    if size > limits.bytes:
        raise refuse(
            Code.BODY_TOO_LARGE,
            f"The body is larger than {limits.bytes} bytes.",
            413,
            headers={"Connection": "close"},
            limit=limits.bytes,
        )
    return bytes(body)


def _is_deeper(value: object, most: int) -> bool:
    waiting = [(value, 0)]
    while waiting:
        current, depth = waiting.pop()
        children: list[object] = (
            list(current.values())
            if isinstance(current, dict)
            else current
            if isinstance(current, list)
            else []
        )
        if isinstance(current, dict | list) and depth >= most:
            return True
        waiting += [(child, depth + 1) for child in children]
    return False


def _strings(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, dict):
            waiting += [*current, *cast("dict[str, object]", current).values()]
        elif isinstance(current, list):
            waiting += current


def _invalid(message: str) -> Exception:
    return refuse(Code.INVALID_REQUEST, message)


def _too_deep(limits: BodyLimits) -> Exception:
    return refuse(
        Code.JSON_TOO_DEEP,
        f"The JSON is nested more than {limits.nesting} deep.",
        limit=limits.nesting,
    )
