-- Whether a case rests, now and in every past state: none did before.
SET ROLE wardbook_service;

ALTER TABLE views.cases ADD COLUMN hold text NOT NULL DEFAULT 'NONE';
ALTER TABLE views.case_history ADD COLUMN hold text NOT NULL DEFAULT 'NONE';

RESET ROLE;
