-- The clocks of cases, those that run and those that have stopped: a part of the view `cases`, for
-- it is the same fold (projections/case_clocks.py).
SET ROLE wardbook_service;

CREATE TABLE views.case_clocks (
    case_id           uuid NOT NULL,
    -- "RESOLUTION", "CO_REPLY/fire-brigade"; number: which of that name in the life of the case.
    name              text COLLATE "C" NOT NULL,
    number            integer NOT NULL CHECK (number > 0),
    kind              text COLLATE "C" NOT NULL,
    key               text COLLATE "C" NOT NULL,
    cycle             integer NOT NULL,
    unit              text COLLATE "C",
    started_at        timestamptz NOT NULL,
    started_position  bigint NOT NULL,
    due               timestamptz NOT NULL,
    -- Where the due time was moved: as it was at first.
    first_due         timestamptz,
    -- That its limit was passed: since when, and where the journal says so.
    breached_at       timestamptz,
    breached_position bigint,
    -- Null while it runs.
    stopped_at        timestamptz,
    stopped_position  bigint,
    -- The clock as it runs, or as it ran last: limit, pauses, extensions and what it is pinned to.
    clock             jsonb NOT NULL,
    PRIMARY KEY (case_id, name, number),
    CHECK ((breached_at IS NULL) = (breached_position IS NULL)),
    CHECK ((stopped_at IS NULL) = (stopped_position IS NULL))
);
-- One clock of a name runs at a time.
CREATE UNIQUE INDEX ON views.case_clocks (case_id, name) WHERE stopped_at IS NULL;
-- What falls due in a period.
CREATE INDEX ON views.case_clocks (kind, due, case_id);

RESET ROLE;
