-- What a person decides about an operation that needs attention.

-- The step that is to be judged.
ALTER TABLE operations ADD COLUMN attention_step TEXT;

-- JSON: what was decided, by step, until the next operation goes by it.
ALTER TABLE services ADD COLUMN resolutions TEXT NOT NULL DEFAULT '{}';

CREATE INDEX operations_that_need_attention ON operations (sequence) WHERE standing = 'needs_attention';
