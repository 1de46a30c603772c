-- Projection: what came back of which sold line, so that nothing comes back twice.
CREATE TABLE returned (
    sale     BLOB NOT NULL,
    line     BLOB NOT NULL,
    quantity INTEGER NOT NULL,        -- thousandths, more than nothing
    amount   INTEGER NOT NULL,        -- what was given back, more than nothing
    PRIMARY KEY (sale, line)
) STRICT, WITHOUT ROWID;
