"""The permission table: which roles may do what. Deny by default; scope narrows it further.

The table follows DOMAIN.md section 6 for the commands that exist so far. A caller whose only
way in is REPORTER acts on their own cases alone (`permitted`), as they see only those
(`domain.scope`). Every other role reaches as far as the posts do that give it (`domain.reach`).
"""

from functools import reduce
from operator import or_
from typing import Final

from domain.identity import Authority, Caller, Post, Role
from domain.reach import (
    CLEARED,
    EVERYWHERE,
    LEAD_ALONE,
    LEAD_ONLY,
    NOWHERE,
    Place,
    Range,
    range_of,
)
from domain.refusal import NotFound, NotPermitted
from domain.vocabulary import Confidentiality

POLICY_VERSION: Final = 3
"""2: posts bound what a role may do. 3: every way a case can go, and grid workers' simple cases."""

READ_CASES: Final = "readCases"
READ_JOURNAL: Final = "readJournal"
EXPORT_JOURNAL: Final = "exportJournal"
IMPORT_HISTORY: Final = "importHistory"
READ_DIRECTORY: Final = "readDirectory"
READ_CATALOGUE: Final = "readCatalogue"
READ_CONFIGURATION: Final = "readConfiguration"
READ_METRICS: Final = "readMetrics"
RECORD_REFUSED_ATTEMPT: Final = "recordRefusedAttempt"
READ_REPORTER: Final = "readReporter"
READ_ACCESS_LOG: Final = "readAccessLog"
READ_EVIDENCE: Final = "readEvidence"
READ_ORIGINAL_EVIDENCE: Final = "readOriginalEvidence"

