"""The policies and metrics of a pack: sla.toml, escalation.toml and metrics.toml.

A pack may leave out each of them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
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
from domain.escalation_policy.content import EscalationPolicyVersion, Ladder
from domain.metric_definitions.checks import check_metrics
from domain.metric_definitions.content import MetricDefinitionsVersion
from domain.refusal import InvalidInput
from domain.sla_policy.checks import check_sla
from domain.sla_policy.content import ClockRule, SlaPolicyVersion

Kind = TypeVar("Kind", bound=Shape)
Content = TypeVar("Content")


@dataclass(frozen=True)
class Policies:
    """What a pack says of them; None: nothing."""

    sla: SlaPolicyVersion | None = None
    escalation: EscalationPolicyVersion | None = None
    metrics: MetricDefinitionsVersion | None = None


NO_POLICIES: Final = Policies()


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
            file, _ = self.sla
            yield from _faults(file, check_sla, said.sla)
            yield from _unknown_types(file, "rule", said.sla.rules, codes)
            if calendars:
                yield from _unknown_calendars(
                    file, said.sla.rules, {each.code for each in calendars}
                )
        if self.escalation is not None and said.escalation is not None:
            file, _ = self.escalation
            yield from _faults(file, check_escalation, said.escalation)
            yield from _unknown_types(file, "ladder", said.escalation.ladders, codes)
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


def _unknown_types(
    file: TomlFile, table: str, items: Sequence[ClockRule | Ladder], types: Collection[str]
) -> Iterator[TomlProblem]:
    for number, item in enumerate(items):
        for code in item.types:
            if code not in types:
                yield file.problem((table, number, "types"), f"the pack has no type {code}")


def _unknown_calendars(
    file: TomlFile, rules: Sequence[ClockRule], calendars: Collection[str]
) -> Iterator[TomlProblem]:
    for number, rule in enumerate(rules):
        if rule.calendar not in {None, *calendars}:
            yield file.problem(
                ("rule", number, "calendar"), f"the pack has no calendar {rule.calendar}"
            )
