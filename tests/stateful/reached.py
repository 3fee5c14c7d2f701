"""How far a run got: which commands were accepted, and how cases stood. For people to look at."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from domain.case.lifecycle import LIFECYCLE
from domain.recorded import RecordedEvent
from projections.case_state import CaseState, evolve

EVERY: Final = 10
"""Examples between two lines about how far a run is."""


class Reached:
    """Counted over all cases of a run: commands as often as they were recorded, anything else by
    the number of cases. tell: is given a line now and then, while the run goes on."""

    def __init__(self, tell: Callable[[str], object] = str) -> None:
        self._tell = tell
        self.commands: Counter[str] = Counter()
        self.standing: Counter[tuple[str, str]] = Counter()
        self.examples = self.steps = self.cases = 0

    def take_in(self, streams: Iterable[Sequence[RecordedEvent]], steps: int) -> None:
        """Count the cases of one example; a command on several of them counts once."""
        given = set()
        for events in streams:
            self.cases += 1
            given |= {(each.authority.permission, each.command_id) for each in events}
            self.standing.update(set(_stood(events)))
        self.commands.update(permission for permission, _ in given)
        self.examples += 1
        self.steps += steps
        if self.examples % EVERY == 0:
            self._tell(self.line())

    def line(self) -> str:
        """How much there was of it, and what there was nothing of."""
        return (
            f"{self.examples} examples, {self.steps} steps, {self.cases} cases, "
            f"{self.commands.total()} commands accepted; never: {', '.join(self.missing()) or '-'}"
        )

    def missing(self) -> list[str]:
        """The commands on a case that were never accepted."""
        return sorted(LIFECYCLE.keys() - self.commands.keys())

    def table(self) -> str:
        """All of it, the seldom first."""
        lines = [self.line()]
        lines += _columns("command", self.commands)
        lines += _columns(
            "reached by cases", {" ".join(each): number for each, number in self.standing.items()}
        )
        return "\n".join(lines)


def _stood(events: Sequence[RecordedEvent]) -> Iterator[tuple[str, str]]:
    """How a case stood after each of its events."""
    state: CaseState | None = None
    for each in events:
        state = evolve(state, each)
        yield "stage", state.stage
        yield "hold", state.hold
        yield "return", state.return_state
        yield "supervision", state.supervision
        yield "feedback", state.feedback_state
        yield "publication", state.publication_state
        yield "confidentiality", state.details.confidentiality
        yield "cycle", str(state.cycle)
        yield from (("waits for", each.kind) for each in state.details.pending_decisions)
        yield from (("clock", each.kind) for each in state.details.clocks)


def _columns(title: str, numbers: dict[str, int]) -> Iterator[str]:
    """Four to a line."""
    yield f"-- {title}"
    told = [
        f"{number:6} {name:28}"
        for name, number in sorted(numbers.items(), key=lambda each: (each[1], each[0]))
    ]
    for first in range(0, len(told), 4):
        yield " ".join(told[first : first + 4]).rstrip()
