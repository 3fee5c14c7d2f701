"""Answers to the questions of a case's type: what may be stored, before they are judged."""

from typing import Final

from domain.catalogue.fields import MOST_CHARACTERS, Answer
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
