"""Pictures made anew from their pixels: no place, no time, no camera, no hidden thumbnail is left.

EXIF, XMP, IPTC, comments, colour profiles and what follows the end of a picture lie beside its
pixels; painting it anew leaves all of them behind, whatever their form, also those nobody thought
of. Only which way is up is taken over, by turning the picture.
"""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
MOST_PIXELS: Final = 50_000_000
"""Of a picture that is painted at all: about 200 MB while that lasts. A camera has 12 to 50."""
LONGEST_SIDE: Final = 2400
"""Pixels of what is shown; larger pictures are shown smaller."""
_QUICKLY: Final[dict[str, dict[str, int]]] = {
    "JPEG": {"quality": 88},
    "PNG": {"compress_level": 3},
    "WEBP": {"quality": 85, "method": 1},
    "GIF": {},
}
"""It is painted each time it is looked at: quickly rather than small."""

warnings.simplefilter("error", Image.DecompressionBombWarning)

_MODES_WITH_TRANSPARENCY: Final = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})


class NotAPicture(Exception):
    """It cannot be painted: it is broken, too large, or not of the type it begins as."""


def repainted(content: bytes, media_type: str) -> bytes:
    """The picture again, in the same format, with nothing but its pixels. Raises NotAPicture.

    Of moving pictures the first frame.
    """
    kind = FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            return _painted(picture, kind)
    # A decoder meets broken bytes with any exception there is.
    except Exception as error:
        raise NotAPicture from error


def _painted(picture: Image.Image, kind: str) -> bytes:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise NotAPicture
    # A decoder of JPEG halves a large picture while it decodes: less memory, less time.
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    flat = _flat(picture, kind)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(flat)
    turned.info.clear()
    out = io.BytesIO()
    turned.save(out, kind, **_QUICKLY[kind])
    return out.getvalue()


def _flat(picture: Image.Image, kind: str) -> Image.Image:
    """In red, green and blue, and transparent where that can be."""
    transparent = picture.mode in _MODES_WITH_TRANSPARENCY or "transparency" in picture.info
    return picture.convert("RGBA" if transparent and kind != "JPEG" else "RGB")
