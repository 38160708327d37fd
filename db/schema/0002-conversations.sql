-- Conversations: what was said, why it was answered so, and what was handed to people. A conversation's row number is
-- never used twice (AUTOINCREMENT), since notes outlive the conversation that they belong to.

CREATE TABLE conversations (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    shop INTEGER NOT NULL REFERENCES shops,
    channel TEXT NOT NULL,
    locale TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    handling TEXT NOT NULL,
    customer_hash TEXT NOT NULL,
    order_hash TEXT NOT NULL,
    seq INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX conversations_by_start ON conversations (started_ms);

CREATE TABLE turns (
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    re INTEGER NOT NULL,
    author TEXT NOT NULL,
    who TEXT,
    client_id TEXT,
    text TEXT NOT NULL,
    phrase TEXT,
    parts TEXT,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX turns_by_client ON turns (conversation, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX turns_by_time ON turns (at_ms);

CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    shop INTEGER NOT NULL REFERENCES shops,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    intent TEXT NOT NULL,
    also TEXT,
    rule TEXT NOT NULL,
    score REAL NOT NULL,
    phrase TEXT NOT NULL,
    facts TEXT,
    "order" TEXT NOT NULL,
    customer_hash TEXT NOT NULL,
    order_hash TEXT NOT NULL,
    latency_us INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX notes_by_conversation ON notes (conversation);
CREATE INDEX notes_by_time ON notes (at_ms);

CREATE TABLE handoffs (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    shop INTEGER NOT NULL REFERENCES shops,
    queue TEXT NOT NULL,
    reason TEXT NOT NULL,
    "order" TEXT NOT NULL,
    locale TEXT NOT NULL,
    summary TEXT,
    contact TEXT NOT NULL,
    agent TEXT NOT NULL,
    status TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX handoffs_by_conversation ON handoffs (conversation);
CREATE INDEX handoffs_by_status ON handoffs (status, opened_ms);

-- What other processes ask the owner of the conversations to do. outcome: NULL not yet, '' done, else why it was refused.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    handoff TEXT NOT NULL,
    verb TEXT NOT NULL,
    agent TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    outcome TEXT
) STRICT;

CREATE INDEX requests_open ON requests (id) WHERE outcome IS NULL;
