-- The view `responsibility`: who answered for which case from when to when. Written inside each
-- append, by projections/responsibility_view.py.
SET ROLE wardbook_service;

-- An interval of the ledger (domain/case/ledger/interval.py): whoever `part` says answered from
-- begin_at until before end_at (null: they still do). What became known of it later has the event
-- that said so beside it; only what a backdated event made untrue is known no longer.
CREATE TABLE views.responsibility (
    case_id        uuid NOT NULL,
    cycle          integer NOT NULL,
    part           text COLLATE "C" NOT NULL,
    -- As the case names them; of a role that answers, null.
    unit           text COLLATE "C",
    post           text COLLATE "C",
    person         text COLLATE "C",
    decision       text COLLATE "C",
    begin_at       timestamptz NOT NULL,
    version        integer NOT NULL,
    position       bigint NOT NULL,
    -- From when on it counts as theirs: its beginning, or when a return was upheld.
    since          timestamptz NOT NULL,
    since_version  integer NOT NULL,
    since_position bigint NOT NULL,
    end_at         timestamptz CHECK (end_at >= begin_at),
    end_version    integer,
    end_position   bigint,
    -- When it became somebody else's.
    until_at       timestamptz,
    until_version  integer,
    until_position bigint,
    -- Of whoever took the step that it waited for.
    taken_unit     text COLLATE "C",
    taken_post     text COLLATE "C",
    -- The clock of the case at its end, and the limit that it draws from.
    clock          jsonb,
    budget         jsonb,
    known_from     bigint NOT NULL,
    known_to       bigint NOT NULL,
    PRIMARY KEY (case_id, version, since_version, known_from),
    CHECK (known_from < known_to),
    CHECK ((part = 'DECIDER') = (decision IS NOT NULL)),
    CHECK ((part IN ('LEAD', 'FALLBACK')) = (unit IS NOT NULL)),
    CHECK ((end_at IS NULL) = (end_position IS NULL)),
    CHECK ((until_at IS NULL) = (until_position IS NULL))
);
-- That one interval of a case goes on at a time cannot stand here as a unique index: the end of one
-- and the beginning of the next are written by one statement, in no order.
-- Lists, the newest first: all, of a unit, of a person, of a part.
CREATE INDEX ON views.responsibility (begin_at, case_id, version, since_version);
CREATE INDEX ON views.responsibility
    (coalesce(unit, taken_unit), begin_at, case_id, version, since_version)
    WHERE coalesce(unit, taken_unit) IS NOT NULL;
CREATE INDEX ON views.responsibility (coalesce(post, taken_post), begin_at)
    WHERE coalesce(post, taken_post) IS NOT NULL;
CREATE INDEX ON views.responsibility (person, begin_at) WHERE person IS NOT NULL;

-- How each case stands after the last event that concerned it, in the order of occurrence.
CREATE TABLE views.responsibility_cases (
    case_id   uuid PRIMARY KEY,
    latest_at timestamptz NOT NULL,
    situation jsonb NOT NULL
);

-- One row: the position of the last event that concerned the ledger.
CREATE TABLE views.responsibility_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL CHECK (position >= 0)
);

INSERT INTO views.versions (view, version) VALUES ('responsibility', 1);

RESET ROLE;
