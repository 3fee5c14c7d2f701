-- The view `cases`: what a case is now, what it was, its texts, its audit trail, and the
-- activities of imported logs. Written inside each append, by projections/case_view.py.
--
-- Indexes have no names of their own here: tables built anew beside these get the same ones.
SET ROLE wardbook_service;

-- The newest state of each case. A text lies in case_texts under (case_id, text_key).
-- version, position and updated_at are those of the last event that changed any other column:
-- most events change none, and then nothing is written here. See case_newest.
CREATE TABLE views.cases (
    case_id       uuid PRIMARY KEY,
    version       integer NOT NULL CHECK (version > 0),
    position      bigint NOT NULL,
    updated_at    timestamptz NOT NULL,
    stage         text COLLATE "C" NOT NULL,
    case_no       text COLLATE "C" NOT NULL,
    channel       text COLLATE "C" NOT NULL,
    registered_at timestamptz NOT NULL,
    type_code     text COLLATE "C",
    area          text COLLATE "C",
    latitude      double precision,
    longitude     double precision,
    precision     text COLLATE "C",
    urgency       text COLLATE "C",
    lead_unit     text COLLATE "C",
    co_units      text[] COLLATE "C" NOT NULL,
    cycle         integer NOT NULL,
    outcome       text COLLATE "C",
    on_behalf     boolean NOT NULL,
    relation      text COLLATE "C",
    reporter      text COLLATE "C",
    accepted_at   timestamptz,
    closed_at     timestamptz,
    source        text COLLATE "C",
    external_id   text COLLATE "C",
    text_key      bigint,
    -- Since when the case was so: the latest time at which an event that changed it occurred.
    latest_at     timestamptz NOT NULL,
    -- The newest state in version order is also the last one by time (projections/history.py).
    in_order      boolean NOT NULL,
    -- Imported histories stand outside the lifecycle, and nothing else does.
    CHECK ((stage = 'IMPORTED') = (source IS NOT NULL)),
    CHECK ((source IS NULL) = (external_id IS NULL))
);

-- A number is given once. Imported histories are named source/name, which may coincide.
CREATE UNIQUE INDEX ON views.cases (case_no) WHERE source IS NULL;
CREATE INDEX ON views.cases (case_no, case_id) WHERE source IS NOT NULL;
-- The orders of lists, with the filters that select most.
CREATE INDEX ON views.cases (registered_at, case_id) WHERE source IS NULL;
CREATE INDEX ON views.cases (stage, registered_at, case_id, position, latest_at)
    WHERE source IS NULL;
CREATE INDEX ON views.cases (lead_unit, registered_at, case_id) WHERE lead_unit IS NOT NULL;
CREATE INDEX ON views.cases (area, registered_at, case_id) WHERE area IS NOT NULL;
CREATE INDEX ON views.cases (type_code, registered_at, case_id) WHERE type_code IS NOT NULL;
CREATE INDEX ON views.cases (source, registered_at, case_id) WHERE source IS NOT NULL;
-- A reporter's own cases.
CREATE INDEX ON views.cases (reporter, registered_at, case_id) WHERE reporter IS NOT NULL;

-- The newest event of each case: a narrow row, for it is written anew with every event.
CREATE TABLE views.case_newest (
    case_id    uuid PRIMARY KEY,
    version    integer NOT NULL,
    position   bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    -- No imported history.
    regular    boolean NOT NULL
);
-- The order of lists by when they were updated.
CREATE INDEX ON views.case_newest (position, case_id) WHERE regular;

-- The states a case has left, on two axes of time; projections/history.py says how they lie.
CREATE TABLE views.case_history (
    case_id        uuid NOT NULL,
    version        integer NOT NULL,
    position       bigint NOT NULL,
    updated_at     timestamptz NOT NULL,
    stage          text COLLATE "C" NOT NULL,
    case_no        text COLLATE "C" NOT NULL,
    channel        text COLLATE "C" NOT NULL,
    registered_at  timestamptz NOT NULL,
    type_code      text COLLATE "C",
    area           text COLLATE "C",
    latitude       double precision,
    longitude      double precision,
    precision      text COLLATE "C",
    urgency        text COLLATE "C",
    lead_unit      text COLLATE "C",
    co_units       text[] COLLATE "C" NOT NULL,
    cycle          integer NOT NULL,
    outcome        text COLLATE "C",
    on_behalf      boolean NOT NULL,
    relation       text COLLATE "C",
    reporter       text COLLATE "C",
    accepted_at    timestamptz,
    closed_at      timestamptz,
    source         text COLLATE "C",
    external_id    text COLLATE "C",
    text_key       bigint,
    made_by        integer NOT NULL,
    seq            integer NOT NULL,
    by_version     boolean NOT NULL,
    by_time        boolean NOT NULL,
    next_position  bigint,
    known_from     bigint NOT NULL,
    known_to       bigint NOT NULL,
    valid_from     timestamptz NOT NULL,
    valid_to       timestamptz NOT NULL,
    valid_to_since bigint,
    -- Nodes of the interval trees over positions and over seconds (projections/intervals.py).
    fork           bigint,
    time_fork      bigint,
    PRIMARY KEY (case_id, made_by, seq),
    CHECK (by_version OR by_time),
    CHECK (by_version = (next_position IS NOT NULL)),
    CHECK (by_time = (time_fork IS NOT NULL)),
    CHECK (valid_to >= valid_from)
);

