"""How the past states of a case lie in rows, on two axes of time: a pure fold.

The newest state of a case lies in `cases`. A row of `case_history` is a state the case has left:

- by_version: what the case was from `position` until before `next_position`, in version order.
- by_time: what it was, as known from position `known_from` until before `known_to`, from
  `valid_from` until before `valid_to`; as known before position `valid_to_since` the state had no
  end yet. These are the states of the fold in (occurred_at, version) order, inclusive.

These states are those of the events that change something. A quiet event (`is_quiet`) leaves no
row: of a state, the reads take version, position and updated_at from the newest event that was
known, and had occurred, at the moment asked for. Here they are those of the event that made it.

The event that opens a case comes first, also by time: what follows on a registration cannot have
occurred before it, and an imported history counts as open from whatever occurred in it first
(`since`; the reads look whether anything had).

An event that occurs after all others makes one row with both flags: the state it replaces. A
backdated event makes that row by_version, and writes the states from its own time on anew,
by_time; those it replaces end their being known. From then on the two axes are folded apart, until
the newest state in version order and the last one in time are the same again (`in_order`).

Nothing here depends on how events were cut into batches: a rebuilt history has the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from domain.case.imported import HistoryImported
from domain.case.state import CaseOpened
from domain.recorded import RecordedEvent
from projections.case_rows import StateRow, row_after, row_of
from projections.case_state import CaseState, Effect, advance, effect_on, evolve, is_quiet, opened
from projections.intervals import fork, time_fork

NEVER: Final = 2**63 - 1
"""A position that is not reached: of a row that is still known, or has not been replaced."""

ALWAYS: Final = datetime(1, 1, 1, tzinfo=UTC)
"""A time before everything that is recorded."""

Text = tuple[str | None, str | None]
"""Title and description."""


@dataclass(slots=True)
class HistoryRow:
    """One row; (case, made_by, seq) is its key.

    made_by: for seq 0 the version of the state; else the version of the backdated event that
    wrote the row. valid_to: None while without end. stored: it was there before this batch.
    """

    state: StateRow
    made_by: int
    seq: int
    known_from: int
    valid_from: datetime
    by_version: bool = False
    by_time: bool = False
    next_position: int | None = None
    known_to: int = NEVER
    valid_to: datetime | None = None
    valid_to_since: int | None = None
    stored: bool = False

    @property
    def fork(self) -> int | None:
        """Where to look for the row by a position at which it was the newest state."""
        until = self.next_position or self.valid_to_since
        return fork(self.known_from, until - 1) if until else None

    @property
    def time_fork(self) -> int | None:
        """Where to look for the row by a time at which it was the state."""
        return time_fork(self.valid_from, self.valid_to) if self.by_time else None

    def columns(self) -> dict[str, Any]:
        """The row, ready for JSON."""
        return {
            **self.state,
            "made_by": self.made_by,
            "seq": self.seq,
            "by_version": self.by_version,
            "by_time": self.by_time,
            "next_position": self.next_position,
            "known_from": self.known_from,
            "known_to": self.known_to,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to or "infinity",
            "valid_to_since": self.valid_to_since,
            "fork": self.fork,
            "time_fork": self.time_fork,
        }

    def ends_after(self, time: datetime) -> bool:
        """Whether the state reaches beyond a time."""
        return self.valid_to is None or self.valid_to > time


def since(recorded: RecordedEvent) -> datetime:
    """From when on the case was as an event left it."""
    return ALWAYS if isinstance(recorded.event, HistoryImported) else recorded.occurred_at


@dataclass(slots=True)
class CaseHistory:
    """The history of one case while a batch is folded into it.

    Quiet events are none of its business.

    state: the newest in version order. latest: the latest time at which an event occurred.
    last: the last state by time, where it is not `state` (None: it is).
    chain: the by_time rows still known, in the order of time; of those in the table all if `last`
    is given or an event of the batch is backdated, else none. past: the events before the batch,
    where one of the batch is backdated. texts: title and description of states that may be new.
    """

    state: CaseState | None = None
    latest: datetime | None = None
    last: CaseState | None = None
    chain: list[HistoryRow] = field(default_factory=list)
    past: Sequence[RecordedEvent] = ()
    added: list[HistoryRow] = field(default_factory=list)
    texts: set[Text] = field(default_factory=set)
    _row: StateRow | None = None
    _amended: dict[tuple[int, int], HistoryRow] = field(default_factory=dict)
    _events: list[RecordedEvent] = field(default_factory=list)

    def add(self, recorded: RecordedEvent) -> Effect | None:
        """Fold one more event; what it set in the state before it, or None if it opened it."""
        self._events.append(recorded)
        before = self.state
        if before is None or self.latest is None:
            self.state = opened(recorded)
            self.latest = since(recorded)
            self._note_text(None, self.state)
            return None
        row = self._leave(before, self.row, recorded.position)
        changed = effect_on(before, recorded.event)
        self.state = advance(before, recorded, changed)
        self._row = row_after(row.state, self.state, changed)
        self._note_text(before, self.state)
        if self.in_order:
            self.chain.append(row)
        if recorded.occurred_at >= self.latest:
            self._continue(self.state, recorded)
            self.latest = recorded.occurred_at
        else:
            self._rewrite(recorded)
        return changed

    def load(self, row: HistoryRow, state: CaseState) -> None:
        """Take a row of the chain as it lies in the table, in the order of time."""
        self.chain.append(row)
        if row.valid_to is None:
            self.last = state

    @property
    def is_changed(self) -> bool:
        """Whether the batch held an event of it."""
        return bool(self._events)

    @property
    def in_order(self) -> bool:
        """Whether the newest state in version order is also the last one by time."""
        return self.last is None

    @property
    def row(self) -> StateRow:
        """The columns of the newest state."""
        if self._row is None:
            assert self.state is not None, "no event was folded"  # noqa: S101
            self._row = row_of(self.state)
        return self._row

    @property
    def amended(self) -> Iterable[HistoryRow]:
        """Rows of the table that must be changed."""
        return self._amended.values()

    def _leave(self, before: CaseState, columns: StateRow, position: int) -> HistoryRow:
        assert self.latest is not None, "a state has a time"  # noqa: S101
        row = HistoryRow(
            state=columns,
            made_by=before.version,
            seq=0,
            known_from=before.position,
            valid_from=self.latest,
            by_version=True,
            by_time=self.in_order,
            next_position=position,
        )
        self.added.append(row)
        return row

    def _continue(self, state: CaseState, recorded: RecordedEvent) -> None:
        """The last state by time ends where the event begins."""
        ending = self.chain[-1]
        ending.valid_to = recorded.occurred_at
        ending.valid_to_since = recorded.position
        self._amend(ending)
        if self.last is not None:
            last = evolve(self.last, recorded)
            self._note_text(self.last, last)
            self.last = None if last == state else last
            if self.last is not None:
                self._write([(recorded.occurred_at, row_of(last))], recorded)

    def _rewrite(self, recorded: RecordedEvent) -> None:
        """The states from the time of a backdated event on are written anew."""
        replaced: list[HistoryRow] = []
        while self.chain and self.chain[-1].ends_after(recorded.occurred_at):
            old = self.chain.pop()
            old.known_to = recorded.position
            self._amend(old)
            if old.valid_from != old.valid_to:
                replaced.append(old)
        replaced.reverse()
        start = min(replaced[0].valid_from, recorded.occurred_at)
        folded = fold_by_time([*self.past, *self._events])
        self.last = folded[-1][1]
        self.texts.update((state.title, state.description) for _, state in folded)
        self._write([(time, row_of(state)) for time, state in folded if time >= start], recorded)

    def _write(self, states: Sequence[tuple[datetime, StateRow]], recorded: RecordedEvent) -> None:
        ends = [time for time, _ in states[1:]] + [None]
        for seq, ((time, columns), end) in enumerate(zip(states, ends, strict=True), 1):
            row = HistoryRow(
                state=columns,
                made_by=recorded.version,
                seq=seq,
                known_from=recorded.position,
                valid_from=time,
                by_time=True,
                valid_to=end,
            )
            self.added.append(row)
            self.chain.append(row)

    def _note_text(self, before: CaseState | None, after: CaseState) -> None:
        was = (before.title, before.description) if before else (None, None)
        now = (after.title, after.description)
        if now != was:
            self.texts.add(now)

    def _amend(self, row: HistoryRow) -> None:
        if row.stored:
            self._amended[row.made_by, row.seq] = row


def fold_by_time(events: Sequence[RecordedEvent]) -> list[tuple[datetime, CaseState]]:
    """The states of a case in the order of occurrence: from which time on, and what.

    Of events at one time only the state after all of them counts; equal neighbours are one.
    """
    changing = (event for event in events if not is_quiet(event.event))
    ordered = sorted(changing, key=lambda e: (not _opens(e), e.occurred_at, e.version))
    states: list[tuple[datetime, CaseState]] = []
    state: CaseState | None = None
    for event in ordered:
        state = evolve(state, event)
        time = since(event)
        if states and states[-1][0] == time:
            states.pop()
        if not states or states[-1][1] != state:
            states.append((time, state))
    return states


def _opens(recorded: RecordedEvent) -> bool:
    return isinstance(recorded.event, CaseOpened)
