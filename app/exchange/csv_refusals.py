"""Why a CSV file or one of its rows was refused: codes, words, line and column."""

from typing import Final

from app.exchange.refusals import FileRefused, Located
from domain.refusal import Fact

MOST_SHOWN: Final = 80
"""Characters of a name that are repeated in a message."""


class CsvEmpty(FileRefused):
    """The file has no header: it is empty."""

    code = "CSV_EMPTY"

    def __init__(self) -> None:
        super().__init__(1)


class CsvColumnMissing(FileRefused):
    """Line {line}: the header has no column {column}, which the mapping names."""

    code = "CSV_COLUMN_MISSING"


class CsvColumnTwice(FileRefused):
    """Line {line}: the header has the column {column} twice, and the mapping names it."""

    code = "CSV_COLUMN_TWICE"


class CsvRowUnended(FileRefused):
    """Line {line}: a quoted field does not end within {limit} characters, or not at all."""

    code = "CSV_ROW_UNENDED"


class CsvNotInEncoding(FileRefused):
    """Line {line}: the file is not {encoding}, as the mapping says."""

    code = "CSV_NOT_IN_ENCODING"


class RowRefused(Located):
    """Line {line}: the row was refused. column: by its name in the header; empty: no one column."""

    def __init__(self, line: int, column: str = "", **facts: Fact) -> None:
        self.column = column
        if column:
            facts["column"] = column[:MOST_SHOWN]
        super().__init__(line, **facts)


class RowRagged(RowRefused):
    """Line {line}: the row has {fields} fields, the header has {columns}."""

    code = "ROW_RAGGED"


class RowDuplicate(RowRefused):
    """Line {line}, column {column}: a row on line {first} already has this id."""

    code = "ROW_DUPLICATE"


class CellMissing(RowRefused):
    """Line {line}, column {column}: empty, and the mapping needs it."""

    code = "CELL_MISSING"


class CellTooLong(RowRefused):
    """Line {line}, column {column}: longer than {limit} characters."""

    code = "CELL_TOO_LONG"


class CellUnstorable(RowRefused):
    """Line {line}, column {column}: a control character, or bytes that are not {encoding}."""

    code = "CELL_UNSTORABLE"


class CellUnknown(RowRefused):
    """Line {line}, column {column}: a value that the mapping does not know."""

    code = "CELL_UNKNOWN"


class TimeUnreadable(RowRefused):
    """Line {line}, column {column}: not a time in any format of the mapping."""

    code = "TIME_UNREADABLE"


class TimeNonexistent(RowRefused):
    """Line {line}, column {column}: no clock in {zone} showed this time; it was put forward."""

    code = "TIME_NONEXISTENT"


class TimeOutOfOrder(RowRefused):
    """Line {line}, column {column}: earlier than {earlier}, which comes before it."""

    code = "TIME_OUT_OF_ORDER"


class StatusContradicts(RowRefused):
    """Line {line}, column {column}: says {said}, and the time of closing says otherwise."""

    code = "STATUS_CONTRADICTS"


class PointInvalid(RowRefused):
    """Line {line}, column {column}: not a latitude and a longitude in degrees."""

    code = "POINT_INVALID"


class RowTooLarge(RowRefused):
    """Line {line}: what the row says does not fit into an entry of 64 KiB."""

    code = "ROW_TOO_LARGE"
