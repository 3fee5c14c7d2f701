"""The policies and metrics of a pack: sla.toml, escalation.toml and metrics.toml.

A pack may leave out each of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from app.packs.places import place_of
from app.packs.policy_shapes import EscalationFile, MetricsFile, SlaFile
from app.packs.shapes import Shape
from app.toml_files import TomlFile, TomlProblem, read_toml
from domain.calendar.content import WorkCalendar
from domain.catalogue.content import CaseType
from domain.escalation_policy.checks import check_escalation
from domain.escalation_policy.content import EscalationPolicyVersion
from domain.metric_definitions.checks import check_metrics
from domain.metric_definitions.content import MetricDefinitionsVersion
from domain.policy_problems import (
    PolicyFlaw,
    PolicyProblem,
    unknown_calendars,
    unknown_types,
)
from domain.refusal import InvalidInput
from domain.sla_policy.checks import check_sla
from domain.sla_policy.content import SlaPolicyVersion

Kind = TypeVar("Kind", bound=Shape)
Content = TypeVar("Content")


@dataclass(frozen=True)
class Policies:
    """What a pack says of them; None: nothing."""

    sla: SlaPolicyVersion | None = None
    escalation: EscalationPolicyVersion | None = None
    metrics: MetricDefinitionsVersion | None = None


NO_POLICIES: Final = Policies()

# The key in the file, and what it names.
_NAMED: Final = {
    PolicyFlaw.UNKNOWN_TYPE: ("types", "type"),
    PolicyFlaw.UNKNOWN_CALENDAR: ("calendar", "calendar"),
}


@dataclass(frozen=True)
class PolicyFiles:
    """The files that there are, in their shape."""

    sla: tuple[TomlFile, SlaFile] | None
    escalation: tuple[TomlFile, EscalationFile] | None
    metrics: tuple[TomlFile, MetricsFile] | None

    @classmethod
    def read(cls, folder: Path, found: list[TomlProblem]) -> "PolicyFiles":
        """Those of a folder; what is wrong with their shape goes to `found`."""
        return cls(
            _read(folder / "sla.toml", SlaFile, found),
            _read(folder / "escalation.toml", EscalationFile, found),
            _read(folder / "metrics.toml", MetricsFile, found),
        )

    def policies(self, title: str, pack: str) -> Policies:
        """What they say, under the title and the id of their pack."""
        return Policies(
            None if self.sla is None else self.sla[1].version(title, pack),
            None if self.escalation is None else self.escalation[1].version(title, pack),
            None if self.metrics is None else self.metrics[1].version(title, pack),
        )

    def problems(
        self, said: Policies, types: Sequence[CaseType], calendars: Sequence[WorkCalendar]
    ) -> Iterator[TomlProblem]:
        """What is wrong with what they say, by itself and beside the rest of the pack."""
        codes = {each.code for each in types}
        if self.sla is not None and said.sla is not None:
            file, rules = self.sla[0], said.sla.rules
            yield from _faults(file, check_sla, said.sla)
            yield from _told(file, "rule", unknown_types(rules, codes))
            if calendars:  # otherwise they are those in force
                yield from _told(
                    file, "rule", unknown_calendars(rules, {each.code for each in calendars})
                )
        if self.escalation is not None and said.escalation is not None:
            file, _ = self.escalation
            yield from _faults(file, check_escalation, said.escalation)
            yield from _told(file, "ladder", unknown_types(said.escalation.ladders, codes))
        if self.metrics is not None and said.metrics is not None:
            file, _ = self.metrics
            yield from _faults(file, check_metrics, said.metrics.metrics)


def _read(path: Path, shape: type[Kind], found: list[TomlProblem]) -> tuple[TomlFile, Kind] | None:
    return read_toml(path, shape, found) if path.exists() else None


def _faults(
    file: TomlFile, check: Callable[[Content], None], content: Content
) -> Iterator[TomlProblem]:
    try:
        check(content)
    except InvalidInput as refused:
        yield file.problem(place_of(refused.path), refused.message)


def _told(file: TomlFile, table: str, problems: Iterator[PolicyProblem]) -> Iterator[TomlProblem]:
    for problem in problems:
        key, what = _NAMED[problem.flaw]
        yield file.problem((table, problem.index, key), f"the pack has no {what} {problem.code}")
