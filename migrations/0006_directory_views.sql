-- The view `directory`: what units, areas, positions, appointments, delegations and qualifications
-- are, on two axes of time. Written inside each append, by projections/directory_view.py.
--
-- A row says: as known from position known_from until before known_to, the entry was so from
-- valid_from until before valid_to. What is known now has the known_to 9223372036854775807; what
-- has no end has the valid_to infinity. An entry called off before it began is a row that lasts
-- for no time.
SET ROLE wardbook_service;

CREATE TABLE views.directory_units (
    code        text COLLATE "C" NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    name_zh     text,
    name_en     text,
    parent      text COLLATE "C",
    areas       text[] COLLATE "C" NOT NULL,
    competences text[] COLLATE "C" NOT NULL,
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz NOT NULL,
    known_from  bigint NOT NULL,
    known_to    bigint NOT NULL,
    PRIMARY KEY (code, valid_from, known_from),
    CHECK (valid_from <= valid_to),
    CHECK (known_from < known_to)
);
CREATE INDEX ON views.directory_units (parent) WHERE parent IS NOT NULL;

CREATE TABLE views.directory_areas (
    code       text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    name_zh    text,
    name_en    text,
    parent     text COLLATE "C",
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz NOT NULL,
    known_from bigint NOT NULL,
    known_to   bigint NOT NULL,
    PRIMARY KEY (code, valid_from, known_from),
    CHECK (valid_from <= valid_to),
    CHECK (known_from < known_to)
);
CREATE INDEX ON views.directory_areas (parent) WHERE parent IS NOT NULL;

CREATE TABLE views.directory_positions (
    code          text COLLATE "C" NOT NULL,
    unit          text COLLATE "C" NOT NULL,
    title_zh      text,
    title_en      text,
    roles         text[] COLLATE "C" NOT NULL,
    areas         text[] COLLATE "C" NOT NULL,
    single_holder boolean NOT NULL,
    valid_from    timestamptz NOT NULL,
    valid_to      timestamptz NOT NULL,
    known_from    bigint NOT NULL,
    known_to      bigint NOT NULL,
    PRIMARY KEY (code, valid_from, known_from),
    CHECK (valid_from <= valid_to),
    CHECK (known_from < known_to)
);
CREATE INDEX ON views.directory_positions (unit);

-- name: personal data, shown only to whom projections/directory.py lets see it.
CREATE TABLE views.directory_appointments (
    code       text COLLATE "C" NOT NULL,
    position   text COLLATE "C" NOT NULL,
    person     text COLLATE "C" NOT NULL,
    name       text,
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz NOT NULL,
    known_from bigint NOT NULL,
    known_to   bigint NOT NULL,
    PRIMARY KEY (code, valid_from, known_from),
    CHECK (valid_from <= valid_to),
    CHECK (known_from < known_to)
);
CREATE INDEX ON views.directory_appointments (position, valid_from);
CREATE INDEX ON views.directory_appointments (person, valid_from);

CREATE TABLE views.directory_delegations (
    code        text COLLATE "C" NOT NULL,
    appointment text COLLATE "C" NOT NULL,
    position    text COLLATE "C" NOT NULL,
    delegator   text COLLATE "C" NOT NULL,
    delegate    text COLLATE "C" NOT NULL,
    roles       text[] COLLATE "C" NOT NULL,
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz NOT NULL,
    known_from  bigint NOT NULL,
    known_to    bigint NOT NULL,
    PRIMARY KEY (code, valid_from, known_from),
    CHECK (valid_from <= valid_to),
    CHECK (known_from < known_to)
);
CREATE INDEX ON views.directory_delegations (appointment);
CREATE INDEX ON views.directory_delegations (delegate, valid_from);

CREATE TABLE views.directory_qualifications (
    code          text COLLATE "C" NOT NULL,
    qualification text COLLATE "C" NOT NULL,
    person        text COLLATE "C" NOT NULL,
    valid_from    timestamptz NOT NULL,
    valid_to      timestamptz NOT NULL,
    known_from    bigint NOT NULL,
    known_to      bigint NOT NULL,
    PRIMARY KEY (code, valid_from, known_from),
    CHECK (valid_from <= valid_to),
    CHECK (known_from < known_to)
);
CREATE INDEX ON views.directory_qualifications (person, valid_from);

-- One row: the position of the last event of the directory that the view has taken in.
CREATE TABLE views.directory_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL CHECK (position >= 0)
);

INSERT INTO views.versions (view, version) VALUES ('directory', 1);

RESET ROLE;
