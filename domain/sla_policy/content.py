"""What a version of the SLA policy says: how long each step may take, and what may delay it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from domain.calendar.timetable import Limit
from domain.catalogue.content import Label
from domain.configuration import VersionContent
from domain.vocabulary import ClockKind, Urgency


@dataclass(frozen=True)
class ClockRule:
    """One limit, and the cases it is for; what is empty or None holds for all.

    types: codes of the catalogue, each with everything below it. urgencies: of the case.
    emergency: whether an emergency is declared. calendar: the code of the calendar that it counts
    by; None: the default one.
    """

    clock: ClockKind
    limit: Limit
    types: tuple[str, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    emergency: bool | None = None
    calendar: str | None = None

    def fits(
        self, clock: ClockKind, types: Collection[str], urgency: Urgency, *, emergency: bool
    ) -> bool:
        """Whether it is for such a case. types: the path of its type, from the root down."""
        return (
            self.clock is clock
            and (not self.types or not set(self.types).isdisjoint(types))
            and (not self.urgencies or urgency in self.urgencies)
            and self.emergency in {None, emergency}
        )


@dataclass(frozen=True)
class SuspensionReason:
    """Why a case may rest. stops_clock: whether its time stands still meanwhile."""

    code: str
    label: Label
    stops_clock: bool = True


@dataclass(frozen=True)
class SlaPolicyVersion(VersionContent):
    """The content of one version. The first rule that fits a case is its limit.

    most_suspensions, most_suspended_days: calendar days in all; most_extensions,
    most_extension_days: calendar days of each; all of one cycle of a case.
    """

    rules: tuple[ClockRule, ...]
    suspension_reasons: tuple[SuspensionReason, ...] = ()
    most_suspensions: int = 3
    most_suspended_days: int = 90
    most_extensions: int = 1
    most_extension_days: int = 30

    def rule(
        self,
        clock: ClockKind,
        types: Collection[str],
        urgency: Urgency,
        *,
        emergency: bool = False,
    ) -> ClockRule | None:
        """The rule for a clock of such a case; None: it has no limit."""
        return next(
            (
                each
                for each in self._by_clock.get(clock, ())
                if each.fits(clock, types, urgency, emergency=emergency)
            ),
            None,
        )

    def suspension_reason(self, code: str) -> SuspensionReason | None:
        """The reason with this code."""
        return next((each for each in self.suspension_reasons if each.code == code), None)

    @cached_property
    def _by_clock(self) -> Mapping[ClockKind, list[ClockRule]]:
        """Asked for each clock that starts."""
        found: dict[ClockKind, list[ClockRule]] = {}
        for each in self.rules:
            found.setdefault(each.clock, []).append(each)
        return found
