-- The phone: by which call of the platform a conversation is known, as a keyed hash; '' for chats.

ALTER TABLE conversations ADD COLUMN call_hash TEXT NOT NULL DEFAULT '';

CREATE INDEX conversations_by_call ON conversations (call_hash, started_ms) WHERE call_hash <> '';
