"""Pictures: their words stay text, in the fonts of whoever looks at them."""

import re
from xml.etree import ElementTree as ET

import pytest

from app.report.charts import Bar, Interval, Line, bars, course, intervals

WIDE = "市生态环境局（含分局）综合行政执法大队第三中队"
SVG = "{http://www.w3.org/2000/svg}"


def words(picture: str) -> list[str]:
    root = ET.fromstring(picture)  # noqa: S314 - our own
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def drawn_intervals() -> str:
    rows = [Interval("环境局 <b>", 0.83, 0.7, 0.9), Interval("Nobody", None), Interval(WIDE, 0.5)]
    return intervals(rows, name="按期处置率")


def drawn_bars() -> str:
    return bars([Bar("街道办", (3, 2)), Bar("公安", (10, 0))], ["正常", "超期"], name="工作量")


def drawn_course() -> str:
    return course(["2026-01", "2026-02"], [Line("响应率", (0.8, None))], name="走势")


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (drawn_intervals(), {"环境局 <b>", "Nobody", "–", "100 %"}),
        (drawn_bars(), {"街道办", "公安", "正常", "超期", "5", "10"}),
        (drawn_course(), {"响应率", "2026-01", "2026-02", "50 %"}),
    ],
    ids=["intervals", "bars", "course"],
)
def test_words_stay_words(picture: str, said: set[str]) -> None:
    assert said <= {each.strip() for each in words(picture)}


def test_a_long_name_ends_early_within_the_picture() -> None:
    (name,) = (each for each in words(drawn_intervals()) if each.startswith("市生态"))
    assert name.endswith("…")
    assert len(name) < len(WIDE)


@pytest.mark.parametrize("picture", [drawn_intervals(), drawn_bars(), drawn_course()])
def test_it_needs_nothing_from_anywhere(picture: str) -> None:
    assert not re.search(r"(href|src)=\"(?!#)|url\((?!#)|@import|<script", picture)
    assert "DejaVu" not in picture
    assert "sans-serif" in picture


def test_the_same_figures_are_the_same_picture() -> None:
    assert drawn_bars() == drawn_bars()


def test_it_is_named_for_whoever_does_not_see_it() -> None:
    assert 'role="img"' in drawn_course()
    assert "走势" in drawn_course()