_CATALOGUE_ADMIN: Final = frozenset({Role.CATALOGUE_ADMIN})
_DIRECTORY_ADMIN: Final = frozenset({Role.DIRECTORY_ADMIN})
_READERS: Final = frozenset(
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
)
_WATCHERS: Final = _READERS - {Role.AUDITOR}
_SERVICE: Final = frozenset({Role.SERVICE})
_UNIT: Final = frozenset({Role.OFFICER, Role.UNIT_LEADER})
_SUPERVISOR: Final = frozenset({Role.SUPERVISOR})

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    # PUBLIC: anybody may bring a request, online and without an account (rate-limited).
    "registerCase": frozenset(
        {Role.PUBLIC, Role.REPORTER, Role.GRID_WORKER, Role.INTAKE, Role.REGISTRAR}
    ),
    "correctCase": frozenset({Role.INTAKE, Role.REGISTRAR}),
    # REPORTER: their own particulars, on their own case.
    "attachReporter": frozenset({Role.REPORTER, Role.INTAKE, Role.REGISTRAR}),
    # Who talks to the reporter: whoever takes the request in, the lead unit (`LEAD_ONLY`), the
    # feedback visit, and the reporter. Who only decides, checks or audits needs no name for that.
    READ_REPORTER: frozenset(
        {
            Role.REPORTER,
            Role.INTAKE,
            Role.REGISTRAR,
            Role.OFFICER,
            Role.UNIT_LEADER,
            Role.EVALUATOR,
        }
    ),
    READ_ACCESS_LOG: frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR}),
    "reclassifyCase": frozenset({Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER}),
    "requestFieldVerification": frozenset({Role.INTAKE, Role.REGISTRAR}),
    # Of their own area: that is how far a grid worker reaches.
    "recordFieldVerification": frozenset({Role.GRID_WORKER}),
    "acceptCase": frozenset({Role.REGISTRAR}),
    "proposeRejection": frozenset({Role.INTAKE}),
    "rejectCase": frozenset({Role.REGISTRAR}),
    "dispatchCase": frozenset({Role.DISPATCHER}),
    # SERVICE: where a case waited for too long.
    "assignFallbackOwner": frozenset({Role.DISPATCHER, Role.SERVICE}),
    # GRID_WORKER: simple cases of their area (`domain.case.responsibility.check_simple`).
    "signForCase": frozenset({Role.OFFICER, Role.UNIT_LEADER, Role.GRID_WORKER}),
    "assignOfficer": frozenset({Role.UNIT_LEADER}),
    "offerHandOver": frozenset({Role.OFFICER, Role.UNIT_LEADER}),
    "acceptHandOver": frozenset({Role.OFFICER, Role.UNIT_LEADER}),
    "declineHandOver": frozenset({Role.OFFICER, Role.UNIT_LEADER}),
    "requestReturn": frozenset({Role.OFFICER, Role.UNIT_LEADER}),
    "upholdReturn": frozenset({Role.DISPATCHER}),
    "rejectReturn": frozenset({Role.DISPATCHER}),
    # DISPATCHER: where nobody keeps the case.
    "requestArbitration": frozenset({Role.OFFICER, Role.UNIT_LEADER, Role.DISPATCHER}),
    "arbitrateResponsibility": frozenset({Role.REGISTRAR}),
    "referCaseOut": frozenset({Role.REGISTRAR}),
    "recordExternalStatus": frozenset({Role.INTAKE, Role.REGISTRAR}),
    "recordDeliveryFailure": frozenset({Role.INTAKE, Role.REGISTRAR}),
    "declareEmergency": frozenset({Role.REGISTRAR, Role.DISPATCHER}),
    # SERVICE: when it expires.
    "endEmergency": frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.SERVICE}),
    "regulariseStep": frozenset({Role.REGISTRAR}),
    # The staff: on behalf of the reporter.
    "urgeCase": frozenset({Role.REPORTER, Role.GRID_WORKER, Role.INTAKE, Role.REGISTRAR}),
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
    # REPORTER: what a resident has of it themselves.
    "addEvidence": frozenset(
        {
            Role.REPORTER,
            Role.GRID_WORKER,
            Role.INTAKE,
            Role.REGISTRAR,
            Role.OFFICER,
            Role.UNIT_LEADER,
            Role.EVALUATOR,
        }
    ),
    # Whoever reads a case sees what belongs to it, cleaned of what a camera wrote beside it.
    READ_EVIDENCE: _READERS,
    # With where and when it was taken, and by which camera: who handles (`LEAD_ONLY`), who audits.
    READ_ORIGINAL_EVIDENCE: frozenset({Role.OFFICER, Role.UNIT_LEADER, Role.AUDITOR}),
    "reissueTrackingCode": frozenset({Role.INTAKE, Role.REGISTRAR}),
    # Two persons: whoever knows the case writes what the public may read, a registrar releases it.
    "proposePublication": frozenset(
        {Role.INTAKE, Role.REGISTRAR, Role.UNIT_LEADER, Role.EVALUATOR}
    ),
    "approvePublication": frozenset({Role.REGISTRAR}),
    "refusePublication": frozenset({Role.REGISTRAR}),
    "withdrawPublication": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    # Who speaks with the reporter, and asks other units: the lead unit (`LEAD_ONLY`).
    "recordFirstContact": _UNIT,
    "requestCoHandling": _UNIT,
    # Of the very unit that was asked: a rule.
    "replyCoHandling": _UNIT,
    "deemCoHandlingAgreed": _SERVICE,
    "requestInformation": _UNIT | {Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER},
    "receiveInformation": _UNIT | {Role.REPORTER, Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER},
    # Of the lead unit (`LEAD_ONLY`), which decides on none of it.
    "requestSuspension": _UNIT,
    "approveSuspension": frozenset({Role.DISPATCHER}),
    "denySuspension": frozenset({Role.DISPATCHER}),
    # SERVICE: when that was expected.
    "resumeCase": _UNIT | {Role.DISPATCHER, Role.SERVICE},
    "requestExtension": _UNIT,
    "approveExtension": frozenset({Role.DISPATCHER}),
    "denyExtension": frozenset({Role.DISPATCHER}),
    "submitResolution": frozenset({Role.OFFICER, Role.UNIT_LEADER, Role.GRID_WORKER}),
    "verifyResolution": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    "orderRework": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    "recordFeedback": frozenset({Role.REPORTER, Role.EVALUATOR}),
    "closeCase": frozenset({Role.REGISTRAR}),
    "reopenCase": frozenset({Role.REPORTER, Role.SUPERVISOR}),
    "lapseFeedback": _SERVICE,
    # On behalf of a reporter who is no user of ours, as for withdrawing.
    "fileAppeal": frozenset({Role.REPORTER, Role.INTAKE, Role.REGISTRAR}),
    # Not by whoever decided what it is against: a rule.
    "decideAppeal": frozenset({Role.REGISTRAR}),
    # The second person holds the same role: that it is another is a rule.
    "requestVoid": frozenset({Role.REGISTRAR}),
    "approveVoid": frozenset({Role.REGISTRAR}),
    "refuseVoid": frozenset({Role.REGISTRAR}),
    "archiveCase": frozenset({Role.REGISTRAR}),
    "setConfidentiality": frozenset({Role.REGISTRAR, Role.DISPATCHER}),
    # Whoever answers for the case: the lead unit's head (`LEAD_ONLY`), or who sent it there.
    "shareCase": frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.UNIT_LEADER}),
    "revokeShare": frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.UNIT_LEADER}),
    "expireShare": _SERVICE,
    "raiseDeadline": _SERVICE,
    "amendClocks": frozenset({Role.REGISTRAR}),
    "withdrawCase": frozenset({Role.REPORTER, Role.INTAKE, Role.REGISTRAR}),
    "issueOrder": _SUPERVISOR,
    "escalateOrder": _SUPERVISOR,
    "recordInterview": _SUPERVISOR,
    "releaseOrder": _SUPERVISOR,
    # Of the very unit that it is addressed to: a rule. DISPATCHER, REGISTRAR: where their own
    # decisions are late.
    "replyToOrder": _UNIT | {Role.DISPATCHER, Role.REGISTRAR},
    # Not of the unit that is appraised: a rule.
    "approveMetricExclusion": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    "revokeMetricExclusion": frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    "mergeCase": frozenset({Role.DISPATCHER}),
    "reverseMerge": frozenset({Role.DISPATCHER}),
    "splitCase": frozenset({Role.DISPATCHER}),
    # That two cases have to do with each other is also seen by those who handle and check them.
    "linkCases": frozenset(
        {Role.DISPATCHER, Role.REGISTRAR, Role.OFFICER, Role.UNIT_LEADER, Role.SUPERVISOR}
    ),
    "unlinkCases": frozenset({Role.DISPATCHER, Role.REGISTRAR}),
    # Whoever runs the service brings logs in, but reads no case content (no READ_CASES).
    IMPORT_HISTORY: frozenset({Role.SYSTEM_ADMIN}),
    READ_CASES: _READERS,
    "establishUnit": _DIRECTORY_ADMIN,
    "changeUnit": _DIRECTORY_ADMIN,
    "dissolveUnit": _DIRECTORY_ADMIN,
    "defineArea": _DIRECTORY_ADMIN,
    "changeArea": _DIRECTORY_ADMIN,
    "retireArea": _DIRECTORY_ADMIN,
    "createPosition": _DIRECTORY_ADMIN,
    "changePosition": _DIRECTORY_ADMIN,
    "abolishPosition": _DIRECTORY_ADMIN,
    "appointPerson": _DIRECTORY_ADMIN,
    "endAppointment": _DIRECTORY_ADMIN,
    "delegateAuthority": _DIRECTORY_ADMIN,
    "revokeDelegation": _DIRECTORY_ADMIN,
    "grantQualification": _DIRECTORY_ADMIN,
    "withdrawQualification": _DIRECTORY_ADMIN,
    # Units, areas and posts: for the staff, and for volunteers no more than for residents.
    READ_DIRECTORY: frozenset(Role) - {Role.PUBLIC, Role.REPORTER, Role.VOLUNTEER, Role.SERVICE},
    # The second person of a publication holds the same role: that it is another is a rule.
    "draftCatalogue": _CATALOGUE_ADMIN,
    "proposeCatalogue": _CATALOGUE_ADMIN,
    "publishCatalogue": _CATALOGUE_ADMIN,
    "retireCatalogue": _CATALOGUE_ADMIN,
    "draftRouting": _CATALOGUE_ADMIN,
    "proposeRouting": _CATALOGUE_ADMIN,
    "publishRouting": _CATALOGUE_ADMIN,
    "retireRouting": _CATALOGUE_ADMIN,
    "draftCalendar": _CATALOGUE_ADMIN,
    "proposeCalendar": _CATALOGUE_ADMIN,
    "publishCalendar": _CATALOGUE_ADMIN,
    "retireCalendar": _CATALOGUE_ADMIN,
    "draftSlaPolicy": _CATALOGUE_ADMIN,
    "proposeSlaPolicy": _CATALOGUE_ADMIN,
    "publishSlaPolicy": _CATALOGUE_ADMIN,
    "retireSlaPolicy": _CATALOGUE_ADMIN,
    "draftEscalationPolicy": _CATALOGUE_ADMIN,
    "proposeEscalationPolicy": _CATALOGUE_ADMIN,
    "publishEscalationPolicy": _CATALOGUE_ADMIN,
    "retireEscalationPolicy": _CATALOGUE_ADMIN,
    "draftMetricDefinitions": _CATALOGUE_ADMIN,
    "proposeMetricDefinitions": _CATALOGUE_ADMIN,
    "publishMetricDefinitions": _CATALOGUE_ADMIN,
    "retireMetricDefinitions": _CATALOGUE_ADMIN,
    # What has been published is public: whoever brings a request chooses its type.
    READ_CATALOGUE: frozenset(Role) - {Role.SERVICE},
    # Drafts, who made and published what, and the routing policy with its explanations.
    READ_CONFIGURATION: frozenset(
        {
            Role.CATALOGUE_ADMIN,
            Role.DISPATCHER,
            Role.REGISTRAR,
            Role.SUPERVISOR,
            Role.AUDITOR,
        }
    ),
    # Figures over the cases within their reach.
    READ_METRICS: frozenset(
        {
            Role.REGISTRAR,
            Role.DISPATCHER,
            Role.UNIT_LEADER,
            Role.SUPERVISOR,
            Role.AUDITOR,
        }
    ),
    # Nobody is asked: whoever has a name and is refused stands in the journal with it.
    RECORD_REFUSED_ATTEMPT: frozenset(Role) - {Role.PUBLIC, Role.SERVICE},
    # Whoever runs the service starts it; the genesis entry is what it writes first.
    "openJournal": frozenset({Role.SYSTEM_ADMIN}),
    # What one sees, one may keep an eye on: a list of one's own that says nothing of a case.
    # AUDITOR: changes nothing. REPORTER: their own case, whatever else they see.
    "watchCase": _WATCHERS,
    "unwatchCase": _WATCHERS,
    READ_JOURNAL: frozenset({Role.AUDITOR, Role.SUPERVISOR}),
    EXPORT_JOURNAL: frozenset({Role.AUDITOR}),
}

