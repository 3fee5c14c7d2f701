"""Which language somebody asks for: `Accept-Language` as RFC 9110 section 12.5.4 defines it."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

MOST_CHARACTERS: Final = 1000
_ITEM: Final = re.compile(
    r"(\*|[a-z]{1,8}(?:-[a-z0-9*]{1,8})*)(?:\s*;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
_ANY: Final = "*"


class Language(StrEnum):
    """The languages there are, by their primary subtag (BCP 47)."""

    EN = "en"
    ZH = "zh"

    @property
    def tag(self) -> str:
        """What an answer in it is marked with: `Content-Language`."""
        return "zh-Hans" if self is Language.ZH else "en"


@lru_cache(maxsize=256)
def _chosen(accept: str) -> Language:
    qualities: dict[str, float] = {}
    for item in accept.lower().split(","):
        found = _ITEM.fullmatch(item.strip())
        if found is not None:
            primary = found[1].partition("-")[0]
            qualities[primary] = max(qualities.get(primary, 0.0), float(found[2] or 1))
    order = [*(name for name in qualities if name != _ANY), *Language]
    others = qualities.get(_ANY, 0.0)
    best, best_quality = Language.EN, 0.0
    for name in order:
        quality = qualities.get(name, others)
        if name in set(Language) and quality > best_quality:
            best, best_quality = Language(name), quality
    return best


def chosen(accept: str | None) -> Language:
    """The language of the highest weight; among equals the one named first; else English.

    Every sort of Chinese is served with the one there is (simplified).
    """
    return Language.EN if accept is None else _chosen(accept[:MOST_CHARACTERS])
