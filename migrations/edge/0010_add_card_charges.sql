-- Card charges on their way: the intent is durable here before the terminal is asked, and what
-- became of it is asked until it is known. What was charged becomes a payment, which is a fact.
CREATE TABLE card_charge (
    id       BLOB PRIMARY KEY,        -- the intent, and the payment's id
    order_id BLOB NOT NULL,
    terminal TEXT NOT NULL,           -- the till that waits for it
    amount   INTEGER NOT NULL,        -- with the tip
    tip      INTEGER NOT NULL,
    state    TEXT NOT NULL,           -- created, collecting, confirming, unknown, booked, declined,
                                      -- cancelled, unbooked
    approval TEXT,
    reason   TEXT,
    allow_offline INTEGER NOT NULL,   -- the shop bears the risk of this much
    offline  INTEGER NOT NULL DEFAULT 0,  -- approved, but no bank has seen it yet
    cancel   INTEGER NOT NULL DEFAULT 0,  -- somebody gave up
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX card_charge_open ON card_charge (state, at)
    WHERE state IN ('created', 'collecting', 'confirming', 'unknown', 'unbooked');
CREATE INDEX card_charge_by_order ON card_charge (order_id);
CREATE INDEX card_charge_exposed ON card_charge (at) WHERE offline = 1;
