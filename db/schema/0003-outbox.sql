-- What other systems are to be told of hand-offs. A row is written together with what it tells of, and stays until that
-- system has it or it was given up; it goes with its hand-off. status: pending | failed.

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    handoff TEXT NOT NULL REFERENCES handoffs ON DELETE CASCADE,
    conversation TEXT NOT NULL,
    shop INTEGER NOT NULL REFERENCES shops,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    why TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX outbox_by_handoff ON outbox (handoff, status, id);
CREATE INDEX outbox_by_due ON outbox (shop, status, due_ms);

-- What the other system calls things, and how far it has been told: what was done is not done again.
CREATE TABLE outbox_marks (
    handoff TEXT NOT NULL REFERENCES handoffs ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (handoff, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_marks_by_value ON outbox_marks (name, value);
