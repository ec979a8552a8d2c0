-- What every service's database has: outbox, inbox, parked records, durable timers, client tokens, epoch.

-- Events on their way to Kafka, written in the transaction of the state they tell of. One relay per database sends
-- them in the order of seq; rows of one aggregate are written under that aggregate's lock, so seq keeps their order.
CREATE TABLE outbox (
    seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic   text  NOT NULL,
    key     text  NOT NULL,
    headers text  NOT NULL,
    payload bytea NOT NULL,
    sent_at timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, fillfactor = 85);
CREATE INDEX outbox_unsent ON outbox (seq) WHERE sent_at IS NULL;

-- Events that a consumer has applied, remembered in the transaction of what they changed.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id text NOT NULL,
    seen_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_seen_at ON inbox (seen_at);

-- Records that couldn't be read or applied, and what came after them for the same key.
CREATE TABLE parked_record (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer  text   NOT NULL,
    topic     text   NOT NULL,
    partition integer NOT NULL,
    "offset"  bigint NOT NULL,
    key       text   NOT NULL,
    headers   text   NOT NULL,
    payload   bytea  NOT NULL,
    reason    text   NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (consumer, topic, partition, "offset")
);
CREATE INDEX parked_record_key ON parked_record (consumer, topic, key);

-- Durable timers, in the stack's time.
CREATE TABLE timer (
    kind    text NOT NULL,
    subject text NOT NULL,
    due_at  timestamptz NOT NULL,
    payload text NOT NULL,
    PRIMARY KEY (kind, subject)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX timer_due ON timer (due_at);

-- Client tokens: the same token and request give the same answer.
CREATE TABLE client_token (
    account      text NOT NULL,
    region       text NOT NULL,
    operation    text NOT NULL,
    token        text NOT NULL,
    request_hash text NOT NULL,
    result       text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, region, operation, token)
);

-- The epoch this database belongs to; a reset counts it up.
CREATE TABLE stack_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    integer NOT NULL
);
INSERT INTO stack_state (epoch) VALUES (0);
