-- What waits for whom after a merge is reversed, whose time it was after a late entry, and which facts
-- and figures follow from that come out otherwise than before. The views that follow the journal are
-- told anew, from position 1 on, and say meanwhile how far they are; those that are written inside
-- each append are to be rebuilt, unless there is nothing in them yet.
SET ROLE wardbook_service;

TRUNCATE views.control_facts, views.clock_spans, views.control_cases, views.control_state;
UPDATE views.versions SET version = 4 WHERE view = 'control';

TRUNCATE views.metric_state, views.metric_cases, views.metric_facts, views.metric_facts_past,
    views.metric_exclusions;
UPDATE views.versions SET version = 2 WHERE view = 'metrics';

UPDATE views.versions SET version = 2
WHERE view IN ('cases', 'responsibility') AND NOT EXISTS (SELECT FROM views.cases);

RESET ROLE;
