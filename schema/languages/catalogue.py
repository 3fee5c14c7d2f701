"""What the files of the languages say: messages by code, sentences, and labels by kind."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from schema.languages.language import Language

MOST_MATCHED: Final = 500
"""Characters of a sentence that is looked up; a longer one holds a client's own words."""
_BLANK: Final = re.compile(r"\{(\w+)\}")
_FOLDER: Final = Path(__file__).parent


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file. messages: code -> template. sentences: English -> template. labels: by kind."""

    labels: Mapping[str, Mapping[str, str]]
    messages: Mapping[str, str] = {}
    sentences: Mapping[str, str] = {}


def _read(language: Language) -> Words:
    text = (_FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


WORDS: Final = {language: _read(language) for language in Language}


def labels(language: Language) -> Mapping[str, Mapping[str, str]]:
    """Labels by kind and value. A kind is named as GraphQL names the enum, else as the domain."""
    return WORDS[language].labels


def label(kind: str, value: str, language: Language) -> str:
    """The label of a value; the value itself where there is none."""
    return WORDS[language].labels.get(kind, {}).get(value, value)


def template(code: str, language: Language) -> str | None:
    """The message of a code, with placeholders; None where it is the English one."""
    return WORDS[language].messages.get(code)


def sentence(english: str, language: Language) -> str | None:
    """One of our sentences in another language; None where it is not one of ours."""
    if language is Language.EN:
        return english
    if len(english) > MOST_MATCHED:
        return None
    for pattern, words in _patterns(language):
        found = pattern.fullmatch(english)
        if found is not None:
            return words.format(**found.groupdict())
    return None


@cache
def _patterns(language: Language) -> list[tuple[re.Pattern[str], str]]:
    """Every sentence as a pattern, those with the most words of their own first."""
    sentences = sorted(WORDS[language].sentences.items(), key=lambda item: -_own(item[0]))
    return [(_pattern(english), words) for english, words in sentences]


def _own(english: str) -> int:
    return len(_BLANK.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    parts = _BLANK.split(english)  # text, name, text, name, ... text
    texts, names = parts[::2], parts[1::2]
    blanks = (
        f"(?P<{name}>.+?){re.escape(text)}" for name, text in zip(names, texts[1:], strict=True)
    )
    return re.compile(re.escape(texts[0]) + "".join(blanks), re.DOTALL)
