"""What a person calls the values of enumerations, commands and events."""

from collections.abc import Iterator
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.refusal import InvalidInput
from schema.info import Info
from schema.languages import Language, labels


@strawberry.type(description="What a person calls a value that the API gives by its code.")
class Label:
    """What a person calls a value."""

    kind: str = field(
        description='What the value is of: an enum by its name, "Command", "Event" or "Thing".'
    )
    value: str = field(description="The code, the same in every language.")
    label: str = field(description="The label in the language of the request.")
    zh: str = field(description="The label in Chinese.")
    en: str = field(description="The label in English.")


Kinds = Annotated[
    list[str] | None,
    argument(name="kinds", description="Labels of these kinds alone; null: of every kind."),
]


@strawberry.type
class LabelsQuery:
    """The query about labels."""

    @field(description="What a person calls the values of enums, commands and types of events.")
    def labels(self, info: Info, kinds: Kinds = None) -> list[Label]:
        language = info.context.language
        known = labels(language)
        wanted = list(known) if kinds is None else list(dict.fromkeys(kinds))
        return [label for kind in wanted for label in _of_kind(kind, language)]


def _of_kind(kind: str, language: Language) -> Iterator[Label]:
    shown = labels(language).get(kind)
    if shown is None:
        raise InvalidInput(["kinds"], f"There is no kind of labels {kind[:40]}.")
    for value, label in shown.items():
        yield Label(
            kind=kind,
            value=value,
            label=label,
            zh=labels(Language.ZH)[kind][value],
            en=labels(Language.EN)[kind][value],
        )
