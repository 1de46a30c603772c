-- What goes back to cards through the terminal: a card_charge below nothing. It stands in no order;
-- order_id is the return's id too, for the release before.
ALTER TABLE card_charge ADD COLUMN sale_id BLOB;   -- the return that it gives back; none for a charge
ALTER TABLE card_charge ADD COLUMN reference TEXT; -- how the terminal finds it again to take it back
ALTER TABLE card_charge ADD COLUMN reverses TEXT;  -- of a refund: the reference of what it takes back
-- Also those that somebody has to settle: owed, which is new. card_charge_open is the release before's.
CREATE INDEX card_charge_waiting ON card_charge (state, at)
    WHERE state IN ('created', 'collecting', 'confirming', 'unknown', 'unbooked', 'owed');
