"""Pictures with everything in them that a camera writes beside the pixels."""

import io
from typing import Final

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

PLANTED: Final = b"PLANTED"
"""Stands in every place beside the pixels that a format has."""
FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
_XMP: Final = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>PLANTED</x:xmpmeta>"


def photo(
    media_type: str = "image/jpeg",
    size: tuple[int, int] = (64, 48),
    *,
    orientation: int = 1,
    colour: tuple[int, int, int] = (200, 30, 30),
) -> bytes:
    """A picture, red but for its upper left quarter, with metadata of every kind."""
    picture = Image.new("RGB", size, colour)
    picture.paste((20, 20, 220), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[Base.Make] = PLANTED.decode()
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSMapDatum] = PLANTED.decode()
    out = io.BytesIO()
    beside: dict[str, object] = {"exif": exif, "icc_profile": b"PLANTED profile"}
    match media_type:
        case "image/jpeg":
            beside |= {"comment": PLANTED, "xmp": _XMP}
        case "image/webp":
            beside |= {"xmp": _XMP}
        case "image/gif":
            beside = {"comment": PLANTED}
        case "image/png":
            text = PngInfo()
            text.add_text("Author", PLANTED.decode())
            text.add_itxt("XML:com.adobe.xmp", _XMP.decode())
            beside |= {"pnginfo": text}
    picture.save(out, FORMATS[media_type], **beside)
    return out.getvalue() + b"trailer PLANTED"


PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
