-- What items say besides name and price, further codes on goods, and the words that the search
-- forgives typing errors in.

ALTER TABLE item ADD COLUMN details TEXT;   -- DetailsV1, JSON; NULL where it says nothing

-- Further codes and packs: what a scan of the code is.
CREATE TABLE item_code (
    code     TEXT NOT NULL,           -- a GTIN of 14 digits, or the shop's own code
    sku      TEXT NOT NULL,
    quantity INTEGER NOT NULL,        -- thousandths
    PRIMARY KEY (code, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_code_by_sku ON item_code (sku);

-- Words of names, folded. A word that no item has any more stays: it finds nothing.
CREATE TABLE item_word (
    word TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Names that begin as what somebody types come first.
CREATE INDEX item_by_name ON item (name COLLATE NOCASE);