-- Searched in the order of registration; the last columns let the index itself tell whether a
-- row is of the moment sought.
CREATE INDEX ON views.case_history
    (stage, fork, registered_at, case_id, position, next_position) WHERE fork IS NOT NULL;
CREATE INDEX ON views.case_history
    (lead_unit, fork, registered_at, case_id, position, next_position)
    WHERE fork IS NOT NULL AND lead_unit IS NOT NULL;
CREATE INDEX ON views.case_history
    (area, fork, registered_at, case_id, position, next_position)
    WHERE fork IS NOT NULL AND area IS NOT NULL;
CREATE INDEX ON views.case_history
    (stage, time_fork, registered_at, case_id, valid_from, valid_to) WHERE time_fork IS NOT NULL;
CREATE INDEX ON views.case_history
    (lead_unit, time_fork, registered_at, case_id, valid_from, valid_to)
    WHERE time_fork IS NOT NULL AND lead_unit IS NOT NULL;
CREATE INDEX ON views.case_history
    (area, time_fork, registered_at, case_id, valid_from, valid_to)
    WHERE time_fork IS NOT NULL AND area IS NOT NULL;

-- Each text a case has had, once; normal and tokens are for searching (projections/texts.py).
CREATE TABLE views.case_texts (
    case_id     uuid NOT NULL,
    text_key    bigint NOT NULL,
    title       text,
    description text,
    normal      text COLLATE "C" NOT NULL,
    tokens      text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (case_id, text_key)
);
CREATE INDEX ON views.case_texts USING gin (tokens);

-- The audit trail: one row for each event of the journal, readable.
CREATE TABLE views.timeline_events (
    position       bigint PRIMARY KEY,
    event_id       uuid NOT NULL,
    stream_id      uuid NOT NULL,
    of_case        boolean NOT NULL,
    version        integer NOT NULL,
    topic          text COLLATE "C" NOT NULL,
    occurred_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    principal      text COLLATE "C" NOT NULL,
    actor_kind     text COLLATE "C" NOT NULL,
    actor_position text COLLATE "C",
    actor_unit     text COLLATE "C",
    on_behalf_of   text COLLATE "C",
    permission     text COLLATE "C" NOT NULL,
    policy_version integer NOT NULL,
    channel        text COLLATE "C",
    reason         text,
    command_id     uuid NOT NULL,
    causation_id   uuid,
    correlation_id uuid NOT NULL,
    -- Of a note: who may read it.
    audience       text COLLATE "C",
    payload        jsonb NOT NULL,
    changes        jsonb NOT NULL
);
CREATE UNIQUE INDEX ON views.timeline_events (stream_id, version);
CREATE INDEX ON views.timeline_events (topic, position);
CREATE INDEX ON views.timeline_events (principal, position);
CREATE INDEX ON views.timeline_events (command_id);
-- Where nothing said otherwise the correlation is the command itself: found by the index above.
CREATE INDEX ON views.timeline_events (correlation_id, position) WHERE correlation_id <> command_id;

-- The activities of imported logs, and with version 1 (no activity) that a history was imported.
CREATE TABLE views.log_activities (
    source      text COLLATE "C" NOT NULL,
    case_id     uuid NOT NULL,
    version     integer NOT NULL,
    position    bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    activity    text COLLATE "C",
    resource    text COLLATE "C",
    PRIMARY KEY (source, case_id, version)
);

-- By which version of its view each set of tables was built; another one must build them anew.
CREATE TABLE views.versions (
    view    text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL
);
INSERT INTO views.versions (view, version) VALUES ('cases', 1);

RESET ROLE;
