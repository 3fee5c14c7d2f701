import pytest

from app.evidence.media_types import LONGEST_BEGINNING, MEDIA_TYPES, media_type_of
from tests.evidence.photos import FORMATS, PDF, photo

BOX = b"\x00\x00\x00\x18ftyp"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        *((photo(name), name) for name in FORMATS),
        (PDF, "application/pdf"),
        (BOX + b"heic\x00\x00\x00\x00", "image/heic"),
        (BOX + b"isom\x00\x00\x02\x00", "video/mp4"),
        (BOX + b"qt  \x00\x00\x02\x00", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None),
        (b"<!DOCTYPE html><script>alert(1)</script>", None),
        (b"MZ\x90\x00" + bytes(60), None),
        (b"PK\x03\x04" + bytes(60), None),
        (b" %PDF-1.7", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_a_type_is_known_by_how_the_bytes_begin(content: bytes, name: str | None) -> None:
    found = media_type_of(content[:LONGEST_BEGINNING])
    assert (found and found.name) == name


def test_names_and_endings_tell_types_apart() -> None:
    assert len({known.ending for known in MEDIA_TYPES.values()}) == len(MEDIA_TYPES)
    for name, known in MEDIA_TYPES.items():
        assert known.name == name
        assert all(offset + len(magic) <= LONGEST_BEGINNING for offset, magic in known.begins)
