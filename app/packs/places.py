"""Where in a pack's file something is written that the domain names by its own path."""

import re
from collections.abc import Sequence
from typing import Final

from app.packs.lines import Place

# Names of the domain's paths -> names of tables and keys in the files.
_TOP_TABLES: Final = {
    "types": "type",
    "rules": "rule",
    "suspensionReasons": "suspension_reason",
    "ladders": "ladder",
    "metrics": "metric",
}
_TABLES: Final = {
    "fields": "field",
    "choices": "choice",
    "rungs": "rung",
    "parts": "part",
    "bands": "band",
    "labelZh": "zh",
    "labelEn": "en",
}


def place_of(path: Sequence[str]) -> Place:
    """The place in a file that a path of the domain means."""
    top, *below = path
    steps = (int(step) if step.isdigit() else _TABLES.get(step) or _snake(step) for step in below)
    return (_TOP_TABLES.get(top) or _snake(top), *steps)


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()
