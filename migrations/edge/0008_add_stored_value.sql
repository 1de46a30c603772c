-- Projection of facts: what was put on gift cards, vouchers, accounts and points in this store,
-- less what was taken from them here. Below nothing where it was put on elsewhere, and for
-- accounts that owe.
CREATE TABLE stored_value (
    kind      TEXT NOT NULL,          -- voucher, gift_card, account, points
    reference TEXT NOT NULL,          -- which card or voucher, whose account
    balance   INTEGER NOT NULL,       -- minor units
    PRIMARY KEY (kind, reference)
) STRICT, WITHOUT ROWID;
