"""The caller's Scope in SQL: which rows of `cases` are visible, and which of them from inside."""

from typing import Any

from domain.scope import Scope


def inside(cases: str) -> str:
    """The condition that the case in row `cases` is within the reach of the caller's posts."""
    return f"""(
        :every_case
        OR (:scope_units::text[] IS NOT NULL AND (
            {cases}.lead_unit = ANY(:scope_units) OR {cases}.co_units && :scope_units
        ))
        OR (:scope_areas::text[] IS NOT NULL AND {cases}.area = ANY(:scope_areas))
    )"""


def seen(cases: str) -> str:
    """The condition that the caller may see the case in row `cases`."""
    return f"({inside(cases)} OR {cases}.reporter = :own)"


def scope_values(scope: Scope) -> dict[str, Any]:
    """The parameters of both conditions.

    Nothing to look for is null, not empty: the conditions ask for that first, so that they fold
    away when a statement is planned, and an index serves what is left of them.
    """
    return {
        "every_case": scope.every_case,
        "own": scope.own,
        "scope_units": sorted(scope.units) or None,
        "scope_areas": sorted(scope.areas) or None,
    }
