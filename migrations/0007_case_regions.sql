-- The regions beside the lifecycle, and the parts of a case that are lists, now and in every past
-- state: what existed before is as these defaults say.
SET ROLE wardbook_service;

ALTER TABLE views.cases
    ADD COLUMN officer text COLLATE "C",
    ADD COLUMN officer_position text COLLATE "C",
    ADD COLUMN return_state text NOT NULL DEFAULT 'NONE',
    ADD COLUMN feedback_state text NOT NULL DEFAULT 'NONE',
    ADD COLUMN publication_state text NOT NULL DEFAULT 'PRIVATE',
    ADD COLUMN confidential boolean NOT NULL DEFAULT false,
    ADD COLUMN emergency_until timestamptz,
    ADD COLUMN merged_into uuid,
    ADD COLUMN shared_with text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD COLUMN details jsonb NOT NULL DEFAULT '{}';

ALTER TABLE views.case_history
    ADD COLUMN officer text COLLATE "C",
    ADD COLUMN officer_position text COLLATE "C",
    ADD COLUMN return_state text NOT NULL DEFAULT 'NONE',
    ADD COLUMN feedback_state text NOT NULL DEFAULT 'NONE',
    ADD COLUMN publication_state text NOT NULL DEFAULT 'PRIVATE',
    ADD COLUMN confidential boolean NOT NULL DEFAULT false,
    ADD COLUMN emergency_until timestamptz,
    ADD COLUMN merged_into uuid,
    ADD COLUMN shared_with text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD COLUMN details jsonb NOT NULL DEFAULT '{}';

-- Feedback was asked for, answered or lapsed before it had a column; `wardbook rebuild cases` makes
-- past states say so too.
UPDATE views.cases SET feedback_state = 'ASKED' WHERE stage = 'AWAITING_FEEDBACK';

RESET ROLE;
