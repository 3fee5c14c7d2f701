-- What strangers have used of their allowances, on whichever node they asked. Unlogged: after a
-- crash of the database everybody begins anew, and nothing waits for the disk.
SET ROLE wardbook_service;

CREATE UNLOGGED TABLE views.rate_limits (
    -- A keyed hash of sort and address: no address is kept.
    key bytea PRIMARY KEY,
    full_again timestamptz NOT NULL
);
CREATE INDEX ON views.rate_limits (full_again);

RESET ROLE;
