"""The permission table: which roles may do what. Deny by default; scope narrows it further.

The table follows DOMAIN.md section 6 for the commands that exist so far. A caller whose only
way in is REPORTER acts on their own cases alone (`domain.scope`).
"""

from typing import Final

from domain.identity import Authority, Caller, Role

POLICY_VERSION: Final = 1

READ_CASES: Final = "readCases"
READ_JOURNAL: Final = "readJournal"
EXPORT_JOURNAL: Final = "exportJournal"
IMPORT_HISTORY: Final = "importHistory"

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    # PUBLIC: anybody may bring a request, online and without an account (rate-limited).
    "registerCase": frozenset(
        {Role.PUBLIC, Role.REPORTER, Role.GRID_WORKER, Role.INTAKE, Role.REGISTRAR}
    ),
    "correctCase": frozenset({Role.INTAKE, Role.REGISTRAR}),
    "acceptCase": frozenset({Role.REGISTRAR}),
    "rejectCase": frozenset({Role.REGISTRAR}),
    "dispatchCase": frozenset({Role.DISPATCHER}),
    "signForCase": frozenset({Role.OFFICER, Role.UNIT_LEADER}),
    "recordProgress": frozenset({Role.OFFICER, Role.UNIT_LEADER, Role.GRID_WORKER}),
    # REPORTER: how a resident supplements a case.
    "addNote": frozenset(
        {
            Role.REPORTER,
            Role.GRID_WORKER,
            Role.INTAKE,
            Role.REGISTRAR,
            Role.DISPATCHER,
            Role.OFFICER,
            Role.UNIT_LEADER,
            Role.SUPERVISOR,
            Role.EVALUATOR,
        }
    ),
    "submitResolution": frozenset({Role.OFFICER, Role.UNIT_LEADER}),
    "verifyResolution": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    "orderRework": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    "recordFeedback": frozenset({Role.REPORTER, Role.EVALUATOR}),
    "closeCase": frozenset({Role.REGISTRAR}),
    "reopenCase": frozenset({Role.REPORTER, Role.SUPERVISOR}),
    "withdrawCase": frozenset({Role.REPORTER, Role.INTAKE, Role.REGISTRAR}),
    # Whoever runs the service brings logs in, but reads no case content (no READ_CASES).
    IMPORT_HISTORY: frozenset({Role.SYSTEM_ADMIN}),
    READ_CASES: frozenset(
        {
            Role.REPORTER,
            Role.GRID_WORKER,
            Role.INTAKE,
            Role.REGISTRAR,
            Role.DISPATCHER,
            Role.OFFICER,
            Role.UNIT_LEADER,
            Role.SUPERVISOR,
            Role.EVALUATOR,
            Role.AUDITOR,
        }
    ),
    READ_JOURNAL: frozenset({Role.AUDITOR, Role.SUPERVISOR}),
    EXPORT_JOURNAL: frozenset({Role.AUDITOR}),
}


def authority(caller: Caller, permission: str) -> Authority | None:
    """The authority under which `caller` may use `permission`, or None: deny by default."""
    if PERMISSIONS.get(permission, frozenset()).isdisjoint(caller.roles):
        return None
    return Authority(permission, POLICY_VERSION)
