"""What bytes are, by how they begin: what they are said to be is never believed."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

LONGEST_BEGINNING: Final = 16
"""Bytes that are looked at."""


class Showing(Enum):
    """How evidence of a type is shown to those without a right to the original.

    REPAINTED: a picture made anew from its pixels, so that nothing else of the file gets through.
    AS_IT_IS: the original. ORIGINAL_ONLY: not at all, for what a camera wrote beside it cannot be
    taken away.
    """

    REPAINTED = auto()
    AS_IT_IS = auto()
    ORIGINAL_ONLY = auto()


@dataclass(frozen=True)
class MediaType:
    """A type that is known by its beginning. begins: at which offset stands what.

    brands: for what begins as an ISO base media file: its major brands.
    """

    name: str
    ending: str
    begins: tuple[tuple[int, bytes], ...]
    showing: Showing
    brands: frozenset[bytes] = frozenset()

    def is_type_of(self, beginning: bytes) -> bool:
        """Whether bytes that begin so are of this type."""
        fits = all(
            beginning[offset : offset + len(magic)] == magic for offset, magic in self.begins
        )
        return fits and (not self.brands or beginning[8:12] in self.brands)


_BOX: Final = ((4, b"ftyp"),)

MEDIA_TYPES: Final = {
    known.name: known
    for known in (
        MediaType("image/jpeg", "jpg", ((0, b"\xff\xd8\xff"),), Showing.REPAINTED),
        MediaType("image/png", "png", ((0, b"\x89PNG\r\n\x1a\n"),), Showing.REPAINTED),
        MediaType("image/webp", "webp", ((0, b"RIFF"), (8, b"WEBP")), Showing.REPAINTED),
        MediaType("image/gif", "gif", ((0, b"GIF8"),), Showing.REPAINTED),
        MediaType("application/pdf", "pdf", ((0, b"%PDF-"),), Showing.AS_IT_IS),
        MediaType(
            "image/heic",
            "heic",
            _BOX,
            Showing.ORIGINAL_ONLY,
            frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"}),
        ),
        MediaType(
            "video/mp4",
            "mp4",
            _BOX,
            Showing.ORIGINAL_ONLY,
            frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"}),
        ),
    )
}
"""Every type that a setting can allow. What a browser would run (HTML, SVG) is none of them."""


def media_type_of(beginning: bytes) -> MediaType | None:
    """The type of what begins so, or None."""
    return next((known for known in MEDIA_TYPES.values() if known.is_type_of(beginning)), None)
