"""Nothing is missing in any language: no code, no placeholder, no sentence, no label.

Whoever adds a refusal, an enum value, a command or an event adds its words to
`schema/languages/zh.toml` (and labels to `en.toml`): this test says which.
"""

import importlib
import pkgutil
from enum import Enum
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from graphql import GraphQLEnumType, build_schema

import domain
import schema.build  # noqa: F401 - so that enumerations have their names in GraphQL
from app.rate_limit import RateLimited
from domain.command import Command
from domain.permissions import PERMISSIONS
from domain.refusal import Refusal
from schema.context import OutcomeUnknown, Unavailable
from schema.languages.catalogue import WORDS, _pattern, sentence
from schema.languages.language import Language
from schema.languages.refusals import KINDS, KINDS_OF_CODE, kind_of
from schema.print import printed
from tests.contracts.events import domain_events
from tests.contracts.refusals import every_refusal
from tests.languages.english import sentences

ZH = WORDS[Language.ZH]
TRANSPORT = Path("tests/contracts/transport_codes.txt").read_text(encoding="utf-8").split()
UNAVAILABLE = [Unavailable.code, OutcomeUnknown.code]
REFUSALS: list[type[Refusal]] = [*every_refusal(), RateLimited]


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def modules() -> None:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)


def enumerations() -> dict[str, set[str]]:
    """Kind -> values, of every enumeration in the domain and in the schema."""
    modules()
    found: dict[str, set[str]] = {}
    waiting: list[type[Any]] = [Enum]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting += kinds
        for kind in kinds:
            if kind.__module__.startswith("domain.") and kind.__members__:
                found.setdefault(kind_of(kind), set()).update(str(each.value) for each in kind)
    for name, graphql_type in build_schema(printed()).type_map.items():
        if isinstance(graphql_type, GraphQLEnumType) and not name.startswith("__"):
            found.setdefault(name, set(graphql_type.values))
    return found


def commands() -> set[str]:
    """The name of every command and of every other permission."""
    modules()
    found, waiting = set(PERMISSIONS), [Command]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting += kinds
        found |= {kind.NAME for kind in kinds if "NAME" in vars(kind)}
    return {name for name in found if not name.startswith("_")}


ENUMERATIONS = enumerations()


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_has_words_with_the_same_blanks(refusal: type[Refusal]) -> None:
    english = (refusal.__doc__ or "").splitlines()[0]
    assert refusal.code in ZH.messages, f"add {refusal.code} to schema/languages/zh.toml"
    assert blanks(ZH.messages[refusal.code]) == blanks(english)


@pytest.mark.parametrize("code", [*TRANSPORT, *UNAVAILABLE])
def test_a_code_of_the_transport_has_words(code: str) -> None:
    assert code in ZH.messages, f"add {code} to schema/languages/zh.toml"


def test_no_words_are_for_a_code_that_is_gone() -> None:
    known = {*TRANSPORT, *UNAVAILABLE, *(kind.code for kind in REFUSALS)}
    assert set(ZH.messages) - known == set()


def test_blanks_of_the_transport_are_its_own_words() -> None:
    ours = {kind.code for kind in REFUSALS}
    for code in set(TRANSPORT) - ours:
        assert blanks(ZH.messages[code]) <= {"message"}, code


FOUND = sentences()
NO_SENTENCE = {
    "{} {}",  # domain/catalogue/fields.py: its parts are listed as sentences
    "{}",
}


def test_sentences_are_found_in_the_code() -> None:
    assert len(FOUND) > 80
    assert {"{} must not be blank", "Use GET.", "At most {} bytes."} <= set(FOUND)


@pytest.mark.parametrize("template", sorted(set(FOUND) - NO_SENTENCE))
def test_a_sentence_has_words(template: str) -> None:
    told = f"add it to [sentences] of schema/languages/zh.toml; it stands in {FOUND[template]}"
    said = template.replace("{}", "7")
    assert sentence(said, Language.ZH) is not None, told


@pytest.mark.parametrize("english", sorted(ZH.sentences))
def test_a_sentence_keeps_its_blanks_and_is_found_again(english: str) -> None:
    assert blanks(english) == blanks(ZH.sentences[english])
    values = {name: f"<{name}>" for name in blanks(english)}
    shown = sentence(english.format(**values), Language.ZH)
    assert shown is not None
    for value in values.values():
        assert value in shown
    assert _pattern(english).fullmatch(english.format(**values))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", sorted(ENUMERATIONS))
def test_every_value_of_an_enumeration_has_a_label(kind: str, language: Language) -> None:
    labels = WORDS[language].labels.get(kind, {})
    missing = ENUMERATIONS[kind] - set(labels)
    assert not missing, f"add them to [labels.{kind}] of schema/languages/{language}.toml"


@pytest.mark.parametrize("language", Language)
def test_every_command_and_event_has_a_label(language: Language) -> None:
    labels = WORDS[language].labels
    assert commands() - set(labels["Command"]) == set()
    assert set(domain_events()) - set(labels["Event"]) == set()


def test_every_language_labels_the_same_and_nothing_with_blank() -> None:
    kinds = [
        {kind: set(values) for kind, values in WORDS[language].labels.items()}
        for language in Language
    ]
    assert kinds[0] == kinds[1]
    for language in Language:
        for values in WORDS[language].labels.values():
            assert all(label.strip() == label and label for label in values.values())


def test_labels_of_one_kind_tell_values_apart() -> None:
    for language in Language:
        for kind, values in WORDS[language].labels.items():
            assert len(set(values.values())) == len(values), (language, kind)


def test_chinese_is_chinese() -> None:
    for kind, values in ZH.labels.items():
        for value, label in values.items():
            assert any("\u4e00" <= character <= "\u9fff" for character in label), (kind, value)


def test_facts_are_of_kinds_that_there_are() -> None:
    assert {*KINDS.values(), *KINDS_OF_CODE.values()} <= set(ZH.labels)
    by_code = {kind.code: blanks((kind.__doc__ or "").splitlines()[0]) for kind in REFUSALS}
    assert all(fact in by_code[code] for code, fact in KINDS_OF_CODE)


def test_no_label_is_for_a_value_that_is_gone() -> None:
    known = ENUMERATIONS | {"Command": commands(), "Event": set(domain_events())}
    known["Thing"] = known["Thing"] | {"case", "evidence", "version"}
    for kind, values in ZH.labels.items():
        assert set(values) - known.get(kind, set()) == set(), kind
