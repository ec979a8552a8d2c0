-- User data of requests that may still launch an instance. It is on no topic and in no list.
CREATE TABLE spot_user_data (
    request_id text PRIMARY KEY,
    user_data  text NOT NULL -- base64
);

-- When the status of a request changed last, if it did since the moment the request was made.
CREATE TABLE spot_request_status (
    request_id text        PRIMARY KEY,
    updated_at timestamptz NOT NULL
);

-- What an account has open is counted with each new request.
CREATE INDEX spot_request_open ON spot_request (account, region) WHERE state = 'OPEN';
