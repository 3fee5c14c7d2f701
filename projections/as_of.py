"""Moments: which past state is asked for, on the axis of recording and on that of occurrence."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from domain.refusal import InvalidInput
from projections.statement import Statement
from projections.view import Connection

LAST_POSITION: Final = 2**63 - 1
LAST_VERSION: Final = 2**31 - 1
YEARS_AHEAD: Final = 10
"""A later time of occurrence means this one: nothing has occurred by then that has not by now, and
every year through which working time is counted has to be laid out first."""

HEAD = Statement("SELECT size AS head, size AS position, recorded_at FROM head")

BY_POSITION = Statement("""
SELECT head.size AS head, entry.position, entry.recorded_at
FROM head LEFT JOIN entries AS entry ON entry.position = :position
""")

BY_RECORDED_AT = Statement("""
SELECT head.size AS head, entry.position, entry.recorded_at
FROM head LEFT JOIN LATERAL (
    SELECT position, recorded_at FROM entries WHERE recorded_at <= :recorded_at
    ORDER BY recorded_at DESC, position DESC LIMIT 1
) AS entry ON true
""")

BY_VERSION = Statement("""
SELECT head.size AS head, entry.position, entry.recorded_at
FROM head LEFT JOIN entries AS entry ON (stream_id, version) = (:case_id, :version)
""")


@dataclass(frozen=True)
class AsOf:
    """What a caller asks for: at most one of version, position and recorded_at.

    version, position, recorded_at: "as known then". occurred_at: "as it was then", with what is
    known now or was known then.
    """

    version: int | None = None
    position: int | None = None
    recorded_at: datetime | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """A resolved AsOf.

    position: events up to and including this one are known. recorded_at: of that event (None
        before the first). head: where the journal ended when this was resolved.
    occurred_at: None: the state in the order of versions; else the fold, in (occurred_at, version)
        order, of what had occurred up to and including this time.
    """

    position: int
    recorded_at: datetime | None
    head: int
    occurred_at: datetime | None = None

    @property
    def latest_registration(self) -> datetime | None:
        """No request known at this moment was registered later; None: none was known."""
        if self.recorded_at is None or self.occurred_at is None:
            return self.recorded_at
        return min(self.recorded_at, self.occurred_at)


async def resolve(
    connection: Connection, as_of: AsOf | None, case_id: UUID | None = None
) -> Moment | None:
    """The moment meant; None for None, that is for now.

    case_id: the one case that a version may refer to; without it a version is InvalidInput.
    Raises InvalidInput for more than one axis of recording, a negative or a future position.
    A version the case has not got resolves to position 0: nothing was known.
    """
    if as_of is None:
        return None
    _check(as_of, case_id)
    values = {
        "position": as_of.position,
        "recorded_at": as_of.recorded_at,
        "case_id": case_id,
        "version": as_of.version,
    }
    occurred_at = None if as_of.occurred_at is None else min(as_of.occurred_at, _last_time())
    found = await _statement(as_of).row(connection, values)
    if found is None:  # before the first migration wrote its one row
        return Moment(0, None, 0, occurred_at)
    if as_of.position is not None and as_of.position > found["head"]:
        raise InvalidInput(
            ["asOf", "position"], f"the journal ends at position {found['head']} so far"
        )
    return Moment(found["position"] or 0, found["recorded_at"], found["head"], occurred_at)


def _last_time() -> datetime:
    return datetime(datetime.now(UTC).year + YEARS_AHEAD, 1, 1, tzinfo=UTC)


def _statement(as_of: AsOf) -> Statement:
    if as_of.version is not None:
        return BY_VERSION
    if as_of.position is not None:
        return BY_POSITION
    if as_of.recorded_at is not None:
        return BY_RECORDED_AT
    return HEAD


def _check(as_of: AsOf, case_id: UUID | None) -> None:
    axes = (as_of.version, as_of.position, as_of.recorded_at)
    if len([axis for axis in axes if axis is not None]) > 1:
        raise InvalidInput(["asOf"], "give at most one of version, position and recordedAt")
    if as_of.version is not None and case_id is None:
        raise InvalidInput(["asOf", "version"], "a version is that of one case, not of a list")
    if as_of.version is not None and not 0 < as_of.version <= LAST_VERSION:
        raise InvalidInput(["asOf", "version"], "versions count from 1")
    if as_of.position is not None and not 0 <= as_of.position <= LAST_POSITION:
        raise InvalidInput(["asOf", "position"], "positions count from 0, before the first event")
    for name, time in (("recordedAt", as_of.recorded_at), ("occurredAt", as_of.occurred_at)):
        if time is not None and time.utcoffset() is None:
            raise InvalidInput(["asOf", name], f"{name} needs an offset from UTC")
