-- What an instance is given for as long as it runs. The index sees to it that nobody gets an address twice.
ALTER TABLE network_interface ADD COLUMN auto_public boolean NOT NULL DEFAULT false;
ALTER TABLE network_interface ADD COLUMN auto_public_number bigint;
CREATE UNIQUE INDEX network_interface_auto_public ON network_interface (auto_public_number)
    WHERE auto_public_number IS NOT NULL;

-- Which zone gives from which 256 addresses: its committer alone knows which of them are free.
CREATE TABLE launch_address_block (
    first_number bigint PRIMARY KEY,
    az           text   NOT NULL
);
CREATE INDEX launch_address_block_zone ON launch_address_block (az);
