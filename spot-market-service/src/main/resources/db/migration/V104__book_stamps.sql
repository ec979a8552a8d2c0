-- Set anew by every transaction that changes a request of the pool which bids or holds room: what a process keeps of these
-- requests in memory is right as long as it has the same stamp. Random, so that no two are ever alike.
ALTER TABLE pool ADD COLUMN book_stamp bigint NOT NULL DEFAULT (random() * 9000000000000000000)::bigint;
