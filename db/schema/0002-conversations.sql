-- Conversations: what was said, why it was answered so, and what was handed to people. A conversation's row number is
-- never used twice (AUTOINCREMENT), since reasons outlive the conversation that they belong to.

CREATE TABLE conversations (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    shop INTEGER NOT NULL REFERENCES shops,
    channel TEXT NOT NULL,
    locale TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    handling TEXT NOT NULL,
    customer_hash TEXT NOT NULL,
    order_hash TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    call_hash TEXT NOT NULL -- by which call of the platform it is known, as a keyed hash; '' for chats
) STRICT;

CREATE INDEX conversations_by_start ON conversations (started_ms);
CREATE INDEX conversations_by_call ON conversations (call_hash, started_ms) WHERE call_hash <> '';

-- What happened in a conversation, one row an event, in the order in which it happened, whoever's it is: one commit of many
-- conversations fills whole pages. What was said and why it was answered so are packed (db/step.h). A conversation is read
-- from its newest step back; there is no index to keep up.
CREATE TABLE steps (
    id INTEGER PRIMARY KEY,
    before INTEGER NOT NULL, -- the step before it, 0 none; may be gone
    conversation INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- of the newest turn, then
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL, -- after it
    turns BLOB,
    notes BLOB
) STRICT;

-- The newest step of each conversation, which stays as long as the conversation does.
CREATE TABLE heads (
    conversation INTEGER PRIMARY KEY,
    step INTEGER NOT NULL
) STRICT;

-- Why it was answered so, of steps that are past their time.
CREATE TABLE reasons (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL, -- may be gone
    shop INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    notes BLOB NOT NULL
) STRICT;

CREATE INDEX reasons_by_conversation ON reasons (conversation);

-- Another value after each erasure: whoever remembers conversations forgets them.
INSERT INTO meta(name, value) VALUES('erased', randomblob(8));

CREATE TRIGGER conversations_gone BEFORE DELETE ON conversations BEGIN
    UPDATE meta SET value = randomblob(8) WHERE name = 'erased';
    INSERT INTO reasons(conversation, shop, at_ms, notes) SELECT conversation, shop, at_ms, notes FROM steps
        WHERE id = (SELECT step FROM heads WHERE conversation = OLD.row) AND notes IS NOT NULL;
    DELETE FROM steps WHERE id = (SELECT step FROM heads WHERE conversation = OLD.row);
    DELETE FROM heads WHERE conversation = OLD.row;
END;

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

-- What other processes, and a shop's own system, ask the owner of the conversations to do. outcome: NULL not yet, '' done,
-- else why it was refused.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    handoff TEXT NOT NULL,
    verb TEXT NOT NULL,
    agent TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    outcome TEXT,
    remote TEXT -- that system's name of it: the same twice is one request
) STRICT;

CREATE INDEX requests_open ON requests (id) WHERE outcome IS NULL;
CREATE UNIQUE INDEX requests_by_remote ON requests (remote) WHERE remote IS NOT NULL;
