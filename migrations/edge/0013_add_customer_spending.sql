-- What each customer spent a day, for loyalty tiers: returns take off.
CREATE TABLE customer_spend (
    customer TEXT NOT NULL,
    day      INTEGER NOT NULL,        -- since 1970, UTC
    amount   INTEGER NOT NULL,        -- minor units, without what was loaded on cards and accounts
    PRIMARY KEY (customer, day)
) STRICT, WITHOUT ROWID;
