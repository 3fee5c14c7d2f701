"""The page: what a report says, and how that becomes HTML that needs nothing from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.report.charts import FONTS


@dataclass(frozen=True)
class Tile:
    """One figure at the top. value, note: as they are read."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A picture and the same figures as a table. picture: SVG, or None where there is none.

    headings, rows: the first columns, as many as `words`, name the row; the others hold numbers as
        they are read.
    """

    title: str
    text: str
    picture: str | None = None
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    words: int = 1


@dataclass(frozen=True)
class Report:
    """Everything on the page. language: as in HTML. under: what it is about, under the title."""

    language: str
    title: str
    under: str
    tiles: Sequence[Tile]
    sections: Sequence[Section]
    notes: Sequence[str]


def page(report: Report) -> str:
    """The page as HTML; what people wrote is escaped."""
    return _template().render(report=report, fonts=FONTS)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("page.html")
