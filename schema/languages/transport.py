"""Errors in the form of a response, in the language asked for: for what `app/web` refuses."""

from collections.abc import Mapping
from typing import Any

from schema.languages.catalogue import sentence, template
from schema.languages.language import Language


def translated(error: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """An error with an English message and a code, with the message in another language.

    Words that are not ours, as those of the GraphQL library, are kept behind ours.
    """
    if language is Language.EN:
        return error
    english = str(error["message"])
    ours = sentence(english, language)
    if ours is None:
        words = template(str(error.get("extensions", {}).get("code", "")), language)
        ours = None if words is None else words.replace("{message}", english)
    return error if ours is None else {**error, "message": ours}
