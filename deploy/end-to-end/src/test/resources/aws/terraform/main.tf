# A small world, as people describe theirs. Variables come from the test.
variable "endpoint" {}
variable "account" {}
variable "public_key" {}

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region     = "us-east-1"
  access_key = var.account
  secret_key = "secret"
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
}

data "aws_ami" "amazon_linux" {
  owners = ["amazon"]
  filter {
    name   = "image-id"
    values = ["ami-04681a1dbd79675a5"]
  }
}

resource "aws_vpc" "main" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "main" }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.20.1.0/24"
  availability_zone       = "us-east-1a"
  map_public_ip_on_launch = true
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.public.id
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "Web servers"
  vpc_id      = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
    description = "HTTPS"
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_key_pair" "deployer" {
  key_name   = "deployer"
  public_key = var.public_key
}

resource "aws_launch_template" "web" {
  name          = "web"
  image_id      = data.aws_ami.amazon_linux.id
  instance_type = "t2.micro"
  key_name      = aws_key_pair.deployer.key_name
  network_interfaces {
    subnet_id       = aws_subnet.a.id
    security_groups = [aws_security_group.web.id]
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "from-template" }
  }
}

resource "aws_instance" "web" {
  ami                    = data.aws_ami.amazon_linux.id
  instance_type          = "t2.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.web.id]
  key_name               = aws_key_pair.deployer.key_name
  user_data              = "#!/bin/sh\necho hello\n"
  tags                   = { Name = "web" }
}

resource "aws_spot_instance_request" "worker" {
  ami                    = data.aws_ami.amazon_linux.id
  instance_type          = "t2.micro"
  spot_price             = "0.0116"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.web.id]
  wait_for_fulfillment   = true
}

output "instance" {
  value = aws_instance.web.id
}

output "spot_request" {
  value = aws_spot_instance_request.worker.id
}
