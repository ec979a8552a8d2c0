-- Prices: where smoothed ones are going, recorded histories, who replays them; and a history that is read by pool and time.

-- One pool's prices in their order, and the price in force at a moment.
CREATE INDEX pool_price_pool_time ON pool_price (pool, in_force_from DESC, version DESC);

-- Where a smoothed price is going: what the last clearing's auction said. A pool without a row has arrived; one with a row
-- has a timer.
CREATE TABLE price_target (
    pool   text    PRIMARY KEY,
    target numeric NOT NULL
);

CREATE TABLE price_trace (
    trace_id         text        PRIMARY KEY,
    name             text,
    created_at       timestamptz NOT NULL,
    pools            integer     NOT NULL,
    changes          bigint      NOT NULL,
    starts_at        timestamptz NOT NULL, -- of the history: its first change
    ends_at          timestamptz NOT NULL, -- its last
    skipped_unknown  bigint      NOT NULL, -- rows of zones and types that there are not here
    skipped_unpriced bigint      NOT NULL, -- rows of what is not on offer here
    skipped_classic  bigint      NOT NULL  -- rows of EC2-Classic, where the VPC's are there too
);

-- The history of one pool.
CREATE TABLE price_trace_series (
    series_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trace_id  text NOT NULL,
    pool      text NOT NULL,
    UNIQUE (trace_id, pool)
);

CREATE TABLE price_trace_change (
    series_id bigint      NOT NULL,
    at        timestamptz NOT NULL, -- of the history
    price     numeric     NOT NULL,
    PRIMARY KEY (series_id, at)
);

-- The pools that replay a history, or are about to: a timer turns them. At most one history for a pool.
CREATE TABLE pool_replay (
    pool      text        PRIMARY KEY,
    trace_id  text        NOT NULL,
    speed     integer     NOT NULL,
    starts_at timestamptz NOT NULL, -- of the history
    begins_at timestamptz NOT NULL, -- in the stack's time
    begun     boolean     NOT NULL,
    ending    boolean     NOT NULL,
    previous  text                  -- once begun: the policy before, as pool.policy has it
);
CREATE INDEX pool_replay_trace ON pool_replay (trace_id);
