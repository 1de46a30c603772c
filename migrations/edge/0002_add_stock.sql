-- Places, lots, costs, promises, transfers and counts: all of them projections of the journal.
-- Quantities are thousandths of a unit, times milliseconds since 1970 (UTC), ids UUIDv7.

-- The places of this store. `store` is there always; goods in a place that is sellable may be
-- promised to customers.
CREATE TABLE place (
    name     TEXT PRIMARY KEY,
    title    TEXT NOT NULL,
    sellable INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO place (name, title, sellable) VALUES ('store', 'Store', 1);

-- What of a level is of a known lot; the rest is of none. Sorted as they leave.
CREATE TABLE stock_lot (
    sku      TEXT NOT NULL,
    location TEXT NOT NULL,
    expires  TEXT NOT NULL,           -- as in 2026-12-24; '~', which sorts last, for never
    lot      TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (sku, location, expires, lot)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_lot_by_expiry ON stock_lot (expires) WHERE expires <> '~';

-- What goods are worth, once the cost of one is known.
CREATE TABLE stock_cost (
    sku     TEXT PRIMARY KEY,
    value   INTEGER NOT NULL,         -- of all that is held, in thousandths of a minor unit
    average INTEGER NOT NULL          -- of one unit, in thousandths of a minor unit
) STRICT, WITHOUT ROWID;

-- Promises, and per item the sum of those that are held: so that one costs its lines only.
CREATE TABLE reservation (
    id         BLOB PRIMARY KEY,
    state      TEXT NOT NULL,         -- held, committed, released, expired
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,      -- from then on it counts no more, whatever its state
    order_id   BLOB,
    reference  TEXT,
    sale       BLOB,                  -- the sale that it was kept with
    ended_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_held ON reservation (expires_at) WHERE state = 'held';
CREATE TABLE reservation_line (
    reservation BLOB NOT NULL,
    sku         TEXT NOT NULL,
    quantity    INTEGER NOT NULL,
    PRIMARY KEY (reservation, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE reserved (
    sku      TEXT PRIMARY KEY,
    quantity INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Goods that changed places, or are on their way. An end is a place or another store.
CREATE TABLE transfer (
    id         BLOB PRIMARY KEY,
    seq        INTEGER NOT NULL,
    from_place TEXT,
    from_store TEXT,
    to_place   TEXT,
    to_store   TEXT,
    reference  TEXT,
    sent_at    INTEGER NOT NULL,
    arrived_at INTEGER                -- when something arrived last
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_by_entry ON transfer (seq);
CREATE TABLE transfer_line (
    transfer BLOB NOT NULL,
    sku      TEXT NOT NULL,
    expires  TEXT NOT NULL,           -- as in stock_lot
    lot      TEXT NOT NULL,           -- '' where the lot is not known
    sent     INTEGER NOT NULL,
    arrived  INTEGER NOT NULL,
    settled  INTEGER NOT NULL,        -- given up
    PRIMARY KEY (transfer, sku, expires, lot)
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_line_on_its_way ON transfer_line (transfer)
    WHERE sent > arrived + settled;

-- Counts: what the books said when it began and when each item was counted.
CREATE TABLE stock_count (
    id        BLOB PRIMARY KEY,
    seq       INTEGER NOT NULL,       -- the snapshot: the journal as it stood at this entry
    place     TEXT NOT NULL,
    blind     INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_count_by_entry ON stock_count (seq);
CREATE TABLE stock_count_line (
    id         BLOB NOT NULL,
    sku        TEXT NOT NULL,
    at_opening INTEGER NOT NULL,      -- the level when the count began
    expected   INTEGER,               -- the level at the moment when this item was counted
    counted    INTEGER,
    counted_at INTEGER,
    PRIMARY KEY (id, sku)
) STRICT, WITHOUT ROWID;
