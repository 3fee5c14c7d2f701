"""Writes IEEE 1849 XES as a stream, one element a line, so that simple readers read it too."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.case.vocabulary import Attribute

HEADER: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
\t<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
\t<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
\t<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
\t<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
\t<global scope="trace">
\t\t<string key="concept:name" value="name"/>
\t</global>
\t<global scope="event">
\t\t<string key="concept:name" value="name"/>
\t\t<date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
\t</global>
\t<classifier name="Activity" keys="concept:name"/>
"""
FOOTER: Final = b"</log>\n"

PIECE_OF_READERS: Final = 4096
"""pm4py's usual reader decodes pieces of so many bytes one by one: a character that lies across
two breaks it. White space in front of the line moves the character out of the way."""

_CONTINUES: Final = 0b10  # how the second and later bytes of a character begin in UTF-8

_ESCAPES: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        # As characters they would be read back as spaces.
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }
    # XML 1.0 has no place for these, not even as references.
    | {chr(code): "\ufffd" for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
    | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
)


def escaped(text: str) -> str:
    """`text` as the value of an XML attribute."""
    return text.translate(_ESCAPES)


class XesWriter:
    """Turns traces into the bytes of a log; the caller writes them out in the order given."""

    def __init__(self) -> None:
        self._written = 0

    def begin(self, name: str) -> bytes:
        """The log's beginning. name: its concept:name."""
        lines = [*HEADER.splitlines(), *_lines(Attribute("concept:name", "string", name), 1)]
        return self._bytes(lines)

    def trace(
        self, attributes: Iterable[Attribute], events: Iterable[Iterable[Attribute]]
    ) -> bytes:
        """One trace: its own attributes, and those of each event."""
        lines = ["\t<trace>", *_all_lines(attributes, 2)]
        for event in events:
            lines += ["\t\t<event>", *_all_lines(event, 3), "\t\t</event>"]
        lines.append("\t</trace>")
        return self._bytes(lines)

    def end(self) -> bytes:
        """The log's end."""
        return FOOTER

    def _bytes(self, lines: Sequence[str]) -> bytes:
        whole = "\n".join((*lines, ""))
        encoded = whole.encode() if whole.isascii() else self._out_of_the_way(lines)
        self._written += len(encoded)
        return encoded

    def _out_of_the_way(self, lines: Iterable[str]) -> bytes:
        encoded = bytearray()
        for line in lines:
            content = f"{line}\n".encode()
            encoded += b" " * _padding(self._written + len(encoded), content) + content
        return bytes(encoded)


def _padding(offset: int, content: bytes) -> int:
    """How many spaces keep every character of `content`, written at `offset`, within one piece."""
    for spaces in range(PIECE_OF_READERS):
        first = -(offset + spaces) % PIECE_OF_READERS
        cuts = range(first, len(content), PIECE_OF_READERS)
        if not any(_within_a_character(content[cut]) for cut in cuts):
            return spaces
    return 0  # a value of many pieces, each cut in a character: nothing helps


def _within_a_character(byte: int) -> bool:
    return byte >> 6 == _CONTINUES


def _all_lines(attributes: Iterable[Attribute], depth: int) -> Iterator[str]:
    for attribute in attributes:
        yield from _lines(attribute, depth)


def _lines(attribute: Attribute, depth: int) -> Iterator[str]:
    indent, kind = "\t" * depth, attribute.type
    key = "" if kind == "values" else f' key="{escaped(attribute.key)}"'
    value = "" if attribute.value is None else f' value="{escaped(attribute.value)}"'
    if not attribute.children and attribute.value is not None:
        yield f"{indent}<{kind}{key}{value}/>"
        return
    # A list without anything in it is not written as an empty tag: pm4py's usual reader takes
    # every list for an open one.
    yield f"{indent}<{kind}{key}{value}>"
    yield from _all_lines(attribute.children, depth + 1)
    yield f"{indent}</{kind}>"
