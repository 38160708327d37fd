-- Turns in the order in which they were said, whoever said them: one commit of many conversations fills whole pages instead
-- of touching one a conversation. What is past its time stands first, so that no index by time is needed.

CREATE TABLE said (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    re INTEGER NOT NULL,
    author TEXT NOT NULL,
    who TEXT,
    client_id TEXT,
    text TEXT NOT NULL,
    phrase TEXT,
    parts TEXT,
    at_ms INTEGER NOT NULL
) STRICT;

INSERT INTO said(conversation, seq, re, author, who, client_id, text, phrase, parts, at_ms)
    SELECT conversation, seq, re, author, who, client_id, text, phrase, parts, at_ms FROM turns ORDER BY at_ms, conversation, seq;
DROP TABLE turns;
ALTER TABLE said RENAME TO turns;
CREATE UNIQUE INDEX turns_by_conversation ON turns (conversation, seq);

DROP INDEX notes_by_time;