BY_SERVICE: Final = frozenset(name for name, roles in PERMISSIONS.items() if roles == _SERVICE)
"""What happens because time passed: nobody is offered it."""

BEGINS_CASES: Final = frozenset({"registerCase"})
"""Not for whoever shows the tracking code of one case: they are its reporter, and nobody else."""


def authority(caller: Caller, permission: str) -> Authority | None:
    """The authority under which `caller` may use `permission`, or None: deny by default."""
    if not _ways_in(caller, permission):
        return None
    return Authority(permission, POLICY_VERSION)


def permitted(
    caller: Caller, permission: str, reporter: str | None, place: Place | None = None
) -> Authority:
    """The authority under which `caller` may use `permission` on a case of `reporter`.

    reporter: None where the case has none, or where there is no such case: whoever asks learns
        the same in both cases. For a case about to be created it is the caller.
    place: where the case lies; None where it is not about a case.
    Raises NotPermitted; or NotFound, where the caller may not even know that the case exists.
    """
    granted = authority(caller, permission)
    if granted is None:
        raise NotPermitted(permission=permission)
    if not ways(caller, permission, reporter, place):
        if _sees(caller, reporter, place):
            raise NotPermitted(permission=permission)
        raise NotFound(what="case")
    return granted


def ways(
    caller: Caller, permission: str, reporter: str | None, place: Place | None = None
) -> frozenset[Role]:
    """The roles under which `caller` may use `permission` on that case. As for `permitted`."""
    return frozenset(
        role
        for role in _ways_in(caller, permission)
        if (
            reporter == caller.principal
            if role is Role.REPORTER
            else place is None or _reaches(role, range_by(caller, role), place, permission)
        )
    )


