"""Words for people, in the language they ask for. Codes are the same in every language.

English messages stand where they are raised: refusals in their docstrings, sentences in the
code. What other languages say is in one file each, and so are the labels of all languages.
"""

from schema.languages.catalogue import label, labels, sentence
from schema.languages.language import Language, chosen
from schema.languages.refusals import message_of

__all__ = ["Language", "chosen", "label", "labels", "message_of", "sentence"]
