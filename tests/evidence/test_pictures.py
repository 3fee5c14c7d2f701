import io
import struct
import zlib

import pytest
from PIL import Image

from app.evidence.pictures import LONGEST_SIDE, MOST_PIXELS, NotAPicture, repainted
from tests.evidence.photos import FORMATS, PLANTED, photo

BLUE, RED = (20, 20, 220), (200, 30, 30)


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(int(one) - other) < 40 for one, other in zip(pixel, colour, strict=True))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("media_type", FORMATS)
def test_nothing_but_the_pixels_is_left(media_type: str) -> None:
    original = photo(media_type)
    assert original.count(PLANTED) >= 2, "the test plants something"
    shown = repainted(original, media_type)
    assert PLANTED not in shown
    picture = opened(shown)
    assert picture.format == FORMATS[media_type]
    assert picture.size == (64, 48)
    assert not picture.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
    assert near(picture.convert("RGB").getpixel((10, 10)), BLUE)
    assert near(picture.convert("RGB").getpixel((50, 40)), RED)


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp"])
def test_a_picture_taken_sideways_stands_upright(media_type: str) -> None:
    shown = opened(repainted(photo(media_type, orientation=6), media_type))
    assert shown.size == (48, 64)
    assert near(shown.convert("RGB").getpixel((40, 10)), BLUE)


def test_a_large_photo_is_shown_smaller() -> None:
    shown = opened(repainted(photo(size=(4000, 2000)), "image/jpeg"))
    assert shown.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize("media_type", ["image/png", "image/webp"])
def test_what_is_transparent_stays_so(media_type: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (10, 20, 30, 0)).save(out, FORMATS[media_type])
    assert opened(repainted(out.getvalue(), media_type)).convert("RGBA").getpixel((3, 3))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_pictures_of_any_sort_are_painted(mode: str) -> None:
    kind = "image/jpeg" if mode == "CMYK" else "image/png"
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, FORMATS[kind])
    assert opened(repainted(out.getvalue(), kind)).size == (8, 8)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        photo()[:200],
        photo("image/png")[:-60],
        b"\xff\xd8\xff" + bytes(5000),
        photo("image/png"),
    ],
)
def test_what_is_broken_or_of_another_type_is_no_picture(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        repainted(content[:-15] if content.endswith(b"trailer PLANTED") else content, "image/jpeg")


def test_a_small_file_with_too_many_pixels_is_not_unpacked() -> None:
    side = int(MOST_PIXELS**0.5) + 1

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(bytes(9)))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(NotAPicture):
        repainted(bomb, "image/png")
