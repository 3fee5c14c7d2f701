-- The journal: immutable entries in gapless, commit-ordered positions, with the tree over them.
SET ROLE wardbook_owner;

-- One row. Its lock serialises the batches of all processes, so that positions follow commits.
CREATE TABLE journal.head (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    size        bigint NOT NULL CHECK (size >= 0),
    frontier    bytea[] NOT NULL,
    recorded_at timestamptz NOT NULL
);
INSERT INTO journal.head (size, frontier, recorded_at) VALUES (0, '{}', '-infinity');

-- version and hash of the last entry of each stream; hash is that entry's leaf hash.
CREATE TABLE journal.streams (
    stream_id uuid PRIMARY KEY,
    version   integer NOT NULL CHECK (version > 0),
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32)
);

-- entry: the exact canonical bytes that are hashed. The other columns are copies of what readers
-- look for; whatever else is searched (actors, commands, times of occurrence) is in the views.
CREATE TABLE journal.entries (
    position    bigint PRIMARY KEY CHECK (position > 0),
    stream_id   uuid NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    topic       text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    entry       bytea NOT NULL CHECK (octet_length(entry) <= 65536),
    leaf_hash   bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    UNIQUE (stream_id, version)
);
-- "as known at recorded time T" starts by finding the last position of that time.
CREATE INDEX entries_recorded_at ON journal.entries (recorded_at, position);

-- Finished inner nodes of the RFC 6962 tree, from level 4 up: what lies below one of them is
-- hashed again from its sixteen leaves when a proof needs it. A sixteenth of the rows.
CREATE TABLE journal.nodes (
    level smallint NOT NULL CHECK (level >= 4),
    index bigint NOT NULL CHECK (index >= 0),
    hash  bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);

-- Idempotency: what a command id did the first time. input_hash is keyed, for inputs may be guessable.
CREATE TABLE journal.commands (
    principal     text COLLATE "C" NOT NULL,
    command_id    uuid NOT NULL,
    input_hash    bytea NOT NULL,
    stream_id     uuid NOT NULL,
    first_version integer NOT NULL,
    last_version  integer NOT NULL,
    position      bigint NOT NULL,
    PRIMARY KEY (principal, command_id)
);

-- The key of a stream, wrapped by a key-encryption key that the database never sees.
CREATE TABLE journal.keys (
    subject    uuid PRIMARY KEY,
    state      text COLLATE "C" NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'sealed', 'destroyed')),
    kek_id     text COLLATE "C" NOT NULL,
    wrapped    bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((state = 'destroyed') = (wrapped IS NULL))
);

CREATE FUNCTION journal.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal.% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION journal.only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at THEN
        RAISE EXCEPTION 'the head of the journal only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal.entries
    FOR EACH STATEMENT EXECUTE FUNCTION journal.refuse_change();
CREATE TRIGGER nodes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal.nodes
    FOR EACH STATEMENT EXECUTE FUNCTION journal.refuse_change();
CREATE TRIGGER commands_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal.commands
    FOR EACH STATEMENT EXECUTE FUNCTION journal.refuse_change();
CREATE TRIGGER head_only_grows BEFORE UPDATE ON journal.head
    FOR EACH ROW EXECUTE FUNCTION journal.only_grows();
CREATE TRIGGER head_stays BEFORE DELETE OR TRUNCATE ON journal.head
    FOR EACH STATEMENT EXECUTE FUNCTION journal.refuse_change();
-- ALWAYS: also where a session claims to be a replica.
ALTER TABLE journal.entries ENABLE ALWAYS TRIGGER entries_append_only;
ALTER TABLE journal.nodes ENABLE ALWAYS TRIGGER nodes_append_only;
ALTER TABLE journal.commands ENABLE ALWAYS TRIGGER commands_append_only;
ALTER TABLE journal.head ENABLE ALWAYS TRIGGER head_only_grows;
ALTER TABLE journal.head ENABLE ALWAYS TRIGGER head_stays;

GRANT SELECT ON ALL TABLES IN SCHEMA journal TO wardbook_service;
GRANT INSERT (position, stream_id, version, topic, recorded_at, entry, leaf_hash)
    ON journal.entries TO wardbook_service;
GRANT INSERT (level, index, hash) ON journal.nodes TO wardbook_service;
GRANT INSERT (principal, command_id, input_hash, stream_id, first_version, last_version, position)
    ON journal.commands TO wardbook_service;
GRANT INSERT (subject, kek_id, wrapped) ON journal.keys TO wardbook_service;
GRANT INSERT (stream_id, version, hash), UPDATE (version, hash) ON journal.streams TO wardbook_service;
GRANT UPDATE (size, frontier, recorded_at) ON journal.head TO wardbook_service;

RESET ROLE;
