-- What a persistent spot request that came with a launch launches anew with, base64. Apart from that of its first
-- instance, which its owner may change.
CREATE TABLE spot_request_user_data (
    spot_request_id text PRIMARY KEY,
    account         text NOT NULL,
    user_data       text NOT NULL
);
