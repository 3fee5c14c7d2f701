"""What differs between two versions of a case."""

from typing import Final
from uuid import UUID

from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.as_of import LAST_VERSION
from projections.case_changes import FieldChange, difference
from projections.case_lists import ROW
from projections.case_state import linked_cases, without_cases
from projections.cases import SHOWN_AS, VISIBLE, cases_by_ids
from projections.shown import changes_shown, shown_state
from projections.sight import scope_values
from projections.statement import Statement
from projections.view import Connection

VERSIONS: Final = Statement(f"""
WITH visible AS ({VISIBLE})
SELECT wanted.version AS wanted, {ROW}, t.title, t.description, {SHOWN_AS}
FROM visible JOIN case_newest newest USING (case_id)
CROSS JOIN unnest(:versions::int[]) AS wanted (version)
CROSS JOIN LATERAL (
    SELECT {ROW} FROM (
        SELECT {ROW} FROM cases r WHERE r.case_id = visible.case_id
        UNION ALL
        SELECT {ROW} FROM case_history r WHERE r.case_id = visible.case_id AND r.by_version
    ) r WHERE r.version <= wanted.version ORDER BY r.version DESC LIMIT 1
) r LEFT JOIN case_texts t ON (t.case_id, t.text_key) = (r.case_id, r.text_key)
WHERE wanted.version <= newest.version
""")  # noqa: S608 - constants


async def changes_between(
    connection: Connection, scope: Scope, case_id: UUID, from_version: int, to_version: int
) -> list[FieldChange]:
    """What differs between two versions of a case (0: before it existed).

    Raises InvalidInput for a version the case has not got; a case that may not be seen has none.
    """
    wanted = {"from": from_version, "to": to_version}
    for name, version in wanted.items():
        if not 0 <= version <= LAST_VERSION:
            raise InvalidInput([name], "versions count from 0, before the case existed")
    values = {
        **scope_values(scope),
        "case_ids": [case_id],
        "versions": [from_version, to_version],
    }
    rows = await VERSIONS.rows(connection, values)
    states = {row["wanted"]: shown_state(row) for row in rows}
    shown_as = rows[0]["shown_as"] if rows else None
    for name, version in wanted.items():
        if version and version not in states:
            raise InvalidInput([name], f"the case has no version {version}")
    before, after = states.get(from_version), states.get(to_version)
    hidden = {case for state in (before, after) if state for case in linked_cases(state)}
    if hidden and not scope.every_case:
        # Nobody learns here of a case that they may not see.
        hidden -= (await cases_by_ids(connection, scope, hidden)).keys()
        before, after = (state and without_cases(state, hidden) for state in (before, after))
    changes = difference(before, after)
    return changes if shown_as is None else list(changes_shown(changes, shown_as))
