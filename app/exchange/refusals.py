"""Why a file, a trace or an export was refused: codes, words, and the line it was found on.

A `FileRefused` means that nothing of the file was taken; a `TraceRefused` that this one trace was
left out while the others were taken.
"""

from domain.refusal import Fact, Facts, Refusal


class Located(Refusal):
    """Line {line}: refused."""

    def __init__(self, line: int, **facts: Fact) -> None:
        self.line = line
        super().__init__(line=line, **facts)


class FileRefused(Located):
    """Line {line}: the file was refused."""


class FileUnreadable(FileRefused):
    """The file cannot be read: {problem}."""

    code = "FILE_UNREADABLE"

    def __init__(self, problem: str) -> None:
        super().__init__(0, problem=problem)


class GzipBroken(FileRefused):
    """Line {line}: the gzip file is damaged or cut off here."""

    code = "GZIP_BROKEN"


class XmlMalformed(FileRefused):
    """Line {line}, column {column}: not well-formed XML ({problem})."""

    code = "XML_MALFORMED"


class XmlEncodingUnknown(FileRefused):
    """Line {line}: the encoding {encoding} is not supported; convert the file to UTF-8."""

    code = "XML_ENCODING_UNKNOWN"


class XmlDoctype(FileRefused):
    """Line {line}: a document type declaration; XES has none, and entities are not expanded."""

    code = "XML_DOCTYPE"


class XmlTooDeep(FileRefused):
    """Line {line}: elements nested more than {limit} deep."""

    code = "XML_TOO_DEEP"


class XmlTokenTooLong(FileRefused):
    """Line {line}: one tag or text is longer than {limit} bytes."""

    code = "XML_TOKEN_TOO_LONG"


class NotXes(FileRefused):
    """Line {line}: the outermost element is {found}, so this is not an XES log."""

    code = "NOT_XES"


class SourceInvalid(FileRefused):
    """The source {problem}; name it with --source."""

    code = "SOURCE_INVALID"

    def __init__(self, problem: str) -> None:
        super().__init__(0, problem=problem)


def file_refusal(code: str, line: int, facts: Facts) -> FileRefused:
    """The refusal that another process told of; facts: those beside the line."""
    kind = next(kind for kind in FileRefused.__subclasses__() if kind.code == code)
    refusal = kind.__new__(kind)
    Located.__init__(refusal, line, **facts)
    return refusal


class TraceRefused(Located):
    """Line {line}: the trace was refused."""


class TraceWithoutName(TraceRefused):
    """Line {line}: the trace has no concept:name."""

    code = "TRACE_WITHOUT_NAME"


class DuplicateTrace(TraceRefused):
    """Line {line}: a trace of this name began on line {first} already."""

    code = "DUPLICATE_TRACE"


class EventWithoutActivity(TraceRefused):
    """Line {line}: the event has no concept:name."""

    code = "EVENT_WITHOUT_ACTIVITY"


class EventWithoutTime(TraceRefused):
    """Line {line}: the event has no time:timestamp."""

    code = "EVENT_WITHOUT_TIME"


class TimeWithoutZone(TraceRefused):
    """Line {line}: time:timestamp has no zone; say which is meant with --time-zone."""

    code = "TIME_WITHOUT_ZONE"


class InvalidValue(TraceRefused):
    """Line {line}: the value of {key} is not of the type {type}."""

    code = "INVALID_VALUE"


class ValueMissing(TraceRefused):
    """Line {line}: a {type} attribute without {missing}."""

    code = "VALUE_MISSING"


class AmbiguousKey(TraceRefused):
    """Line {line}: {key} is given more than once."""

    code = "AMBIGUOUS_KEY"


class UnknownElement(TraceRefused):
    """Line {line}: an element {element} has no place here."""

    code = "UNKNOWN_ELEMENT"


class EventOutsideTrace(TraceRefused):
    """Line {line}: an event that belongs to no trace."""

    code = "EVENT_OUTSIDE_TRACE"


class NameTooLong(TraceRefused):
    """Line {line}: {key} is longer than {limit} characters."""

    code = "NAME_TOO_LONG"


class EntryTooLarge(TraceRefused):
    """Line {line}: the event or trace here does not fit into an entry of 64 KiB."""

    code = "ENTRY_TOO_LARGE"


class TraceTooLong(TraceRefused):
    """Line {line}: the trace has more than {events} events, or more than {size} characters."""

    code = "TRACE_TOO_LONG"


class OutputUnusable(Refusal):
    """The output cannot be written: {problem}."""

    code = "OUTPUT_UNUSABLE"

    def __init__(self, problem: str) -> None:
        super().__init__(problem=problem)
