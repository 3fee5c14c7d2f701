"""The API explorer: one page and its files, all of them ours, nothing from elsewhere."""

from importlib import resources
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

FOLDER: Final = "static"
PAGE: Final = "explorer.html"
TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def explorer_routes() -> list[Route]:
    """`/` and the files it loads, read once."""
    files = [file for file in (resources.files("app.web") / FOLDER).iterdir() if file.is_file()]
    return [
        Route(
            "/" if file.name == PAGE else f"/{FOLDER}/{file.name}",
            _response(file.read_bytes(), TYPES[file.name.rpartition(".")[2]]),
            methods=["GET"],
        )
        for file in files
    ]


def _response(content: bytes, media_type: str) -> Response:
    """One file. A browser asks again each time whether it changed: a new release may have."""
    return Response(
        content,
        headers={
            "Content-Type": media_type,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": POLICY,
        },
    )
