-- Promotions, as their document says, and how often each counted.

-- Projection of the promotions' document: those that are not over.
CREATE TABLE promotion (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL                -- PromotionV1, JSON
) STRICT, WITHOUT ROWID;

-- Projection of sales: on how many each counted; the customer is empty for all of them.
CREATE TABLE promotion_use (
    promotion TEXT NOT NULL,
    customer  TEXT NOT NULL,
    sales     INTEGER NOT NULL,
    PRIMARY KEY (promotion, customer)
) STRICT, WITHOUT ROWID;
