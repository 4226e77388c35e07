-- A turn under which something was made is given to another operation only when that has had the time
-- to show itself.
ALTER TABLE turns
    ADD COLUMN settle  interval,              -- how long it stays taken after it was given back
    ADD COLUMN free_at timestamptz;           -- set when it was given back and settles

CREATE INDEX settling_turns ON turns (free_at) WHERE free_at IS NOT NULL;
