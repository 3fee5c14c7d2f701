-- The view `control`: what supervisors count, and which clocks ran when. It follows the journal
-- (projections/control_view.py); its checkpoint commits with it.
SET ROLE wardbook_service;

-- One row: up to which position events are taken in.
CREATE TABLE views.control_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL CHECK (position >= 0)
);

-- What has to be known of a case to tell its next fact: codes and times, as JSON.
CREATE TABLE views.control_cases (
    case_id uuid PRIMARY KEY,
    held    jsonb NOT NULL
);

-- Returns, decisions, hand-overs, escalations and orders, with whose the case was; never changed.
CREATE TABLE views.control_facts (
    position    bigint NOT NULL,
    -- An event may be several facts.
    seq         smallint NOT NULL,
    case_id     uuid NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    occurred_at timestamptz NOT NULL,
    unit        text COLLATE "C",
    other_unit  text COLLATE "C",
    decision    text COLLATE "C",
    since       timestamptz,
    clock       text COLLATE "C",
    percent     integer,
    level       text COLLATE "C",
    number      integer,
    by_unit     text COLLATE "C",
    by_post     text COLLATE "C",
    area        text COLLATE "C",
    type_code   text COLLATE "C",
    channel     text COLLATE "C",
    PRIMARY KEY (position, seq),
    -- A decision was asked for, and nothing else was.
    CHECK ((decision IS NULL) = (since IS NULL))
);
-- The facts of a kind in a period, and of one case.
CREATE INDEX ON views.control_facts (kind, occurred_at, position);
CREATE INDEX ON views.control_facts (case_id, kind);

-- A clock as it was from the event at position `since` on, until before that at `until`.
CREATE TABLE views.clock_spans (
    case_id          uuid NOT NULL,
    name             text COLLATE "C" NOT NULL,
    since            bigint NOT NULL,
    until            bigint,
    -- Node of the interval tree over positions (projections/intervals.py).
    fork             bigint,
    kind             text COLLATE "C" NOT NULL,
    -- From when on it is past due, and from when on nearly; null while it stands still before.
    late_from        timestamptz,
    yellow_from      timestamptz,
    unit             text COLLATE "C",
    lead_unit        text COLLATE "C",
    area             text COLLATE "C",
    type_code        text COLLATE "C",
    channel          text COLLATE "C",
    officer          text COLLATE "C",
    officer_position text COLLATE "C",
    clock            jsonb NOT NULL,
    PRIMARY KEY (case_id, name, since),
    CHECK (until > since),
    CHECK ((until IS NULL) = (fork IS NULL)),
    CHECK (yellow_from <= late_from)
);
-- One clock of a name runs at a time.
CREATE UNIQUE INDEX ON views.clock_spans (case_id, name) WHERE until IS NULL;
-- What is late, the longest first: now, now at a unit, and as of a position.
CREATE INDEX ON views.clock_spans (late_from, case_id, name) WHERE until IS NULL;
CREATE INDEX ON views.clock_spans (lead_unit, late_from, case_id, name)
    WHERE until IS NULL AND lead_unit IS NOT NULL;
CREATE INDEX ON views.clock_spans (fork, late_from, case_id, name, since, until)
    WHERE fork IS NOT NULL;

INSERT INTO views.versions (view, version) VALUES ('control', 1);

RESET ROLE;
