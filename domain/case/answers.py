"""What a case says in numbers: answers to the questions of its type, and the point where it is."""

from typing import Final

from domain.case.vocabulary import Point
from domain.catalogue.content import TypeRules
from domain.catalogue.fields import MOST_CHARACTERS, Answer, validate_fields
from domain.refusal import InvalidInput
from domain.wording import optional

MOST_ANSWERS: Final = 200
GREATEST: Final = 2**53
"""Whole numbers beyond this are not the same in every JSON reader."""


def checked_answers(given: object) -> dict[str, Answer] | None:
    """`given` as answers, each storable; None where there are none. Raises InvalidInput."""
    if given is None or given == {}:
        return None
    if not isinstance(given, dict):
        raise InvalidInput(["fields"], "fields is an object: the name of each field, and its value")
    if len(given) > MOST_ANSWERS:
        raise InvalidInput(["fields"], f"fields has more than {MOST_ANSWERS} entries")
    return {str(name): _checked(str(name), answer) for name, answer in given.items()}


def _checked(name: str, answer: object) -> Answer:
    path = ["fields", name]
    if isinstance(answer, str):
        optional(path, answer, MOST_CHARACTERS)
        return answer
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, int | float):
        # Written so that a NaN fails.
        if not -GREATEST <= answer <= GREATEST:
            raise InvalidInput(path, f"{name} is no number that can be stored")
        return answer
    raise InvalidInput(path, f"{name} is neither a text nor a number nor true or false")


def judged(given: object, rules: TypeRules | None) -> dict[str, Answer] | None:
    """The answers, found good by the fields of the type; rules: None: no catalogue is in force."""
    answers = checked_answers(given)
    if rules is not None:
        validate_fields(rules.fields, answers or {})
    elif answers is not None:
        raise InvalidInput(["fields"], "fields need a typeCode, and a catalogue in force")
    return answers


def check_point(point: Point) -> None:
    """Refuse a point that is none of WGS 84."""
    # The comparisons are written so that a NaN fails them.
    if not -90 <= point.latitude <= 90:  # noqa: PLR2004 - the poles
        raise InvalidInput(["point", "latitude"], "latitude is not within -90..90")
    if not -180 <= point.longitude <= 180:  # noqa: PLR2004 - the date line
        raise InvalidInput(["point", "longitude"], "longitude is not within -180..180")
