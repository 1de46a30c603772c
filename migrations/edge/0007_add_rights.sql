-- Rights: how much of what this store may promise, sell or spend (`edge/domain`, `rights`).

-- Projection of facts: the sum of what moved in each of this store's own cells. A document that
-- was lost is made anew from it.
CREATE TABLE right_own (
    resource TEXT NOT NULL,           -- as in item/MILK-1L
    cell     TEXT NOT NULL,           -- as in spent:<store>
    amount   INTEGER NOT NULL,        -- thousandths of goods, minor units of value, sales
    PRIMARY KEY (resource, cell)
) STRICT, WITHOUT ROWID;

-- Projection of the documents of rights: what tills look up.
CREATE TABLE rights (
    resource TEXT PRIMARY KEY,
    shard    TEXT NOT NULL,           -- the document
    held     INTEGER NOT NULL,        -- by this store; below nothing by what was overdrawn
    known    INTEGER NOT NULL,        -- made less used, in all places, as far as is known here
    due      INTEGER NOT NULL         -- what others ask this store for
) STRICT, WITHOUT ROWID;
CREATE INDEX rights_of_shard ON rights (shard);
CREATE INDEX rights_due ON rights (resource) WHERE due > 0;
CREATE INDEX rights_overdrawn ON rights (resource) WHERE held < 0;
