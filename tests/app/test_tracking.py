"""Tracking codes: what a resident can copy from paper, and nobody can guess."""

import hmac
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking import ALPHABET, is_tracking_token, normal_code, tracking_code
from domain.refusal import InvalidInput


def fingerprint(content: bytes) -> bytes:
    return hmac.digest(b"secret", content, sha256)


codes = st.builds(
    lambda case_id, number: tracking_code(fingerprint, case_id, number),
    st.uuids(),
    st.integers(1, 1000),
)


@given(codes)
def test_a_code_is_four_groups_of_four_and_a_check_character(code: str) -> None:
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 1]
    assert set(code) <= set(ALPHABET) | {"-"}


@given(st.uuids(), st.integers(1, 1000))
def test_each_case_and_each_number_has_its_own_and_always_the_same(
    case_id: UUID, number: int
) -> None:
    code = tracking_code(fingerprint, case_id, number)
    assert code == tracking_code(fingerprint, case_id, number)
    assert code != tracking_code(fingerprint, case_id, number + 1)
    assert code != tracking_code(fingerprint, UUID(int=case_id.int ^ 1), number)
    assert code != tracking_code(lambda content: sha256(content).digest(), case_id, number)


@given(codes)
def test_how_it_is_written_does_not_matter(code: str) -> None:
    bare = code.replace("-", "")
    assert normal_code(code) == bare
    assert normal_code(f" {bare.lower()} ") == bare
    assert normal_code(" ".join(bare)) == bare
    assert normal_code(code.replace("0", "O").replace("1", "l")) == bare


@given(codes, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_a_wrong_letter_is_found(code: str, place: int, letter: str) -> None:
    bare = code.replace("-", "")
    if bare[place] == letter:
        return
    with pytest.raises(InvalidInput) as refused:
        normal_code(bare[:place] + letter + bare[place + 1 :])
    assert refused.value.path == ["trackingCode"]


@pytest.mark.parametrize("text", ["", "-", "A" * 17, "é" * 17, "1" * 5000, "0000-0000-0000-0000"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        normal_code(text)


@pytest.mark.parametrize("token", ["", "a.b.c", "é", "e30.e30.", "." * 5000])
def test_what_is_no_token_is_none_of_ours(token: str) -> None:
    assert not is_tracking_token(token)
