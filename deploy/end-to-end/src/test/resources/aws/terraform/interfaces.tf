resource "aws_network_interface" "spare" {
  subnet_id         = aws_subnet.public[0].id
  private_ips       = ["10.20.0.50", "10.20.0.51"]
  security_groups   = local.second ? [aws_security_group.web.id] : [aws_security_group.web.id, aws_security_group.old.id]
  source_dest_check = local.second
  description       = "spare"
  tags              = { Name = "spare" }
}
resource "aws_network_interface" "counted" {
  subnet_id          = aws_subnet.public[1].id
  private_ips_count  = local.second ? 3 : 2
  ipv6_address_count = 1
}
resource "aws_network_interface" "listed" {
  subnet_id               = aws_subnet.public[1].id
  private_ip_list_enabled = true
  private_ip_list         = ["10.20.1.60", "10.20.1.61"]
  ipv6_addresses          = [cidrhost(aws_subnet.public[1].ipv6_cidr_block, 77)]
}
resource "aws_network_interface" "primary" {
  subnet_id       = aws_subnet.public[0].id
  security_groups = [aws_security_group.web.id]
}
resource "aws_network_interface" "third" {
  subnet_id = aws_subnet.private.id
}
resource "aws_network_interface_sg_attachment" "more" {
  security_group_id    = aws_security_group.old.id
  network_interface_id = aws_instance.big.primary_network_interface_id
}
resource "aws_eip" "loose" {
  domain = "vpc"
  tags   = { Name = "loose" }
}
resource "aws_eip" "of_instance" {
  domain   = "vpc"
  instance = local.second ? aws_instance.spot.id : aws_instance.from_template.id
}
resource "aws_eip" "of_interface" {
  domain                    = "vpc"
  network_interface         = aws_network_interface.spare.id
  associate_with_private_ip = "10.20.0.51"
  depends_on                = [aws_internet_gateway.main]
}
resource "aws_eip_association" "loose" {
  allocation_id        = aws_eip.loose.id
  network_interface_id = aws_network_interface.listed.id
}
