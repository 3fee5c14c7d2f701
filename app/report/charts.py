"""Pictures of figures as SVG, by matplotlib.

Words stay text, so that whoever opens the page sees them in a font of their own: a Chinese one
where there is one, whatever machine drew the picture.
"""

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH: Final = 7.2
"""Inches; a page of A4 has room for them between its margins."""

ROW: Final = 0.3
"""Inches of each row."""

BELOW: Final = 0.3
ABOVE: Final = 0.35
"""Inches, for the scale and the legend."""

FONT_SIZE: Final = 9
"""Points, of which an inch has 72."""

MOST_MOMENTS: Final = 7
"""Named below a course: there is room for no more."""

MOST_EMS: Final = 22
"""Of a label."""

FONTS: Final = (
    "'Noto Sans', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'WenQuanYi Micro Hei', sans-serif"
)

INK: Final = "#1f2933"
QUIET: Final = "#9aa5b1"
ACCENT: Final = "#1a6fb0"
SHADES: Final = ("#1a6fb0", "#e0a030", "#b83232", "#5d8a3c", "#7a5da8", "#4d4d4d")
"""Told apart by those who see few colours too: blue, ochre, red, green, violet, grey."""


@dataclass(frozen=True)
class Interval:
    """A share with its interval, all from 0 to 1. value: None: nothing was counted."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart. values: one for each of the parts, at least 0."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """One line of a course: a value for each of the moments; None: there is none."""

    label: str
    values: tuple[float | None, ...]


def intervals(rows: Sequence[Interval], *, name: str) -> str:
    """Shares as dots with their intervals, one row each, the first on top.

    name: for whoever has the page read to them; so for all of them.
    """
    labels = [_shortened(row.label) for row in rows]
    with _drawing(len(rows), labels) as (figure, axes):
        for place, row in enumerate(rows):
            if row.value is None:
                axes.text(0.01, place, "–", color=QUIET, va="center")
                continue
            if row.lower is not None and row.upper is not None:
                axes.plot([row.lower, row.upper], [place, place], color=QUIET, linewidth=3)
            # At either end the dot is whole too.
            axes.plot([row.value], [place], "o", color=ACCENT, clip_on=False, zorder=3)
        _name_rows(axes, labels)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        axes.grid(axis="x", color="#e4e7eb", linewidth=0.8)
        return _svg(figure, name)


def bars(rows: Sequence[Bar], parts: Sequence[str], *, name: str) -> str:
    """Rows of bars, the parts of each one after another; the parts named above."""
    labels = [_shortened(row.label) for row in rows]
    with _drawing(len(rows), labels) as (figure, axes):
        left = [0.0] * len(rows)
        for number, part in enumerate(parts):
            widths = [row.values[number] for row in rows]
            color = SHADES[number % len(SHADES)]
            axes.barh(range(len(rows)), widths, left=left, color=color, height=0.65, label=part)
            left = [before + width for before, width in zip(left, widths, strict=True)]
        for place, total in enumerate(left):
            axes.annotate(
                f"{total:g}", (total, place), (4, 0), textcoords="offset points", va="center"
            )
        _name_rows(axes, labels)
        axes.set_xlim(0, max([1.0, *left]) * 1.08)
        axes.locator_params(axis="x", integer=True)  # they count
        if len(parts) > 1:
            axes.legend(
                loc="lower left", bbox_to_anchor=(0, 1), ncols=min(4, len(parts)), frameon=False
            )
        return _svg(figure, name)


def course(moments: Sequence[str], lines: Sequence[Line], *, name: str) -> str:
    """Shares from 0 to 1 over time."""
    with _drawing(7, ["100 %"]) as (figure, axes):
        places = range(len(moments))
        for number, line in enumerate(lines):
            values = [float("nan") if value is None else value for value in line.values]
            color = SHADES[number % len(SHADES)]
            axes.plot(
                places, values, "o-", markersize=3, color=color, label=line.label, clip_on=False
            )
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        step = max(1, -(-len(moments) // MOST_MOMENTS))
        axes.set_xticks(list(places)[::step], list(moments)[::step])
        axes.grid(axis="y", color="#e4e7eb", linewidth=0.8)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
        return _svg(figure, name)


def _style() -> AbstractContextManager[None]:
    return mpl.rc_context(
        {
            "svg.fonttype": "none",
            # The same figures give the same file.
            "svg.hashsalt": "wardbook",
            "font.size": FONT_SIZE,
            "text.color": INK,
            "axes.edgecolor": QUIET,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "xtick.color": INK,
            "ytick.color": INK,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "savefig.facecolor": "none",
        }
    )


@contextmanager
def _drawing(rows: int, labels: Sequence[str]) -> Iterator[tuple[Figure, Axes]]:
    """A figure with room for so many rows, for the labels at their left, and for a legend."""
    height = BELOW + ABOVE + ROW * max(3, rows)
    left = 0.15 + FONT_SIZE / 72 * max(map(_ems, labels), default=0)
    with _style(), warnings.catch_warnings():
        # The page's own fonts draw the words; that this machine's has no Chinese is no matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(WIDTH, height))
        place = (
            left / WIDTH,
            BELOW / height,
            1 - (left + 0.3) / WIDTH,
            1 - (BELOW + ABOVE) / height,
        )
        yield figure, figure.add_axes(place)


def _name_rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), list(labels))
    axes.set_ylim(max(3, len(labels)) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _ems(text: str) -> float:
    """How wide a text is at most, in its font's size."""
    return sum(1.0 if east_asian_width(letter) in "WF" else 0.62 for letter in text)


def _shortened(label: str) -> str:
    """The table below has the whole of it."""
    while _ems(label) > MOST_EMS:
        label = f"{label.rstrip('…')[:-1]}…"
    return label


def _svg(figure: Figure, name: str) -> str:
    """The picture as an element of a page, named, in the fonts of whoever looks at it."""
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Title": name})
    element = drawn.getvalue()
    element = element[element.index("<svg") :]
    element = re.sub(r"font(-family)?: ?[^;\"]*'DejaVu Sans'[^;\"]*", _font, element)
    return element.replace("<svg ", '<svg role="img" ', 1)


def _font(found: re.Match[str]) -> str:
    """The size stays, the family is the page's."""
    size = re.search(r"([\d.]+)px", found.group())
    return f"font: {size.group(1)}px {FONTS}" if size else f"font-family: {FONTS}"
