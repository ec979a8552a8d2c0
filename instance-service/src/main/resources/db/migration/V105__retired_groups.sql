-- Which groups the firewall is about to delete: they take no new attachments until the copy has a higher version of them. A row
-- for each group that was ever attached or retired; whoever attaches it locks the row against its retirement. Apart from the
-- copy, which is emptied and filled anew in one long transaction when it is rebuilt: launches must not wait for that.
CREATE TABLE security_group_retirement (
    account            text   NOT NULL,
    group_id           text   NOT NULL,
    retired_at_version bigint,
    PRIMARY KEY (account, group_id)
);
ALTER TABLE security_group_copy DROP COLUMN retired_at_version;
-- Which groups a VPC has is asked before it is deleted.
CREATE INDEX security_group_copy_vpc ON security_group_copy (account, region, vpc_id) WHERE NOT deleted;
