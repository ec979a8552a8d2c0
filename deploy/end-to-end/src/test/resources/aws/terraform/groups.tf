resource "aws_security_group" "web" {
  name        = "web"
  description = "Web servers"
  vpc_id      = aws_vpc.main.id
  ingress {
    from_port        = 443
    to_port          = 443
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
    description      = local.second ? "HTTPS for all" : "HTTPS"
  }
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    prefix_list_ids = [aws_ec2_managed_prefix_list.offices.id]
  }
  ingress {
    from_port = -1
    to_port   = -1
    protocol  = "icmp"
    self      = true
  }
  ingress {
    from_port       = 8080
    to_port         = local.second ? 8090 : 8080
    protocol        = "tcp"
    security_groups = [aws_security_group.empty.id]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = { Name = "web" }
}
resource "aws_security_group" "empty" {
  name_prefix = "empty-"
  vpc_id      = aws_vpc.main.id
}
resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.empty.id
  cidr_ipv4         = "10.0.0.0/8"
  from_port         = 443
  ip_protocol       = "tcp"
  to_port           = local.second ? 444 : 443
  description       = "d${var.step}"
  tags              = { Name = "https" }
}
resource "aws_vpc_security_group_ingress_rule" "v6" {
  security_group_id = aws_security_group.empty.id
  cidr_ipv6         = "2001:db8::/32"
  ip_protocol       = "-1"
}
resource "aws_vpc_security_group_ingress_rule" "ref" {
  security_group_id            = aws_security_group.empty.id
  referenced_security_group_id = aws_security_group.old.id
  from_port                    = 3306
  to_port                      = 3306
  ip_protocol                  = "tcp"
}
resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.empty.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
resource "aws_vpc_security_group_egress_rule" "list" {
  security_group_id = aws_security_group.empty.id
  prefix_list_id    = aws_ec2_managed_prefix_list.open.id
  ip_protocol       = "udp"
  from_port         = 53
  to_port           = 53
}
resource "aws_security_group" "old" {
  name   = "old"
  vpc_id = aws_vpc.main.id
}
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  from_port         = 80
  to_port           = 80
  protocol          = "tcp"
  cidr_blocks       = ["10.20.0.0/16", "10.21.0.0/16"]
  description       = local.second ? "two" : "one"
  security_group_id = aws_security_group.old.id
}
resource "aws_security_group_rule" "self" {
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  self              = true
  security_group_id = aws_security_group.old.id
}
resource "aws_security_group_rule" "source" {
  type                     = "egress"
  from_port                = 0
  to_port                  = 0
  protocol                 = "-1"
  source_security_group_id = aws_security_group.web.id
  security_group_id        = aws_security_group.old.id
}
resource "aws_security_group_rule" "pl" {
  type              = "egress"
  from_port         = 443
  to_port           = 443
  protocol          = "tcp"
  prefix_list_ids   = [aws_ec2_managed_prefix_list.open.id]
  security_group_id = aws_security_group.old.id
}
resource "aws_security_group_rule" "v6" {
  type              = "ingress"
  from_port         = 8
  to_port           = 0
  protocol          = "icmp"
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = aws_security_group.old.id
}
