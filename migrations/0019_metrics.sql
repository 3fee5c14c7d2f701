-- The view `metrics`: the rows that figures count (domain/metrics). It follows the journal
-- (projections/metric_view.py); its checkpoint commits with it.
SET ROLE wardbook_service;

-- One row: up to which position events are taken in.
CREATE TABLE views.metric_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL CHECK (position >= 0)
);

-- What has to be known of a case, beside its rows, to take in its next event: codes and times.
CREATE TABLE views.metric_cases (
    case_id uuid PRIMARY KEY,
    held    jsonb NOT NULL
);

-- The rows as they are, each from a position on. counts_at: the time of its period.
CREATE TABLE views.metric_facts (
    case_id       uuid NOT NULL,
    population    text COLLATE "C" NOT NULL,
    instance      text COLLATE "C" NOT NULL,
    unit          text COLLATE "C",
    facts         text[] COLLATE "C" NOT NULL,
    excluded      text[] COLLATE "C" NOT NULL,
    area          text COLLATE "C",
    type_code     text COLLATE "C",
    channel       text COLLATE "C" NOT NULL,
    source        text COLLATE "C",
    confidential  boolean NOT NULL,
    began_at      timestamptz NOT NULL,
    due_at        timestamptz,
    counts_at     timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(due_at, began_at)) STORED,
    ended_at      timestamptz,
    decided_by    text COLLATE "C",
    from_position bigint NOT NULL,
    PRIMARY KEY (case_id, population, instance)
);
-- A period of a population. What most figures count is read from an index alone; an imported
-- history, whose codes may be long, and what was left out of a figure are looked up.
CREATE INDEX ON views.metric_facts (population, counts_at)
    INCLUDE (unit, facts, area, type_code, channel, confidential, began_at, due_at, ended_at,
        case_id)
    WHERE source IS NULL AND excluded = '{}';
CREATE INDEX ON views.metric_facts (population, counts_at)
    WHERE source IS NOT NULL OR excluded <> '{}';

-- The rows as they were, each up to before a position.
CREATE TABLE views.metric_facts_past (
    LIKE views.metric_facts INCLUDING GENERATED,
    until_position bigint NOT NULL,
    PRIMARY KEY (case_id, population, instance, from_position),
    CHECK (from_position < until_position)
);
CREATE INDEX ON views.metric_facts_past (population, counts_at);

-- Who left a case out of a metric, of which unit, why and when.
CREATE TABLE views.metric_exclusions (
    case_id        uuid NOT NULL,
    metric         text COLLATE "C" NOT NULL,
    unit           text COLLATE "C" NOT NULL,
    cause          text COLLATE "C" NOT NULL,
    approved_by    text COLLATE "C" NOT NULL,
    approved_at    timestamptz NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    PRIMARY KEY (case_id, metric, unit, from_position),
    CHECK (from_position < until_position)
);
-- Once at a time.
CREATE UNIQUE INDEX ON views.metric_exclusions (case_id, metric, unit)
    WHERE until_position IS NULL;
CREATE INDEX ON views.metric_exclusions (metric);

INSERT INTO views.versions (view, version) VALUES ('metrics', 1);

RESET ROLE;
