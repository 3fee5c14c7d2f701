"""What is refused outside GraphQL, in the form and the language that GraphQL answers have."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from app.web.contexts import language_of
from app.web.errors import Formatted, RequestRefused, code_of
from app.web.execution import encode
from app.web.observations import observation


def error_page(request: Request, refused: RequestRefused) -> Response:
    """An answer that says why a request was refused."""
    errors = refused.in_language(language_of(request))
    return error_answer(request, errors, refused.status, refused.headers)


def error_answer(
    request: Request,
    errors: Sequence[Formatted],
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer with these errors, which are in the language of the request already."""
    observation(request.scope).codes += [code_of(error) for error in errors]
    return Response(
        encode({"errors": errors}),
        status,
        {
            "Content-Type": "application/json",
            "Content-Language": language_of(request).tag,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language",
            **(headers or {}),
        },
    )
