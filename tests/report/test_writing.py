"""Figures as they are read: never without what they are in, nor a share without its number."""

import pytest

from app.report.figures import Figure, Metric
from app.report.words import WORDS
from app.report.writing import measured, with_number
from schema.languages import Language


@pytest.mark.parametrize(
    ("kind", "measure", "figure", "expected"),
    [
        ("MEDIAN_P90", "HOURS", Figure(value=138.4, n=9, p90=269.38), "138.40 / 269.38 小时"),
        ("MEDIAN_P90", "LEAD_HOURS", Figure(value=3, n=9, p90=4), "3.00 / 4.00 小时"),
        ("MEDIAN_P90", "MULTIPLE", Figure(value=1.37, n=9, p90=3.17), "1.37 / 3.17 倍"),
        ("SPREAD", "HOURS", Figure(value=9.53, n=9), "9.53 倍"),
        ("MEDIAN_P90", "HOURS", Figure(value=None, n=0), "–"),
        ("RATE", None, Figure(value=0.5, n=9), "50.0 %"),
        ("COUNT", None, Figure(value=13, n=13), "13"),
    ],
)
def test_what_is_measured_says_in_what(
    kind: str, measure: str | None, figure: Figure, expected: str
) -> None:
    metric = Metric(code="x", label_zh="指标", label_en="Metric", kind=kind, measure=measure)
    assert measured(metric, figure, WORDS[Language.ZH]) == expected


def test_a_share_stands_with_its_number() -> None:
    assert with_number(Figure(value=0.905, n=22)) == "90.5 % (n = 22)"
    assert with_number(None) == "–"
