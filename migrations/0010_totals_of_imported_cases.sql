-- Totals also tell cases apart by the log they were imported from, by whether they are closed, and
-- by whether the public may read them. What was counted is counted anew, from position 1 on.
SET ROLE wardbook_service;

DROP TABLE views.case_totals_cases, views.case_totals;
DELETE FROM views.case_totals_state;

-- In which cell each case is counted.
CREATE TABLE views.case_totals_cases (
    case_id     uuid PRIMARY KEY,
    stage       text COLLATE "C" NOT NULL,
    type_code   text COLLATE "C",
    lead_unit   text COLLATE "C",
    channel     text COLLATE "C" NOT NULL,
    area        text COLLATE "C",
    month       date NOT NULL,
    source      text COLLATE "C",
    closed      boolean NOT NULL,
    publication text COLLATE "C" NOT NULL
);

CREATE TABLE views.case_totals (
    stage       text COLLATE "C" NOT NULL,
    type_code   text COLLATE "C",
    lead_unit   text COLLATE "C",
    channel     text COLLATE "C" NOT NULL,
    area        text COLLATE "C",
    month       date NOT NULL,
    source      text COLLATE "C",
    closed      boolean NOT NULL,
    publication text COLLATE "C" NOT NULL,
    cases       bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT
        (month, stage, type_code, lead_unit, channel, area, source, closed, publication)
);
CREATE INDEX ON views.case_totals (month) WHERE cases = 0;

UPDATE views.versions SET version = 2 WHERE view = 'case_totals';

RESET ROLE;
