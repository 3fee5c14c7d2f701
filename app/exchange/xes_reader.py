"""Reads IEEE 1849 XES logs as a stream: one trace at a time, in constant memory.

expat parses: it knows the line of everything, expands nothing behind our back (a document type
declaration is refused before an entity is read), and fetches nothing. Values are kept as written.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from app.exchange.log_file import LogFile
from app.exchange.refusals import (
    EntryTooLarge,
    EventOutsideTrace,
    InvalidValue,
    NotXes,
    TraceRefused,
    TraceTooLong,
    UnknownElement,
    ValueMissing,
    XmlDoctype,
    XmlTooDeep,
)
from app.exchange.xes_times import is_time
from domain.case.vocabulary import Attribute

MAX_DEPTH: Final = 64
MAX_EVENTS_OF_TRACE: Final = 50_000
MAX_SIZE_OF_TRACE: Final = 64 * 1024 * 1024
MAX_SIZE_OF_ENTRY: Final = 64 * 1024
"""A bound on what is kept while reading; what really fits is decided when it is recorded."""

SIZE_OF_ATTRIBUTE: Final = 64
"""What an attribute counts beside its key and value."""

NAME: Final = "concept:name"
TIME: Final = "time:timestamp"
NESTING: Final = frozenset({"list", "container", "values"})
VALUED: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})

_LOG, _TOP, _INNER = 1, 2, 3  # depths: the log itself, a trace in it, an event in that
_KINDS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class XesEvent:
    """An event as it stands in the log. line: where it begins, from 1.

    size: an estimate, in characters, of all its attributes together.
    """

    line: int
    attributes: tuple[Attribute, ...]
    size: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class XesTrace:
    """A trace as it stands in the log. line: where it begins, from 1."""

    line: int
    attributes: tuple[Attribute, ...]
    events: tuple[XesEvent, ...]


@dataclass(frozen=True, slots=True)
class BadTrace:
    """A trace, or an event outside any, that was skipped. line: where it begins."""

    line: int
    refusal: TraceRefused


def survey(file: LogFile) -> Iterator[str | None]:
    """The first pass: after each piece, the log's own concept:name as far as it was found.

    It is looked for before the first trace. Raises a FileRefused. A file that comes through it is
    well-formed to its last byte, so that nothing is taken from one that is not.
    """
    surveyor = _Surveyor()
    for _ in file.parse(surveyor):
        yield surveyor.log_name


def read_traces(file: LogFile) -> Iterator[XesTrace | BadTrace]:
    """The second pass: every trace in the order of the log. Raises a FileRefused."""
    builder = _TraceBuilder()
    for _ in file.parse(builder):
        while builder.finished:
            yield builder.finished.popleft()


class _Structure:
    """What both passes check: the outermost element, the depth, that there is no document type."""

    parser: expat.XMLParserType

    def __init__(self) -> None:
        self.depth = 0
        self._kinds: dict[str, str] = {}
        self._namespace = ""

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of a parser that is about to begin."""
        self.parser = parser
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def start(self, kind: str, values: dict[str, str]) -> None:
        """An element begins, at `self.depth`."""

    def end(self) -> None:
        """The element at `self.depth` ends."""

    def _refuse_doctype(self, *_: object) -> None:
        raise XmlDoctype(self.parser.CurrentLineNumber)

    def _start(self, name: str, values: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XmlTooDeep(self.parser.CurrentLineNumber, limit=MAX_DEPTH)
        self.start(self._kinds.get(name) or self._kind(name), values)

    def _end(self, _name: str) -> None:
        self.end()
        self.depth -= 1

    def _kind(self, name: str) -> str:
        """The local name of an element of the log's namespace; others keep theirs in front."""
        namespace, _, local = name.rpartition(" ")
        if not self._kinds:
            if local != "log":
                raise NotXes(self.parser.CurrentLineNumber, found=local[:80])
            self._namespace = namespace
        kind = local if namespace == self._namespace else name
        if len(self._kinds) < _KINDS_KEPT:
            self._kinds[name] = kind
        return kind


class _Surveyor(_Structure):
    """The first pass. From the first trace on only depth is watched, as cheaply as may be."""

    def __init__(self) -> None:
        super().__init__()
        self.log_name: str | None = None

    def start(self, kind: str, values: dict[str, str]) -> None:
        if self.depth == _TOP and kind == "trace":
            self.parser.StartElementHandler = self._deeper
            self.parser.EndElementHandler = self._higher
        elif self.depth == _TOP and values.get("key") == NAME:
            self.log_name = values.get("value")

    def _deeper(self, _name: str, _values: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XmlTooDeep(self.parser.CurrentLineNumber, limit=MAX_DEPTH)

    def _higher(self, _name: str) -> None:
        self.depth -= 1


class _TraceBuilder(_Structure):
    """The second pass: builds traces, and skips those that cannot be taken.

    Of what stands beside the traces (extensions, globals, classifiers, attributes of the log)
    nothing is kept: it tells how to read attributes, which are kept as written.
    """

    def __init__(self) -> None:
        super().__init__()
        self.finished: deque[XesTrace | BadTrace] = deque()
        self._line = 0
        self._refusal: TraceRefused | None = None
        self._begin_trace()

    def _begin_trace(self) -> None:
        # (kind, key, value, children) of each open element of a trace, outermost first
        self._open: list[tuple[str, str, str | None, list[Attribute]]] = []
        self._events: list[XesEvent] = []
        self._event_line = 0
        self._event_size = 0
        self._size = 0

    def start(self, kind: str, values: dict[str, str]) -> None:
        if self.depth == _TOP:
            self._line = self.parser.CurrentLineNumber
            if kind == "trace":
                self._open.append((kind, "", None, []))
            elif kind == "event":
                self._refusal = EventOutsideTrace(self._line)
        elif self._open and self._refusal is None:
            if kind in VALUED:
                self._refusal = self._valued(kind, values)
            elif kind in NESTING:
                self._refusal = self._nesting(kind, values)
            elif kind == "event" and self.depth == _INNER:
                self._refusal = self._event()
            else:
                self._refusal = UnknownElement(self.parser.CurrentLineNumber, element=kind[:80])

    def end(self) -> None:
        if self.depth == _TOP:
            self._finish()
        elif self._open and self._refusal is None:
            kind, key, value, children = self._open.pop()
            if kind == "event":
                event = XesEvent(self._event_line, tuple(children), self._event_size)
                self._events.append(event)
                self._event_line = self._event_size = 0
            else:
                self._open[-1][3].append(Attribute(key, kind, value, tuple(children)))

    def _finish(self) -> None:
        if self._refusal is not None:
            self.finished.append(BadTrace(self._line, self._refusal))
            self._refusal = None
        elif self._open:
            attributes = tuple(self._open[0][3])
            self.finished.append(XesTrace(self._line, attributes, tuple(self._events)))
        self._begin_trace()

    def _event(self) -> TraceRefused | None:
        self._event_line = self.parser.CurrentLineNumber
        self._event_size = 0
        if len(self._events) == MAX_EVENTS_OF_TRACE:
            return self._too_long(self._event_line)
        self._open.append(("event", "", None, []))
        return None

    def _valued(self, kind: str, values: dict[str, str]) -> TraceRefused | None:
        key, value = values.get("key"), values.get("value")
        if key is None or value is None:
            missing = "key" if key is None else "value"
            return ValueMissing(self.parser.CurrentLineNumber, type=kind, missing=missing)
        check = _CHECKS.get(kind)
        if check is not None and not self._is_time_of_event(key) and not check(value):
            return InvalidValue(self.parser.CurrentLineNumber, key=key[:80], type=kind)
        self._open.append((kind, key, value, []))
        return self._weigh(SIZE_OF_ATTRIBUTE + len(key) + len(value))

    def _nesting(self, kind: str, values: dict[str, str]) -> TraceRefused | None:
        key = "" if kind == "values" else values.get("key")
        if key is None:
            return ValueMissing(self.parser.CurrentLineNumber, type=kind, missing="key")
        if kind == "values" and self._open[-1][0] not in NESTING:
            return UnknownElement(self.parser.CurrentLineNumber, element=kind)
        self._open.append((kind, key, None, []))
        return self._weigh(SIZE_OF_ATTRIBUTE + len(key))

    def _is_time_of_event(self, key: str) -> bool:
        """That one is read, and so checked, where the event becomes an activity."""
        return key == TIME and self.depth == _INNER + 1

    def _weigh(self, size: int) -> TraceRefused | None:
        self._size += size
        self._event_size += size
        if self._event_size > MAX_SIZE_OF_ENTRY:
            return EntryTooLarge(self._event_line or self._line)
        if self._size > MAX_SIZE_OF_TRACE:
            return self._too_long(self.parser.CurrentLineNumber)
        return None

    @staticmethod
    def _too_long(line: int) -> TraceRefused:
        return TraceTooLong(line, events=MAX_EVENTS_OF_TRACE, size=MAX_SIZE_OF_TRACE)


_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,19}\s*").fullmatch
_FLOAT = re.compile(
    r"\s*(?:[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?|NaN|[+-]?INF(?:INITY)?)\s*",
    re.IGNORECASE,
).fullmatch
_INT64: Final = 2**63


def _is_int(value: str) -> bool:
    return _INTEGER(value) is not None and -_INT64 <= int(value) < _INT64


def _is_boolean(value: str) -> bool:
    return value.strip().lower() in {"true", "false", "1", "0"}


_CHECKS: Final[dict[str, Callable[[str], object]]] = {
    "date": is_time,
    "int": _is_int,
    "float": _FLOAT,
    "boolean": _is_boolean,
}
