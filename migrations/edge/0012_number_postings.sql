-- Postings and moves by entry and place within it, in one tree each: with a row id and an index
-- by entry beside it, every sale wrote both (2 pages and 8 index entries more for 5 lines).
-- No release has written the tables that these replace.
CREATE TABLE posting_of (
    seq     INTEGER NOT NULL REFERENCES journal (seq),
    n       INTEGER NOT NULL,         -- 0, 1, 2... within the entry
    account TEXT NOT NULL,
    amount  INTEGER NOT NULL,         -- debit positive, credit negative
    PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
INSERT INTO posting_of
    SELECT seq, row_number() OVER (PARTITION BY seq ORDER BY rowid) - 1, account, amount
    FROM posting;
DROP TABLE posting;
ALTER TABLE posting_of RENAME TO posting;

CREATE TABLE stock_move_of (
    seq      INTEGER NOT NULL REFERENCES journal (seq),
    n        INTEGER NOT NULL,
    sku      TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    source   TEXT NOT NULL,
    target   TEXT NOT NULL,
    PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
INSERT INTO stock_move_of
    SELECT seq, row_number() OVER (PARTITION BY seq ORDER BY rowid) - 1,
        sku, quantity, source, target
    FROM stock_move;
DROP TABLE stock_move;
ALTER TABLE stock_move_of RENAME TO stock_move;
