-- The view `configuration`: the versions of the catalogue and of the routing policy, how far each
-- has come, who brought it there, and what it says. Written inside each append, by
-- projections/configuration.py.
SET ROLE wardbook_service;

CREATE TABLE views.configuration_versions (
    kind         text COLLATE "C" NOT NULL CHECK (kind IN ('CATALOGUE', 'ROUTING')),
    number       integer NOT NULL CHECK (number > 0),
    state        text COLLATE "C" NOT NULL
        CHECK (state IN ('DRAFT', 'PROPOSED', 'PUBLISHED', 'RETIRED')),
    title        text NOT NULL,
    -- Where the content came from, as name@version.
    pack         text COLLATE "C",
    drafted_by   text COLLATE "C" NOT NULL,
    drafted_at   timestamptz NOT NULL,
    proposed_by  text COLLATE "C",
    proposed_at  timestamptz,
    published_by text COLLATE "C",
    published_at timestamptz,
    valid_from   timestamptz,
    retired_by   text COLLATE "C",
    retired_at   timestamptz,
    -- The version of the stream that the draft made, and the last position that says something.
    made_at      integer NOT NULL,
    position     bigint NOT NULL,
    content      jsonb NOT NULL,
    PRIMARY KEY (kind, number),
    -- Nobody publishes what they proposed themselves.
    CHECK (published_by <> proposed_by),
    CHECK ((published_by IS NULL) = (valid_from IS NULL))
);
-- How far the view is.
CREATE INDEX ON views.configuration_versions (position);

INSERT INTO views.versions (view, version) VALUES ('configuration', 1);

RESET ROLE;
