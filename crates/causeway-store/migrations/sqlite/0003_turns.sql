-- The turns under which something that services share was sent to be made: who starts this journal
-- next gives them to nobody else until it shows itself. The key is hashed, it may tell of a client.
CREATE TABLE turns (
    key       BLOB    PRIMARY KEY,
    operation INTEGER NOT NULL REFERENCES operations (sequence),
    settle    INTEGER NOT NULL                -- nanoseconds from when it is given back
) STRICT, WITHOUT ROWID;
