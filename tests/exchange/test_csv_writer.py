"""Cells that a spreadsheet would take for formulas."""

import pytest

from app.exchange.csv_writer import harmless


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+86 21", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"],
)
def test_what_begins_a_formula_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "案件", "1+1", "2011-10-01", "a=b", "'=1"])
def test_anything_else_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
