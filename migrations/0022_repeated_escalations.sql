-- What goes up the ladder because it happened again is among the facts too. They are told anew, from
-- position 1 on; the view follows the journal, and says meanwhile how far it is.
SET ROLE wardbook_service;

TRUNCATE views.control_facts, views.clock_spans, views.control_cases, views.control_state;

UPDATE views.versions SET version = 2 WHERE view = 'control';

RESET ROLE;
