"""The queries that we show or ask ourselves are ones that the schema answers."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from app.report.figures import DOCUMENT
from schema.print import printed

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("document", [*SHOWN, DOCUMENT])
def test_it_is_valid(document: str) -> None:
    assert validate(build_schema(printed()), parse(document)) == []


def test_there_are_some() -> None:
    assert len(SHOWN) > 2
