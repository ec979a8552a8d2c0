-- Which groups a VPC has is asked before it is deleted.
CREATE INDEX security_group_copy_vpc ON security_group_copy (account, region, vpc_id) WHERE NOT deleted;
