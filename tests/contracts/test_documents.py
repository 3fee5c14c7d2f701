"""The queries that we show or ask ourselves are ones that the schema answers."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    ValidationRule,
    build_schema,
    parse,
    specified_rules,
    validate,
)

from app.report.figures import DOCUMENT
from schema.print import printed

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)


class PagesAreBounded(ValidationRule):
    """A list that is read page by page says how many: the schema does not ask, the service does."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        definition = self.context.get_field_def()
        given = {argument.name.value for argument in node.arguments or ()}
        of_a_page = {"first", "last"}
        if definition and of_a_page <= definition.args.keys() and not of_a_page & given:
            self.report_error(GraphQLError(f"{node.name.value} needs first or last", node))


@cache
def schema() -> GraphQLSchema:
    return build_schema(printed())


@pytest.mark.parametrize("document", [*SHOWN, DOCUMENT])
def test_it_is_valid(document: str) -> None:
    rules = [*specified_rules, PagesAreBounded]
    assert validate(schema(), parse(document), rules) == []


def test_there_are_some() -> None:
    assert len(SHOWN) > 2
