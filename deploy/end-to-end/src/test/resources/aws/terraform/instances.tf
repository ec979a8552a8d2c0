resource "aws_key_pair" "deployer" {
  key_name   = "deployer"
  public_key = var.public_key
  tags       = { Name = "deployer" }
}
resource "aws_key_pair" "prefixed" {
  key_name_prefix = "pre-"
  public_key      = var.public_key
}
resource "aws_instance" "least" {
  ami           = data.aws_ami.linux.id
  instance_type = "t2.micro"
}
resource "aws_instance" "plain" {
  ami                                  = data.aws_ami.linux.id
  instance_type                        = "t3.micro"
  subnet_id                            = aws_subnet.public[0].id
  private_ip                           = "10.20.0.10"
  secondary_private_ips                = ["10.20.0.11"]
  vpc_security_group_ids               = local.second ? [aws_security_group.web.id, aws_security_group.old.id] : [aws_security_group.web.id]
  key_name                             = aws_key_pair.deployer.key_name
  user_data                            = "#!/bin/sh\necho hello\n"
  monitoring                           = local.second ? false : true
  associate_public_ip_address          = true
  disable_api_stop                     = !local.second
  source_dest_check                    = local.second
  instance_initiated_shutdown_behavior = local.second ? "terminate" : "stop"
  volume_tags                          = null
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = local.second ? "optional" : "required"
    http_put_response_hop_limit = 2
    instance_metadata_tags      = "enabled"
  }
  credit_specification {
    cpu_credits = local.second ? "standard" : "unlimited"
  }
  maintenance_options {
    auto_recovery = "disabled"
  }
  private_dns_name_options {
    enable_resource_name_dns_a_record = local.second
    hostname_type                     = "ip-name"
  }
  tags       = { Name = local.second ? "plain-2" : "plain" }
  depends_on = [aws_internet_gateway.main]
}
resource "aws_instance" "big" {
  ami                    = data.aws_ami.linux.id
  instance_type          = local.second ? "m5.xlarge" : "m5.large"
  subnet_id              = aws_subnet.public[0].id
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data_base64       = base64encode(local.second ? "two" : "one")
  ebs_optimized          = true
  ipv6_address_count     = 1
  hibernation            = false
  tenancy                = "default"
  iam_instance_profile   = ""
  cpu_options {
    core_count       = 1
    threads_per_core = 2
  }
  enclave_options {
    enabled = false
  }
  capacity_reservation_specification {
    capacity_reservation_preference = "open"
  }
  lifecycle { ignore_changes = [vpc_security_group_ids, cpu_options] }
}
resource "aws_instance" "protected" {
  ami                     = data.aws_ami.linux.id
  instance_type           = "c5.large"
  availability_zone       = "us-east-1b"
  disable_api_termination = local.second ? false : true
  get_password_data       = false
}
resource "aws_instance" "from_template" {
  launch_template {
    id      = aws_launch_template.full.id
    version = "1"
  }
  tags = { Name = "mine" }
}
resource "aws_instance" "spot" {
  ami           = data.aws_ami.linux.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.public[2].id
  instance_market_options {
    market_type = "spot"
    spot_options {
      max_price = "0.0104"
    }
  }
}
resource "aws_instance" "persistent" {
  ami           = data.aws_ami.linux.id
  instance_type = "t3.micro"
  instance_market_options {
    market_type = "spot"
    spot_options {
      instance_interruption_behavior = "stop"
      spot_instance_type             = "persistent"
    }
  }
}
resource "aws_ec2_instance_state" "least" {
  instance_id = aws_instance.least.id
  state       = "stopped"
}
resource "aws_ec2_tag" "extra" {
  resource_id = aws_instance.big.primary_network_interface_id
  key         = "Extra"
  value       = "v${var.step}"
}
resource "aws_ec2_tag" "subnet" {
  resource_id = aws_vpc.bare.default_security_group_id
  key         = "kubernetes.io/cluster/x"
  value       = "shared"
}
resource "aws_ami_from_instance" "golden" {
  name                    = "golden"
  source_instance_id      = aws_instance.least.id
  snapshot_without_reboot = true
  tags                    = { Name = "golden" }
}
resource "aws_ami_copy" "copied" {
  name              = "copied"
  description       = "A copy"
  source_ami_id     = data.aws_ami.linux.id
  source_ami_region = "us-east-1"
}
resource "aws_ami_launch_permission" "friend" {
  image_id   = aws_ami_from_instance.golden.id
  account_id = "333344445555"
}
resource "aws_ami_launch_permission" "all" {
  image_id = aws_ami_copy.copied.id
  group    = "all"
}
resource "aws_launch_template" "full" {
  name                                 = "full"
  description                          = "v${var.step}"
  update_default_version               = true
  image_id                             = data.aws_ami.linux.id
  instance_type                        = "t3.micro"
  key_name                             = aws_key_pair.deployer.key_name
  disable_api_stop                     = false
  disable_api_termination              = false
  ebs_optimized                        = true
  instance_initiated_shutdown_behavior = "terminate"
  credit_specification {
    cpu_credits = "standard"
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "enabled"
  }
  monitoring {
    enabled = true
  }
  maintenance_options {
    auto_recovery = "default"
  }
  private_dns_name_options {
    hostname_type = "ip-name"
  }
  placement {
    availability_zone = "us-east-1a"
    tenancy           = "default"
  }
  network_interfaces {
    associate_public_ip_address = true
    device_index                = 0
    delete_on_termination       = true
    subnet_id                   = aws_subnet.public[0].id
    security_groups             = [aws_security_group.web.id]
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "from-template" }
  }
  tag_specifications {
    resource_type = "volume"
    tags          = { Name = "from-template" }
  }
  tag_specifications {
    resource_type = "network-interface"
    tags          = { Name = "from-template" }
  }
  tags = { Name = "full" }
}
resource "aws_launch_template" "plain" {
  name_prefix     = "plain-"
  image_id        = data.aws_ami.linux.id
  instance_type   = local.second ? "t3.small" : "t3.micro"
  default_version = 1
}
resource "aws_launch_template" "odd" {
  name = "odd"
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size           = 20
      volume_type           = "gp3"
      delete_on_termination = true
      encrypted             = true
    }
  }
  iam_instance_profile {
    name = "web"
  }
  cpu_options {
    core_count       = 1
    threads_per_core = 1
  }
  hibernation_options {
    configured = false
  }
  enclave_options {
    enabled = false
  }
  capacity_reservation_specification {
    capacity_reservation_preference = "open"
  }
  instance_market_options {
    market_type = "spot"
    spot_options {
      max_price = "0.05"
    }
  }
  instance_requirements {
    vcpu_count {
      min = 2
      max = 4
    }
    memory_mib {
      min = 2048
    }
    burstable_performance = "included"
    instance_generations  = ["current"]
    cpu_manufacturers     = ["intel", "amd"]
    local_storage         = "included"
  }
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_instance" "interfaces" {
  ami           = data.aws_ami.linux.id
  instance_type = "t3.small"
  network_interface {
    network_interface_id = aws_network_interface.primary.id
    device_index         = 0
  }
}
