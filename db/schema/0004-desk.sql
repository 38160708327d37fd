-- The desk: who works at it, who is signed in, what was done there, and the answers that lie ready.

CREATE TABLE staff (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    shop TEXT NOT NULL, -- '' all
    password TEXT NOT NULL,
    added_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_sessions (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL REFERENCES staff ON DELETE CASCADE,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_sessions_by_name ON staff_sessions (name);

-- The record of what people do; private notes are acts whose verb is 'note'.
CREATE TABLE acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL, -- '' none
    handoff TEXT NOT NULL,
    shop TEXT NOT NULL,
    agent TEXT NOT NULL,
    verb TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    own TEXT -- the agent's own name of it: the same twice is one
) STRICT;

CREATE INDEX acts_by_conversation ON acts (conversation);
CREATE INDEX acts_by_time ON acts (at_ms);

CREATE TABLE canned (
    shop TEXT NOT NULL, -- '' all
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (shop, name, locale)
) STRICT, WITHOUT ROWID;
