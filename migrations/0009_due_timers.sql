-- The view `due_timers`: the timers of cases that run. Written inside each append, by
-- projections/due_timers.py; the elected worker (app/timers.py) looks for what is due.
SET ROLE wardbook_service;

CREATE TABLE views.due_timers (
    case_id  uuid NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    key      text COLLATE "C" NOT NULL,
    due      timestamptz NOT NULL,
    -- Of the event that started it.
    version  integer NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (case_id, kind, key)
);
-- What is due, in its order: looking for it costs what is due, not what runs.
CREATE INDEX ON views.due_timers (due, case_id, kind, key);
-- What was started since the worker last looked.
CREATE INDEX ON views.due_timers (position, due);

-- One row: the position of the last event that started or stopped a timer.
CREATE TABLE views.due_timers_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL CHECK (position >= 0)
);

INSERT INTO views.versions (view, version) VALUES ('due_timers', 1);

-- The work calendars are a configuration as the catalogue and the routing policy are.
ALTER TABLE views.configuration_versions
    DROP CONSTRAINT configuration_versions_kind_check,
    ADD CONSTRAINT configuration_versions_kind_check
        CHECK (kind IN ('CATALOGUE', 'ROUTING', 'CALENDAR'));

RESET ROLE;
