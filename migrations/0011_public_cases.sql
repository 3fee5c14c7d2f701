-- What the public may read, the newest first.
SET ROLE wardbook_service;

CREATE INDEX ON views.cases (registered_at, case_no) WHERE publication_state = 'PUBLIC';

RESET ROLE;