def post_used(
    caller: Caller, permission: str, reporter: str | None, place: Place | None = None
) -> Post | None:
    """The first of the caller's posts, own ones first, that allows it on that case."""
    if not caller.reaches:
        return None
    roles = ways(caller, permission, reporter, place)
    for reach in caller.reaches:
        for role in roles & reach.post.roles:
            if place is None or _reaches(role, range_of(role, reach), place, permission):
                return reach.post
    return None


def range_by(caller: Caller, role: Role) -> Range:
    """What a role other than REPORTER has within reach, by every post that gives it."""
    given = [range_of(role, reach) for reach in caller.reaches if role in reach.post.roles]
    return reduce(or_, given) if given else EVERYWHERE


def readable(caller: Caller, level: Confidentiality = Confidentiality.NORMAL) -> Range:
    """The cases as confidential as that which `caller` may read as a member of the staff."""
    roles = (_ways_in(caller, READ_CASES) - {Role.REPORTER}) & CLEARED[level]
    return reduce(or_, (range_by(caller, role) for role in roles), NOWHERE)


def acting_roles(
    caller: Caller, permission: str, reporter: str | None = None, place: Place | None = None
) -> frozenset[Role]:
    """The roles under which `caller` may use `permission` there; without a place: anywhere."""
    if place is None:
        return _ways_in(caller, permission)
    return ways(caller, permission, reporter, place)


def sees_every_case(caller: Caller) -> bool:
    """Whether no case is beyond the caller's reach, however confidential."""
    return readable(caller, Confidentiality.CONFIDENTIAL).everywhere


def _sees(caller: Caller, reporter: str | None, place: Place | None) -> bool:
    if place is None:
        return sees_every_case(caller)
    own = reporter == caller.principal and bool(_ways_in(caller, READ_CASES))
    shared = not readable(caller).units.isdisjoint(place.shared_with)
    level = place.confidentiality
    return own or shared or readable(caller, level).holds(_seen(place))


def _reaches(role: Role, within: Range, place: Place, permission: str) -> bool:
    """Whether what a role has within reach holds the case, for that permission."""
    cleared = role in CLEARED[place.confidentiality]
    return cleared and within.holds(place.as_led() if permission in LEAD_ONLY else _seen(place))


def _seen(place: Place) -> Place:
    return place.as_led() if place.confidentiality in LEAD_ALONE else place


def _ways_in(caller: Caller, permission: str) -> frozenset[Role]:
    if caller.tracks is not None and permission in BEGINS_CASES:
        return frozenset()
    return PERMISSIONS.get(permission, frozenset()) & caller.roles
