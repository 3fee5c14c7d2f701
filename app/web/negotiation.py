"""Which media type answers: `Accept` as GraphQL over HTTP and graphql-sse read it."""

from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.web.errors import Code, refuse


class MediaType(StrEnum):
    """What an answer can be."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"


_WILDCARDS: Final = {
    "*/*": MediaType.JSON,
    "application/*": MediaType.JSON,
    "text/*": MediaType.EVENTS,
}
_NAMES: Final = {str(media_type): media_type for media_type in MediaType} | _WILDCARDS
_MOST_CHARACTERS: Final = 1000


def negotiate(accept: str | None) -> MediaType:
    """The type to answer with; without a header JSON, as older clients expect.

    Raises RequestRefused (406) when nothing that can be sent is accepted.
    """
    if accept is None:
        return MediaType.JSON
    chosen = _preferred(accept[:_MOST_CHARACTERS])
    if chosen is None:
        raise refuse(
            Code.NOT_ACCEPTABLE, "Accept one of: " + ", ".join(MediaType) + ".", status=406
        )
    return chosen


@lru_cache(maxsize=256)
def _preferred(accept: str) -> MediaType | None:
    """The acceptable type of the highest quality; among equals the one named first."""
    best: MediaType | None = None
    best_quality = 0.0
    for item in accept.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        media_type = _NAMES.get(name)
        quality = _quality(parameters)
        if media_type is not None and quality > best_quality:
            best, best_quality = media_type, quality
    return best


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
