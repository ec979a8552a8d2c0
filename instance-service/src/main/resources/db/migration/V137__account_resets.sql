-- When accounts were reset last: room that the market gave one before launches nothing any more.
CREATE TABLE account_reset (
    account  text        PRIMARY KEY,
    reset_at timestamptz NOT NULL
);
