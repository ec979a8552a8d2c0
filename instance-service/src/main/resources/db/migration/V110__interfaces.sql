-- In one batch an interface may leave a device index that another takes: the index is checked once a statement is done. The same
-- holds for elastic addresses that change places.
ALTER TABLE network_interface DROP CONSTRAINT network_interface_instance_id_device_index_key;
ALTER TABLE network_interface
    ADD CONSTRAINT network_interface_device UNIQUE (instance_id, device_index) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE elastic_address DROP CONSTRAINT elastic_address_interface_id_private_address_key;
ALTER TABLE elastic_address
    ADD CONSTRAINT elastic_address_place UNIQUE (interface_id, private_address) DEFERRABLE INITIALLY IMMEDIATE;

-- The address as a number, so that the first gap among those that are taken is found along an index.
ALTER TABLE elastic_address
    ADD COLUMN public_number bigint NOT NULL GENERATED ALWAYS AS (public_address::inet - '0.0.0.0'::inet) STORED;
CREATE INDEX elastic_address_number ON elastic_address (public_number);

