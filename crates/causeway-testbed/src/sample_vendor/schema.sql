CREATE TABLE IF NOT EXISTS accounts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS plans (
    code TEXT PRIMARY KEY
) STRICT;
INSERT OR IGNORE INTO plans (code) VALUES ('basic'), ('pro'), ('business');

CREATE TABLE IF NOT EXISTS service_types (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;
INSERT OR IGNORE INTO service_types (id, name) VALUES (1, 'website'), (2, 'shop');

CREATE TABLE IF NOT EXISTS users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    firstname     TEXT NOT NULL,
    lastname      TEXT,
    email         TEXT NOT NULL,
    password_salt BLOB NOT NULL,
    password_hash BLOB NOT NULL,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (account_id, id)
) STRICT;

CREATE INDEX IF NOT EXISTS users_by_email ON users (email);
CREATE INDEX IF NOT EXISTS users_of_account_by_email ON users (account_id, email);

CREATE TABLE IF NOT EXISTS services (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    user_id       INTEGER NOT NULL,
    domain        TEXT NOT NULL COLLATE NOCASE,
    plan          TEXT NOT NULL REFERENCES plans (code),
    type_id       INTEGER NOT NULL REFERENCES service_types (id),
    status        TEXT NOT NULL CHECK (status IN ('pending', 'active', 'suspended', 'failed')),
    license_key   TEXT UNIQUE,
    paid_until    TEXT,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    suspended_at  TEXT,
    reads_left    INTEGER,
    ready_at_ms   INTEGER,
    created_at_ms INTEGER NOT NULL,
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id)
) STRICT;
CREATE INDEX IF NOT EXISTS services_by_user ON services (account_id, user_id);
CREATE INDEX IF NOT EXISTS services_by_domain ON services (account_id, domain);
CREATE INDEX IF NOT EXISTS services_in_provisioning ON services (ready_at_ms) WHERE status = 'pending';

CREATE TABLE IF NOT EXISTS terminated_services (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL,
    user_id       INTEGER NOT NULL,
    domain        TEXT NOT NULL,
    plan          TEXT NOT NULL,
    type_id       INTEGER NOT NULL,
    license_key   TEXT,
    paid_until    TEXT,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    suspended_at  TEXT,
    terminated_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS keep_what_was_terminated BEFORE DELETE ON services BEGIN
    INSERT INTO terminated_services
    VALUES (old.id, old.account_id, old.user_id, old.domain, old.plan, old.type_id, old.license_key,
            old.paid_until, old.created_at, old.updated_at, old.suspended_at,
            strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now'));
END;

CREATE TABLE IF NOT EXISTS idempotent_answers (
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status      INTEGER NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
