"""Evidence over HTTP: what handing it in and looking at it have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.evidence.desk import EvidenceDesk
from app.identity import InvalidToken, IssuerUnavailable
from app.web.contexts import Access, Door, language_of
from app.web.error_pages import error_answer, error_page
from app.web.errors import Code, RequestRefused, refuse
from app.web.execution import failure
from app.web.graphql import CHALLENGE, COME_AGAIN
from app.web.observations import observation
from app.web.streams import Streams
from domain.refusal import Refusal
from schema.context import AccessEnded, Unavailable

STATUS: Final[Mapping[str, HTTPStatus]] = {
    "INVALID_INPUT": HTTPStatus.BAD_REQUEST,
    "AUDIENCE_NOT_OPEN": HTTPStatus.BAD_REQUEST,
    "EVIDENCE_DIFFERS": HTTPStatus.BAD_REQUEST,
    AccessEnded.code: HTTPStatus.UNAUTHORIZED,
    "NOT_PERMITTED": HTTPStatus.FORBIDDEN,
    "EVIDENCE_ONLY_ORIGINAL": HTTPStatus.FORBIDDEN,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "EVIDENCE_ERASED": HTTPStatus.GONE,
    "EVIDENCE_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "EVIDENCE_TYPE_REFUSED": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "EVIDENCE_TYPE_DIFFERS": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "EVIDENCE_UNREADABLE": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "EVIDENCE_DAMAGED": HTTPStatus.INTERNAL_SERVER_ERROR,
    "OVERLOADED": HTTPStatus.SERVICE_UNAVAILABLE,
    "EVIDENCE_STORE_UNUSABLE": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""By the code of a refusal; any other is a rule that refused in this situation: 409."""


@dataclass(frozen=True)
class EvidenceEndpoint:
    """What handing in and looking at evidence share. patience: seconds, as in `Pace`."""

    desk: EvidenceDesk
    door: Door
    streams: Streams
    patience: float
    route: str
    methods: tuple[str, ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. What is wrong with it becomes a coded answer."""
        request = Request(scope, receive)
        observation(scope).route = self.route
        try:
            if request.method not in self.methods:
                allow = {"Allow": ", ".join(self.methods)}
                raise refuse(Code.METHOD_NOT_ALLOWED, "This is not done here.", 405, headers=allow)
            access = await self.door.admit(request)
            observation(scope).caller = access.identity.caller.kind.value
            with self.streams.one_more(access.holder):
                await self.answer(request, access, send)
        except RequestRefused as refused:
            await error_page(request, refused)(scope, receive, send)
        except InvalidToken as error:
            unknown = refuse(error.code, str(error), 401, headers=CHALLENGE)
            await error_page(request, unknown)(scope, receive, send)
        except IssuerUnavailable as error:
            later = refuse(error.code, str(error), 503, headers=COME_AGAIN)
            await error_page(request, later)(scope, receive, send)
        except (Refusal, Unavailable) as error:
            await _refused(request, error)(scope, receive, send)

    async def answer(self, request: Request, access: Access, send: Send) -> None:
        """The answer itself. Raises what `__call__` makes answers of."""
        raise NotImplementedError


def _refused(request: Request, error: Refusal | Unavailable) -> Response:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, Refusal):
        status = STATUS.get(error.code, HTTPStatus.CONFLICT)
    return error_answer(request, failure(error, language_of(request)), status)
