"""Text search for Chinese and English without extensions: n-gram tokens, checked exactly.

Texts are normalised (NFKC, case folded, white space collapsed), so that width and case do not
matter. The tokens of a text are, for each run of CJK characters, its characters and bigrams; for
each run of other letters and digits, its bigrams and trigrams. A word can only occur in a text
that has all tokens of the word; the index finds those, and containment is then checked.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final
from uuid import UUID

from domain.refusal import InvalidInput

MOST_WORDS: Final = 16
MOST_QUERY: Final = 200
"""Characters of a search text."""

_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
RUNS: Final = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+)")


@dataclass(frozen=True)
class TextQuery:
    """words: normalised, each must occur. tokens: what an index can look for, at least one."""

    words: tuple[str, ...]
    tokens: tuple[str, ...]


def normalised(*texts: str | None) -> str:
    """The texts as they are compared, joined by a line break that no word can contain."""
    return "\n".join(
        " ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in texts if text
    )


def tokens(normal: str) -> list[str]:
    """The tokens under which a normalised text is found, sorted, each once."""
    found: set[str] = set()
    for match in RUNS.finditer(normal):
        cjk, run = match[1], match[0]
        if cjk:
            found.update(cjk)
        else:
            found.update(map("".join, zip(run, run[1:], run[2:], strict=False)))
        found.update(map("".join, pairwise(run)))
    return sorted(found)


def text_query(text: str) -> TextQuery:
    """What to look for. Raises InvalidInput where a text is too short or too long to search."""
    if len(text) > MOST_QUERY:
        raise InvalidInput(["filter", "text"], f"text has more than {MOST_QUERY} characters")
    words = tuple(dict.fromkeys(normalised(text).split()))
    if len(words) > MOST_WORDS:
        raise InvalidInput(["filter", "text"], f"text has more than {MOST_WORDS} words")
    wanted = sorted({token for word in words for token in _query_tokens(word)})
    if not wanted:
        raise InvalidInput(
            ["filter", "text"], "text needs two letters or digits, or one CJK character"
        )
    return TextQuery(words, tuple(wanted))


def _query_tokens(word: str) -> Iterable[str]:
    """The longest tokens that cover each run: shorter ones would only be found more often."""
    for match in RUNS.finditer(word):
        run, longest = match[0], 2 if match[1] else 3
        if len(run) == 1 and not match[1]:
            continue
        size = min(len(run), longest)
        yield from (run[start : start + size] for start in range(len(run) - size + 1))


def text_key(case_id: UUID, title: str | None, description: str | None) -> int | None:
    """Names a text of a case by its content, as a signed 64-bit number; None: there is none."""
    if title is None and description is None:
        return None
    lengths = [-1 if text is None else len(text) for text in (title, description)]
    content = f"{lengths}{title or ''}{description or ''}"
    digest = blake2b(content.encode(), digest_size=8, key=case_id.bytes).digest()
    return int.from_bytes(digest, signed=True)
