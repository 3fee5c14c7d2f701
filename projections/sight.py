"""The caller's Scope in SQL: which rows of `cases` are visible, and which of them from inside."""

from typing import Any, Final

from domain.reach import NOWHERE
from domain.scope import Scope

OWN: Final = "OWN"
"""In `shown_as`: the case is the caller's own."""


def inside(cases: str) -> str:
    """The condition that the case in row `cases` is within the reach of the caller's posts."""
    return f"""(
        :every_case
        OR (NOT {cases}.confidential AND (
            :every_open
            OR (:scope_units::text[] IS NOT NULL AND (
                {cases}.lead_unit = ANY(:scope_units)
                OR ({cases}.co_units <> '{{}}' AND {cases}.co_units && :scope_units)
            ))
            OR (:scope_areas::text[] IS NOT NULL AND {cases}.area = ANY(:scope_areas))
        ))
        OR (:cleared AND {cases}.confidential AND coalesce({_cleared(cases)}, false))
    )"""


def _cleared(cases: str) -> str:
    """Null counts as no. A helping unit sees what is restricted, not what is confidential."""
    return f"""CASE {cases}.details ->> 'confidentiality'
        WHEN 'RESTRICTED' THEN :restricted_everywhere
            OR {cases}.lead_unit = ANY(:restricted_units::text[])
            OR {cases}.co_units && :restricted_units
            OR {cases}.area = ANY(:restricted_areas::text[])
        ELSE :confidential_everywhere
            OR {cases}.lead_unit = ANY(:confidential_units::text[])
            OR {cases}.area = ANY(:confidential_areas::text[])
        END"""


def seen(cases: str) -> str:
    """The condition that the case in row `cases` is within reach, or the caller's own."""
    return f"""({inside(cases)} OR {cases}.reporter = :own
        OR (:tracked::uuid IS NOT NULL AND {cases}.case_id = :tracked)
    )"""


def visible(cases: str) -> str:
    """The condition that the caller may see the case in row `cases`, or parts of it.

    :shared_units are those of the caller; null where a read asks about what may not be shared.
    """
    return f"({seen(cases)} OR {_shared(cases)})"


def shown_as(case_id: str) -> str:
    """As what the caller is shown a case that they may see.

    Null: from inside. Else OWN, or the parts that are shared with their units.
    """
    return f"""(CASE WHEN :internal AND :every_case THEN NULL ELSE (
        SELECT CASE WHEN :internal AND {inside("c")} THEN NULL
            WHEN {seen("c")} THEN ARRAY['{OWN}']
            ELSE {_parts("c")} END
        FROM cases c WHERE c.case_id = {case_id}
    ) END)"""  # noqa: S608 - constants


def shares_timeline(cases: str) -> str:
    """The condition that what happened in the case is shared with the caller's units."""
    return f"({_shared(cases)} AND 'TIMELINE' = ANY({_parts(cases)}))"


def _shared(cases: str) -> str:
    # The first condition lets a partial index serve the second.
    return f"""(:shared_units::text[] IS NOT NULL
        AND {cases}.shared_with <> '{{}}' AND {cases}.shared_with && :shared_units)"""


def _parts(cases: str) -> str:
    return f"""ARRAY(
        SELECT DISTINCT part FROM jsonb_array_elements({cases}.details -> 'shares') AS share,
            jsonb_array_elements_text(share -> 'parts') AS part
        WHERE share ->> 'unit' = ANY(:scope_units)
    )"""  # noqa: S608 - constants


def scope_values(scope: Scope) -> dict[str, Any]:
    """The parameters of the conditions.

    Nothing to look for is null, not empty: the conditions ask for that first, so that they fold
    away when a statement is planned, and an index serves what is left of them.
    """
    return {
        "every_case": scope.every_case,
        "every_open": scope.every_open,
        "own": scope.own,
        "tracked": scope.tracked,
        "access_log": scope.access_log,
        "internal": scope.internal,
        "scope_units": sorted(scope.units) or None,
        "shared_units": sorted(scope.units) or None,
        "scope_areas": sorted(scope.areas) or None,
        "cleared": scope.restricted != NOWHERE or scope.confidential != NOWHERE,
        "restricted_everywhere": scope.restricted.everywhere,
        "restricted_units": sorted(scope.restricted.units) or None,
        "restricted_areas": sorted(scope.restricted.areas) or None,
        "confidential_everywhere": scope.confidential.everywhere,
        "confidential_units": sorted(scope.confidential.units) or None,
        "confidential_areas": sorted(scope.confidential.areas) or None,
    }
