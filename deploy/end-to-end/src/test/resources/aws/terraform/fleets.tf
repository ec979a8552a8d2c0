resource "aws_spot_instance_request" "worker" {
  ami                            = data.aws_ami.linux.id
  instance_type                  = "t3.micro"
  spot_price                     = "0.0104"
  subnet_id                      = aws_subnet.public[0].id
  vpc_security_group_ids         = [aws_security_group.web.id]
  wait_for_fulfillment           = true
  spot_type                      = "persistent"
  instance_interruption_behavior = "stop"
  user_data                      = "hi"
  associate_public_ip_address    = true
  tags                           = { Name = "worker" }
}
resource "aws_spot_instance_request" "once" {
  ami                  = data.aws_ami.linux.id
  instance_type        = "t3.micro"
  wait_for_fulfillment = true
  spot_type            = "one-time"
}
resource "aws_spot_fleet_request" "spec" {
  iam_fleet_role                      = "arn:aws:iam::${var.account}:role/fleet"
  target_capacity                     = 2
  allocation_strategy                 = "diversified"
  terminate_instances_with_expiration = true
  terminate_instances_on_delete       = "true"
  launch_specification {
    ami                         = data.aws_ami.linux.id
    instance_type               = "t3.micro"
    spot_price                  = "0.0104"
    subnet_id                   = aws_subnet.public[0].id
    vpc_security_group_ids      = [aws_security_group.web.id]
    associate_public_ip_address = true
    weighted_capacity           = "1"
    tags                        = { Name = "fleet" }
    user_data                   = "hello"
    key_name                    = aws_key_pair.deployer.key_name
  }
  launch_specification {
    ami                         = data.aws_ami.linux.id
    instance_type               = "t3.small"
    availability_zone           = "us-east-1b"
    weighted_capacity           = "2"
    key_name                    = aws_key_pair.deployer.key_name
    user_data                   = "hello"
    tags                        = { Name = "fleet" }
    vpc_security_group_ids      = [aws_security_group.web.id]
    subnet_id                   = aws_subnet.public[1].id
    associate_public_ip_address = true
  }
}
resource "aws_spot_fleet_request" "template" {
  iam_fleet_role                = "arn:aws:iam::${var.account}:role/fleet"
  target_capacity               = 1
  fleet_type                    = "maintain"
  terminate_instances_on_delete = "true"
  launch_template_config {
    launch_template_specification {
      id      = aws_launch_template.plain.id
      version = "1"
    }
    overrides {
      subnet_id     = aws_subnet.public[0].id
      instance_type = "t3.micro"
      priority      = 1
    }
    overrides {
      availability_zone = "us-east-1a"
      instance_type     = "m5.large"
      spot_price        = "0.09"
      weighted_capacity = 2
      priority          = 2
    }
  }
  spot_maintenance_strategies {
    capacity_rebalance {
      replacement_strategy = "launch"
    }
  }
  tags = { Name = "tfleet" }
}
resource "aws_spot_fleet_request" "requirements" {
  iam_fleet_role                = "arn:aws:iam::${var.account}:role/fleet"
  target_capacity               = 1
  terminate_instances_on_delete = "true"
  launch_template_config {
    launch_template_specification {
      name    = aws_launch_template.plain.name
      version = "1"
    }
    overrides {
      availability_zone = "us-east-1b"
      instance_requirements {
        vcpu_count {
          min = 2
          max = 2
        }
        memory_mib {
          min = 4096
          max = 8192
        }
      }
    }
  }
}
