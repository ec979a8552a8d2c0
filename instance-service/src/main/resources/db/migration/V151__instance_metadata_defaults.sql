-- What an account says of the metadata of all its instances in a region, unless a launch says otherwise; null: nothing.
CREATE TABLE instance_metadata_default (
    account                text NOT NULL,
    region                 text NOT NULL,
    http_tokens            text,
    http_put_response_hops integer,
    http_endpoint          text,
    instance_metadata_tags text,
    PRIMARY KEY (account, region)
);
