-- Projections of drawers' shifts, and what sales add up to. A quarter is a quarter of an hour
-- since 1970 (UTC): every zone's hours and days begin with one, whatever its clocks do.

CREATE TABLE shift (
    id         BLOB PRIMARY KEY,
    terminal   TEXT NOT NULL,
    opened_seq INTEGER NOT NULL REFERENCES journal (seq),
    closed_seq INTEGER REFERENCES journal (seq),
    number     INTEGER                -- of the Z report: per terminal, gap-free from 1
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX shift_open ON shift (terminal) WHERE closed_seq IS NULL;
CREATE UNIQUE INDEX shift_number ON shift (terminal, number) WHERE number IS NOT NULL;
CREATE INDEX shift_by_terminal ON shift (terminal, opened_seq);

CREATE TABLE sold_till (
    quarter   INTEGER NOT NULL,
    terminal  TEXT NOT NULL,
    staff     TEXT NOT NULL,          -- empty where nobody signed in
    sales     INTEGER NOT NULL,
    returns   INTEGER NOT NULL,       -- receipts that give money back
    gross     INTEGER NOT NULL,
    net       INTEGER NOT NULL,
    cards     INTEGER NOT NULL,       -- money on gift cards: in net, and no revenue yet
    lines     INTEGER NOT NULL,       -- sum of the lines, with or without tax as prices are
    discounts INTEGER NOT NULL,
    returned  INTEGER NOT NULL,
    tips      INTEGER NOT NULL,
    PRIMARY KEY (quarter, terminal, staff)
) STRICT, WITHOUT ROWID;

CREATE TABLE sold_tax (
    quarter INTEGER NOT NULL,
    code    TEXT NOT NULL,
    rate    INTEGER NOT NULL,         -- thousandths of a per cent
    net     INTEGER NOT NULL,
    tax     INTEGER NOT NULL,
    PRIMARY KEY (quarter, code, rate)
) STRICT, WITHOUT ROWID;

CREATE TABLE sold_tender (
    quarter  INTEGER NOT NULL,
    method   TEXT NOT NULL,
    count    INTEGER NOT NULL,
    settled  INTEGER NOT NULL,        -- what of the sales it paid; sums to their gross
    tips     INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    PRIMARY KEY (quarter, method)
) STRICT, WITHOUT ROWID;

CREATE TABLE sold_item (
    quarter  INTEGER NOT NULL,
    sku      TEXT NOT NULL,
    lines    INTEGER NOT NULL,
    quantity INTEGER NOT NULL,        -- thousandths
    amount   INTEGER NOT NULL,        -- with or without tax as prices are
    PRIMARY KEY (quarter, sku)
) STRICT, WITHOUT ROWID;

-- The same by days of UTC: a year has 96 times fewer of them, and only its edges need quarters.
CREATE TABLE sold_item_day (
    day      INTEGER NOT NULL,        -- since 1970
    sku      TEXT NOT NULL,
    lines    INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    amount   INTEGER NOT NULL,
    PRIMARY KEY (day, sku)
) STRICT, WITHOUT ROWID;

-- What sales posted: what every report is held against.
CREATE TABLE sold_posting (
    quarter INTEGER NOT NULL,
    account TEXT NOT NULL,
    amount  INTEGER NOT NULL,
    PRIMARY KEY (quarter, account)
) STRICT, WITHOUT ROWID;
