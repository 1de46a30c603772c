-- Who works here, who is signed in, and what the owner wants to know of. People and roles are a
-- projection of the staff's document; sessions, approvals and locks live here alone.

CREATE TABLE staff (
    id     BLOB PRIMARY KEY,
    name   TEXT NOT NULL,
    role   TEXT NOT NULL,             -- kitchen, cashier, supervisor, manager, owner
    pin    TEXT NOT NULL,             -- PHC string (argon2id)
    active INTEGER NOT NULL,
    locale TEXT
) STRICT, WITHOUT ROWID;

-- What a role may, where somebody edited it.
CREATE TABLE staff_role (
    role   TEXT PRIMARY KEY,
    rights TEXT NOT NULL              -- JSON, as in the document
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_session (
    token     BLOB PRIMARY KEY,       -- SHA-256 of the token; the token is with the terminal alone
    staff     BLOB NOT NULL,
    terminal  TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    used_at   INTEGER NOT NULL        -- to the minute
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_session_at ON staff_session (terminal, used_at);

-- What somebody allowed once, for a moment.
CREATE TABLE staff_approval (
    token      BLOB PRIMARY KEY,      -- SHA-256
    approver   BLOB NOT NULL,
    asked_by   BLOB,                  -- whose session asked; only they can use it
    permission TEXT NOT NULL,
    reason     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong PINs in a row. Survives a restart: pulling the plug is no way around it.
CREATE TABLE staff_lock (
    staff    BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    until    INTEGER NOT NULL         -- nobody may try before
) STRICT, WITHOUT ROWID;

-- Projection: the journal's audit entries.
CREATE TABLE audit_entry (
    seq    INTEGER PRIMARY KEY REFERENCES journal (seq),
    action TEXT NOT NULL
) STRICT;
