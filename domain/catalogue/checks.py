"""What the content of a catalogue must look like, whoever sends it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from domain.catalogue.content import CaseType, Field, FieldKind, Label
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, required, stable_code

MOST_TYPES: Final = 5_000
MOST_FIELDS: Final = 50
MOST_QUALIFICATIONS: Final = 20
LABEL_LIMIT: Final = 100
MOST_REOPENING_DAYS: Final = 3_650
MOST_OF_A_WINDOW: Final = 100_000
"""Minutes, that is; so many days or times nobody means."""

_FIELD_NAME: Final = re.compile(r"[a-z][a-zA-Z0-9]{0,39}", re.ASCII)
_NUMERIC: Final = (FieldKind.INTEGER, FieldKind.NUMBER)

Path = list[str]


def check_types(types: Sequence[CaseType]) -> None:
    """Refuse a taxonomy that hangs together badly. Raises InvalidInput at the first fault."""
    if not types:
        raise InvalidInput(["types"], "a catalogue needs at least one type")
    if len(types) > MOST_TYPES:
        raise InvalidInput(["types"], f"types has more than {MOST_TYPES} types")
    fields_of: dict[str, frozenset[str]] = {}
    for index, each in enumerate(types):
        path = ["types", str(index)]
        inherited = _check_place(path, each, fields_of)
        _check_settings(path, each)
        own = list(_names_of_fields(path, each))
        _refuse_doubles([*path, "fields"], [*inherited, *own])
        fields_of[each.code] = inherited.union(own)


def check_label(path: Path, label: Label) -> None:
    """Refuse a label that is missing in a language, or long."""
    required([*path, "labelZh"], label.zh, LABEL_LIMIT)
    required([*path, "labelEn"], label.en, LABEL_LIMIT)


def _check_place(
    path: Path, each: CaseType, fields_of: dict[str, frozenset[str]]
) -> frozenset[str]:
    """The names of the fields above the type; its parent stands before it, so nothing loops."""
    stable_code([*path, "code"], each.code)
    if each.code in fields_of:
        raise InvalidInput([*path, "code"], f"type {each.code} is there twice")
    if each.parent is None:
        return frozenset()
    if each.parent not in fields_of:
        raise InvalidInput(
            [*path, "parent"], f"parent {each.parent} of type {each.code} does not stand before it"
        )
    return fields_of[each.parent]


def _check_settings(path: Path, each: CaseType) -> None:
    check_label(path, each.label)
    days = each.reopening_days
    if days is not None and not 0 <= days <= MOST_REOPENING_DAYS:
        raise InvalidInput(
            [*path, "reopeningDays"], f"reopeningDays is not within 0..{MOST_REOPENING_DAYS}"
        )
    _refuse_doubles([*path, "evidence"], each.evidence or ())
    _check_qualifications([*path, "qualifications"], each.qualifications or ())
    _refuse_doubles([*path, "windows"], [setting.window for setting in each.windows])
    for number, setting in enumerate(each.windows):
        if not 1 <= setting.amount <= MOST_OF_A_WINDOW:
            raise InvalidInput(
                [*path, "windows", str(number), "amount"],
                f"amount is not within 1..{MOST_OF_A_WINDOW}",
            )


def _check_qualifications(path: Path, codes: tuple[str, ...]) -> None:
    if len(codes) > MOST_QUALIFICATIONS:
        raise InvalidInput(path, f"qualifications has more than {MOST_QUALIFICATIONS} codes")
    for index, code in enumerate(codes):
        required([*path, str(index)], code, CODE_LIMIT)
    _refuse_doubles(path, codes)


def _names_of_fields(path: Path, each: CaseType) -> Iterator[str]:
    if len(each.fields) > MOST_FIELDS:
        raise InvalidInput([*path, "fields"], f"fields has more than {MOST_FIELDS} fields")
    for index, field in enumerate(each.fields):
        _check_field([*path, "fields", str(index)], field)
        yield field.name


def _check_field(path: Path, field: Field) -> None:
    if not _FIELD_NAME.fullmatch(field.name):
        raise InvalidInput(
            [*path, "name"], "name is not 1 to 40 letters and digits, the first a small letter"
        )
    check_label(path, field.label)
    if (field.kind is FieldKind.CHOICE) != bool(field.choices):
        raise InvalidInput([*path, "choices"], "choices belong to fields of kind CHOICE, and there")
    for index, choice in enumerate(field.choices):
        stable_code([*path, "choices", str(index), "code"], choice.code)
        check_label([*path, "choices", str(index)], choice.label)
    _refuse_doubles([*path, "choices"], [choice.code for choice in field.choices])
    _check_bounds(path, field)


def _check_bounds(path: Path, field: Field) -> None:
    bounds = (field.minimum, field.maximum)
    if bounds != (None, None) and field.kind not in _NUMERIC:
        raise InvalidInput([*path, "minimum"], "minimum and maximum belong to numbers")
    if None not in bounds and not bounds[0] <= bounds[1]:  # type: ignore[operator]  # not None
        raise InvalidInput([*path, "maximum"], "maximum is less than minimum")
    most = field.most_characters
    if most is not None and (field.kind is not FieldKind.TEXT or most < 1):
        raise InvalidInput(
            [*path, "mostCharacters"], "mostCharacters belongs to texts, and is at least 1"
        )


def _refuse_doubles(path: Path, names: Sequence[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InvalidInput(path, f"{path[-1]} has {', '.join(doubled)} twice")
