-- The sums of reports may lag behind the journal: they hold every sale up to this entry. What a
-- crash left out is added at the next start.
INSERT INTO meta (key, value) SELECT 'sums', coalesce(max(seq), 0) FROM journal;

-- The feed without AUTOINCREMENT, which wrote a page of its own with every row: its last row is
-- never pruned, so that the largest number is always there.
CREATE TABLE feed_of (
    seq    INTEGER PRIMARY KEY,
    topic  TEXT NOT NULL,
    type   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    entity BLOB,
    data   TEXT
) STRICT;
INSERT INTO feed_of SELECT seq, topic, type, at, entity, data FROM feed;
DROP TABLE feed;
ALTER TABLE feed_of RENAME TO feed;
