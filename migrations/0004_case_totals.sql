-- The view `case_totals`: how many cases are at each stage, of each type, unit, channel, area and
-- month. It follows the journal (projections/totals_view.py); its checkpoint commits with it.
SET ROLE wardbook_service;

-- One row: up to which position events are counted, and what a month is in this jurisdiction.
CREATE TABLE views.case_totals_state (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position  bigint NOT NULL CHECK (position >= 0),
    time_zone text NOT NULL
);

-- In which cell each case is counted.
CREATE TABLE views.case_totals_cases (
    case_id   uuid PRIMARY KEY,
    stage     text COLLATE "C" NOT NULL,
    type_code text COLLATE "C",
    lead_unit text COLLATE "C",
    channel   text COLLATE "C" NOT NULL,
    area      text COLLATE "C",
    month     date NOT NULL
);

CREATE TABLE views.case_totals (
    stage     text COLLATE "C" NOT NULL,
    type_code text COLLATE "C",
    lead_unit text COLLATE "C",
    channel   text COLLATE "C" NOT NULL,
    area      text COLLATE "C",
    month     date NOT NULL,
    cases     bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (month, stage, type_code, lead_unit, channel, area)
);
CREATE INDEX ON views.case_totals (month) WHERE cases = 0;

INSERT INTO views.versions (view, version) VALUES ('case_totals', 1);

RESET ROLE;
