-- The journal. Times are nanoseconds since 1970, "sealed" columns are encrypted. Texts compare byte by
-- byte, as in SQLite.

-- Facts about the journal itself: key_check, checked_at.
CREATE TABLE meta (
    name  text  COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE providers (
    number        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            uuid   NOT NULL UNIQUE,
    name          text   COLLATE "C" NOT NULL,
    token_hash    bytea  UNIQUE,              -- null once removed
    credential    bytea,                      -- sealed, null once removed
    api           text,
    added_at      bigint NOT NULL,
    token_made_at bigint NOT NULL,
    removed_at    bigint,
    CHECK ((removed_at IS NULL) = (token_hash IS NOT NULL)),
    CHECK ((removed_at IS NULL) = (credential IS NOT NULL))
);

CREATE UNIQUE INDEX provider_names ON providers (name) WHERE removed_at IS NULL;

CREATE TABLE services (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider    bigint NOT NULL REFERENCES providers (number),
    reference   text   COLLATE "C" NOT NULL,
    definition  text   COLLATE "C" NOT NULL,
    status      text   NOT NULL,
    generation  bigint NOT NULL,
    properties  bytea,                        -- sealed, null while nothing is known of the service
    doubts      text   NOT NULL,              -- JSON
    resolutions text   NOT NULL,              -- JSON: what was decided, until an operation goes by it
    renewed_for text,
    UNIQUE (provider, reference, definition)
) WITH (fillfactor = 70);

-- Gateways, each with the lease that shows that it lives. A number is never given twice: whoever writes
-- with the number of a gateway that was ended is refused.
CREATE TABLE nodes (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    begun_at   timestamptz NOT NULL,
    held_since timestamptz NOT NULL,          -- since when the lease was never let run out
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
) WITH (fillfactor = 50);

CREATE INDEX living_nodes ON nodes (number) WHERE ended_at IS NULL;

-- In the order in which they were accepted.
CREATE TABLE operations (
    sequence       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id             uuid    NOT NULL UNIQUE,
    provider       bigint  NOT NULL REFERENCES providers (number),
    service        bigint  NOT NULL REFERENCES services (number),
    kind           text    NOT NULL,
    fingerprint    text    NOT NULL,
    accepted_at    bigint  NOT NULL,
    standing       text    NOT NULL,
    message        bytea,                     -- sealed: the vendor's words may tell of a client
    attention_step text,                      -- the step that is to be judged
    ended_at       bigint,
    steps_done     bigint  NOT NULL,
    owed           boolean NOT NULL,
    node           bigint,                    -- the gateway that works on it, or was the last to
    CHECK ((standing = 'open') = (ended_at IS NULL))
) WITH (fillfactor = 80);

-- At most one open operation for each service.
CREATE UNIQUE INDEX open_operations        ON operations (service) WHERE standing = 'open';
-- What nobody works on when its gateway has ended.
CREATE        INDEX open_operations_of_node ON operations (node) WHERE standing = 'open';
CREATE        INDEX operations_of_service  ON operations (service, sequence);
CREATE        INDEX operations_of_provider ON operations (provider, sequence);
CREATE        INDEX owed_operations        ON operations (provider) WHERE owed;
CREATE        INDEX operations_that_need_attention ON operations (sequence) WHERE standing = 'needs_attention';

-- What the billing system said; apart from its operation, because it goes when that ends.
CREATE TABLE inputs (
    operation bigint PRIMARY KEY REFERENCES operations (sequence),
    input     bytea  NOT NULL                 -- sealed
);

CREATE TABLE exchanges (
    operation bigint  NOT NULL REFERENCES operations (sequence),
    number    bigint  NOT NULL,
    step      text    NOT NULL,
    purpose   text    NOT NULL,
    sent_at   bigint  NOT NULL,
    ended_at  bigint,
    outcome   text    NOT NULL,
    status    integer,
    detail    bytea   NOT NULL,               -- sealed
    PRIMARY KEY (operation, number)
) WITH (fillfactor = 80);

-- Which service's life an identity at the vendor belongs to.
CREATE TABLE claims (
    provider   bigint NOT NULL REFERENCES providers (number),
    definition text   COLLATE "C" NOT NULL,
    resource   text   COLLATE "C" NOT NULL,
    value      text   COLLATE "C" NOT NULL,
    service    bigint NOT NULL REFERENCES services (number),
    generation bigint NOT NULL,
    PRIMARY KEY (provider, definition, resource, value)
);

-- The turns that open operations hold among all gateways; the key is hashed, it may tell of a client.
CREATE TABLE turns (
    key       bytea  PRIMARY KEY,
    operation bigint NOT NULL REFERENCES operations (sequence)
);

CREATE INDEX turns_of_operation ON turns (operation);
