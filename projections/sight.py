"""The caller's Scope in SQL: which rows of `cases` are visible, and which of them from inside."""

from typing import Any

from domain.scope import Scope


def inside(cases: str) -> str:
    """The condition that the case in row `cases` is within the reach of the caller's posts."""
    return (
        f"(:every_case OR {cases}.lead_unit = ANY(:scope_units::text[])"
        f" OR {cases}.area = ANY(:scope_areas::text[])"
        f" OR {cases}.co_units && :scope_units::text[])"
    )


def seen(cases: str) -> str:
    """The condition that the caller may see the case in row `cases`."""
    return f"({inside(cases)} OR {cases}.reporter = :own)"


def scope_values(scope: Scope) -> dict[str, Any]:
    """The parameters of both conditions.

    Nothing to look for is null, not empty: the condition then folds away when a statement is
    planned, and an index serves what is left of it.
    """
    return {
        "every_case": scope.every_case,
        "own": scope.own,
        "scope_units": sorted(scope.units) or None,
        "scope_areas": sorted(scope.areas) or None,
    }
