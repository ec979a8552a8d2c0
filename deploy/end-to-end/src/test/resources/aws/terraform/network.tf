resource "aws_vpc" "main" {
  cidr_block                       = "10.20.0.0/16"
  enable_dns_hostnames             = true
  enable_dns_support               = true
  assign_generated_ipv6_cidr_block = true
  tags                             = { Name = local.second ? "main-2" : "main" }
}
resource "aws_vpc" "bare" {
  cidr_block           = "10.30.0.0/16"
  instance_tenancy     = "default"
  enable_dns_hostnames = local.second
}
resource "aws_vpc_ipv4_cidr_block_association" "second" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.21.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "igw" }
}
resource "aws_internet_gateway" "loose" {}
resource "aws_internet_gateway_attachment" "loose" {
  internet_gateway_id = aws_internet_gateway.loose.id
  vpc_id              = aws_vpc.bare.id
}
resource "aws_egress_only_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "eigw" }
}
resource "aws_subnet" "public" {
  count                               = 3
  vpc_id                              = aws_vpc.main.id
  cidr_block                          = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  ipv6_cidr_block                     = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, count.index)
  assign_ipv6_address_on_creation     = true
  availability_zone                   = data.aws_availability_zones.all.names[count.index]
  map_public_ip_on_launch             = true
  private_dns_hostname_type_on_launch = "ip-name"
  tags                                = { Name = "public-${count.index}", Tier = "public" }
}
resource "aws_subnet" "private" {
  vpc_id                                      = aws_vpc.main.id
  cidr_block                                  = "10.21.1.0/24"
  availability_zone_id                        = data.aws_availability_zone.a.zone_id
  enable_resource_name_dns_a_record_on_launch = local.second
  depends_on                                  = [aws_vpc_ipv4_cidr_block_association.second]
  tags                                        = { Tier = "private" }
}
resource "aws_subnet" "bare" {
  vpc_id                  = aws_vpc.bare.id
  cidr_block              = "10.30.1.0/24"
  availability_zone       = "us-east-1a"
  map_public_ip_on_launch = local.second
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.main.id
  }
  dynamic "route" {
    for_each = local.second ? [1] : []
    content {
      cidr_block = "192.168.0.0/16"
      gateway_id = aws_internet_gateway.main.id
    }
  }
  tags = { Name = "public" }
}
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route" "private_v6" {
  route_table_id              = aws_route_table.private.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.main.id
}
resource "aws_route" "to_eni" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "172.20.0.0/16"
  network_interface_id   = aws_network_interface.spare.id
}
resource "aws_route" "list" {
  route_table_id             = aws_route_table.private.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.offices.id
  gateway_id                 = aws_internet_gateway.main.id
}
resource "aws_route_table_association" "public" {
  count          = 3
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = local.second ? aws_route_table.public.id : aws_route_table.private.id
}
resource "aws_route_table" "bare" {
  vpc_id = aws_vpc.bare.id
  tags   = { Name = "bare" }
}
resource "aws_main_route_table_association" "bare" {
  vpc_id         = aws_vpc.bare.id
  route_table_id = aws_route_table.bare.id
}
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
  tags = { Name = "default" }
}
resource "aws_network_acl" "public" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.public[0].id]
  egress {
    protocol   = "-1"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
  ingress {
    protocol   = "tcp"
    rule_no    = local.second ? 110 : 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    to_port    = 443
  }
  ingress {
    protocol        = "58"
    rule_no         = 120
    action          = "allow"
    ipv6_cidr_block = "::/0"
    from_port       = 0
    to_port         = 0
    icmp_type       = -1
    icmp_code       = -1
  }
  tags = { Name = "public" }
}
resource "aws_network_acl" "alone" {
  vpc_id = aws_vpc.main.id
}
resource "aws_network_acl_rule" "in" {
  network_acl_id = aws_network_acl.alone.id
  rule_number    = 200
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 22
  to_port        = 22
}
resource "aws_network_acl_rule" "icmp" {
  network_acl_id = aws_network_acl.alone.id
  rule_number    = 210
  egress         = true
  protocol       = "icmp"
  rule_action    = "deny"
  cidr_block     = "10.0.0.0/8"
  icmp_type      = 8
  icmp_code      = -1
}
resource "aws_network_acl_association" "private" {
  network_acl_id = aws_network_acl.alone.id
  subnet_id      = aws_subnet.private.id
}
resource "aws_default_network_acl" "main" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id
  subnet_ids             = [aws_subnet.public[1].id, aws_subnet.public[2].id]
  ingress {
    protocol   = -1
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
  egress {
    protocol   = -1
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol  = -1
    self      = true
    from_port = 0
    to_port   = 0
  }
}
resource "aws_default_vpc" "it" {
  tags = { Name = "the default one" }
}
resource "aws_default_subnet" "a" {
  availability_zone = "us-east-1a"
  tags              = { Name = "default a" }
}
resource "aws_vpc_dhcp_options" "main" {
  domain_name          = "corp.example"
  domain_name_servers  = ["10.20.0.2", "10.20.0.4"]
  ntp_servers          = ["169.254.169.123"]
  netbios_name_servers = ["10.20.0.3"]
  netbios_node_type    = 2
  tags                 = { Name = "corp" }
}
resource "aws_vpc_dhcp_options_association" "main" {
  vpc_id          = aws_vpc.main.id
  dhcp_options_id = aws_vpc_dhcp_options.main.id
}
resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr        = "203.0.113.0/24"
    description = "Berlin"
  }
  dynamic "entry" {
    for_each = local.second ? ["198.51.100.0/24"] : []
    content {
      cidr = entry.value
    }
  }
  tags = { Name = local.second ? "o2" : "o1" }
}
resource "aws_ec2_managed_prefix_list" "open" {
  name           = "open"
  address_family = "IPv4"
  max_entries    = local.second ? 6 : 4
}
resource "aws_ec2_managed_prefix_list_entry" "one" {
  prefix_list_id = aws_ec2_managed_prefix_list.open.id
  cidr           = "192.0.2.0/24"
  description    = "Lab"
}
