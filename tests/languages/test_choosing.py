"""Accept-Language (RFC 9110): the highest weight, then the one named first, else English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.languages import Language, chosen


@pytest.mark.parametrize(
    ("accept", "tag"),
    [
        (None, "en"),
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans", "zh"),
        ("ZH-hans-cn", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.5, zh-CN;q=0.7", "zh"),
        ("en, zh", "en"),
        ("zh, en", "zh"),
        ("zh;q=0", "en"),
        ("zh;q=0, *", "en"),
        ("en;q=0, *", "zh"),
        ("en;q=0.1, *;q=0.5", "zh"),
        ("*", "en"),
        ("fr", "en"),
        ("fr, zh;q=0.1", "zh"),
        ("fr, *;q=0.1", "en"),
        ("zh;q=0.001", "zh"),
        ("zh ; q=1.000", "zh"),
        ("zh;q=2", "en"),
        ("zh;q=nan", "en"),
        ("zh;q=0.1234, en", "en"),
        ("zhx", "en"),
        (",,zh,", "zh"),
        ("en;q=0,zh;q=0", "en"),
        ("zh\u0000", "en"),
        ("x" * 1001 + ",zh", "en"),
    ],
)
def test_what_is_asked_for_is_chosen(accept: str | None, tag: str) -> None:
    assert chosen(accept) == tag


@given(st.text(max_size=200))
def test_whatever_is_asked_for_there_is_a_language(accept: str) -> None:
    assert chosen(accept) in Language
