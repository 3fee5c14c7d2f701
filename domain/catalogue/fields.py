"""Answers to the questions of a type: what is accepted, also as a JSON schema for clients.

The subset of JSON Schema (draft 2020-12) is: type, required, enum, minimum, maximum, maxLength,
format "date", additionalProperties false.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, assert_never

from domain.catalogue.content import Field, FieldKind
from domain.refusal import InvalidInput

Answer = str | int | float | bool
Answers = Mapping[str, Answer]

MOST_CHARACTERS: Final = 1_000
"""Of a text, where its field says nothing smaller."""

_JSON_TYPES: Final = {
    FieldKind.TEXT: "string",
    FieldKind.INTEGER: "integer",
    FieldKind.NUMBER: "number",
    FieldKind.BOOLEAN: "boolean",
    FieldKind.DATE: "string",
    FieldKind.CHOICE: "string",
}


def validate_fields(fields: Sequence[Field], answers: Answers) -> None:
    """Refuse answers that the fields do not accept. Raises InvalidInput for the first."""
    for name, problem in problems(fields, answers):
        raise InvalidInput(["fields", name], f"{name} {problem}")


def problems(fields: Sequence[Field], answers: Answers) -> Iterator[tuple[str, str]]:
    """(name of a field, what is wrong with its answer), in the order of the fields."""
    for field in fields:
        if field.name in answers:
            problem = _problem(field, answers[field.name])
        else:
            problem = "is needed" if field.required else None
        if problem is not None:
            yield field.name, problem
    known = {field.name for field in fields}
    for name in answers:
        if name not in known:
            yield name, "is no field of this type"


def json_schema(fields: Sequence[Field]) -> dict[str, object]:
    """The JSON schema of an object with these fields."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {field.name: _schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _problem(field: Field, answer: Answer) -> str | None:
    match field.kind:
        case FieldKind.TEXT:
            return _text_problem(field, answer)
        case FieldKind.INTEGER | FieldKind.NUMBER:
            return _number_problem(field, answer)
        case FieldKind.BOOLEAN:
            return None if isinstance(answer, bool) else "is neither true nor false"
        case FieldKind.DATE:
            return None if _is_date(answer) else "is no date like 2026-03-01"
        case FieldKind.CHOICE:
            codes = [choice.code for choice in field.choices]
            return None if answer in codes else f"is none of {', '.join(codes)}"
        case _:
            assert_never(field.kind)


def _text_problem(field: Field, answer: Answer) -> str | None:
    if not isinstance(answer, str):
        return "is no text"
    if field.required and not answer.strip():
        return "must not be blank"
    most = field.most_characters or MOST_CHARACTERS
    return f"has more than {most} characters" if len(answer) > most else None


def _number_problem(field: Field, answer: Answer) -> str | None:
    if isinstance(answer, bool | str):
        return "is no number"
    if field.kind is FieldKind.INTEGER and answer != answer // 1:
        return "is no whole number"
    # Written so that a NaN fails.
    if field.minimum is not None and not answer >= field.minimum:
        return f"is less than {field.minimum:g}"
    if field.maximum is not None and not answer <= field.maximum:
        return f"is more than {field.maximum:g}"
    return None


def _is_date(answer: Answer) -> bool:
    if not isinstance(answer, str):
        return False
    try:
        return date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False


def _schema(field: Field) -> dict[str, object]:
    schema: dict[str, object] = {"type": _JSON_TYPES[field.kind], "title": field.label.en}
    if field.kind is FieldKind.CHOICE:
        schema["enum"] = [choice.code for choice in field.choices]
    if field.kind is FieldKind.DATE:
        schema["format"] = "date"
    if field.kind is FieldKind.TEXT:
        schema["maxLength"] = field.most_characters or MOST_CHARACTERS
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    return schema | {keyword: bound for keyword, bound in bounds.items() if bound is not None}
