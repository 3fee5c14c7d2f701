"""The message of a refusal, its facts shown by their labels."""

from enum import Enum
from typing import Final

from domain.refusal import Fact, InvalidInput, Refusal
from schema.languages.catalogue import label, sentence, template
from schema.languages.language import Language

KINDS: Final = {
    "area_kind": "AreaKind",
    "audience": "Audience",
    "command": "Command",
    "permission": "Command",
    "role": "Role",
    "roles": "Role",
    "stage": "CaseStage",
    "state": "ConfigurationState",
    "thing": "Thing",
    "unit_kind": "UnitKind",
    "what": "Thing",
}
"""fact -> the kind of its labels."""

KINDS_OF_CODE: Final = {
    ("AUDIENCE_NOT_OPEN", "allowed"): "Audience",
    ("CAUSE_NOT_ALLOWED", "allowed"): "ExclusionCause",
    ("REMEDIAL_PLAN_NEEDED", "level"): "OrderLevel",
    ("PERSONAL_DATA_CLOSED", "state"): "PersonalDataState",
    ("WRONG_STAGE", "allowed"): "CaseStage",
    ("WRONG_VERSION_STATE", "allowed"): "ConfigurationState",
}
"""(code, fact) -> the kind, where one name means different things."""

_LIST: Final = {Language.EN: ", ", Language.ZH: "、"}


def message_of(refusal: Refusal, language: Language) -> str:
    """The sentence for a person, without personal data."""
    if isinstance(refusal, InvalidInput):
        return _problem(refusal, language)
    words = template(refusal.code, language)
    if words is None:
        words = (type(refusal).__doc__ or refusal.code).splitlines()[0]
    facts = refusal.facts.items()
    return words.format(
        **{name: _shown(refusal.code, name, fact, language) for name, fact in facts}
    )


def kind_of(enumeration: type) -> str:
    """The kind of an enumeration's labels: its name in GraphQL (schema/enums.py), else its own."""
    definition = getattr(enumeration, "__strawberry_definition__", None)
    return str(getattr(definition, "name", enumeration.__name__))


def _problem(refusal: InvalidInput, language: Language) -> str:
    """What is wrong with the input; in English where no other words are there for it."""
    english = refusal.message
    return sentence(english, language) or english


def _shown(code: str, name: str, fact: Fact, language: Language) -> str:
    if isinstance(fact, list):
        return _LIST[language].join(_shown(code, name, each, language) for each in fact)
    kind = KINDS_OF_CODE.get((code, name)) or KINDS.get(name)
    if issubclass(type(fact), Enum):
        kind = kind_of(type(fact))
    if kind is None or (kind == "Command" and language is Language.EN):
        return str(fact)  # English messages speak of commands by name, as verbs
    return label(kind, str(fact), language)
