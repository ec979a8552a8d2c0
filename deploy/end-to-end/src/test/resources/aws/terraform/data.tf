data "aws_instance" "plain" {
  instance_id   = aws_instance.plain.id
  get_user_data = true
}
data "aws_instances" "mine" {
  instance_tags        = { Name = "mine" }
  instance_state_names = ["running"]
  depends_on           = [aws_instance.from_template]
}
data "aws_ec2_instance_type" "m5" { instance_type = "m5.large" }
data "aws_ec2_instance_types" "t3" {
  filter {
    name   = "instance-type"
    values = ["t3.*"]
  }
  filter {
    name   = "current-generation"
    values = ["true"]
  }
}
data "aws_ec2_instance_type_offering" "one" {
  filter {
    name   = "instance-type"
    values = ["t2.micro", "t3.micro"]
  }
  preferred_instance_types = ["t3.micro", "t2.micro"]
}
data "aws_ec2_instance_type_offerings" "zones" {
  filter {
    name   = "instance-type"
    values = ["t3.micro"]
  }
  location_type = "availability-zone"
}
data "aws_vpc" "main" { id = aws_vpc.main.id }
data "aws_vpc" "default" {
  default    = true
  depends_on = [aws_default_vpc.it]
}
data "aws_vpcs" "all" { depends_on = [aws_vpc.bare] }
data "aws_subnet" "one" { id = aws_subnet.public[0].id }
data "aws_subnets" "public" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.main.id]
  }
  tags       = { Tier = "public" }
  depends_on = [aws_subnet.public]
}
data "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_security_group.web.vpc_id
}
data "aws_security_groups" "main" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.main.id]
  }
}
data "aws_vpc_security_group_rules" "web" {
  filter {
    name   = "group-id"
    values = [aws_security_group.web.id]
  }
}
data "aws_vpc_security_group_rule" "https" {
  security_group_rule_id = aws_vpc_security_group_ingress_rule.https.id
}
data "aws_key_pair" "deployer" {
  key_name           = aws_key_pair.deployer.key_name
  include_public_key = true
}
data "aws_launch_template" "full" { id = aws_launch_template.full.id }
data "aws_launch_template" "odd" { name = aws_launch_template.odd.name }
data "aws_eip" "loose" { id = aws_eip.loose.id }
data "aws_eips" "all" {
  tags       = { Name = "loose" }
  depends_on = [aws_eip.loose]
}
data "aws_route_table" "public" {
  subnet_id  = aws_subnet.public[0].id
  depends_on = [aws_route_table_association.public]
}
data "aws_route_tables" "main" {
  vpc_id     = aws_vpc.main.id
  depends_on = [aws_route_table.public, aws_route_table.private]
}
data "aws_route" "default" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
}
data "aws_network_interface" "spare" { id = aws_network_interface.spare.id }
data "aws_network_interfaces" "main" {
  filter {
    name   = "description"
    values = ["spare"]
  }
  depends_on = [aws_network_interface.spare]
}
data "aws_network_acls" "main" {
  vpc_id     = aws_vpc.main.id
  depends_on = [aws_network_acl.public]
}
data "aws_ec2_managed_prefix_list" "offices" { id = aws_ec2_managed_prefix_list.offices.id }
data "aws_ec2_managed_prefix_lists" "all" { depends_on = [aws_ec2_managed_prefix_list.offices] }
data "aws_ec2_spot_price" "m5" {
  instance_type     = "m5.large"
  availability_zone = "us-east-1a"
  filter {
    name   = "product-description"
    values = ["Linux/UNIX"]
  }
}
data "aws_internet_gateway" "main" {
  filter {
    name   = "attachment.vpc-id"
    values = [aws_vpc.main.id]
  }
  depends_on = [aws_internet_gateway.main]
}
data "aws_vpc_dhcp_options" "main" { dhcp_options_id = aws_vpc_dhcp_options.main.id }
data "aws_ec2_spot_price" "t3" {
  instance_type     = "t3.micro"
  availability_zone = "us-east-1b"
  filter {
    name   = "product-description"
    values = ["Linux/UNIX"]
  }
}
output "price" { value = data.aws_ec2_spot_price.m5.spot_price }
output "zone" { value = data.aws_availability_zone.a.zone_id }
