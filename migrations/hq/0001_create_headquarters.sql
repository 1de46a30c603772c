-- Headquarters: what the stores said, what follows from it, what is edited together.
-- Every key starts with tenant and store, so that the tables can be sharded and fenced by tenant.
-- All amounts are minor units, quantities thousandths of a unit, times milliseconds since 1970
-- (UTC), ids the 16 bytes of a UUID. What belongs to no single store has the nil UUID as store.

-- Which release's read models these are; another release rebuilds them from the entries.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The stores, and how they were when last heard.
CREATE TABLE store (
    tenant            TEXT NOT NULL,
    store             BLOB NOT NULL,
    name              TEXT NOT NULL,
    currency          TEXT NOT NULL,
    epoch             INTEGER NOT NULL,     -- the life of its box that may speak; a lower one is refused
    created_at        INTEGER NOT NULL,
    revoked_at        INTEGER,
    quarantine_code   TEXT,                 -- why a person has to look: equivocation, broken_rule...
    quarantine_reason TEXT,
    last_seen         INTEGER,
    reported_seq      INTEGER,              -- the last entry of the store's own journal, by its word
    behind_since      INTEGER,
    telemetry         TEXT,                 -- JSON object of names and whole numbers
    acked_seq         INTEGER NOT NULL,     -- what is held here, durably
    acked_hash        BLOB NOT NULL,
    acked_epoch       INTEGER NOT NULL,
    acked_at          INTEGER,
    PRIMARY KEY (tenant, store)
) STRICT, WITHOUT ROWID;

-- Certificates that were issued. What counts for access is the store's row, not the certificate.
CREATE TABLE certificate (
    tenant      TEXT NOT NULL,
    store       BLOB NOT NULL,
    serial      TEXT NOT NULL,              -- hex
    fingerprint BLOB NOT NULL,              -- SHA-256 of the DER bytes
    not_after   INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, serial)
) STRICT, WITHOUT ROWID;

-- The stores' journals as they arrived: append only, hash-chained (cloud-sync/protocol, `entry`).
CREATE TABLE entry (
    tenant      TEXT NOT NULL,
    store       BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    id          BLOB NOT NULL,
    epoch       INTEGER NOT NULL,
    hlc         INTEGER NOT NULL,           -- 64 bits, as they are
    kind        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    body        BLOB NOT NULL,
    hash        BLOB NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, seq)
) STRICT;
CREATE TRIGGER entry_is_never_edited BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never edited'); END;
CREATE TRIGGER entry_is_never_cut BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never cut'); END;

-- The last receipt of each terminal: the next one is the next number.
CREATE TABLE receipt (
    tenant   TEXT NOT NULL,
    store    BLOB NOT NULL,
    terminal TEXT NOT NULL,
    number   INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, terminal)
) STRICT, WITHOUT ROWID;

-- Sales and their lines.
CREATE TABLE sale (
    tenant   TEXT NOT NULL,
    store    BLOB NOT NULL,
    id       BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    terminal TEXT NOT NULL,
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    day      TEXT NOT NULL,                 -- the business day, as in 2026-11-21
    currency TEXT NOT NULL,
    total    INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sale_line (
    tenant   TEXT NOT NULL,
    store    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    line     INTEGER NOT NULL,              -- its place on the receipt, from 1
    sku      TEXT NOT NULL,
    name     TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    currency TEXT NOT NULL,
    total    INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, seq, line)
) STRICT, WITHOUT ROWID;

-- Sums by store and day, and by item: reports read these instead of a million sales.
CREATE TABLE sales_day (
    tenant   TEXT NOT NULL,
    store    BLOB NOT NULL,
    day      TEXT NOT NULL,
    currency TEXT NOT NULL,
    count    INTEGER NOT NULL,
    total    INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, day, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE item_day (
    tenant   TEXT NOT NULL,
    store    BLOB NOT NULL,
    day      TEXT NOT NULL,
    sku      TEXT NOT NULL,
    currency TEXT NOT NULL,
    name     TEXT NOT NULL,
    count    INTEGER NOT NULL,              -- lines
    quantity INTEGER NOT NULL,
    total    INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, day, sku, currency)
) STRICT, WITHOUT ROWID;

-- Documents: a snapshot, and the changes since, oldest first.
CREATE TABLE doc_snapshot (
    tenant TEXT NOT NULL,
    store  BLOB NOT NULL,                   -- whose: nil for what all stores share
    name   TEXT NOT NULL,
    live   INTEGER NOT NULL,                -- 0 for orders that are closed
    bytes  BLOB NOT NULL,
    PRIMARY KEY (tenant, store, name)
) STRICT;
CREATE INDEX doc_by_name ON doc_snapshot (tenant, name);
CREATE TABLE doc_change (
    tenant TEXT NOT NULL,
    store  BLOB NOT NULL,
    name   TEXT NOT NULL,
    place  INTEGER NOT NULL,                -- 1, 2, 3... since the snapshot
    bytes  BLOB NOT NULL,
    PRIMARY KEY (tenant, store, name, place)
) STRICT;

-- The catalogue's documents as rows, to be searched.
CREATE TABLE catalogue_item (
    tenant   TEXT NOT NULL,
    store    BLOB NOT NULL,
    sku      TEXT NOT NULL,
    gtin     TEXT,
    name     TEXT NOT NULL,
    words    TEXT NOT NULL,                 -- sku, gtin and name in lower case
    unit     TEXT NOT NULL,
    price    INTEGER NOT NULL,
    currency TEXT NOT NULL,
    tax_rate TEXT NOT NULL,
    category TEXT,
    conflict TEXT,                          -- JSON: the prices that were set apart, or null
    PRIMARY KEY (tenant, store, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalogue_conflict ON catalogue_item (tenant, store, sku) WHERE conflict IS NOT NULL;

-- One request, one effect: the answer that was given to a key.
CREATE TABLE idempotency (
    tenant      TEXT NOT NULL,
    store       BLOB NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,              -- SHA-256 of what was asked
    status      INTEGER NOT NULL,
    answer      BLOB NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (tenant, store, key)
) STRICT, WITHOUT ROWID;
