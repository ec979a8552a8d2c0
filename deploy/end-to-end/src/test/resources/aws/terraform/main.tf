# A world with nearly everything that is supported. step 2 changes much of it in place. Variables come from the test.
variable "endpoint" {}
variable "account" {}
variable "step" { default = 1 }
variable "public_key" {}

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region     = "us-east-1"
  access_key = var.account
  secret_key = "secret"
  default_tags {
    tags = { Stage = "s${var.step}", Owner = "platform" }
  }
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
}

locals {
  second = var.step > 1
}

data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_regions" "all" {}
data "aws_availability_zones" "all" { state = "available" }
data "aws_availability_zone" "a" { name = "us-east-1a" }

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-*-x86_64", "amzn2-ami-*", "*"]
  }
  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
  filter {
    name   = "image-id"
    values = ["ami-04681a1dbd79675a5"]
  }
}
data "aws_ami_ids" "linux" {
  owners = ["amazon"]
}
