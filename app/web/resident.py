"""The page of residents: bring a request, follow it, read what is public; without an account.

One page, ours alone, in two languages: it is sent in the language that the browser asks for, and
changes it in place. What it says stands in `words.en.json` and `words.zh.json`; the elements that
say it name it in `data-word`.
"""

import json
import re
from collections.abc import Mapping
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.explorer import FOLDER, TYPES
from schema.languages.language import Language, chosen

PATHS: Final = ("/resident", "/public")
PAGE: Final = "page.html"
PLACE: Final = "resident"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Pictures of a case come as blobs: they are fetched with the token in a header."""

HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}

_KEYED: Final = re.compile(r'data-word="([\w.]+)">')
_OTHER: Final = {Language.EN: Language.ZH, Language.ZH: Language.EN}


def resident_routes() -> list[Route]:
    """The page at its addresses and the files it loads, read once."""
    folder = resources.files("app.web") / FOLDER / PLACE
    page = (folder / PAGE).read_text(encoding="utf-8")
    pages = {language: _in_language(page, language, folder) for language in Language}

    async def show(request: Request) -> Response:
        language = chosen(request.headers.get("accept-language"))
        headers = {"Content-Language": language.tag, "Vary": "Accept-Language"}
        return Response(pages[language], media_type="text/html", headers={**HEADERS, **headers})

    files = [file for file in folder.iterdir() if file.is_file() and file.name != PAGE]
    return [
        *(Route(path, show, methods=["GET"]) for path in PATHS),
        *(Route(f"/{FOLDER}/{PLACE}/{file.name}", _file(file), methods=["GET"]) for file in files),
    ]


def _file(file: Traversable) -> Response:
    media_type = TYPES[file.name.rpartition(".")[2]]
    return Response(file.read_bytes(), headers={**HEADERS, "Content-Type": media_type})


def _in_language(page: str, language: Language, folder: Traversable) -> str:
    """The page with its words in place: it can be read before the first script runs."""
    words: Mapping[str, str] = json.loads(
        (folder / f"words.{language}.json").read_text(encoding="utf-8")
    )
    said = _KEYED.sub(lambda found: found[0] + escape(words[found[1]]), page)
    return said.replace("{lang}", language.tag).replace("{other}", _OTHER[language].tag)
