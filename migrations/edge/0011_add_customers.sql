-- Customers whom the counter knows, as their documents say.

-- Projection of the customers' documents.
CREATE TABLE customer (
    id     TEXT PRIMARY KEY,
    code   TEXT,                      -- the loyalty number
    search TEXT NOT NULL,             -- name, id and loyalty number in small letters
    body   TEXT NOT NULL              -- CustomerV1, JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_by_code ON customer (code) WHERE code IS NOT NULL;
