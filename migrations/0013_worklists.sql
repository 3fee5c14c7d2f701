-- Worklists: what waits for whom. Who watches which case is a view of its own, written inside each
-- append by projections/watching.py; the others are lists of `cases` (projections/worklists.py).
SET ROLE wardbook_service;

-- Each time that somebody began to watch a case, by position, and where they stopped.
CREATE TABLE views.watched_cases (
    principal text COLLATE "C" NOT NULL,
    case_id   uuid NOT NULL,
    since     bigint NOT NULL,
    until     bigint CHECK (until > since),
    PRIMARY KEY (principal, case_id, since)
);
-- A case is watched once at a time.
CREATE UNIQUE INDEX ON views.watched_cases (principal, case_id) WHERE until IS NULL;
-- How far the view is.
CREATE INDEX ON views.watched_cases (since);
CREATE INDEX ON views.watched_cases (until) WHERE until IS NOT NULL;

INSERT INTO views.versions (view, version) VALUES ('watching', 1);

-- The cases that somebody has to do something with are few beside those that are over. The
-- conditions and the order are those of projections/worklists.py, word for word.
CREATE INDEX ON views.cases (
    (CASE WHEN emergency_until IS NOT NULL OR urgency = 'EMERGENCY' THEN 0
        WHEN urgency = 'URGENT' THEN 1 ELSE 2 END),
    registered_at, case_id
) WHERE stage IN ('REGISTERED', 'VERIFYING', 'ACCEPTED', 'DISPATCHED', 'IN_PROGRESS', 'RESOLVED',
    'AWAITING_FEEDBACK');
CREATE INDEX ON views.cases (officer)
    WHERE officer IS NOT NULL AND stage IN ('REGISTERED', 'VERIFYING', 'ACCEPTED', 'DISPATCHED',
        'IN_PROGRESS', 'RESOLVED', 'AWAITING_FEEDBACK');
CREATE INDEX ON views.cases (officer_position)
    WHERE officer_position IS NOT NULL AND stage IN ('REGISTERED', 'VERIFYING', 'ACCEPTED',
        'DISPATCHED', 'IN_PROGRESS', 'RESOLVED', 'AWAITING_FEEDBACK');
CREATE INDEX ON views.cases (lead_unit)
    WHERE lead_unit IS NOT NULL AND stage IN ('REGISTERED', 'VERIFYING', 'ACCEPTED', 'DISPATCHED',
        'IN_PROGRESS', 'RESOLVED', 'AWAITING_FEEDBACK');
CREATE INDEX ON views.cases USING gin (co_units)
    WHERE co_units <> '{}' AND stage IN ('REGISTERED', 'VERIFYING', 'ACCEPTED', 'DISPATCHED',
        'IN_PROGRESS', 'RESOLVED', 'AWAITING_FEEDBACK');
CREATE INDEX ON views.cases (
    (CASE WHEN emergency_until IS NOT NULL OR urgency = 'EMERGENCY' THEN 0
        WHEN urgency = 'URGENT' THEN 1 ELSE 2 END),
    registered_at, case_id
) WHERE details ? 'pending_decisions' OR stage = 'REGISTERED';

RESET ROLE;
