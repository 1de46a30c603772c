-- The journal, the books, and what follows from them. All amounts are minor units of the store's
-- currency, all quantities thousandths of a unit, all times milliseconds since 1970 (UTC).

-- Who this ledger belongs to, and its running numbers. One row a key.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened, for ever: append only, hash-chained (cloud-sync/protocol, `entry`).
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,      -- 1, 2, 3... without a gap
    id      BLOB NOT NULL,            -- UUIDv7
    epoch   INTEGER NOT NULL,         -- which life of the box
    hlc     INTEGER NOT NULL,         -- hybrid logical clock, packed
    kind    TEXT NOT NULL,
    version INTEGER NOT NULL,         -- of the body's shape
    body    BLOB NOT NULL,
    hash    BLOB NOT NULL             -- over all of the above and the hash before
) STRICT;
CREATE TRIGGER journal_is_never_edited BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never edited'); END;
CREATE TRIGGER journal_is_never_cut BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never cut'); END;

-- One command, one effect, for ever: the answer that was given to a key.
CREATE TABLE idempotency (
    key         TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL,        -- SHA-256 of what was asked
    answer      BLOB NOT NULL         -- what was answered
) STRICT, WITHOUT ROWID;

-- Double entry in money; each journal entry's postings sum to zero.
CREATE TABLE posting (
    seq     INTEGER NOT NULL REFERENCES journal (seq),
    account TEXT NOT NULL,
    amount  INTEGER NOT NULL          -- debit positive, credit negative
) STRICT;
CREATE INDEX posting_by_entry ON posting (seq);

-- Double entry in goods: from here to there, so that nothing appears or vanishes.
CREATE TABLE stock_move (
    seq      INTEGER NOT NULL REFERENCES journal (seq),
    sku      TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    source   TEXT NOT NULL,
    target   TEXT NOT NULL
) STRICT;
CREATE INDEX stock_move_by_entry ON stock_move (seq);

-- Projection: what lies where.
CREATE TABLE stock_level (
    sku      TEXT NOT NULL,
    location TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (sku, location)
) STRICT, WITHOUT ROWID;

-- Projection: sales by id and by receipt number. The sale itself is its journal entry.
CREATE TABLE sale (
    id       BLOB PRIMARY KEY,
    seq      INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
    terminal TEXT NOT NULL,
    number   INTEGER NOT NULL,        -- per terminal, gap-free from 1
    at       INTEGER NOT NULL,
    total    INTEGER NOT NULL,
    UNIQUE (terminal, number)
) STRICT, WITHOUT ROWID;

-- Projection: payments on orders that are not sales yet.
CREATE TABLE deposit (
    id      BLOB PRIMARY KEY,
    order_id BLOB NOT NULL,
    seq     INTEGER NOT NULL REFERENCES journal (seq),
    body    TEXT NOT NULL             -- PaymentV1
) STRICT, WITHOUT ROWID;
CREATE INDEX deposit_by_order ON deposit (order_id);

-- Projection of the catalogue's documents: what a till needs at a scan.
CREATE TABLE item (
    sku       TEXT PRIMARY KEY,
    gtin      INTEGER,                -- 14-digit number
    name      TEXT NOT NULL,
    unit      TEXT NOT NULL,
    price     INTEGER NOT NULL,
    rate      INTEGER NOT NULL,       -- thousandths of a per cent
    category  TEXT,
    station   TEXT,
    modifiers TEXT,                   -- ModifierGroupV1[], JSON
    prices    TEXT                    -- every price, where they conflict; JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX item_by_gtin ON item (gtin) WHERE gtin IS NOT NULL;
CREATE INDEX item_by_category ON item (category, name);
CREATE INDEX item_in_conflict ON item (sku) WHERE prices IS NOT NULL;
CREATE VIRTUAL TABLE item_text USING fts5 (
    sku UNINDEXED, text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);

-- Projection of the orders' documents.
CREATE TABLE customer_order (
    id        BLOB PRIMARY KEY,
    number    INTEGER NOT NULL,
    terminal  TEXT NOT NULL,
    status    TEXT NOT NULL,          -- open, placed, cancelled, paid, closed
    opened_at INTEGER NOT NULL,
    sale_id   BLOB,
    body      TEXT NOT NULL           -- OrderV1: head and lines, JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX order_by_status ON customer_order (status, opened_at);
CREATE INDEX order_by_time ON customer_order (opened_at);

-- Which order the scans at a terminal go to.
CREATE TABLE terminal (
    id       TEXT PRIMARY KEY,
    order_id BLOB,
    receipt  INTEGER NOT NULL DEFAULT 0   -- the last receipt's number
) STRICT, WITHOUT ROWID;

-- Projection: what the kitchen has to make.
CREATE TABLE ticket (
    id        BLOB PRIMARY KEY,
    number    INTEGER NOT NULL,
    station   TEXT NOT NULL,
    fired_at  INTEGER NOT NULL,
    bumped_at INTEGER,
    body      BLOB NOT NULL           -- the journal's body
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_open ON ticket (station, fired_at) WHERE bumped_at IS NULL;
CREATE INDEX ticket_bumped ON ticket (bumped_at) WHERE bumped_at IS NOT NULL;

-- The print spool (DESIGN.md, section 6). Printed is a fact about paper.
CREATE TABLE print_job (
    id      BLOB PRIMARY KEY,
    kind    TEXT NOT NULL,            -- receipt, kitchen, test
    device  TEXT,                     -- the printer, once one took it
    target  TEXT NOT NULL,            -- the terminal or station that it belongs to
    subject BLOB,                     -- the sale or ticket
    repeated INTEGER NOT NULL DEFAULT 0,  -- a copy, and says so on the paper
    state   TEXT NOT NULL,
    reason  TEXT,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX print_job_waiting ON print_job (state, at);

-- What screens hear about, in order; old rows are pruned. A row names what changed, and the
-- reader looks it up, unless `data` says all there is to say.
CREATE TABLE feed (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    topic  TEXT NOT NULL,
    type   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    entity BLOB,
    data   TEXT
) STRICT;

-- Documents (cloud-sync/documents): a snapshot, and the changes since. Written in the same
-- transaction as what spends or changes them.
CREATE TABLE doc_snapshot (
    name  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE doc_change (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX doc_change_by_name ON doc_change (name, id);
