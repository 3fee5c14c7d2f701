"""The page: escaped, complete in both languages, and in need of no network."""

import re
import tomllib
from pathlib import Path

import app.report
from app.report.page import Report, Section, Tile, page

HOSTILE = '<script>alert("1")</script>'


def written(**said: object) -> str:
    usual = {
        "language": "zh-Hans",
        "title": "督办报告",
        "under": HOSTILE,
        "tiles": [Tile(HOSTILE, "12", HOSTILE)],
        "sections": [Section(HOSTILE, HOSTILE, "<svg></svg>", [HOSTILE, "n"], [[HOSTILE, "1"]])],
        "notes": [HOSTILE],
    }
    return page(Report(**{**usual, **said}))  # type: ignore[arg-type]  # as said


def test_what_people_wrote_is_text() -> None:
    html = written()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 8
    assert "<svg></svg>" in html


def test_it_fetches_nothing() -> None:
    html = written()
    assert "default-src 'none'" in html
    assert not re.search(r"https?://|src=|@import|<link", html)


def test_a_section_without_rows_has_no_table() -> None:
    assert "<table" not in written(sections=[Section("督办单", "没有")])


def test_both_languages_say_the_same_things() -> None:
    folder = Path(app.report.__file__).parent
    en, zh = (
        tomllib.loads((folder / f"words.{language}.toml").read_text(encoding="utf-8"))
        for language in ("en", "zh")
    )
    blanks = re.compile(r"\{\w+\}")
    assert {name: set(blanks.findall(text)) for name, text in en.items()} == {
        name: set(blanks.findall(text)) for name, text in zh.items()
    }
