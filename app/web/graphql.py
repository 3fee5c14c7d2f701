"""GraphQL over HTTP: one operation by GET or POST, its results as JSON or as events."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.identity import InvalidToken, IssuerUnavailable
from app.oidc.keys import PAUSE
from app.web.contexts import Access, Door, language_of
from app.web.errors import Code, RequestRefused, refuse
from app.web.execution import Execution, Operation, encode
from app.web.negotiation import MediaType, negotiate
from app.web.observations import observation
from app.web.requests import BodyLimits, read_parameters
from app.web.sse import VARY, EventStream, Pace, events
from app.web.streams import Streams
from schema.languages.language import Language

METHODS: Final = ("GET", "POST")
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="wardbook", error="invalid_token"'}
COME_AGAIN: Final = {"Retry-After": f"{PAUSE:.0f}"}
_CONTENT_TYPES: Final = {media_type: f"{media_type}; charset=utf-8" for media_type in MediaType}
_HEADERS: Final = {"Cache-Control": "no-store", "Vary": VARY}


@dataclass(frozen=True)
class GraphQLEndpoint:
    """The ASGI application at /graphql. explorer: where a browser's visit is sent on to."""

    execution: Execution
    door: Door
    limits: BodyLimits
    streams: Streams
    pace: Pace
    explorer: str = "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. What is wrong with it becomes a coded answer."""
        request = Request(scope, receive)
        media_type = MediaType.JSON
        try:
            if request.method not in METHODS:
                raise _method_not_allowed("Use POST, or GET for queries.", METHODS)
            if _is_visit(request):
                await RedirectResponse(self.explorer)(scope, receive, send)
                return
            media_type = negotiate(request.headers.get("accept"))
            await self._answer(request, media_type, send)
        except RequestRefused as refused:
            await self._refuse(request, refused, media_type)(scope, receive, send)
        except InvalidToken as error:
            unknown = _refusal_of(error, 401, CHALLENGE)
            await self._refuse(request, unknown, media_type)(scope, receive, send)
        except IssuerUnavailable as error:
            later = _refusal_of(error, 503, COME_AGAIN)
            await self._refuse(request, later, media_type)(scope, receive, send)

    async def _answer(self, request: Request, media_type: MediaType, send: Send) -> None:
        access = await self.door.admit(request)
        operation = self.execution.prepare(await read_parameters(request, self.limits))
        _note(request.scope, operation, access)
        if request.method == "GET" and operation.type is OperationType.MUTATION:
            raise _method_not_allowed("Mutations need POST.", ("POST",))
        if operation.is_subscription and media_type is MediaType.EVENTS:
            with self.streams.one_more(access.holder):
                results = self.execution.stream(operation, access)
                stream: ASGIApp = EventStream(results, access, self.pace, self.streams.stopping)
                await stream(request.scope, request.receive, send)
            return
        result = await self.execution.run(operation, access.context())
        response = _response(result, HTTPStatus.OK, media_type, access.language)
        await response(request.scope, request.receive, send)

    def _refuse(self, request: Request, refused: RequestRefused, media_type: MediaType) -> Response:
        """GraphQL over HTTP: an older client gets 200 for a document that does not validate."""
        noted = observation(request.scope)
        noted.codes += refused.codes
        is_older = refused.well_formed and media_type is not MediaType.GRAPHQL
        status = HTTPStatus.OK if is_older else refused.status
        if status != HTTPStatus.OK and media_type is MediaType.EVENTS:
            media_type = MediaType.JSON
        language = language_of(request)
        errors = refused.in_language(language)
        return _response({"errors": errors}, status, media_type, language, refused.headers)


def _response(
    result: dict[str, object],
    status: int,
    media_type: MediaType,
    language: Language,
    headers: Mapping[str, str] | None = None,
) -> Response:
    is_events = media_type is MediaType.EVENTS
    return Response(
        events(result) if is_events else encode(result),
        status,
        {
            **_HEADERS,
            "Content-Type": _CONTENT_TYPES[media_type],
            "Content-Language": language.tag,
            **(headers or {}),
        },
    )


def _refusal_of(
    error: InvalidToken | IssuerUnavailable, status: int, headers: Mapping[str, str]
) -> RequestRefused:
    return refuse(error.code, str(error), status, headers=headers)


def _method_not_allowed(message: str, allowed: tuple[str, ...]) -> RequestRefused:
    return refuse(Code.METHOD_NOT_ALLOWED, message, 405, headers={"Allow": ", ".join(allowed)})


def _is_visit(request: Request) -> bool:
    """Whether somebody opened the address in a browser."""
    return (
        request.method == "GET"
        and not request.scope["query_string"]
        and "text/html" in request.headers.get("accept", "")
    )


def _note(scope: Scope, operation: Operation, access: Access) -> None:
    noted = observation(scope)
    noted.operation = operation.type.value
    noted.name = operation.parameters.operation_name
    noted.caller = access.identity.caller.kind.value
