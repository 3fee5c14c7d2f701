"""Prepared documents: remembered by their text, within bounds."""

from graphql import GraphQLSchema, build_schema

from app.web.documents import Documents
from app.web.limits import QueryLimits

SCHEMA: GraphQLSchema = build_schema("type Query { a: Int b: Int }")
LIMITS = QueryLimits(tokens=1000, depth=10, aliases=10, definitions=10, repeats=10, errors=10)


def documents(most: int = 10, most_characters: int = 1000) -> Documents:
    return Documents(SCHEMA, LIMITS, introspection=True, most=most, most_characters=most_characters)


def test_a_text_is_parsed_and_validated_once() -> None:
    remembered = documents()
    assert remembered.prepare("{ a }") is remembered.prepare("{ a }")
    assert remembered.prepare("{ a }") is not remembered.prepare("{ b }")


def test_the_one_used_longest_ago_is_forgotten_first() -> None:
    remembered = documents(most=2)
    a, b = remembered.prepare("{ a }"), remembered.prepare("{ b }")
    assert remembered.prepare("{ a }") is a
    remembered.prepare("{ a b }")
    assert remembered.prepare("{ a }") is a
    assert remembered.prepare("{ b }") is not b


def test_long_texts_do_not_fill_the_memory() -> None:
    remembered = documents(most_characters=100)
    a = remembered.prepare("{ a }")
    long = remembered.prepare("{ a }" + " " * 95)
    assert remembered.prepare("{ a }" + " " * 95) is long
    assert remembered.prepare("{ a }") is not a


def test_a_text_longer_than_the_memory_is_answered_all_the_same() -> None:
    remembered = documents(most_characters=3)
    assert remembered.prepare("{ a }").operations.keys() == {None}
    assert remembered.prepare("{ a }") is not remembered.prepare("{ a }")
