-- The region of supervision orders, now and in every past state: no case had one before. Few cases
-- are supervised, and a list of those finds them by the index.
SET ROLE wardbook_service;

ALTER TABLE views.cases ADD COLUMN supervision text NOT NULL DEFAULT 'NONE';
ALTER TABLE views.case_history ADD COLUMN supervision text NOT NULL DEFAULT 'NONE';

CREATE INDEX
    ON views.cases (supervision, registered_at, case_id) WHERE supervision <> 'NONE';

RESET ROLE;
