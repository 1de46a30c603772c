-- The ends of card terminals' days: wanted here before the terminal is asked, so that a restart
-- does not forget them. What the terminal said is a fact: see slip.
CREATE TABLE settlement (
    id       BLOB PRIMARY KEY,
    device   TEXT NOT NULL,           -- the card terminal
    terminal TEXT NOT NULL,           -- the till at which its slip is printed
    state    TEXT NOT NULL,           -- asked, running, done, failed
    reason   TEXT,                    -- why it failed, or what to know of it
    at       INTEGER NOT NULL         -- when it was asked for
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_by_device ON settlement (device, at);
