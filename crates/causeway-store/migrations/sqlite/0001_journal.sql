-- The journal. Times are nanoseconds since 1970, ids are 16 bytes, "sealed" columns are encrypted.

-- Facts about the file itself: key_check, checked_at.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE providers (
    number        INTEGER PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    token_hash    BLOB    UNIQUE,             -- null once removed
    credential    BLOB,                       -- sealed, null once removed
    api           TEXT,
    added_at      INTEGER NOT NULL,
    token_made_at INTEGER NOT NULL,
    removed_at    INTEGER,
    CHECK ((removed_at IS NULL) = (token_hash IS NOT NULL)),
    CHECK ((removed_at IS NULL) = (credential IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX provider_names ON providers (name) WHERE removed_at IS NULL;

CREATE TABLE services (
    number      INTEGER PRIMARY KEY,
    provider    INTEGER NOT NULL REFERENCES providers (number),
    reference   TEXT    NOT NULL,
    definition  TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    generation  INTEGER NOT NULL,
    properties  BLOB,                         -- sealed, null while nothing is known of the service
    doubts      TEXT    NOT NULL,             -- JSON
    renewed_for TEXT,
    UNIQUE (provider, reference, definition)
) STRICT;

-- In the order in which they were accepted.
CREATE TABLE operations (
    sequence    INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE,
    provider    INTEGER NOT NULL REFERENCES providers (number),
    service     INTEGER NOT NULL REFERENCES services (number),
    kind        TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    accepted_at INTEGER NOT NULL,
    standing    TEXT    NOT NULL,
    message     BLOB,                         -- sealed: the vendor's words may tell of a client
    ended_at    INTEGER,
    steps_done  INTEGER NOT NULL,
    owed        INTEGER NOT NULL,
    CHECK ((standing = 'open') = (ended_at IS NULL))
) STRICT;

-- At most one open operation for each service; also what a start resumes.
CREATE UNIQUE INDEX open_operations        ON operations (service) WHERE standing = 'open';
CREATE        INDEX operations_of_service  ON operations (service);
CREATE        INDEX operations_of_provider ON operations (provider);
CREATE        INDEX owed_operations        ON operations (provider) WHERE owed;

-- What the billing system said; apart from its operation, because it goes when that ends.
CREATE TABLE inputs (
    operation INTEGER PRIMARY KEY REFERENCES operations (sequence),
    input     BLOB NOT NULL                   -- sealed
) STRICT;

CREATE TABLE exchanges (
    operation INTEGER NOT NULL REFERENCES operations (sequence),
    number    INTEGER NOT NULL,
    step      TEXT    NOT NULL,
    purpose   TEXT    NOT NULL,
    sent_at   INTEGER NOT NULL,
    ended_at  INTEGER,
    outcome   TEXT    NOT NULL,
    status    INTEGER,
    detail    BLOB    NOT NULL,               -- sealed
    UNIQUE (operation, number)
) STRICT;

-- Which service's life an identity at the vendor belongs to.
CREATE TABLE claims (
    provider   INTEGER NOT NULL REFERENCES providers (number),
    definition TEXT    NOT NULL,
    resource   TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    service    INTEGER NOT NULL REFERENCES services (number),
    generation INTEGER NOT NULL,
    PRIMARY KEY (provider, definition, resource, value)
) STRICT, WITHOUT ROWID;
