-- Pieces that were sold, for the gate: a projection of the journal. What came back is not here.
CREATE TABLE sold_piece (
    gtin   INTEGER NOT NULL,
    serial TEXT NOT NULL,             -- as AI (21) has it
    seq    INTEGER NOT NULL,          -- the sale's place in the journal
    PRIMARY KEY (gtin, serial)
) STRICT, WITHOUT ROWID;

-- What the gate decided, with what it was decided by. Not a fact of the books: kept for a while.
CREATE TABLE gate_event (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    id       BLOB NOT NULL UNIQUE,
    gate     TEXT NOT NULL,           -- the reader's station
    kind     TEXT NOT NULL,           -- alarm, reader_silent, reader_back
    at       INTEGER NOT NULL,
    device   TEXT NOT NULL,           -- the reader
    epc      TEXT,                    -- hexadecimal
    epc_uri  TEXT,
    gtin     INTEGER,
    serial   TEXT,
    sku      TEXT,
    name     TEXT,                    -- the item's name then
    evidence TEXT                     -- JSON: reads in sums, never one by one
) STRICT;
CREATE INDEX gate_event_by_time ON gate_event (at);
