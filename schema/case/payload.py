"""What an event says, with every name in it spelled as GraphQL spells names."""

import json
from collections.abc import Mapping
from typing import Final

from projections.case_changes import camel_case

ANSWERS: Final = "fields"
"""Answers of a case go by the codes of its type's questions, which are nobody's to spell anew."""


def payload_of(text: str) -> dict[str, object]:
    """The payload of a trail's row, JSON text of an object, in camelCase to its depth."""
    return _spelled(json.loads(text))


def _spelled(parts: Mapping[str, object]) -> dict[str, object]:
    return {
        camel_case(name): part if name == ANSWERS and isinstance(part, dict) else _inside(part)
        for name, part in parts.items()
    }


def _inside(part: object) -> object:
    if isinstance(part, dict):
        return _spelled(part)
    if isinstance(part, list):
        return [_inside(each) for each in part]
    return part
