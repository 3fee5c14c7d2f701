"""Figures of several metrics at once: of each, what its definition makes of what was counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.metric_definitions.content import MetricDefinition, MetricDefinitionsVersion, MetricKind
from domain.metrics.figures import Figure, composed, figure
from domain.scope import Scope
from projections.counted import Cell, Wanted
from projections.metrics import counted_up_to, tallies
from projections.view import Connection

Figures = Mapping[str, Mapping[Cell, Figure]]
"""By code of the metric, in the order asked for, and by cell, in the order of keys and periods."""


@dataclass(frozen=True)
class Report:
    """Figures that were counted together. position: up to which events are in them."""

    position: int
    figures: Figures


async def report(
    connection: Connection,
    scope: Scope,
    version: MetricDefinitionsVersion,
    wanted: Wanted,
    codes: Sequence[str] | None = None,
) -> Report:
    """The figures of these metrics of a version; None: of all. A code that it lacks has none.

    All are of one moment: they are read in one snapshot.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        counted = await counted_up_to(connection)
        found = await figures(connection, scope, version, wanted, codes)
    position = counted if wanted.position is None else min(counted, wanted.position)
    return Report(position, found)


async def figures(
    connection: Connection,
    scope: Scope,
    version: MetricDefinitionsVersion,
    wanted: Wanted,
    codes: Sequence[str] | None = None,
) -> Figures:
    """The figures alone, as for `report`.

    One statement for each metric, or two (`projections.metrics.tallies`); what a composite is made
    of is counted once.
    """
    asked = [each.code for each in version.metrics] if codes is None else codes
    definitions = {code: found for code in asked if (found := version.metric(code)) is not None}
    counted: dict[str, Mapping[Cell, Figure]] = {}
    for each in _simple(definitions.values(), version):
        found_tallies = await tallies(connection, scope, each, wanted)
        counted[each.code] = {cell: figure(each, found_tallies[cell]) for cell in found_tallies}
    for each in definitions.values():
        if each.kind is MetricKind.COMPOSITE:
            counted[each.code] = _composed(each, counted)
    return {code: _in_order(counted[code]) for code in definitions}


def _simple(
    definitions: Iterable[MetricDefinition], version: MetricDefinitionsVersion
) -> list[MetricDefinition]:
    """Those that are counted: asked for, or part of a composite that is."""
    found: dict[str, MetricDefinition] = {}
    for each in definitions:
        parts = (version.metric(part.metric) for part in each.parts)
        for metric in (each, *parts):
            if metric is not None and metric.kind is not MetricKind.COMPOSITE:
                found[metric.code] = metric
    return list(found.values())


def _composed(
    definition: MetricDefinition, counted: Mapping[str, Mapping[Cell, Figure]]
) -> dict[Cell, Figure]:
    parts = {part.metric: counted.get(part.metric, {}) for part in definition.parts}
    cells = {cell for found in parts.values() for cell in found}
    return {
        cell: composed(
            definition, {code: found[cell] for code, found in parts.items() if cell in found}
        )
        for cell in cells
    }


def _in_order(found: Mapping[Cell, Figure]) -> dict[Cell, Figure]:
    def place(cell: Cell) -> tuple[bool, str, float]:
        begin = 0.0 if cell.begin is None else cell.begin.timestamp()
        return (cell.key is None, cell.key or "", begin)

    return {cell: found[cell] for cell in sorted(found, key=place)}
