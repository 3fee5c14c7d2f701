"""Inputs that a command on a case may be given, for whoever asks whether any is accepted."""

from collections.abc import Callable, Iterable
from typing import Final

from domain.case import Case
from domain.command import Command
from tests.domain.histories import EXAMPLES

INPUT_DECIDES: Final[dict[str, str]] = {
    "dispatchCase": "which unit is competent depends on the unit that is named",
}
"""Commands that no example may fit although they are possible, and why: only somebody who knows
more of the world than the case says finds an input that is accepted."""

FITTING: Final[dict[str, Callable[[Case], Iterable[Command]]]] = {}
"""Inputs that follow from the case, as which of its requests is decided."""


def inputs(case: Case, command: str) -> Iterable[Command]:
    """Examples of a command, and those that fit the case."""
    yield from (example for example in EXAMPLES if command == example.NAME)
    yield from FITTING.get(command, lambda _: ())(case)
