-- Where the slips of card terminals stand in the journal, by what they belong to: a payment, or the
-- end of a terminal's day. Follows from the journal.
CREATE TABLE slip (
    subject BLOB NOT NULL,            -- the payment, or the settlement
    seq     INTEGER NOT NULL,         -- the entry that holds them
    PRIMARY KEY (subject, seq)
) STRICT, WITHOUT ROWID;
