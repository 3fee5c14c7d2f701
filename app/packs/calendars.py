"""The work calendars of a pack: calendars.toml, which a pack may leave out."""

import calendar
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.packs.shapes import CalendarsFile
from app.toml_files import TomlProblem, read_toml
from domain.calendar.checks import check_calendars
from domain.calendar.content import WorkCalendar
from domain.refusal import InvalidInput

FILE: Final = "calendars.toml"

_WEEKDAYS: Final = [name.lower() for name in calendar.day_name]
_KEYS: Final = {"makeUpDays": "make_up", "labelZh": "zh", "labelEn": "en"}


def read_calendars(
    folder: Path, found: list[TomlProblem]
) -> tuple[str | None, tuple[WorkCalendar, ...]]:
    """The code of the default calendar, and all of them; what is wrong goes to `found`."""
    path = folder / FILE
    read = read_toml(path, CalendarsFile, found) if path.exists() else None
    if read is None:
        return None, ()
    file, content = read
    calendars = tuple(table.value() for table in content.calendar)
    try:
        check_calendars(calendars, content.default)
    except InvalidInput as refused:
        found.append(file.problem(_place(refused.path), refused.message))
    return content.default, calendars


def _place(path: Sequence[str]) -> tuple[str | int, ...]:
    """Where it is written. Of a table of holidays the domain counts each day by itself."""
    if len(path) == 1:
        return ("default",)
    number, *below = path[1:]
    if below[:1] == ["week"]:
        return ("calendar", int(number), *(_WEEKDAYS[int(day)] for day in below[1:2]))
    if below[:1] == ["holidays"]:
        return ("calendar", int(number), "holiday", 0)
    steps = (int(step) if step.isdigit() else _KEYS.get(step, step) for step in below)
    return ("calendar", int(number), *steps)
