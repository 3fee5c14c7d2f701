-- What became known late: of it lists as of a past time, in the order of updates, look for what had
-- occurred by then (projections/recent_cases.py). Nothing is written here for an event that is told
-- within the hour, nor for the activities of imported logs, which are on no such list.
SET ROLE wardbook_service;

CREATE INDEX ON views.timeline_events (position, occurred_at)
    WHERE recorded_at - occurred_at > interval '1 hour' AND topic <> 'case.activity_recorded';

RESET ROLE;
